"""The sliders: every parameter of the one table, grouped by condition, with what low and high mean and its evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import solara

from ci_sim.app.cases import fixed_parameters
from ci_sim.app.room import in_room, sliders_of
from ci_sim.app.session import Session
from ci_sim.app.state import without
from ci_sim.parameters import GRADES, PARAMETERS, Parameter
from ci_sim.scenario import Scenario

__all__ = ["GROUPS", "Controls", "reach", "value_of"]

GROUPS: dict[str, tuple[str, ...]] = {
    "problem": ("problem.interdependence", "problem."),
    "common_agenda": ("conditions.common_agenda",),
    "shared_measurement": ("conditions.shared_measurement", "measurement."),
    "mutually_reinforcing_activities": ("conditions.mutually_reinforcing_activities", "activities."),
    "continuous_communication": ("conditions.continuous_communication", "communication."),
    "backbone": ("backbone.staff", "backbone."),
    "organizations": ("organizations.count", "organizations."),
    "participation": ("participation.initial", "participation."),
    "equity": ("equity.focus", "equity."),
    "costs": ("costs.",),
    "hazards": ("hazards.",),
    "horizon": ("horizon.",),
}
"""Groups in order: what always shows, then, ending in a dot, the sections whose other parameters can be unfolded."""
REACH = {
    "problem.levers": (2, 20), "problem.interdependence": (0, 11), "organizations.acceptance_threshold": (-0.2, 0.2),
    "costs.envelope": (0, 10_000), "horizon.months": (12, 240),
}  # fmt: skip
"""Ends of sliders where the rule below would put them badly."""
STEPS = {"horizon.months": 12}
FAR = 10
"""A bound so many times the default is beyond what a slider can show; the number beside it goes all the way."""


def value_of(scenario: Scenario, key: str) -> float | int | str:
    """The value of a parameter in a scenario."""
    section, name = key.split(".")
    found: float | int | str = getattr(getattr(scenario, section), name)
    return found


def reach(parameter: Parameter, value: float) -> tuple[float, float, float]:
    """Low end, high end and step of a parameter's slider: room around the default, and around the value."""
    assert parameter.bounds is not None
    low, high = parameter.bounds
    default = float(parameter.default)
    if parameter.key in REACH:
        low, high = REACH[parameter.key]
    elif default > 0 and high > FAR * max(default, 0.01):
        high = min(high, _nice(5 * default))
    low, high = min(low, value), max(high, min(value, parameter.bounds[1]))
    if parameter.kind == "integer":
        return math.floor(low), math.ceil(high), STEPS.get(parameter.key, 1)
    return low, high, _nice((high - low) / 200)


def _nice(value: float) -> float:
    """The next number of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{next(step for step in (1, 2, 5, 10) if step * power >= value * 0.999) * power:.6g}")


@solara.component_vue("controls.vue")
def _Controls(
    groups: list[dict[str, Any]],
    words: dict[str, str],
    changed_text: str,
    any_changed: bool,
    seed: str,
    refusals: int,
    event_change: Callable[[dict[str, str]], None],
    event_reset: Callable[[str], None],
    event_reseed: Callable[[str], None],
) -> None:
    """The panel; a change is told when a control is released."""


@solara.component
def Controls(session: Session) -> None:
    """The panel of all sliders."""
    t, view = session.texts, session.view
    changed = dict(view.overrides)

    def change(told: dict[str, str]) -> None:
        key, value = str(told.get("key")), str(told.get("value"))
        if key in PARAMETERS:
            session.go(view.override(key, value[:40]))

    def reset(key: str) -> None:
        session.change(overrides=without(view.overrides, key) if key else ())

    def reseed(text: str) -> None:
        if text.isascii() and text.isdecimal() and len(text) < 19:
            session.change(seed=int(text))
        else:
            session.say(t("controls.bad_seed"))

    words = ("heading", "hint", "reset_all", "fixed", "luck", "seed", "other_luck", "seed_meaning")
    count = t("controls.changed", count=len(changed)) if changed else t("controls.unchanged")
    _Controls(
        groups=_chosen(session, changed) if in_room(view) else
        [_group(session, name, members, changed) for name, members in GROUPS.items()],
        words={word: t(f"controls.{word}") for word in words}, changed_text=count, any_changed=bool(changed),
        seed=str(view.seed), refusals=session.refusals, event_change=change, event_reset=reset, event_reseed=reseed,
    )  # fmt: skip


def _chosen(session: Session, changed: dict[str, str]) -> list[dict[str, Any]]:
    """Before a room: the facilitator's few, in a group of their own."""
    lead = list(_entries(session, sliders_of(session.view), changed))
    return [{"name": "room", "title": session.texts("controls.groups.room"), "more": "", "lead": lead, "rest": []}]


def _group(session: Session, name: str, members: tuple[str, ...], changed: dict[str, str]) -> dict[str, Any]:
    lead = [key for key in members if not key.endswith(".")]
    sections = tuple(key for key in members if key.endswith("."))
    rest = [key for key in PARAMETERS if sections and key.startswith(sections) and key not in lead]
    return {
        "name": name,
        "title": session.texts(f"controls.groups.{name}"),
        "more": session.texts("controls.more", count=len(rest)),
        "lead": list(_entries(session, lead, changed)),
        "rest": list(_entries(session, rest, changed)),
    }


def _entries(session: Session, keys: Iterable[str], changed: dict[str, str]) -> Iterable[dict[str, Any]]:
    t, scenario = session.texts, session.scenario
    fixed = fixed_parameters(scenario)
    for key in keys:
        parameter, value = PARAMETERS[key], value_of(scenario, key)
        grade, source = t(f"shared.grades.{parameter.grade}"), parameter.source
        about = {part: t.parameter(key, part) for part in ("label", "meaning", "low", "high", "unit")}
        entry = {
            "key": key, "kind": parameter.kind, "label": about["label"], "unit": about["unit"],
            "meaning": about["meaning"], "low_text": about["low"], "high_text": about["high"], "grade": grade,
            "grade_rank": GRADES.index(parameter.grade), "source": t("controls.source", source=source),
            "value": value, "choices": parameter.choices, "fixed": key in fixed, "changed": key in changed,
            "back": t("controls.back"),
            "aloud": t("controls.aloud", low=about["low"] or "-", high=about["high"] or "-", grade=grade),
        }  # fmt: skip
        if parameter.bounds is not None:
            low, high, step = reach(parameter, float(value))
            least, most = parameter.bounds
            entry |= {"low": low, "high": high, "step": step, "least": least, "most": most, "rounded": _rounded(value)}
        yield entry


def _rounded(value: float | int | str) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else float(f"{number:.4g}")
