"""Rows of a list of ties: who already trusts whom, and how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import ValidationError

from ci_sim.complaints import Complaint, explain, nearest
from ci_sim.entries import Tie
from ci_sim.partners.organizations import Partners, plain
from ci_sim.partners.sheet import Column, Row, Sheet

__all__ = ["COLUMNS", "Ties", "read_ties"]

COLUMNS = (
    Column("from", ("source",), needed=True),
    Column("to", ("target",), needed=True),
    Column("strength", ("trust", "weight"), needed=True),
    Column("direction"),
)
DIRECTIONS = {"": True, "mutual": True, "undirected": True, "directed": False}
"""Kumu's words for the direction of a connection, and whether trust is mutual."""


@dataclass(frozen=True)
class Ties:
    """The ties of a sheet, and every complaint there is."""

    ties: tuple[Tie, ...]
    complaints: tuple[Complaint, ...]


def read_ties(sheet: Sheet, partners: Partners) -> Ties:
    """The ties of a sheet between partners, by the names they have in their own sheet."""
    ties: list[Tie] = []
    complaints: list[Complaint] = []
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        mutual = DIRECTIONS.get(plain(row.cells.get("direction", "")), True)
        wrong = [*_ends(row, partners), *_strength(sheet, row), *_direction(row)]
        between = [partners.names.get(plain(row.cells[end]), "") for end in ("from", "to")]
        ways = {(between[0], between[1])} | ({(between[1], between[0])} if mutual else set())
        earlier = next((seen[way] for way in ways if way in seen), None)
        if earlier is not None and all(between):
            allowed = "each tie once; 'directed' ones once in each direction"
            wrong.append(Complaint(f"row {row.number}", f"the same tie again, as in row {earlier}", allowed))
        seen |= dict.fromkeys(ways, row.number)
        complaints += wrong
        if not wrong:
            trust = float(sheet.number(row.cells["strength"]))
            ties.append(
                Tie(between=between, trust=trust) if mutual else Tie(between=between, trust=trust, mutual=False)
            )
    return Ties(tuple(ties), tuple(complaints))


def _ends(row: Row, partners: Partners) -> Iterator[Complaint]:
    for end in ("from", "to"):
        text = row.cells[end]
        if plain(text) not in partners.names:
            near = nearest(text, partners.titles)
            found = f"unknown organization {text!r}" if text else "nothing"
            yield Complaint(row.key(end), found, "an organization of the list of partners", near)
    names = [partners.names.get(plain(row.cells[end])) for end in ("from", "to")]
    if names[0] is not None and names[0] == names[1]:
        yield Complaint(row.key("to"), f"{row.cells['to']!r}, the organization itself", "another organization")


def _strength(sheet: Sheet, row: Row) -> Iterator[Complaint]:
    text = row.cells["strength"]
    raw = {"between": ["a", "b"], "trust": sheet.number(text) if text else None}
    try:
        Tie.model_validate(raw)
    except ValidationError as error:
        for complaint in explain(error.errors(), raw, Tie.model_json_schema()):
            found = complaint.found if text else "nothing"
            yield replace(complaint, key=row.key("strength"), found=found)


def _direction(row: Row) -> Iterator[Complaint]:
    text = row.cells.get("direction", "")
    if plain(text) not in DIRECTIONS:
        allowed = ", ".join(filter(None, DIRECTIONS))
        yield Complaint(row.key("direction"), repr(text), allowed, nearest(plain(text), DIRECTIONS))
