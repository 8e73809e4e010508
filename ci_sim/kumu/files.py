"""The files Kumu imports, and what they mean."""

from __future__ import annotations

import csv
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ci_sim.kumu.network import THRESHOLD, Network, network
from ci_sim.provenance import library_versions, limit_notice
from ci_sim.simulate import Trajectory
from ci_sim.sweep.store import replace_file

__all__ = ["write_network"]

FIELDS = (
    ("Sector", "government, civil society or business; empty where the scenario has no groups"),
    ("Group", "the organization's group in the scenario"),
    ("Programs", "programs it runs (count)"),
    ("Member", "takes part in the initiative (yes or no)"),
    ("Trust", "mean trust of a member in its fellow members (0..1); 0 for others"),
    ("Alignment", "weight of the common agenda in its decisions (0..1)"),
    ("Mandate", "the levers it may work on"),
    ("Strength", "of a connection: see the types below"),
)


def write_network(trajectory: Trajectory, folder: Path, threshold: float = THRESHOLD) -> Network:
    """Write ``elements.csv``, ``connections.csv``, ``blueprint.json`` and a ``README.txt`` into a folder that is there.

    Raises
    ------
    OSError : a file cannot be written.
    """
    made = network(trajectory, threshold)
    for name, items in (("elements", made.elements), ("connections", made.connections)):
        with (
            replace_file(folder / f"{name}.csv") as temporary,
            temporary.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.DictWriter(file, list(dict.fromkeys(key for item in items for key in item)))
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in item.items()} for item in items)
    for name, text in (
        ("blueprint.json", json.dumps(made.blueprint(), indent=1, ensure_ascii=False)),
        ("README.txt", _readme(trajectory, threshold)),
    ):
        with replace_file(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return made


def _cell(value: Any) -> Any:
    """A value in a CSV cell: Kumu separates several by a bar."""
    return "|".join(value) if isinstance(value, list) else value


def _readme(trajectory: Trajectory, threshold: float) -> str:
    world, arm = trajectory.world, trajectory.arm
    versions = ", ".join(
        f"{name} {number}" for name, number in {"ci_sim": version("ci_sim"), **library_versions()}.items()
    )
    lines = [
        f"{world.scenario.title or world.scenario.name}: {arm.title or arm.name}",
        "",
        limit_notice(world.scenario),
        "",
        f"One possible history: scenario {world.scenario.name} {world.scenario.hash}, arm {arm.name}, "
        f"seed {world.seed}, world {world.replication}, month {world.scenario.horizon.months}; {versions}.",
        "",
        "Into Kumu: blueprint.json alone, or elements.csv and connections.csv (in this order).",
        "",
        "Fields",
        *(f"  {name}: {meaning}" for name, meaning in FIELDS),
        "",
        "Types of connection, and their Strength",
        f"  trusts: trust of at least {threshold:g} (0..1); mutual where both do, then the mean of the two; of "
        "organizations still at work",
        "  shares places: places (a lever in a community) that both deliver (count)",
        "  works on: the organization may work on the lever; communities where it delivers it (count)",
        "  depends on: how well the first lever does depends on the second, in this world; always 1",
        "",
    ]
    return "\n".join(lines)
