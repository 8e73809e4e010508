"""Rows of a list of partner organizations, each a group of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from ci_sim.complaints import Complaint, explain, nearest
from ci_sim.entries import Group
from ci_sim.partners.sheet import Column, Row, Sheet
from ci_sim.scenario import Scenario

__all__ = ["COLUMNS", "SECTOR_WORDS", "Partners", "name_from", "plain", "read_organizations"]

COLUMNS = (
    Column("organization", ("organisation", "name", "partner", "label"), needed=True),
    Column("sector", needed=True),
    Column("levers", ("lever", "works on"), needed=True),
    Column("programs", ("programmes",)),
    Column("attempts", ("tries",)),
    Column("member", ("members", "takes part")),
)
SECTOR_WORDS = {
    "government": (
        "government", "gov", "govt", "public", "public sector", "public agency", "local government", "municipal",
        "municipality", "city", "county", "state", "federal",
    ),
    "civil society": (
        "civil society", "nonprofit", "non profit", "not for profit", "ngo", "non governmental", "charity",
        "foundation", "philanthropy", "community", "community based", "voluntary", "third sector", "faith based",
    ),
    "business": (
        "business", "private", "private sector", "company", "corporate", "corporation", "for profit", "industry",
        "commercial",
    ),
}  # fmt: skip
"""The three sectors, and the words that are taken for each; capitals, hyphens and underscores do not count."""
YES = ("yes", "y", "true", "1", "x", "member")
NO = ("no", "n", "false", "0", "", "-")
SEPARATORS = re.compile(r"[;|]")
LONGEST_NAME = 60


@dataclass(frozen=True)
class Partners:
    """The organizations of a sheet.

    Attributes
    ----------
    groups : a group of one for each row that is right.
    names : the group's name for every organization named, right or not, by :func:`plain` of its name and by the name.
    titles : the organizations' names as they are written.
    """

    groups: tuple[Group, ...]
    names: dict[str, str]
    titles: tuple[str, ...]
    complaints: tuple[Complaint, ...]


def read_organizations(sheet: Sheet, base: Scenario) -> Partners:
    """The organizations of a sheet, with every complaint there is."""
    levers = {plain(word): lever.name for lever in base.levers for word in (lever.title, lever.name)}
    levers |= {plain(name): name for name in base.lever_names}
    levers.pop("", None)
    groups: list[Group] = []
    complaints: list[Complaint] = []
    seen: dict[str, Row] = {}
    names: dict[str, str] = {}
    for row in sheet.rows:
        title = row.cells["organization"]
        if not title:
            complaints.append(Complaint(row.key("organization"), "nothing", "the name of an organization"))
        elif plain(title) in seen:
            found = f"{title!r} again, as in row {seen[plain(title)].number}"
            complaints.append(Complaint(row.key("organization"), found, "each organization once"))
        seen.setdefault(plain(title), row)
        name = name_from(title, f"partner_{row.number}", names.values())
        names |= {plain(title): name, plain(name): name} if title else {}
        raw: dict[str, Any] = {"name": name, "title": title, "count": 1}
        wrong = [
            *_sector(row, raw),
            *_levers(row, raw, levers, base),
            *_numbers(sheet, row, raw),
            *_member(sheet, row, raw),
        ]
        complaints += wrong
        if title and not wrong:
            groups.append(Group.model_validate(raw))
    titles = tuple(row.cells["organization"] for row in sheet.rows if row.cells["organization"])
    return Partners(tuple(groups), names, titles, tuple(complaints))


def plain(text: str) -> str:
    """A name or word without what does not distinguish it: capitals, hyphens, underscores, several blanks."""
    return " ".join(re.sub(r"[-_\s]+", " ", unicodedata.normalize("NFKC", text).casefold()).split())


def name_from(text: str, otherwise: str, taken: Container[str] = ()) -> str:
    """A name as scenarios have them (small letters, digits, _) after a text, none of those taken."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    name = (name if name[:1].isalpha() else f"{otherwise}_{name}".strip("_"))[:LONGEST_NAME]
    number, unique = 2, name
    while unique in taken:
        unique = f"{name[: LONGEST_NAME - 5]}_{number}"
        number += 1
    return unique


def _sector(row: Row, raw: dict[str, Any]) -> Iterator[Complaint]:
    text = row.cells["sector"]
    words = {word: sector for sector, several in SECTOR_WORDS.items() for word in several}
    raw["sector"] = words.get(plain(text))
    if raw["sector"] is None:
        allowed = "; ".join(f"{sector} ({', '.join(several[1:5])} ...)" for sector, several in SECTOR_WORDS.items())
        near = nearest(plain(text), words) if text else ""
        yield Complaint(row.key("sector"), repr(text) if text else "nothing", allowed, near)


def _levers(row: Row, raw: dict[str, Any], levers: dict[str, str], base: Scenario) -> Iterator[Complaint]:
    raw["levers"] = []
    for text in filter(None, (part.strip() for part in SEPARATORS.split(row.cells["levers"]))):
        lever = levers.get(plain(text))
        if lever is None:
            allowed = f"levers of the scenario {base.name}, with ; between them: {', '.join(base.lever_names)}"
            near = levers.get(nearest(plain(text), levers), "")
            yield Complaint(row.key("levers"), f"unknown lever {text!r}", allowed, near)
        elif lever not in raw["levers"]:
            raw["levers"].append(lever)


def _numbers(sheet: Sheet, row: Row, raw: dict[str, Any]) -> Iterator[Complaint]:
    """Programs and attempts; what the format has to say of them, and of the name's length, is said of their cells."""
    for column in ("programs", "attempts"):
        if row.cells.get(column):
            number = sheet.number(row.cells[column])
            raw[column] = float(number) if column == "attempts" and isinstance(number, int) else number
    columns = {"title": "organization", "programs": "programs", "attempts": "attempts"}
    try:
        Group.model_validate(raw | {"sector": "business", "levers": []})
    except ValidationError as error:
        for complaint in explain(error.errors(), raw, Group.model_json_schema()):
            yield replace(complaint, key=row.key(columns[complaint.key]))


def _member(sheet: Sheet, row: Row, raw: dict[str, Any]) -> Iterator[Complaint]:
    if "member" not in sheet.columns:
        return
    text = row.cells["member"]
    if plain(text) not in YES + NO and text != "-":
        yield Complaint(row.key("member"), repr(text), "yes or no; an empty cell is a no")
    raw["member"] = plain(text) in YES
