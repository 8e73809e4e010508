"""Arms: treatments of the same world, as factors on a scenario's targets and staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.entries import CustomArm
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario

__all__ = ["STANDARD_ARMS", "available_arms", "choose_arms", "condition_subsets", "find_arm", "parse_arm"]

STANDARD_ARMS: dict[str, CustomArm] = {
    arm.name: arm
    for arm in (
        CustomArm(name="isolated", title="Isolated impact"),
        CustomArm(name="isolated_equal_spend", title="Isolated, equal spend", equal_spend=True),
        CustomArm(
            name="ordinary_coalition",
            title="Ordinary coalition",
            common_agenda=0.5,
            continuous_communication=0.5,
        ),
        CustomArm(
            name="collective_impact",
            title="Collective Impact",
            common_agenda=1.0,
            shared_measurement=1.0,
            mutually_reinforcing_activities=1.0,
            continuous_communication=1.0,
            backbone=1.0,
        ),
    )
}
"""The four arms every scenario has."""


def available_arms(scenario: Scenario) -> dict[str, CustomArm]:
    """The standard arms, and those the scenario adds."""
    return STANDARD_ARMS | {arm.name: arm for arm in scenario.arms}


def find_arm(scenario: Scenario, arm: str | CustomArm) -> CustomArm:
    """The arm meant by a name, or the arm itself.

    Raises
    ------
    InputError : an unknown name.
    """
    if isinstance(arm, CustomArm):
        return arm
    known = available_arms(scenario)
    if arm not in known:
        complaint = Complaint("", f"unknown arm {arm!r}", ", ".join(known), nearest(str(arm), known))
        raise InputError("arm", [complaint])
    return known[arm]


def parse_arm(text: str) -> CustomArm:
    """An arm from ``name:condition[=factor]+condition...``; ``equal_spend`` may stand among the conditions.

    ``agenda_and_staff:common_agenda+backbone=0.5`` is full common agenda and half the staff; ``none:`` is nothing.

    Raises
    ------
    InputError : the text is no such arm.
    """
    name, colon, listed = text.partition(":")
    if not colon:
        allowed = "name:condition+condition, as in pair:common_agenda+backbone"
        raise InputError("--arm", [Complaint(text, "no colon", allowed)])
    known = [*CONDITIONS, "equal_spend"]
    values: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in listed.split("+"))):
        condition, equals, factor = part.partition("=")
        if condition not in known:
            raise InputError("--arm", [Complaint(text, repr(condition), ", ".join(known), nearest(condition, known))])
        try:
            values[condition] = float(factor) if equals else 1.0
        except ValueError:
            raise InputError("--arm", [Complaint(text, repr(factor), "a number after =")]) from None
    if "equal_spend" in values:
        values["equal_spend"] = True
    try:
        return CustomArm(name=name.strip(), **values)
    except ValidationError as error:
        details = error.errors()[0]
        allowed = details["msg"].removeprefix("Input should be ")
        complaint = Complaint(f"{text}: {details['loc'][0]}", repr(details["input"]), allowed)
        raise InputError("--arm", [complaint]) from None


def choose_arms(scenario: Scenario, names: Sequence[str] = (), custom: Iterable[str] = ()) -> list[CustomArm]:
    """Arms by name, and custom ones by :func:`parse_arm`; without either all that the scenario has.

    Raises
    ------
    InputError : an unknown name, or a custom arm that takes the name of another.
    """
    known = available_arms(scenario)
    unknown = [name for name in names if name not in known]
    if unknown:
        allowed = ", ".join(known)
        raise InputError("--arms", [Complaint("", f"unknown arm {n!r}", allowed, nearest(n, known)) for n in unknown])
    added = [parse_arm(text) for text in custom]
    chosen = [known[name] for name in dict.fromkeys(names)] if names else list(known.values())
    for arm in added:
        if arm.name in {other.name for other in chosen}:
            raise InputError("--arm", [Complaint(arm.name, "the name of another arm", "a name of its own")])
        chosen.append(arm)
    return chosen


def condition_subsets() -> list[CustomArm]:
    """All 32 combinations of the five conditions, from none to all (a 2^5 factorial)."""
    arms: list[CustomArm] = []
    for subset in range(2 ** len(CONDITIONS)):
        on = [condition for bit, condition in enumerate(CONDITIONS) if subset >> bit & 1]
        code = "".join("1" if subset >> bit & 1 else "0" for bit in range(len(CONDITIONS)))
        title = " + ".join(condition.rpartition("_")[2] for condition in on)
        factors: dict[str, Any] = dict.fromkeys(on, 1.0)
        arms.append(CustomArm(name=f"subset_{code}", title=title or "none", **factors))
    return arms
