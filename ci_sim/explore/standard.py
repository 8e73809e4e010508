"""The study that several questions share: the four standard arms on the scenario as it is."""

from __future__ import annotations

from collections.abc import Mapping

from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.question import Asked
from ci_sim.sweep.design import Design

__all__ = ["STANDARD", "standard_study"]

STANDARD = "standard_arms"


def standard_study(asked: Asked) -> Mapping[str, Design]:
    """Every month of the four arms."""
    return {STANDARD: asked.design(list(STANDARD_ARMS), every=1)}
