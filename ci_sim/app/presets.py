"""The scenarios a visitor can pick, as questions where they are questions, those of critics with their critics."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ci_sim.app.state import View
from ci_sim.app.texts import Texts
from ci_sim.complaints import InputError
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, shipped_scenarios

__all__ = ["critics", "offered", "shipped"]

CRITIC = re.compile(r"\bThe critics?:")
"""What stands in the description of a scenario that puts a published critic's case, before whose it is."""


@cache
def shipped() -> dict[str, Scenario]:
    """Every scenario that comes with the package and can be read, by name."""
    found = {}
    for name in shipped_scenarios():
        try:
            found[name] = read_scenario(name)
        except InputError:
            continue
    return found


def critics() -> dict[str, Scenario]:
    """Scenarios that put the case of a published critic; their sources name whom."""
    return {name: scenario for name, scenario in shipped().items() if CRITIC.search(scenario.description)}


def offered(view: View, texts: Texts) -> list[dict[str, Any]]:
    """Groups of scenarios for the picker: questions, worlds, critics, and a file that was opened."""
    groups: dict[str, list[dict[str, str]]] = {"questions": [], "worlds": [], "critics": [], "file": []}
    for name, scenario in shipped().items():
        title = texts.get(f"presets.{name}", scenario.title or name)
        group = "critics" if name in critics() else "questions" if title.endswith("?") else "worlds"
        groups[group].append({"name": name, "title": title})
    if view.file:
        groups["file"].append({"name": f"file:{view.scenario}", "title": view.scenario})
    return [{"title": texts(f"presets.group_{key}"), "entries": found} for key, found in groups.items() if found]
