"""Where things are drawn: communities in the cells of the Mesa face, organizations on rings, sector by sector."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from ci_sim.app.texts import Texts
from ci_sim.model import community_grid
from ci_sim.scenario import Scenario

__all__ = ["SECTORS", "community_cells", "organization_name", "organization_places"]

SECTORS = ("government", "civil society", "business", "")
"""In the order they stand in on the ring; the last is for scenarios that name no sectors."""
ON_A_RING = 48
BETWEEN_RINGS = 2.6
"""Radii of an organization's mark."""
EDGE = 500
"""The network is drawn on a square of twice this side, its centre at 0."""


def community_cells(n_communities: int) -> dict[str, Any]:
    """Columns, rows and the cell of each community, (column, row)."""
    grid = community_grid(n_communities, Random(0))
    cells = [[int(place) for place in cell.coordinate] for cell in list(grid)[:n_communities]]
    return {"columns": grid.width, "rows": 1 + max(row for _, row in cells), "cells": cells}


def organization_places(scenario: Scenario) -> list[dict[str, Any]]:
    """Sector, place and radius of every organization; the same whatever happens to them."""
    sectors = [group.sector if group is not None else "" for group in scenario.group_of_organization]
    order = sorted(range(len(sectors)), key=lambda number: (SECTORS.index(sectors[number]), number))
    rings = math.ceil(len(sectors) / ON_A_RING)
    apart = 2.3 * len(sectors) / rings + 2 * math.pi * BETWEEN_RINGS * rings  # so that the innermost ring has room, too
    radius = min(26.0, 2 * math.pi * EDGE / apart)
    places: list[dict[str, Any]] = [{} for _ in sectors]
    for turn, number in enumerate(order):
        angle = 2 * math.pi * (turn + 0.5) / len(sectors)
        out = EDGE - 1.4 * radius - BETWEEN_RINGS * radius * (turn % rings)
        x, y = round(out * math.sin(angle)), round(-out * math.cos(angle))
        places[number] = {"sector": SECTORS.index(sectors[number]), "x": x, "y": y, "radius": round(radius)}
    return places


def organization_name(scenario: Scenario, number: int, texts: Texts) -> str:
    """What an organization is called: its group, numbered where that has several; else its number."""
    groups = scenario.group_of_organization
    group = groups[number]
    if group is None:
        return texts("watch.organization_number", number=number + 1)
    title = group.title or group.name.replace("_", " ")
    before = sum(other is group for other in groups[:number])
    return f"{title} {before + 1}" if group.count > 1 else title
