"""Quantiles of the evaluation noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from ci_sim.kernel.normal import HALF_STEP, normal_quantile


def test_quantiles_are_those_of_the_normal_distribution() -> None:
    uniforms = np.concatenate([np.linspace(0, 1, 2001)[:-1], [2.0**-24, 0.075, 0.925, 1 - 2.0**-24]]).astype(np.float32)
    ours = np.array([normal_quantile(uniform) for uniform in uniforms])
    assert ours == pytest.approx(ndtri(uniforms.astype(float) + HALF_STEP), abs=2e-6)


def test_quantiles_are_finite_at_the_ends_and_mirror_images_of_one_another() -> None:
    lowest, highest = normal_quantile(np.float32(0.0)), normal_quantile(np.float32(1 - 2.0**-24))
    assert lowest == -highest
    assert 5 < highest < 6
