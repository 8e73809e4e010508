"""What claims are tried on: a scenario in several circumstances, and variants of it that a claim speaks of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ci_sim.scenario import Scenario
from ci_sim.scenario_file import content

__all__ = ["AS_IT_IS", "MADE", "circumstances", "grant_ends", "variant"]

AS_IT_IS = "as the scenario has it"
SCALED = 20
"""Times what the organizations of the variants are scaled."""
CHAMPION = "champion"
AFTER_YEARS = 5

Raw = dict[str, Any]


def circumstances(scenario: Scenario) -> dict[str, Scenario]:
    """The scenario as it is, and with one thing changed at a time: what a reader would ask of any single result."""
    explicit = scenario.problem.wiring == "explicit"
    most = scenario.problem.levers - 1
    changes: dict[str, Callable[[Raw], None]] = {
        "less complex": _fewer_links if explicit else _setting("problem", "interdependence", min(2, most)),
        "more complex": _setting("problem", "interdependence", min(8, most)),
        "contexts that differ": _setting("problem", "context_similarity", 0.3),
        "half the staff": _setting("backbone", "staff", scenario.backbone.staff / 2),
        "all decide at once": _setting("organizations", "update", "simultaneous"),
    }
    if explicit:
        del changes["more complex"]
    return {AS_IT_IS: scenario} | {name: _changed(scenario, change) for name, change in changes.items()}


def variant(scenario: Scenario, name: str) -> Scenario:
    """A variant by its name, of :data:`MADE`.

    Raises
    ------
    InputError : the scenario cannot be varied so.
    """
    return _changed(scenario, MADE[name]) if name else scenario


def grant_ends(scenario: Scenario) -> int:
    """Month from which the staff's funding is over: five years before the horizon, or half of it where it is short."""
    months = scenario.horizon.months
    return max(2, months - 12 * AFTER_YEARS + 1 if months >= 24 * AFTER_YEARS else months // 2 + 1)


def _changed(scenario: Scenario, change: Callable[[Raw], None]) -> Scenario:
    raw = content(scenario)
    raw = {key: list(value) if isinstance(value, list) else value for key, value in raw.items()}
    change(raw)
    return Scenario.model_validate(raw)


def _setting(section: str, key: str, value: object) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        raw[section] = {**raw.get(section, {}), key: value}

    return change


def _fewer_links(raw: Raw) -> None:
    raw["levers"] = [{**lever, "depends_on": lever.get("depends_on", [])[:2]} for lever in raw["levers"]]


def _technical(raw: Raw) -> None:
    """No interdependence at all."""
    if raw.get("problem", {}).get("wiring") == "explicit":
        raw["levers"] = [{**lever, "depends_on": []} for lever in raw["levers"]]
    else:
        _setting("problem", "interdependence", 0)(raw)


def _one_scaled(raw: Raw) -> None:
    """One organization, entitled to work on everything, has many times the money of one; others are as they were."""
    scenario = Scenario.model_validate(raw)
    anyone = {"name": "others", "sector": "civil society", "count": scenario.organizations.count}
    first, *rest = [dict(group) for group in raw.get("groups", [])] or [anyone]
    champion = {**first, "count": 1, "levers": scenario.lever_names}
    if first["count"] > 1:
        champion["name"] = CHAMPION
        rest = [{**first, "count": first["count"] - 1}, *rest]
    raw["groups"] = [champion, *rest]
    raw["organizations"] = {key: value for key, value in raw.get("organizations", {}).items() if key != "count"}
    _event(raw, {"month": 1, "kind": "funding", "factor": float(SCALED), "groups": [champion["name"]]})


def _all_scaled(raw: Raw) -> None:
    """Every organization has four times its programs and tries."""
    _event(raw, {"month": 1, "kind": "funding", "factor": 4.0})


def _replicated(raw: Raw) -> None:
    """Every year from the fourth on, the practices of the best community are put in place everywhere."""
    last = Scenario.model_validate(raw).horizon.months
    for month in range(37, last - 10, 12):
        _event(raw, {"month": month, "kind": "replication"})


def _grant_over(raw: Raw) -> None:
    """The staff's funding ends."""
    _event(raw, {"month": grant_ends(Scenario.model_validate(raw)), "kind": "staff", "staff": 0.0})


def _strength(tries: float, noise: float) -> Callable[[Raw], None]:
    """Every organization makes so many times its tries and errors so many times its errors."""

    def change(raw: Raw) -> None:
        rules = Scenario.model_validate(raw).organizations
        own = {"attempts": rules.attempts * tries, "evaluation_noise": rules.evaluation_noise * noise}
        raw["organizations"] = {**raw.get("organizations", {}), **own}
        factors = {"attempts": tries, "evaluation_noise": noise}
        raw["groups"] = [
            {key: value * factors.get(key, 1) if key in factors else value for key, value in group.items()}
            for group in raw.get("groups", [])
        ]

    return change


def _event(raw: Raw, event: Raw) -> None:
    raw["events"] = [*raw.get("events", []), event]


MADE: Mapping[str, Callable[[Raw], None]] = {
    "technical": _technical,
    "one scaled": _one_scaled,
    "all scaled": _all_scaled,
    "replicated": _replicated,
    "grant over": _grant_over,
    "weak": _strength(0.1, 4.0),
    "strong": _strength(3.0, 0.25),
}
"""Variants of a scenario by name, as changes of its content."""
