"""Scenario files: TOML in, a validated :class:`Scenario` out, and back; bad input answered in plain words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.parameters import PARAMETERS, SECTIONS
from ci_sim.scenario import SCHEMA_VERSION, Scenario

__all__ = ["find_scenario", "parse_scenario", "read_scenario", "shipped_scenarios", "template", "write_scenario"]

LARGEST_FILE = 1_000_000
"""Bytes of scenario text that are read at most."""


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
    if name.endswith(".toml") or "/" in name or "\\" in name or Path(name).exists():
        return Path(name)
    allowed = f"a path to a .toml file, or one of {', '.join(shipped)}"
    raise InputError("scenario", [Complaint("", f"unknown scenario {name!r}", allowed, nearest(name, shipped))])


def read_scenario(name: str, overrides: Iterable[str] = ()) -> Scenario:
    """Read a shipped scenario or a file, with ``key=value`` overrides.

    Raises
    ------
    InputError : the file cannot be read, is no scenario, or an override does not fit.
    """
    path = find_scenario(name)
    return parse_scenario(_read_text(path), str(path), overrides)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = {FileNotFoundError: "no such file", IsADirectoryError: "a folder", PermissionError: "no permission"}
        found = reason.get(type(error), error.strerror or type(error).__name__)
        near = nearest(path.stem, shipped_scenarios())
        raise InputError(str(path), [Complaint("", found, "a readable scenario file (.toml)", near)]) from None
    if len(content) > LARGEST_FILE:
        raise InputError(str(path), [Complaint("", "a larger file", f"at most {LARGEST_FILE:,} bytes")])
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InputError(str(path), [Complaint("", "a binary file", "text in UTF-8 (.toml)")]) from None
    if not text.strip():
        raise InputError(str(path), [Complaint("", "an empty file", "a scenario; 'ci-sim new FILE' writes one")])
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
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(source, [Complaint("", f"no valid TOML: {error}", "a scenario in TOML")]) from None
    overrides = list(overrides)
    for override in overrides:
        _override(raw, override)
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        complaints = [one for details in error.errors() for one in _explain(raw, dict(details))]
        where = source + (" with --set " + " --set ".join(overrides) if overrides else "")
        raise InputError(where, complaints) from None


def _override(raw: dict[str, Any], override: str) -> None:
    """Put one ``key=value`` into the raw tables; lists are entered by number or by name."""
    key, equals, text = override.partition("=")
    key = key.strip()
    if not equals or not key or not text.strip():
        raise InputError("--set", [Complaint("", repr(override), "key=value, as in problem.interdependence=0")])
    steps, table = key.split("."), raw
    for number, step in enumerate(steps[:-1]):
        inner = _enter(table, step)
        if inner is None and isinstance(table, dict) and (number > 0 or step in SECTIONS):
            inner = table.setdefault(step, {})
        if not isinstance(inner, dict | list):
            known = [*PARAMETERS, *(name for name in Scenario.model_fields if name not in SECTIONS)]
            complaint = Complaint(key, "an unknown key", "a parameter ('ci-sim parameters')", nearest(key, known))
            raise InputError("--set", [complaint])
        table = inner  # type: ignore[assignment]
    last = steps[-1]
    if isinstance(table, list):
        raise InputError("--set", [Complaint(key, "a whole list entry", "a key of it, as in events.0.month")])
    if len(steps) == 1 and last in SECTIONS:
        raise InputError("--set", [Complaint(key, "a whole section", f"a key of it, as in {key}.{_first(last)}")])
    table[last] = _value(text.strip())


def _first(section: str) -> str:
    return next(iter(SECTIONS[section].model_fields))


def _enter(table: Any, step: str) -> Any:
    if isinstance(table, dict):
        return table.get(step)
    if isinstance(table, list):
        if step.isdigit() and int(step) < len(table):
            return table[int(step)]
        return next((item for item in table if isinstance(item, dict) and item.get("name") == step), None)
    return None


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _explain(raw: dict[str, Any], error: dict[str, Any]) -> list[Complaint]:
    """Put one of pydantic's errors into our words."""
    if error["type"] == "contradiction":
        return list(error["ctx"]["all"])
    place, kind = list(error["loc"]), ""
    if place[0] == "events" and len(place) > 2:
        kind = str(place.pop(2))  # pydantic names the kind of event, which is no key of the file
    key = ".".join(str(step) for step in place)
    context, found = error.get("ctx", {}), repr(error["input"])
    if len(found) > 60:
        found = f"{found[:57]}..."
    parameter = PARAMETERS.get(key)
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(place[:-1], kind)
            return [Complaint(key, f"an unknown key, with the value {found}", ", ".join(known), _near(place, known))]
        case "missing":
            return [Complaint(key, "nothing", _missing(key))]
        case "union_tag_invalid" | "union_tag_not_found":
            tags = context.get("expected_tags", "'condition', 'staff', 'shock', 'turnover', 'exit', 'funding'")
            tag = context.get("tag", "")
            kinds = [word.strip(" '") for word in tags.split(",")]
            return [Complaint(f"{key}.kind", repr(tag) if tag else "nothing", ", ".join(kinds), nearest(tag, kinds))]
        case "literal_error" if parameter is not None:
            return [Complaint(key, found, parameter.allowed, nearest(str(error["input"]), parameter.choices))]
        case "string_pattern_mismatch":
            return [Complaint(key, found, "small letters, digits and _, a letter first")]
    allowed = error["msg"].removeprefix("Input should be ")
    if parameter is not None:
        allowed = f"{_article(parameter.kind)} {parameter.kind}, {parameter.allowed} {parameter.unit}".rstrip()
    elif key == "schema_version":
        allowed = f"{SCHEMA_VERSION}, the version this ci_sim reads"
    return [Complaint(key, found, allowed)]


def _missing(key: str) -> str:
    return f"{SCHEMA_VERSION}" if key == "schema_version" else "a value: this key is needed"


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiou" else "a"


def _near(place: list[int | str], known: list[str]) -> str:
    """The nearest key of the same table, or the section in which a parameter of that name stands."""
    name = str(place[-1])
    near = nearest(name, known)
    if near or len(place) > 2:
        return near
    return nearest(f"{place[0]}.{name}" if len(place) == 2 else name, PARAMETERS)


def _known_keys(place: list[int | str], kind: str) -> list[str]:
    """Keys that may stand in the table at a place of a scenario; kind is that of an event."""
    models: list[type[BaseModel]] = [Scenario]
    for step in place:
        if isinstance(step, str):
            models = [inner for model in models for inner in _models_in(model.model_fields[step].annotation)]
    models = [model for model in models if not kind or kind in getattr(model.model_fields["kind"].annotation, "__args__", ())]
    return list(models[0].model_fields) if models else []


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models a type is made of: itself, or what it lists or unites."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def write_scenario(scenario: Scenario, path: Path) -> None:
    """Write a scenario as TOML: what it sets itself, nothing that is a default anyway."""
    content = scenario.model_dump(exclude_unset=True)
    path.write_text(tomlkit.dumps({key: value for key, value in content.items() if value != {}}), encoding="utf-8")


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
# ways = ["Large new buildings", "Small infill"]
# depends_on = [{ lever = "zoning", because = "what may be built decides what is built" }]

# Organizations by group:
# [[groups]]
# name = "shelters"
# sector = "civil society"  # government, civil society or business
# count = 6
# levers = ["emergency_shelter"]
# programs = 8

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
