"""The scenario of a view: shipped or opened, with its overrides; validated, and never more than text on the way in."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from ci_sim.app.state import Overrides, View
from ci_sim.arms import available_arms
from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, read_scenario, shipped_scenarios, write_scenario
from ci_sim.sweep.design import effort_of

__all__ = [
    "LARGEST_FILE",
    "WORLDS",
    "baseline_of",
    "fixed_parameters",
    "open_case",
    "open_file",
    "scenario_text",
    "worlds_for",
]

LARGEST_FILE = 1_000_000
"""Bytes of an opened scenario file."""
WORLDS = 50
"""Worlds of an ensemble, where the scenario is not too large for that."""
FEWEST_WORLDS = 10
MOST_DOTS = 200
"""Reading dotted keys takes the square of their length."""
QUICK = 800.0
"""Effort of an ensemble (see ``_effort``, times worlds) worth at most: one to two seconds."""
LARGEST = 5000.0
"""Effort beyond which the command line is the better place."""


@lru_cache(maxsize=64)
def _read(name: str, file: str, overrides: Overrides) -> Scenario:
    changes = [f"{key}={value}" for key, value in overrides]
    if file:
        return _parse(file, f"{name}.toml", changes)
    shipped = shipped_scenarios()
    if name not in shipped:  # never a path: a link opens no file of this machine
        complaint = Complaint("", f"unknown scenario {name!r}", ", ".join(shipped), nearest(name, shipped))
        raise InputError("scenario", [complaint])
    return read_scenario(name, changes)


def open_case(view: View) -> Scenario:
    """The scenario a view shows.

    Raises
    ------
    InputError : no such scenario, a broken file, an override that does not fit, an unknown arm, or far too large.
    """
    for key, _ in view.overrides:
        if key not in PARAMETERS:
            complaint = Complaint(key, "an unknown key", "a parameter of the table", nearest(key, PARAMETERS))
            raise InputError("link", [complaint])
    scenario = _read(view.scenario, view.file, view.overrides)
    known = available_arms(scenario)
    for arm in view.arms:
        if arm not in known:
            raise InputError("arms", [Complaint("", f"unknown arm {arm!r}", ", ".join(known), nearest(arm, known))])
    if _effort(scenario) * FEWEST_WORLDS > LARGEST:
        found = "a scenario far larger than a page can show at once"
        raise InputError(scenario.name, [Complaint("", found, "a smaller one here; any on the command line")])
    return scenario


def baseline_of(view: View) -> Scenario:
    """The scenario of a view's pinned baseline."""
    return _read(view.scenario, view.file, view.baseline)


def open_file(name: str, content: bytes) -> tuple[str, str]:
    """What to call an opened scenario file, and its text; it is parsed and nothing else.

    Raises
    ------
    InputError : too large, no text, or no scenario.
    """
    source = Path(name.replace("\\", "/")).name[:80] or "scenario.toml"
    if len(content) > LARGEST_FILE:
        raise InputError(source, [Complaint("", f"more than {LARGEST_FILE:,} bytes", "a scenario file within that")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(source, [Complaint("", "a binary file", "text in UTF-8 (.toml)")]) from None
    if not text.strip():
        raise InputError(source, [Complaint("", "an empty file", "a scenario file (.toml)")])
    return _parse(text, source).name, text


def _parse(text: str, source: str, overrides: Iterable[str] = ()) -> Scenario:
    """A scenario of a visitor: it may build on a shipped one, but names no file of this machine."""
    if all(line.count(".") < MOST_DOTS for line in text.splitlines()):  # else it is refused for that
        with suppress(ValueError, RecursionError):
            extends = tomllib.loads(text).get("extends", "default")
            if extends not in list(shipped_scenarios()):
                allowed = f"a shipped scenario: {', '.join(shipped_scenarios())}"
                raise InputError(source, [Complaint("extends", repr(extends), allowed)])
    return parse_scenario(text, source, overrides)


def scenario_text(scenario: Scenario) -> str:
    """A scenario as the TOML that the command line reads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        write_scenario(scenario, path)
        return path.read_text(encoding="utf-8")


def worlds_for(scenario: Scenario) -> int:
    """Worlds of an ensemble: fewer where a world takes long."""
    return max(FEWEST_WORLDS, min(WORLDS, int(QUICK / _effort(scenario))))


def _effort(scenario: Scenario) -> float:
    """What all arms of one world take, as a sweep reckons it."""
    return effort_of(scenario, len(available_arms(scenario)))


def fixed_parameters(scenario: Scenario) -> frozenset[str]:
    """Parameters that a list of the scenario itself sets, so that no slider can."""
    fixed = set()
    if scenario.levers:
        fixed.add("problem.levers")
    if scenario.communities:
        fixed.add("problem.communities")
    if scenario.groups:
        fixed.add("organizations.count")
        if all(group.levers for group in scenario.groups):
            fixed.add("organizations.mandate")
    if scenario.problem.wiring == "explicit":
        fixed |= {"problem.interdependence", "problem.wiring", "problem.modules", "problem.modularity"}
    return frozenset(fixed)
