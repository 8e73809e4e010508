"""A box of factor values, and what counts as a case, in words."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from ci_sim.analysis.prim import Box, Columns, Limits
from ci_sim.analysis.words import arm_words, listed, rounded

__all__ = ["box_words", "case_words"]


def box_words(x: Columns, box: Box) -> str:
    """The limits of a box: ``backbone.staff is below 1.4 and problem.interdependence is at most 1``."""
    return listed([f"{factor} is {_limits_words(limits, x[factor])}" for factor, limits in box.limits.items()])


def _limits_words(limits: Limits, values: NDArray[Any]) -> str:
    if isinstance(limits, frozenset):
        return listed(sorted(limits), "or")
    whole = values.dtype.kind in "iu"
    low, high = (rounded(value, 9 if whole else 3) for value in limits)
    if whole and limits[0] < limits[1]:
        low, high = (high if limits[1] == values.min() else low), (low if limits[0] == values.max() else high)
    if low == high:
        return low
    if math.isinf(limits[0]):
        return f"{'at most' if whole else 'below'} {high}"
    if math.isinf(limits[1]):
        return f"{'at least' if whole else 'above'} {low}"
    return f"{low} to {high}" if whole else f"between {low} and {high}"


def case_words(arm: str, reference: str, outcome: str, side: str, level: float) -> str:
    """What a case is: ``Collective Impact ends less than 10 points above isolated``."""
    what = "ends" if outcome == "outcome" else f"ends in {outcome}"
    if level == 0:
        return f"{arm_words(arm)} {what} {side} {arm_words(reference)}"
    more = "more" if (level > 0) == (side == "above") else "less"
    place = "above" if level > 0 else "below"
    size = f"{rounded(100 * abs(level))} points" if outcome == "outcome" else rounded(abs(level))
    return f"{arm_words(arm)} {what} {more} than {size} {place} {arm_words(reference)}"
