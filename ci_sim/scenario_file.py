"""Scenario files: TOML in, a validated :class:`Scenario` out, and back; bad input answered in plain words."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ci_sim.complaints import Complaint, InputError, explain, nearest
from ci_sim.extends import differences, resolve
from ci_sim.library import find_scenario, parent_name, read_tables, read_text, shipped_questions, shipped_scenarios
from ci_sim.parameters import PARAMETERS, SECTIONS
from ci_sim.scenario import SCHEMA_VERSION, Scenario

__all__ = [
    "content", "find_scenario", "parent_name", "parse_scenario", "read_differences", "read_scenario",
    "shipped_questions", "shipped_scenarios", "shorten", "template", "with_overrides", "with_parameters",
    "write_scenario",
]  # fmt: skip

LISTS = ("levers", "communities", "groups", "ties", "events", "arms", "evidence")
"""The lists of tables of a scenario, whose entries ``--set`` reaches by number or by name."""


def read_scenario(name: str, overrides: Iterable[str] = ()) -> Scenario:
    """Read a shipped scenario or a file, what it extends put beneath it, with ``key=value`` overrides.

    Raises
    ------
    InputError : the file cannot be read, is no scenario, or an override does not fit.
    """
    path = find_scenario(name)
    return parse_scenario(read_text(path, name), name, overrides, folder=path.parent)


def read_differences(name: str) -> tuple[str, list[str]]:
    """What a scenario extends, and what it changes there; nothing where it extends nothing.

    Raises
    ------
    InputError : as :func:`read_scenario`.
    """
    parent = parent_name(name)
    if not parent:
        return "", []
    path = parent if parent in shipped_scenarios() else str(find_scenario(name).parent / parent)
    below, variant = (read_scenario(one).model_dump(exclude_none=True) for one in (path, name))
    return parent, list(differences(below, variant))


def parse_scenario(
    text: str, source: str = "scenario", overrides: Iterable[str] = (), folder: Path | None = None
) -> Scenario:
    """Parse and validate the text of a scenario file; what ``extends`` does is said in :mod:`ci_sim.extends`.

    Parameters
    ----------
    text : TOML.
    source : what to call it in messages.
    overrides : ``key=value`` each, the key dotted (``problem.levers``, ``groups.shelters.count``, ``events.0.month``).
    folder : where the path of a scenario it extends starts; None: the working directory.

    Raises
    ------
    InputError : with every complaint at once, as far as they can be seen together.
    """
    tables = resolve(read_tables(text, source), source, folder or Path(), _validated)
    return _changed(tables, overrides, source)


def with_parameters(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """A scenario with parameters changed, keys as in ``--set``, validated as a whole.

    Raises
    ------
    InputError : a change does not fit.
    """
    return with_overrides(
        scenario, [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in changes.items()]
    )


def with_overrides(scenario: Scenario, overrides: Iterable[str]) -> Scenario:
    """A scenario with ``key=value`` overrides, as in ``--set``.

    Raises
    ------
    InputError : an override does not fit.
    """
    return _changed(content(scenario), overrides, scenario.name)


def shorten(scenario: Scenario, months: int) -> tuple[Scenario, int]:
    """A scenario with another horizon, and how many of its events that leaves out.

    Raises
    ------
    InputError : no such horizon is allowed.
    """
    raw = content(scenario)
    kept = [event for event in raw.get("events", []) if event["month"] <= months]
    raw["events"] = kept
    return _changed(raw, [f"horizon.months={months}"], scenario.name), len(scenario.events) - len(kept)


def _changed(raw: dict[str, Any], overrides: Iterable[str], source: str) -> Scenario:
    """The scenario of raw tables with ``key=value`` overrides put into them."""
    keys = [_override(raw, override) for override in overrides]
    if keys:
        source += f" with --set {', '.join(dict.fromkeys(keys))}"
    return _validated(raw, source)


def _validated(raw: dict[str, Any], source: str) -> Scenario:
    """The scenario of raw tables."""
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise InputError(source, explain(error.errors(), raw, Scenario.model_json_schema())) from None


def content(scenario: Scenario) -> dict[str, Any]:
    """What a scenario sets itself, nothing that is a default anyway or counted from what it lists."""
    own = scenario.model_dump(exclude_unset=True, exclude_none=True)
    for listed, section, count in (
        ("levers", "problem", "levers"),
        ("communities", "problem", "communities"),
        ("groups", "organizations", "count"),
    ):
        if own.get(listed):
            own[section].pop(count)
    return own


def _override(raw: dict[str, Any], override: str) -> str:
    """Put one ``key=value`` into the raw tables, and return its key; lists are entered by number or by name."""
    key, equals, text = override.partition("=")
    steps = [step.strip() for step in key.split(".")]
    key = ".".join(steps)
    if not equals or not key or not text.strip():
        raise InputError("--set", [Complaint("", repr(override), "key=value, as in problem.interdependence=0")])
    table: Any = raw
    for number, step in enumerate(steps[:-1]):
        table = _enter(table, step, ".".join(steps[:number]), key)
    last = steps[-1]
    if isinstance(table, list):
        raise InputError("--set", [Complaint(key, "a whole list entry", "a key of it, as in events.0.month")])
    if len(steps) == 1 and last in SECTIONS:
        first = next(iter(SECTIONS[last].model_fields))
        raise InputError("--set", [Complaint(key, "a whole section", f"a key of it, as in {key}.{first}")])
    table[last] = _set_value(text.strip())
    return key


def _enter(table: Any, step: str, above: str, key: str) -> Any:
    """The table or list one step further on the way to a key; an empty one where a section may start."""
    if isinstance(table, list):
        named = {item["name"]: item for item in table if isinstance(item, dict) and isinstance(item.get("name"), str)}
        if step in named:
            return named[step]
        if step.isdecimal() and int(step) < len(table) and isinstance(table[int(step)], dict):
            return table[int(step)]
        allowed = f"{', '.join(named)}, or a number from 0 to {len(table) - 1}" if named else f"0 to {len(table) - 1}"
        raise InputError("--set", [Complaint(key, f"no {step!r} among {above}", allowed, nearest(step, named))])
    inner = table.get(step)
    if inner is None and not above and step in LISTS:
        raise InputError("--set", [Complaint(key, f"no {step} in this scenario", "an entry that the file lists")])
    if inner is None and (above or step in SECTIONS):
        inner = table.setdefault(step, {})
    if not isinstance(inner, dict | list):
        known = [*PARAMETERS, *(name for name in Scenario.model_fields if name not in SECTIONS)]
        complaint = Complaint(key, "an unknown key", "a parameter ('ci-sim parameters')", nearest(key, known))
        raise InputError("--set", [complaint])
    return inner


def _set_value(text: str) -> Any:
    """A value as TOML would read it; what TOML cannot read is taken for a text."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as TOML: what it sets itself, nothing that is a default anyway."""
    import tomlkit  # noqa: PLC0415 - only needed here

    written = {key: value for key, value in content(scenario).items() if value != {}}
    path.write_text(tomlkit.dumps(written), encoding="utf-8")


def template(name: str) -> str:
    """A scenario file in which every parameter stands, commented out, with its default and what it means."""
    lines = [
        f"# {name}: a scenario of ci_sim. Everything commented out is a default; take the # away to change it.",
        f"schema_version = {SCHEMA_VERSION}",
        f'name = "{name}"',
        'title = ""',
        'description = "Numbers are illustrative."',
    ]
    for section in SECTIONS:
        lines += ["", f"[{section}]"]
        for key, parameter in PARAMETERS.items():
            if key.startswith(f"{section}."):
                default = f'"{parameter.default}"' if isinstance(parameter.default, str) else repr(parameter.default)
                unit = f" ({parameter.unit})" if parameter.unit else ""
                lines.append(f"# {key.split('.')[1]} = {default}  # {parameter.allowed}{unit}: {parameter.meaning}")
    return "\n".join([*lines, "", EXAMPLES])


EXAMPLES = """\
# A variant states only its difference to a scenario it extends (a shipped one, or a file beside this one). Tables are
# merged key by key; entries of lists change the one of the same name or are added; events are added. schema_version,
# name, title and description are always the file's own; what stands in 'replace' is not taken over at all:
#     extends = "homelessness"
#     replace = ["events"]

# Levers by name, with the wiring drawn lever by lever (set problem.wiring = "explicit"):
# [[levers]]
# name = "housing_supply"
# title = "Housing supply"
# depends_on = [{ lever = "zoning", because = "what may be built decides what is built" }]
# [[levers]]
# name = "zoning"

# Organizations by group; without levers each draws organizations.mandate of them:
# [[groups]]
# name = "developers"
# sector = "business"  # government, civil society or business
# count = 6
# levers = ["housing_supply"]
# programs = 8
# member = true  # all of them take part at the start; left out: participation.initial decides
# [[groups]]
# name = "zoning_board"
# sector = "government"
# count = 1
# levers = ["zoning"]

# Trust that is there at the start, where it is not communication.initial_trust:
# [[ties]]
# between = ["developers", "zoning_board"]
# trust = 0.6
# mutual = true  # false: only the first trusts the second

# Communities by name:
# [[communities]]
# name = "Old Town"

# Events, by month: condition, staff, shock, turnover, exit, funding, replication.
# [[events]]
# month = 37
# kind = "staff"
# staff = 0.0
# note = "The grant ends."

# Arms besides the four standard ones: factors on the scenario's targets and staff.
# [[arms]]
# name = "agenda_only"
# common_agenda = 1.0
"""
