"""Normal quantiles: uniforms come in, evaluation noise comes out."""

from __future__ import annotations

import math

from ci_sim.kernel.compiled import compiled

__all__ = ["normal_quantile"]

HALF_STEP = 2.0**-25
"""Uniforms are multiples of 2**-24: half a step keeps them off 0 and 1."""


@compiled(inline=True)
def normal_quantile(uniform: float) -> float:
    """Standard normal quantile of a uniform in [0, 1), to about 1e-7 (Wichura 1988, algorithm AS 241, PPND7)."""
    centred = uniform + HALF_STEP - 0.5
    if abs(centred) <= 0.425:
        r = 0.180625 - centred * centred
        numerator = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        denominator = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
        return centred * numerator / denominator
    r = math.sqrt(-math.log(0.5 - abs(centred)))
    if r <= 5.0:
        r -= 1.6
        numerator = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        denominator = (0.12021132975 * r + 0.73700164250) * r + 1.0
    else:
        r -= 5.0
        numerator = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        denominator = (0.012258202635 * r + 0.24197894225) * r + 1.0
    return math.copysign(numerator / denominator, centred)
