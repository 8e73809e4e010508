"""One run on its own: one possible history, printed, and on request written with its figures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.table import Table

from ci_sim import figures
from ci_sim.arms import parse_arm
from ci_sim.complaints import Complaint, InputError
from ci_sim.provenance import limit_notice, manifest
from ci_sim.scenario_file import read_scenario
from ci_sim.simulate import Trajectory, simulate
from ci_sim.sweep.store import replace_file
from ci_sim.terminal import output

__all__ = ["show_run", "write_run"]

SHOWN = ("indicator", "priority_indicator", "coverage", "duplication", "participation", "trust", "alignment", "spend")


def write_run(
    name: str, overrides: tuple[str, ...], arm: str, replication: int, seed: int, folder: Path | None
) -> Trajectory:
    """Run one arm in one world; with a folder, write time series, manifest and figures there.

    Raises
    ------
    InputError : bad scenario or arm, or a folder that is not empty or cannot be written.
    """
    scenario = read_scenario(name, overrides)
    chosen = parse_arm(arm) if ":" in arm else arm
    if folder is not None:
        _claim(folder)
    started = datetime.now(UTC)
    trajectory = simulate(scenario, replication, chosen, seed=seed)
    if folder is not None:
        _write(trajectory, folder, started)
    return trajectory


def _claim(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError("--out", [Complaint(str(folder), "files in it", "an empty folder or a new one")])
        with replace_file(folder / "timeseries.csv") as temporary:
            temporary.touch()
    except OSError as error:
        found = error.strerror or "no folder"
        raise InputError("--out", [Complaint(str(folder), found, "a folder that can be written")]) from None


def _write(trajectory: Trajectory, folder: Path, started: datetime) -> None:
    world, arm = trajectory.world, trajectory.arm
    design = {
        "kind": "run",
        "scenario": world.scenario.model_dump(mode="json"),
        "arm": arm.model_dump(mode="json"),
        "seed": world.seed,
        "replication": world.replication,
    }
    table = trajectory.table
    with replace_file(folder / "timeseries.csv") as temporary:
        table.to_csv(temporary)
    about = manifest(design, world.scenario, 1, started, "")
    with replace_file(folder / "manifest.json") as temporary:
        temporary.write_text(json.dumps(about, indent=1), encoding="utf-8")
    series = table.reset_index().assign(arm=arm.name, replication=world.replication)
    title = f"{world.scenario.title or world.scenario.name}: {arm.title or arm.name}, world {world.replication}"
    described = {"scenario": f"{world.scenario.name} {world.scenario.hash}", "seed": str(world.seed)}
    figures.save(figures.maturities(series, title=title), folder / "maturities", described)
    figures.save(figures.coverage(trajectory), folder / "coverage", described)
    figures.save(figures.trust_network(trajectory), folder / "trust_network", described)
    figures.save(figures.group_gap(series, {arm.name: arm.title}, title=title), folder / "group_gap", described)


def show_run(trajectory: Trajectory) -> None:
    """Print the course of a run, a row per year."""
    world, records = trajectory.world, trajectory.records
    title = f"{world.scenario.name}, {trajectory.arm.title or trajectory.arm.name}, world {world.replication}: one possible history"
    table = Table(box=box.SIMPLE_HEAD, title=title)
    for column in ("month", *SHOWN):
        table.add_column(column.replace("_", " "), justify="right")
    last = len(records) - 1
    for month in sorted({*range(0, last + 1, 12), last}):
        row = records[month]
        table.add_row(str(month), *(f"{row[name]:,.0f}" if name == "spend" else f"{row[name]:.3f}" for name in SHOWN))
    console = output()
    console.print(table)
    console.print(limit_notice(world.scenario))


