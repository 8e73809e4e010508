"""Verdicts: what intervals in several circumstances say of a claim, by a rule that is stated in advance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ci_sim.analysis.intervals import Interval

__all__ = ["RULE", "Finding", "Judgement", "judgement", "standing_in"]

RULE = (
    "Every effect is oriented so that above 0 speaks for the claim. Supported: its 95 % interval lies above 0 in every "
    "circumstance tried. Not supported: in none. Depends: in some of them only; the others are named."
)
"""Stated in advance; the verdicts follow from it and the intervals alone."""

Judgement = Literal["supported", "not supported", "depends"]


class Finding(NamedTuple):
    """A verdict, and on what it depends (or how it fails)."""

    judgement: Judgement
    because: str


def judgement(effects: Mapping[str, Interval]) -> Finding:
    """The verdict on a claim.

    Parameters
    ----------
    effects : by circumstance, at least one; oriented so that above 0 speaks for the claim.
    """
    by_standing: dict[str, list[str]] = {"for": [], "against": [], "unclear": []}
    for circumstance, effect in effects.items():
        by_standing[standing_in(effect)].append(circumstance)
    missing = "; ".join(
        f"{how}: {', '.join(by_standing[standing])}"
        for standing, how in (("against", "the opposite"), ("unclear", "cannot be told"))
        if by_standing[standing]
    )
    if not missing:
        return Finding("supported", f"in all {len(effects)} circumstances")
    if not by_standing["for"]:
        return Finding("not supported", missing)
    return Finding("depends", f"holds: {', '.join(by_standing['for'])}; {missing}")


def standing_in(effect: Interval) -> Literal["for", "against", "unclear"]:
    """What an interval says: all of it above 0, all of it below, or neither."""
    return "for" if effect.low > 0 else "against" if effect.high < 0 else "unclear"
