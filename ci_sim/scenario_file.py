"""Scenario files: TOML in, a validated :class:`Scenario` out, and back; bad input answered in plain words."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ci_sim.complaints import Complaint, InputError, explain, nearest, reason
from ci_sim.parameters import PARAMETERS, SECTIONS
from ci_sim.scenario import SCHEMA_VERSION, Scenario

__all__ = [
    "content", "find_scenario", "parse_scenario", "read_scenario", "read_toml", "shipped_scenarios", "shorten",
    "template", "with_parameters", "write_scenario",
]  # fmt: skip

LARGEST_FILE = 1_000_000
"""Bytes of scenario text that are read at most."""
MOST_DOTS = 500
"""Dots in a line beyond which it is no scenario: reading dotted keys takes the square of their length."""
LISTS = ("levers", "communities", "groups", "ties", "events", "arms", "evidence")
"""The lists of tables of a scenario, whose entries ``--set`` reaches by number or by name."""


@cache
def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that come with the package, by name."""
    package = Path(__file__).parent
    folder = package / "scenarios" if (package / "scenarios").is_dir() else package.parent / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find_scenario(name: str) -> Path:
    """The file meant by a scenario's name or path.

    Raises
    ------
    InputError : neither a shipped scenario nor a file.
    """
    shipped = shipped_scenarios()
    if name in shipped:
        return shipped[name]
    try:
        there = bool(name) and Path(name).exists()
    except OSError:  # a name too long for the system
        there = False
    if there or name.endswith(".toml") or "/" in name or "\\" in name:
        return Path(name)
    allowed = f"a path to a .toml file, or one of {', '.join(shipped)}"
    raise InputError("scenario", [Complaint("", f"unknown scenario {name!r}", allowed, nearest(name, shipped))])


def read_scenario(name: str, overrides: Iterable[str] = ()) -> Scenario:
    """Read a shipped scenario or a file, with ``key=value`` overrides.

    Raises
    ------
    InputError : the file cannot be read, is no scenario, or an override does not fit.
    """
    return parse_scenario(_read_text(find_scenario(name), name), name, overrides)


def read_toml(path: Path, source: str, what: str = "scenario") -> dict[str, Any]:
    """The raw tables of a TOML file.

    Parameters
    ----------
    source : what to call the file in messages.
    what : what it should be.

    Raises
    ------
    InputError : the file cannot be read, or is no TOML.
    """
    return _toml(_read_text(path, source, what), source, what)


def _read_text(path: Path, source: str, what: str = "scenario") -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        near = nearest(path.stem, shipped_scenarios()) if what == "scenario" else ""
        raise InputError(source, [Complaint("", found, f"a {what} file (.toml) that can be read", near)]) from None
    if len(content) > LARGEST_FILE:
        raise InputError(source, [Complaint("", f"more than {LARGEST_FILE:,} bytes", f"a {what} file within that")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(source, [Complaint("", "a binary file", "text in UTF-8 (.toml)")]) from None
    if not text.strip():
        raise InputError(
            source, [Complaint("", "an empty file", f"a {what} in TOML; 'ci-sim new FILE' writes a scenario")]
        )
    return text


def parse_scenario(text: str, source: str = "scenario", overrides: Iterable[str] = ()) -> Scenario:
    """Parse and validate the text of a scenario file.

    Parameters
    ----------
    text : TOML.
    source : what to call it in messages.
    overrides : ``key=value`` each, the key dotted (``problem.levers``, ``groups.shelters.count``, ``events.0.month``).

    Raises
    ------
    InputError : with every complaint at once, as far as they can be seen together.
    """
    return _changed(_toml(text, source), overrides, source)


def with_parameters(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """A scenario with parameters changed, keys and values as in ``--set``, validated as a whole.

    Raises
    ------
    InputError : a change does not fit.
    """
    return _changed(content(scenario), [f"{key}={json.dumps(value)}" for key, value in changes.items()], scenario.name)


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


def _toml(text: str, source: str, what: str = "scenario") -> dict[str, Any]:
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise InputError(source, [Complaint("", f"a line with more than {MOST_DOTS} dots", f"a {what} in TOML")])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = str(error).replace("Cannot overwrite a value", "a key given twice")
        allowed = f"a {what} in TOML: texts in quotes, each key once"
        raise InputError(source, [Complaint("", f"no valid TOML: {found}", allowed)]) from None
    except RecursionError:
        raise InputError(source, [Complaint("", "lists nested too deeply", f"a {what} in TOML")]) from None
    except ValueError:  # Python reads no integer of more than 4300 digits
        raise InputError(source, [Complaint("", "an integer of thousands of digits", f"a {what} in TOML")]) from None


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

# Events, by month: condition, staff, shock, turnover, exit, funding.
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
