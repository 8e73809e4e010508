"""The scenario library: what is shipped, which file a name means, and the tables that stand in it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ci_sim.complaints import Complaint, InputError, nearest, reason

__all__ = ["find_scenario", "parent_name", "read_tables", "read_text", "shipped_questions", "shipped_scenarios"]

LARGEST_FILE = 1_000_000
"""Bytes of scenario text that are read at most."""
MOST_DOTS = 500
"""Dots in a line beyond which it is no scenario: reading dotted keys takes the square of their length."""


@cache
def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that come with the package, by name: problems first, then the questions put to them."""
    package = Path(__file__).parent
    folder = package / "scenarios" if (package / "scenarios").is_dir() else package.parent / "scenarios"
    files = [*sorted(folder.glob("*.toml")), *sorted((folder / "questions").glob("*.toml"))]
    return {path.stem: path for path in files}


def shipped_questions() -> list[str]:
    """Names of the shipped scenarios that are questions: variants of another that state only their difference."""
    return [name for name, path in shipped_scenarios().items() if path.parent.name == "questions"]


def parent_name(name: str) -> str:
    """What a scenario says it extends; empty where it extends nothing.

    Raises
    ------
    InputError : no such scenario, or a file that cannot be read.
    """
    extends = read_tables(read_text(find_scenario(name), name), name).get("extends", "")
    return extends if isinstance(extends, str) else ""


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
    problems = [known for known in shipped if known not in shipped_questions()]
    allowed = f"a path to a .toml file, one of {', '.join(problems)}, or a question ('ci-sim list')"
    raise InputError("scenario", [Complaint("", f"unknown scenario {name!r}", allowed, nearest(name, shipped))])


def read_text(path: Path, source: str, what: str = "scenario") -> str:
    """The text of a scenario file, or of another one in TOML.

    Parameters
    ----------
    source : what to call the file in messages.
    what : what it should be.

    Raises
    ------
    InputError : it cannot be read, is too large, empty, or no text.
    """
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
        allowed = f"a {what} in TOML; 'ci-sim new FILE' writes a scenario"
        raise InputError(source, [Complaint("", "an empty file", allowed)])
    return text


def read_tables(text: str, source: str, what: str = "scenario") -> dict[str, Any]:
    """The tables of a text in TOML, not yet validated.

    Raises
    ------
    InputError : it is no TOML.
    """
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
