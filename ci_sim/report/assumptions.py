"""The parts of a report that say what it rests on: what the scenario sets, every parameter, the manifest."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

from ci_sim.entries import ConditionEvent, Event, FundingEvent, ReplicationEvent, ShareEvent, ShockEvent, StaffEvent
from ci_sim.parameters import PARAMETERS, Parameter
from ci_sim.report.markup import Markup, data_uri, paragraphs, table, tag
from ci_sim.report.results import Results
from ci_sim.scenario import Scenario

__all__ = ["assumptions", "command_of", "departures", "event_in_words", "origin", "set_value"]


def departures(scenario: Scenario) -> list[Parameter]:
    """The parameters that the scenario sets to something else than their default."""
    return [parameter for parameter in PARAMETERS.values() if set_value(scenario, parameter) != parameter.default]


def set_value(scenario: Scenario, parameter: Parameter) -> int | float | str:
    """The value a scenario gives a parameter."""
    section, _, name = parameter.key.partition(".")
    value: int | float | str = getattr(getattr(scenario, section), name)
    return value


def assumptions(results: Results) -> Markup:
    """What the scenario sets, and how well each number is founded."""
    heading = tag("h2", "Assumptions", id="assumptions")
    return tag("section", heading, *_parts(results.scenario), aria_labelledby="assumptions")


def _parts(scenario: Scenario) -> Iterator[Markup]:
    if len(paragraphs(scenario.description)) > 1:
        yield tag("h3", "The scenario")
        yield from paragraphs(scenario.description)
    changed = departures(scenario)
    yield tag("h3", "Departures from the defaults")
    if changed:
        headings = ("Parameter", "Here", "Default", "Unit", "Meaning", "Source of the default", "Grade of the default")
        rows = [_parameter(one, _value(set_value(scenario, one))) for one in changed]
        yield table(f"{len(changed)} of {len(PARAMETERS)} parameters", headings, rows, class_="prose")
    else:
        yield tag("p", f"None: all {len(PARAMETERS)} parameters are at their defaults.")
    if scenario.evidence:
        yield tag("h3", "How well this scenario's own numbers are founded")
        rows = [[one.what, one.grade, one.source] for one in scenario.evidence]
        yield table("Evidence", ("What", "Grade", "Source"), rows)
    if scenario.events:
        yield tag("h3", "Timeline")
        ordered = sorted(scenario.events, key=lambda event: event.month)
        rows = [[str(event.month), event_in_words(event), event.note] for event in ordered]
        yield table("Events", ("Month", "What happens", "Note"), rows)
    if scenario.groups:
        yield tag("h3", "Organizations")
        yield table("Groups of organizations", ("Group", "Sector", "Count", "Works on"), list(_groups(scenario)))
    if scenario.levers:
        yield tag("h3", "Levers")
        yield table("What depends on what", ("Lever", "Two ways of doing it", "Depends on"), list(_levers(scenario)))
    yield tag("h3", "All parameters")
    headings = ("Parameter", "Default", "Allowed", "Unit", "Meaning", "Source", "Grade")
    rows = [_parameter(one, _value(one.default), one.allowed) for one in PARAMETERS.values()]
    yield table("Every parameter, with source and evidence grade", headings, rows, class_="prose small")


def _parameter(one: Parameter, first: str, second: str | None = None) -> list[str]:
    """A row: name, value, what it is held against, and what the parameter means."""
    words = one.key.split("_")
    name = tag("code", words[0], *(part for word in words[1:] for part in (tag("wbr"), f"_{word}")))
    return [
        name,
        first,
        _value(one.default) if second is None else second,
        one.unit,
        one.meaning,
        one.source,
        one.grade,
    ]


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def _groups(scenario: Scenario) -> Iterator[list[str]]:
    titles = {lever.name: lever.title or lever.name for lever in scenario.levers}
    for group in scenario.groups:
        works_on = "; ".join(titles.get(name, name) for name in group.levers) or "levers drawn at random"
        yield [group.title or group.name, group.sector, str(group.count), works_on]


def _levers(scenario: Scenario) -> Iterator[list[str]]:
    titles = {lever.name: lever.title or lever.name for lever in scenario.levers}
    for lever in scenario.levers:
        links = [tag("li", titles[one.lever], f": {one.because}" if one.because else "") for one in lever.depends_on]
        yield [titles[lever.name], " / ".join(lever.ways), tag("ul", *links) if links else ""]


def event_in_words(event: Event) -> str:
    """What an event does."""
    match event:
        case ConditionEvent():
            return f"target of {event.condition.replace('_', ' ')} becomes {event.target:g}"
        case StaffEvent():
            return f"backbone staff becomes {event.staff:g}"
        case ShockEvent():
            what = f"{event.share:.0%} of the outcome areas" if event.share is not None else ", ".join(event.levers)
            return f"shock: contributions drawn anew for {what}"
        case ShareEvent():
            what = "leadership changes" if event.kind == "turnover" else "closes"
            return f"{what} in {_of(event.groups)}, each with probability {event.share:g}"
        case FundingEvent():
            return f"funding of {_of(event.groups)} becomes {event.factor:g} times the first"
        case ReplicationEvent():
            return "every organization takes over what it can deliver of the best community's practices"


def _of(groups: list[str]) -> str:
    return ", ".join(groups) if groups else "every organization"


def origin(results: Results) -> Markup:
    """The manifest: everything needed to run the same again."""
    manifest = results.manifest
    rows = [[name, _told(value)] for name, value in _facts(results).items()]
    whole = data_uri("application/json", (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode())
    return tag(
        "section",
        tag("h2", "Where this comes from", id="origin"),
        table("Manifest", ("What", "Value"), rows),
        tag("p", tag("a", "The whole manifest (JSON)", href=whole, download="manifest.json")),
        aria_labelledby="origin",
    )


def command_of(results: Results) -> str:
    """The command that made the results."""
    command = results.manifest.get("command", [])
    if not isinstance(command, list):
        return str(command)
    program, *arguments = [str(part) for part in command] or [""]
    return shlex.join(["ci-sim" if program == "__main__.py" else program, *arguments])


def _facts(results: Results) -> dict[str, Any]:
    manifest = results.manifest
    git = manifest.get("git") or {}
    commit = f"{git.get('commit', '')}{' with changes' if git.get('dirty') else ''}"
    return {
        "Command": command_of(results),
        "Scenario": f"{results.scenario.name}, hash {results.scenario.hash}",
        "Worlds": results.worlds,
        "Seed": results.seed,
        "Seeds of the streams": manifest.get("seeds", ""),
        "SHA-256 of the results": manifest.get("results_sha256", ""),
        "Made": f"{manifest.get('started', '')} to {manifest.get('ended', '')}",
        "Versions": "; ".join(f"{name} {number}" for name, number in manifest.get("versions", {}).items()),
        "Code": commit or "installed, no checkout",
        "Platform": manifest.get("platform", ""),
    }


def _told(value: Any) -> Markup:
    return tag("span", str(value), class_="anywhere")
