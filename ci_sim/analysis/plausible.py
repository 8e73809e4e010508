"""Plausible ranges: how far each parameter of a scenario may be off, for a Latin hypercube over all of them."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TypedDict

from ci_sim.parameters import GRADES, PARAMETERS, Parameter
from ci_sim.scenario import Scenario

__all__ = ["WELL_FOUNDED", "Factor", "left_out", "plausible_factors"]

WELL_FOUNDED = GRADES[:2]
"""Grades of the parameters that rest on evidence: measured, published estimate."""
SPREAD = 0.5
QUESTION = "part of the question, not of the world"


class Factor(TypedDict):
    """A factor of a design over a range, both ends included."""

    key: str
    low: float
    high: float


def plausible_factors(scenario: Scenario, grades: Collection[str] = GRADES, *, spread: float = SPREAD) -> list[Factor]:
    """The parameters of these evidence grades with a plausible range each, in the order of the parameter table.

    The range is the scenario's value plus and minus ``spread`` of it, clipped to the parameter's bounds, whole numbers
    rounded inward. That is a convention, not evidence: no parameter's source states a range.

    Parameters
    ----------
    grades : of :data:`ci_sim.parameters.GRADES`.
    spread : above 0 and below 1.

    Returns
    -------
    Ranges that fit one another (no more dependencies than there are levers); :func:`left_out` says what is not among
    them, and why.
    """
    reasons = left_out(scenario, grades, spread=spread)
    return [
        Factor(key=key, low=low, high=high)
        for key, parameter in PARAMETERS.items()
        if key not in reasons
        for low, high in [_range(scenario, parameter, spread)]
    ]


def left_out(scenario: Scenario, grades: Collection[str] = GRADES, *, spread: float = SPREAD) -> dict[str, str]:
    """Why a parameter does not vary, for each that does not."""
    reasons = {key: reason for key, parameter in PARAMETERS.items() if (reason := _idle(scenario, parameter))}
    for key, parameter in PARAMETERS.items():
        if parameter.grade not in grades:
            reasons[key] = f"its evidence is graded {parameter.grade}"
        elif key not in reasons:
            low, high = _range(scenario, parameter, spread)
            if low >= high:
                reasons[key] = "0 in this scenario" if high == 0 else "no other whole number in range"
    return {key: reasons[key] for key in PARAMETERS if key in reasons}


def _idle(scenario: Scenario, parameter: Parameter) -> str:
    """Why a parameter cannot vary in this scenario, or would change nothing."""
    wiring, hazards = scenario.problem.wiring, scenario.hazards
    by_name = "listed by name in this scenario"
    named = [*scenario.levers, *(one for one in (*scenario.groups, *scenario.events) if getattr(one, "levers", []))]
    drawn = any(not group.levers for group in scenario.groups) or not scenario.groups
    idle = {
        "problem.levers": by_name * bool(named),
        "problem.interdependence": "drawn lever by lever" * (wiring == "explicit"),
        "problem.modules": "of no effect without modular wiring" * (wiring != "modular"),
        "problem.modularity": "of no effect without modular wiring" * (wiring != "modular"),
        "problem.communities": by_name * bool(scenario.communities),
        "organizations.count": by_name * bool(scenario.groups),
        "organizations.mandate": by_name * (not drawn),
        "hazards.funding_loss_share": "off in this scenario" * (hazards.funding_loss == 0),
        "costs.envelope": "no limit in this scenario"
        * (scenario.costs.envelope == PARAMETERS["costs.envelope"].default),
        "horizon.months": QUESTION,
        "horizon.threshold": QUESTION,
    }
    return "a choice of words, not a number" if parameter.bounds is None else idle.get(parameter.key, "")


def _range(scenario: Scenario, parameter: Parameter, spread: float) -> tuple[float, float]:
    value = _value(scenario, parameter.key)
    lowest, highest = _bounds(parameter)
    around = sorted((value * (1 - spread), value * (1 + spread)))
    low, high = max(lowest, around[0]), min(highest, around[1])
    if parameter.kind != "integer":
        return low, high
    # What depends on the number of levers must fit where it is smallest.
    fewest = scenario.problem.levers if scenario.levers else math.ceil(scenario.problem.levers * (1 - spread))
    most = {"problem.interdependence": max(2, fewest) - 1, "organizations.mandate": max(2, fewest)}
    return math.ceil(low), min(math.floor(high), most.get(parameter.key, math.floor(high)))


def _value(scenario: Scenario, key: str) -> float:
    section, name = key.split(".")
    return float(getattr(getattr(scenario, section), name))


def _bounds(parameter: Parameter) -> tuple[float, float]:
    assert parameter.bounds is not None, "a choice has no bounds"
    return parameter.bounds
