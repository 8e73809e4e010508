"""Scenarios that state only their difference: ``extends = "homelessness"``, and how the two are put together.

The rule, from the top of a file downwards:

- A file's own words are its own: ``schema_version``, ``name``, ``title`` and ``description`` are never inherited.
- Tables (``[backbone]`` ...) are merged key by key; what the variant says holds.
- Lists of tables are merged entry by entry. An entry with the name (``evidence``: the ``what``) of one above it
  changes the keys it gives and keeps the others, in the old place; any other entry is added at the end. Events have no
  names, so they are always added. Inside an entry nothing is merged: ``levers = [...]`` of a group is the whole list.
- ``sources`` are added, each once.
- ``replace = ["events", "hazards"]`` names what is not taken over at all: the variant's own stands alone.

A parent must be a scenario in its own right. So whatever is wrong with the whole, but not with the parent, is the
variant's fault, and complaints name the variant's file. What comes out knows nothing of its parents: it is complete,
and so are the hash, the results and ``write_scenario`` made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.library import find_scenario, read_tables, read_text, shipped_scenarios

__all__ = ["differences", "merge", "resolve"]

Tables = dict[str, Any]

DEEPEST = 8
"""Files a chain of variants may have."""
OWN = ("schema_version", "name", "title", "description")
"""Keys a variant never inherits."""
ALLOWED = "the name of a shipped scenario, or the path of a scenario file from this file's folder"


def resolve(tables: Tables, source: str, folder: Path, check: Callable[[Tables, str], object]) -> Tables:
    """The tables of a scenario with those it extends put beneath them; as they are where it extends nothing.

    Parameters
    ----------
    tables : of the file itself.
    source : what to call the file in messages.
    folder : where relative paths start.
    check : called with the tables and the source of every parent; raises where they are no scenario.

    Raises
    ------
    InputError : ``extends`` or ``replace`` does not fit, a parent cannot be read or is no scenario itself, a cycle.
    """
    return _resolve(tables, source, folder, check, [])


def _resolve(
    tables: Tables, source: str, folder: Path, check: Callable[[Tables, str], object], above: list[Path]
) -> Tables:
    if "extends" not in tables:
        if "replace" in tables:
            raise InputError(source, [Complaint("replace", "nothing that is extended", "only together with extends")])
        return tables
    path, name = _parent(tables["extends"], source, folder)
    if path in above:
        chain = " -> ".join(one.name for one in [*above[above.index(path) :], path])
        raise InputError(source, [Complaint("extends", f"a circle: {chain}", "scenarios that do not extend this one")])
    if len(above) >= DEEPEST:
        raise InputError(source, [Complaint("extends", f"more than {DEEPEST} files in a chain", "a shorter chain")])
    stated = read_tables(read_text(path, name), name)
    parent = _resolve(stated, name, path.parent, check, [*above, path])
    check(parent, name)
    return merge(parent, tables, source)


def _parent(extends: Any, source: str, folder: Path) -> tuple[Path, str]:
    """The file that is extended, and what to call it."""
    if not isinstance(extends, str):
        raise InputError(source, [Complaint("extends", "no text", ALLOWED)])
    if extends in shipped_scenarios():
        return find_scenario(extends).resolve(), extends
    path = folder / extends
    try:
        there = bool(extends) and path.is_file()
    except (OSError, ValueError):  # a name no file can have
        there = False
    if not there:
        near = nearest(Path(extends).stem, shipped_scenarios())
        raise InputError(source, [Complaint("extends", f"no scenario {extends!r}", ALLOWED, near)])
    return path.resolve(), str(path)


def merge(parent: Mapping[str, Any], variant: Mapping[str, Any], source: str = "scenario") -> Tables:
    """The tables of a variant over those of its parent, by the rule of this module; neither is changed.

    Raises
    ------
    InputError : ``replace`` is no list of things the parent has; a group is neither one of the parent's nor whole.
    """
    replaced = _replaced(parent, variant, source)
    stated = {key: value for key, value in variant.items() if key not in ("extends", "replace")}
    kept = {key: value for key, value in parent.items() if key not in (*OWN, *replaced)}
    misspelt = list(_misspelt(kept.get("groups"), stated.get("groups")))
    if misspelt:
        raise InputError(source, misspelt)
    return kept | {key: _over(kept.get(key), value) for key, value in stated.items()}


def _replaced(parent: Mapping[str, Any], variant: Mapping[str, Any], source: str) -> list[str]:
    names = variant.get("replace", [])
    known = [key for key, value in parent.items() if isinstance(value, dict | list)]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(source, [Complaint("replace", "no list of texts", f"a list of {', '.join(known)}")])
    unknown = [name for name in names if name not in known]
    if unknown:
        complaints = [Complaint("replace", repr(name), ", ".join(known), nearest(name, known)) for name in unknown]
        raise InputError(source, complaints)
    return names


def _misspelt(below: Any, groups: Any) -> Iterator[Complaint]:
    """Groups that are meant to change one of the parent's, but have the name of none."""
    if not isinstance(below, list) or not isinstance(groups, list):
        return
    known = [name for entry in below if (name := _identity(entry))]
    for entry in groups:
        name = _identity(entry)
        if name is not None and name not in known and not {"sector", "count"} <= entry.keys():
            found = "no such group to change, and no sector and count to add it"
            yield Complaint(f"groups.{name}", found, ", ".join(known), nearest(name, known))


def _over(below: Any, value: Any) -> Any:
    """A value of the variant over its parent's; what is of another kind stands alone, and is judged later."""
    if isinstance(below, dict) and isinstance(value, dict):
        return below | value
    if isinstance(below, list) and isinstance(value, list):
        return _entries_over(below, value)
    return value


def _entries_over(below: list[Any], entries: list[Any]) -> list[Any]:
    merged = list(below)
    places = {_identity(entry): place for place, entry in enumerate(below) if _identity(entry) is not None}
    for entry in entries:
        place = places.get(_identity(entry))
        if place is None:
            merged += [entry] if isinstance(entry, dict) or entry not in below else []
        elif isinstance(entry, dict):
            merged[place] = merged[place] | entry
    return merged


def _identity(entry: Any) -> str | None:
    """What an entry of a list of tables is known by; None where it has no name, as events have not."""
    name = entry.get("name", entry.get("what")) if isinstance(entry, dict) else None
    return name if isinstance(name, str) else None


def differences(parent: Mapping[str, Any], variant: Mapping[str, Any]) -> Iterator[str]:
    """What a variant changes, a phrase each: ``backbone.staff 4.0 instead of 8.0``, ``arms: 'x' added``.

    Parameters
    ----------
    parent, variant : whole scenarios as tables, defaults included.
    """
    for key, value in variant.items():
        if isinstance(value, dict):
            yield from _changes(key, parent[key], value)
        elif isinstance(value, list) and key not in ("sources", "evidence"):
            yield from _list_changes(key, parent[key], value)


def _changes(key: str, below: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    for name in value:
        if value[name] != below.get(name):
            short = not isinstance(value[name], list | dict)
            yield f"{key}.{name}" + (f" {value[name]} instead of {below.get(name)}" if short else "")


def _list_changes(key: str, below: list[Any], value: list[Any]) -> Iterator[str]:
    """Named entries changed, added and left out; events, which have no names, are counted."""
    old, new = ({_identity(entry): entry for entry in entries if _identity(entry)} for entries in (below, value))
    for name in new:
        yield from _changes(f"{key}.{name}", old[name], new[name]) if name in old else [f"{key}: {name!r} added"]
    yield from (f"{key}: {name!r} left out" for name in old if name not in new)
    if not old and not new:
        added, left_out = (sum(one not in others for one in some) for some, others in ((value, below), (below, value)))
        yield from (f"{key}: {count} {what}" for count, what in ((added, "added"), (left_out, "left out")) if count)
