"""Partners in the place of a scenario's organizations: everything else is as in that scenario."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from ci_sim.complaints import Complaint, InputError
from ci_sim.entries import Evidence, Group, Tie
from ci_sim.partners import organizations, ties
from ci_sim.partners.organizations import Partners, read_organizations
from ci_sim.partners.sheet import Column, Sheet, read_sheet
from ci_sim.partners.ties import Ties, read_ties
from ci_sim.scenario import SECTORS, Scenario

__all__ = ["PartnerCase", "partner_case", "read_partners"]


@dataclass(frozen=True)
class PartnerCase:
    """A scenario made of partners, and what its maker should know.

    Attributes
    ----------
    notes : a sentence each on what was read, left to chance, and left out.
    """

    scenario: Scenario
    notes: tuple[str, ...]


def read_partners(
    partners: Path, base: Scenario, ties_file: Path | None = None, *, name: str = "partners", title: str = ""
) -> PartnerCase:
    """Read a list of organizations, and one of ties between them, and put them into a scenario.

    Parameters
    ----------
    partners : CSV with the columns organization, sector and levers, and optionally programs, attempts and member.
    base : the scenario whose organizations they replace; they work on its levers.
    ties_file : CSV with the columns from, to and strength (0..1), and optionally direction.

    Raises
    ------
    InputError : with everything wrong in both files, by row and column.
    """
    complaints: list[Complaint] = []
    sheets = [
        _read(path, columns, complaints)
        for path, columns in ((partners, organizations.COLUMNS), (ties_file, ties.COLUMNS))
        if path is not None
    ]
    listed = Partners((), {}, (), ()) if sheets[0] is None else read_organizations(sheets[0], base)
    complaints += [replace(complaint, source=str(partners)) for complaint in listed.complaints]
    known = Ties((), ())
    if sheets[0] is not None and len(sheets) > 1 and sheets[1] is not None:
        known = read_ties(sheets[1], listed)
        complaints += [replace(complaint, source=str(ties_file)) for complaint in known.complaints]
    if complaints:
        raise InputError(str(partners), complaints)
    made = partner_case(base, listed.groups, known.ties, name=name, title=title, source=partners.name)
    ignored = [
        f"Columns of {sheet.source} that mean nothing here: {', '.join(sheet.ignored)}."
        for sheet in sheets
        if sheet is not None and sheet.ignored
    ]
    return replace(made, notes=(*made.notes, *ignored))


def _read(path: Path, columns: tuple[Column, ...], complaints: list[Complaint]) -> Sheet | None:
    """A sheet, or None and complaints."""
    try:
        return read_sheet(path, columns)
    except InputError as error:
        complaints += [replace(complaint, source=error.source) for complaint in error.complaints]
        return None


def partner_case(
    base: Scenario,
    groups: tuple[Group, ...],
    ties: tuple[Tie, ...] = (),
    *,
    name: str,
    title: str = "",
    source: str = "",
) -> PartnerCase:
    """A scenario with these organizations and ties in the place of its own.

    Events that name groups of the base are left out, and what the base says of the evidence for its groups is too.
    """
    raw = base.model_dump(exclude_unset=True, exclude_none=True)
    raw.get("organizations", {}).pop("count", None)
    events = [event for event in base.events if not getattr(event, "groups", [])]
    listed = f"{len(groups)} partner organization{'s' * (len(groups) != 1)}"
    raw |= {
        "schema_version": base.schema_version,
        "name": name,
        "title": title or f"{base.title or base.name}: {listed}"[:200],
        "description": _description(base, listed, source),
        "groups": [group.model_dump(exclude_unset=True, exclude_none=True) for group in groups],
        "ties": [tie.model_dump(exclude_unset=True) for tie in ties],
        "events": [event.model_dump(exclude_unset=True, exclude_none=True) for event in events],
        "evidence": [evidence.model_dump(exclude_unset=True) for evidence in _evidence(base, listed, ties, source)],
    }
    scenario = Scenario.model_validate({key: value for key, value in raw.items() if value != []})
    return PartnerCase(scenario, tuple(_notes(scenario, base)))


def _description(base: Scenario, listed: str, source: str) -> str:
    """What the scenario is, before what its base is."""
    told = f"The {listed} of {source or 'a list'} in the place of those of the scenario '{base.name}'; all else is as"
    return f"{told} there. Of that scenario:\n\n{base.description.strip()}"[:5000].strip() + "\n"


def _evidence(base: Scenario, listed: str, ties: tuple[Tie, ...], source: str) -> list[Evidence]:
    told = [evidence for evidence in base.evidence if not evidence.what.startswith(("groups", "ties"))]
    said = f"As listed in {source}"[:500] if source else "As listed"
    told.append(Evidence(what=f"groups: {listed}, their sectors and levers", grade="judgement", source=said))
    if ties:
        what = f"ties: trust in {len(ties)} pairs before the first month"
        told.append(Evidence(what=what, grade="judgement", source="As listed with the partners"))
    return told


def _notes(scenario: Scenario, base: Scenario) -> list[str]:
    sectors: Counter[str] = Counter(group.sector for group in scenario.groups)
    kinds = ", ".join(f"{sectors[sector]} {sector}" for sector in SECTORS if sectors[sector])
    notes = [f"{len(scenario.groups)} organizations ({kinds}), {len(scenario.ties)} ties."]
    members = [group.member for group in scenario.groups]
    if None in members:
        notes.append("Who takes part at the start is drawn in every world: participation.initial.")
    else:
        notes.append(f"{sum(member is True for member in members)} take part at the start.")
    drawn = sum(not group.levers for group in scenario.groups)
    if drawn:
        notes.append(f"Levers of {drawn} are drawn in every world: organizations.mandate of them each.")
    else:
        worked = {lever for group in scenario.groups for lever in group.levers}
        idle = [lever for lever in scenario.lever_names if lever not in worked]
        notes += [f"Nobody works on: {', '.join(idle)}."] * bool(idle)
    left_out = [str(event.month) for event in base.events if getattr(event, "groups", [])]
    if left_out:
        notes.append(f"Left out, as they name organizations of '{base.name}': events of month {', '.join(left_out)}.")
    return notes
