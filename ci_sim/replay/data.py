"""What the script of a replay reads: names and headline numbers as JSON, frames as bytes in base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_sim.arms import available_arms
from ci_sim.figures.worlds import Style, arm_style, spread, values_of
from ci_sim.replay.frames import Frames, History
from ci_sim.replay.worlds import Worlds
from ci_sim.report.assumptions import event_in_words
from ci_sim.report.markup import Markup, tag
from ci_sim.scenario import Scenario

__all__ = ["NUMBERS", "all_titles", "data_element", "titles_of"]

NUMBERS: tuple[tuple[str, str, str, int], ...] = (
    ("indicator", "Outcome", "points", 1),
    ("priority_indicator", "Outcome of the priority group", "points", 1),
    ("rest_indicator", "Outcome of all other communities", "points", 1),
    ("coverage", "Places covered", "%", 0),
    ("duplication", "Programs that duplicate others", "%", 0),
    ("participation", "Organizations taking part", "%", 0),
    ("trust", "Trust among those taking part", "of 100", 0),
)
"""Headline numbers: recorded outcome, name, unit, decimals shown."""


def titles_of(frames: Frames) -> list[str]:
    """Titles of the two arms."""
    return [side.arm.title or side.arm.name.replace("_", " ") for side in frames.sides]


def all_titles(frames: Frames) -> dict[str, str]:
    """Titles of all arms there are, so that an arm looks here as it looks in every figure; those shown come out."""
    shown = {side.arm.name: title for side, title in zip(frames.sides, titles_of(frames), strict=True)}
    known = {name: arm.title or name.replace("_", " ") for name, arm in available_arms(frames.world.scenario).items()}
    return known | shown


def data_element(frames: Frames, worlds: Worlds) -> Markup:
    """The data of a replay as an element of the page that is no script."""
    scenario, state = frames.world.scenario, frames.world.state
    drawn = all_titles(frames)
    styles = [arm_style(side.arm.name, drawn, drawn) for side in frames.sides]
    first, second = (_numbers(side, frames.months) for side in frames.sides)
    sides = zip(frames.sides, titles_of(frames), styles, strict=True)
    data = {
        "months": frames.months,
        "threshold": round(100 * scenario.horizon.threshold, 1),
        "communities": scenario.community_names,
        "priority": [bool(flag) for flag in state.communities["priority"]],
        "levers": [name.replace("_", " ") for name in scenario.lever_names],
        "leverTitles": [lever.title or lever.name for lever in scenario.levers],
        "organizations": _organizations(scenario),
        "events": [
            {"month": event.month, "text": event.note or event_in_words(event)}
            for event in sorted(scenario.events, key=lambda event: event.month)
        ],
        "numbers": [{"name": name, "unit": unit, "decimals": digits} for _, name, unit, digits in NUMBERS],
        "sides": [_side(side, title, style, frames.months) for side, title, style in sides],
        "differences": _rounded([other - one for one, other in zip(first, second, strict=True)]),
        "bands": [_band(worlds, side, frames.months) for side in frames.sides],
    }
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    # Inside a script element only its end tag and comments have a meaning; neither is left.
    return tag("script", Markup(text.replace("<", "\\u003c")), type="application/json", id="data")


def _organizations(scenario: Scenario) -> list[dict[str, str]]:
    """Name and sector of every organization, those of a group numbered."""
    groups = scenario.group_of_organization
    counted: dict[str, int] = {}
    told = []
    for group in groups:
        name, sector = ("organization", "") if group is None else (group.title or group.name, group.sector)
        counted[name] = counted.get(name, 0) + 1
        numbered = group is None or group.count > 1
        told.append({"name": f"{name} {counted[name]}" if numbered else name, "sector": sector})
    return told


def _side(side: History, title: str, style: Style, months: Sequence[int]) -> dict[str, Any]:
    return {
        "title": title,
        "colour": style[0],
        "dashes": "" if style[1] == "-" else " ".join(f"{2.5 * length:g}" for length in style[1][1]),
        "numbers": _rounded(_numbers(side, months)),
        "indicators": _base64(side.indicators.astype("<i2")),
        "providers": _base64(side.providers),
        "standing": _base64(side.standing),
        "trust": None if side.trust is None else _base64(side.trust),
    }


def _numbers(side: History, months: Sequence[int]) -> list[NDArray[np.float64]]:
    """The headline numbers month by month, NaN where there is none: no trust where nobody takes part."""
    records = side.records[months]
    alone = records["participation"] == 0
    return [np.where(alone & (column == "trust"), np.nan, 100 * records[column]) for column, _, _, _ in NUMBERS]


def _rounded(numbers: list[NDArray[np.float64]]) -> list[list[float | None]]:
    return [
        [_number(value, digits) for value in values] for values, (_, _, _, digits) in zip(numbers, NUMBERS, strict=True)
    ]


def _number(value: float, digits: int) -> float | None:
    """A number as it is shown, rounded once; None where there is none."""
    return None if np.isnan(value) else round(float(value), digits) + 0.0


def _band(worlds: Worlds, side: History, months: Sequence[int]) -> dict[str, list[float]]:
    rows = worlds.timeseries[worlds.timeseries["arm"] == side.arm.name]
    low, median, high = spread(values_of(rows, "indicator"))
    named = {"low": low, "median": median, "high": high}
    return {name: [round(float(value), 1) for value in values[months]] for name, values in named.items()}


def _base64(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(values.tobytes()).decode()
