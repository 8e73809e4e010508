"""Ensembles that a vote or a scene needs beside those of the view: conditions alone, left out, or first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.app.ensemble import REFERENCE, run_ensemble
from ci_sim.entries import CustomArm
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import content
from ci_sim.sweep.orders import in_order, order_text

__all__ = ["LATER", "Alone", "alone", "first", "without"]

LATER = 24
"""Months by which one condition is ahead of the other four."""

Floats = NDArray[np.float64]


def _never() -> bool:
    return False


@dataclass(frozen=True, eq=False)
class Alone:
    """Each condition by itself, the five added up, and all five; changes to isolated impact, in points.

    Attributes
    ----------
    changes : by condition.
    by_world_sum, by_world_all : (worlds,).
    """

    changes: dict[str, Interval]
    by_world_sum: Floats = field(repr=False)
    by_world_all: Floats = field(repr=False)

    @property
    def sum(self) -> Interval:
        """The five single changes, added up world by world."""
        return mean_interval(self.by_world_sum)

    @property
    def all(self) -> Interval:
        """All five together."""
        return mean_interval(self.by_world_all)


def alone(scenario: Scenario, month: int, worlds: int, seed: int, overtaken: Callable[[], bool] = _never) -> Alone:
    """Each condition alone, and all together, in the same worlds, at a month."""
    arms = {name: _arm(f"alone_{number}", [name]) for number, name in enumerate(CONDITIONS)}
    isolated, found = _outcomes(scenario, {**arms, "": _arm("all_five", CONDITIONS)}, month, worlds, seed, overtaken)
    changes = {name: 100 * (found[name] - isolated) for name in CONDITIONS}
    every = np.sum(list(changes.values()), axis=0)
    return Alone({n: mean_interval(c) for n, c in changes.items()}, every, 100 * (found[""] - isolated))


def without(
    scenario: Scenario, month: int, worlds: int, seed: int, overtaken: Callable[[], bool] = _never
) -> dict[str, Floats]:
    """What is lost, in points, when each condition is left out of the five: (worlds,) each."""
    arms = {
        name: _arm(f"without_{number}", [one for one in CONDITIONS if one != name])
        for number, name in enumerate(CONDITIONS)
    }
    _, found = _outcomes(scenario, {**arms, "": _arm("all_five", CONDITIONS)}, month, worlds, seed, overtaken)
    return {name: 100 * (found[""] - found[name]) for name in CONDITIONS}


def first(
    scenario: Scenario, month: int, worlds: int, seed: int, overtaken: Callable[[], bool] = _never
) -> dict[str, Floats]:
    """The indicator, in points, averaged over all months, when each condition goes two years ahead: (worlds,) each.

    Raises
    ------
    InputError : the horizon is too short for that.
    """
    found = {}
    for name in CONDITIONS:
        ahead = one_ahead(scenario, name)
        ensemble = run_ensemble(ahead, ["collective_impact"], worlds, seed, overtaken)
        found[name] = 100 * ensemble.values("collective_impact")[:, 1 : month + 1].mean(axis=1)
    return found


def one_ahead(scenario: Scenario, condition: str) -> Scenario:
    """The scenario with one condition from month 1, and the other four :data:`LATER` months later."""
    others = tuple(name for name in CONDITIONS if name != condition)
    raw: dict[str, Any] = content(in_order(scenario, order_text((condition, *others), 1)))
    for event in raw["events"][1 : len(CONDITIONS)]:
        event["month"] = min(1 + LATER, scenario.horizon.months)
    return Scenario.model_validate(raw)


def _arm(name: str, conditions: list[str] | tuple[str, ...]) -> CustomArm:
    factors: dict[str, Any] = dict.fromkeys(conditions, 1.0)
    return CustomArm(name=name, **factors)


def _outcomes(
    scenario: Scenario, arms: dict[str, CustomArm], month: int, worlds: int, seed: int, overtaken: Callable[[], bool]
) -> tuple[Floats, dict[str, Floats]]:
    """The indicator of the isolated arm and of arms that the scenario itself need not have, at a month."""
    kept = [arm for arm in scenario.arms if arm.name not in {one.name for one in arms.values()}]
    listed = [arm.model_dump() for arm in (*kept, *arms.values())]
    every = Scenario.model_validate(content(scenario) | {"arms": listed})
    ensemble = run_ensemble(every, [arm.name for arm in arms.values()], worlds, seed, overtaken)
    last = min(month, ensemble.months)
    return ensemble.values(REFERENCE)[:, last], {key: ensemble.values(arm.name)[:, last] for key, arm in arms.items()}
