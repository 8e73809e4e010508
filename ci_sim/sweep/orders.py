"""Orders of the five conditions: the same targets, put in place one after the other."""

from __future__ import annotations

from itertools import permutations

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import content

__all__ = ["ORDER", "all_orders", "in_order", "order_text", "read_order"]

ORDER = "order"
"""Name of the factor that holds an order, ``common_agenda>backbone>...@12``: conditions, and months between them."""


def order_text(conditions: tuple[str, ...], interval: int) -> str:
    """An order as the value of a factor."""
    return f"{'>'.join(conditions)}@{interval}"


def read_order(text: str) -> tuple[tuple[str, ...], int]:
    """The conditions of an order, and the months between them.

    Raises
    ------
    InputError : a condition is unknown, missing or twice, or the interval is no number of months.
    """
    listed, _, interval = text.partition("@")
    conditions = tuple(name.strip() for name in listed.split(">"))
    for name in conditions:
        if name not in CONDITIONS:
            found, near = f"unknown condition {name!r}", nearest(name, CONDITIONS)
            raise InputError(ORDER, [Complaint(text, found, ", ".join(CONDITIONS), near)])
    if sorted(conditions) != sorted(CONDITIONS):
        raise InputError(ORDER, [Complaint(text, f"{len(set(conditions))} of the conditions", "each of the five once")])
    if not interval.isdecimal():
        raise InputError(ORDER, [Complaint(text, repr(interval), "a number of months after @")])
    return conditions, int(interval)


def all_orders() -> list[tuple[str, ...]]:
    """All 120 orders."""
    return list(permutations(CONDITIONS))


def in_order(scenario: Scenario, order: str) -> Scenario:
    """The scenario with its conditions put in place one by one: the first in month 1, the next an interval later.

    Targets and staff are the scenario's own; its events come on top.

    Raises
    ------
    InputError : see :func:`read_order`, or the last condition would come after the horizon.
    """
    conditions, interval = read_order(order)
    last = 1 + interval * (len(conditions) - 1)
    if last > scenario.horizon.months:
        allowed = f"at most {scenario.horizon.months}, the horizon; a shorter interval"
        raise InputError(ORDER, [Complaint(order, f"the last condition in month {last}", allowed)])
    raw = content(scenario)
    begin = [_beginning(scenario, name, 1 + interval * number) for number, name in enumerate(conditions)]
    raw["events"] = [*begin, *raw.get("events", [])]
    raw["conditions"] = raw.get("conditions", {}) | dict.fromkeys(CONDITIONS[:-1], 0.0)
    raw["backbone"] = raw.get("backbone", {}) | {"staff": 0.0}
    return Scenario.model_validate(raw)


def _beginning(scenario: Scenario, condition: str, month: int) -> dict[str, object]:
    """The event with which a condition begins."""
    event: dict[str, object] = {"month": month, "note": f"{condition} begins"}
    if condition == "backbone":
        return event | {"kind": "staff", "staff": scenario.backbone.staff}
    return event | {"kind": "condition", "condition": condition, "target": getattr(scenario.conditions, condition)}
