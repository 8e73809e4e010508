"""Links and mandates of a world as tables and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ci_sim.scenario import Scenario
    from ci_sim.world import World

__all__ = ["Mandates", "dependencies", "lever_titles", "link_table", "mandate_table", "mandates", "wiring_in_words"]

SECTORS = ("government", "civil society", "business", "organization")
"""In the order they are shown; the last is of organizations without one."""
NAMED = 3
"""Levers that are named where they are the most."""


class Mandates(NamedTuple):
    """Organizations by group, sector by sector: rows of (groups,) and of ``counts`` (groups, N)."""

    names: list[str]
    labels: list[str]
    sectors: list[str]
    sizes: list[int]
    counts: NDArray[np.int64]


def lever_titles(scenario: Scenario) -> list[str]:
    """Titles of the levers, or their names in words."""
    titles = [lever.title for lever in scenario.levers] or [""] * scenario.problem.levers
    return [title or name.replace("_", " ") for title, name in zip(titles, scenario.lever_names, strict=True)]


def dependencies(world: World) -> NDArray[np.bool_]:
    """(N, N) whether the outcome area of the row depends on the lever of the column; not its own."""
    rows = world.landscapes[0][1].area_levers
    links = np.zeros((len(rows), len(rows)), np.bool_)
    for area, row in enumerate(rows):
        links[area, row[row >= 0]] = True
    np.fill_diagonal(links, val=False)
    return links


def _of_levers(world: World) -> NDArray[np.bool_]:
    """(O, N) which levers are in the mandate of which organization."""
    masks = np.asarray(world.state.organizations["mandate"])
    return (masks[:, None] >> np.arange(world.scenario.problem.levers) & 1).astype(np.bool_)


def mandates(world: World) -> Mandates:
    """How many organizations of each group have each lever in their mandate."""
    groups = world.scenario.group_of_organization
    names = [group.name if group else "organizations" for group in groups]
    of_levers, rows = _of_levers(world), []
    for name in dict.fromkeys(names):
        members = np.array([other == name for other in names])
        group = groups[int(np.argmax(members))]
        size = int(members.sum())
        label = (group.title or name.replace("_", " ")) if group else name
        label += f" ({size})" if size > 1 else ""
        sector = group.sector if group else "organization"
        rows.append((name, label, sector, size, of_levers[members].sum(axis=0)))
    rows.sort(key=lambda row: SECTORS.index(row[2]))
    name_of, labels, sectors, sizes, counts = (list(column) for column in zip(*rows, strict=True))
    return Mandates(name_of, labels, sectors, sizes, np.array(counts, np.int64))


def link_table(world: World) -> pd.DataFrame:
    """One row per link: the lever, the lever it depends on, their titles, and why (where the scenario says it)."""
    scenario = world.scenario
    names, titles = scenario.lever_names, lever_titles(scenario)
    reasons = {(lever.name, link.lever): link.because for lever in scenario.levers for link in lever.depends_on}
    rows = [
        (names[a], names[b], titles[a], titles[b], reasons.get((names[a], names[b]), ""))
        for a, b in np.argwhere(dependencies(world))
    ]
    return pd.DataFrame(rows, columns=["lever", "depends_on", "lever_title", "depends_on_title", "because"])


def mandate_table(world: World) -> pd.DataFrame:
    """One row per group and lever of its mandate: the group, its sector and size, and how many of it have the lever."""
    table, levers = mandates(world), world.scenario.lever_names
    rows = [
        (table.names[n], table.sectors[n], table.sizes[n], levers[lever], int(table.counts[n, lever]))
        for n, lever in np.argwhere(table.counts > 0)
    ]
    return pd.DataFrame(rows, columns=["group", "sector", "organizations", "lever", "with_lever"])


def wiring_in_words(world: World) -> str:
    """What the picture shows: how much hangs together, on what, and for how much of it one organization is enough."""
    links, of_levers = dependencies(world), _of_levers(world)
    titles, count = lever_titles(world.scenario), int(links.sum())
    per_lever = of_levers.sum(axis=0)
    reach = f"A lever is in the mandate of {_range(per_lever)} of {len(of_levers)} organizations."
    if count == 0:
        return f"{len(links)} levers and no link: a technical problem. {reach}"
    together = (of_levers[:, :, None] & of_levers[:, None, :]).any(axis=0)
    apart = int((links & ~together).sum())
    drives = links.sum(axis=0)
    most = [f"{titles[n]} ({drives[n]})" for n in np.argsort(-drives, kind="stable")[:NAMED]]
    return (
        f"{len(links)} levers, {count} links: each depends on {_range(links.sum(axis=1))} others. "
        f"Most is driven by: {', '.join(most)}. {_knot(links)} {reach} "
        f"{apart} of the {count} links join two levers that no single organization may work on both."
    )


def _range(counts: Iterable[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def _knot(links: NDArray[np.bool_]) -> str:
    """The largest set of levers that all depend on one another, directly or through others (Warshall 1962)."""
    reached = links | np.eye(len(links), dtype=np.bool_)
    for lever in range(len(links)):
        reached |= reached[:, [lever]] & reached[[lever], :]
    size = int((reached & reached.T).sum(axis=1).max())
    if size == 1:
        return "No lever depends on itself through others."
    all_of_them = "All" if size == len(links) else f"{size} of them"
    return f"{all_of_them} depend on one another, directly or through others."
