"""A scenario's plan for backbone and conditions, changed: all at once, with other staff, with an end of the grant.

A plan is what the scenario sets and what its events do to that; everything else stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ci_sim.entries import ConditionEvent, StaffEvent
from ci_sim.parameters import CONDITIONS, PARAMETERS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import content, with_parameters

__all__ = ["at_once", "endable", "ends_of_grant", "full_staff", "grant_ending", "staffed", "staffing"]

STAFF = "staff"
END_YEARS = (2, 3, 5)
"""Lengths of a grant, in years."""

Changes = dict[str, Any]
"""Keys and values as in ``--set``: a point of a design."""


def _course(scenario: Scenario, control: str) -> list[tuple[int, float, int | None]]:
    """What a control (a condition, or staff) is set to: month, value and number of the event, from month 1 on."""
    start = scenario.backbone.staff if control == STAFF else getattr(scenario.conditions, control)
    course: list[tuple[int, float, int | None]] = [(1, float(start), None)]
    for number, event in enumerate(scenario.events):
        if control == STAFF and isinstance(event, StaffEvent):
            course.append((event.month, event.staff, number))
        elif isinstance(event, ConditionEvent) and event.condition == control:
            course.append((event.month, event.target, number))
    return sorted(course, key=lambda step: step[0])


def full_staff(scenario: Scenario) -> float:
    """The most staff that the scenario ever plans for."""
    return max(value for _, value, _ in _course(scenario, STAFF))


def _up_to_the_full(course: list[tuple[int, float, int | None]]) -> list[int]:
    """Numbers of the events that lead to the highest value, the last of them included."""
    highest = max(value for _, value, _ in course)
    last = max(place for place, (_, value, _) in enumerate(course) if value == highest)
    return [number for _, _, number in course[: last + 1] if number is not None]


def at_once(scenario: Scenario) -> Scenario:
    """The scenario with all it plans for in place from month 1; what it takes away again is still taken away."""
    raw = content(scenario)
    highest, gone = {}, set()
    for control in (*CONDITIONS[:-1], STAFF):
        course = _course(scenario, control)
        highest[control] = max(value for _, value, _ in course)
        gone |= set(_up_to_the_full(course))
    staff = highest.pop(STAFF)
    raw["conditions"] = raw.get("conditions", {}) | highest
    raw["backbone"] = raw.get("backbone", {}) | {STAFF: staff}
    raw["events"] = [event for number, event in enumerate(raw.get("events", [])) if number not in gone]
    return Scenario.model_validate(raw)


def staffed(scenario: Scenario) -> Scenario:
    """The scenario, with the default's staff where it plans for none at all."""
    return scenario if full_staff(scenario) else with_parameters(scenario, staffing(scenario, _default_staff()))


def _default_staff() -> float:
    return float(PARAMETERS["backbone.staff"].default)


def staffing(scenario: Scenario, level: float) -> Changes:
    """The changes that scale all the staff it plans for, so that there are ``level`` where it plans for most."""
    full = full_staff(scenario)
    changes: Changes = {}
    for _, value, number in _course(scenario, STAFF):
        key = "backbone.staff" if number is None else f"events.{number}.staff"
        changes[key] = level * value / full if full else level * (number is None)
    return {key: float(value) for key, value in changes.items()}


def endable(scenario: Scenario) -> Scenario:
    """The scenario without a fall of its staff, and with a last event that :func:`grant_ending` sets."""
    raw = content(scenario)
    course = _course(scenario, STAFF)
    rises = set(_up_to_the_full(course))
    falls = {number for _, _, number in course if number is not None and number not in rises}
    kept = [event for number, event in enumerate(raw.get("events", [])) if number not in falls]
    raw["events"] = [*kept, {"kind": STAFF, "month": 1, STAFF: _in_month_1(course), "note": "the grant ends"}]
    return Scenario.model_validate(raw)


def _in_month_1(course: list[tuple[int, float, int | None]]) -> float:
    return [value for month, value, _ in course if month == 1][-1]


def grant_ending(scenario: Scenario, month: int | None) -> Changes:
    """The changes to an :func:`endable` scenario that end the grant from a month on; None: it never ends."""
    last = len(scenario.events) - 1
    placeholder = scenario.events[last]
    assert isinstance(placeholder, StaffEvent), "endable() puts it there"
    staff = placeholder.staff if month is None else 0.0
    return {f"events.{last}.month": 1 if month is None else month, f"events.{last}.staff": float(staff)}


def ends_of_grant(scenario: Scenario) -> Mapping[int, int]:
    """Month from which there are no staff, by length of the grant in months, as far as it fits before the horizon."""
    course = _course(endable(scenario), STAFF)
    begins = min((month for month, value, _ in course if value > 0), default=None)
    if begins is None:
        return {}
    months = scenario.horizon.months
    whole = [12 * years for years in END_YEARS if 12 * (years + 1) <= months]
    return {length: length + 1 for length in whole or [months // 2] if begins <= length < months}
