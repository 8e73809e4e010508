"""One run on its own: one possible history, printed, and on request written with its figures."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from ci_sim import figures
from ci_sim.arms import find_arm, parse_arm
from ci_sim.complaints import Complaint, InputError
from ci_sim.provenance import limit_notice, manifest
from ci_sim.scenario import Scenario
from ci_sim.simulate import Trajectory, simulate
from ci_sim.sweep.store import cannot_write, replace_file
from ci_sim.terminal import course_table, output

__all__ = ["claim_folder", "show_run", "write_run"]


def write_run(scenario: Scenario, arm: str, replication: int, seed: int, folder: Path | None) -> Trajectory:
    """Run one arm in one world; with a folder, write time series, manifest and figures there.

    Raises
    ------
    InputError : a bad arm, or a folder that is not empty or cannot be written.
    """
    chosen = parse_arm(arm) if ":" in arm else find_arm(scenario, arm)
    if folder is not None:
        claim_folder(folder)
    started = datetime.now(UTC)
    trajectory = simulate(scenario, replication, chosen, seed=seed)
    if folder is not None:
        _write(trajectory, folder, started)
    return trajectory


def claim_folder(folder: Path) -> None:
    """Make a folder for results, or take an empty one.

    Raises
    ------
    InputError : it has files in it, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError("--out", [Complaint(str(folder), "files in it", "an empty folder or a new one")])
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise cannot_write(folder, error) from None


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
    digest = hashlib.sha256(table.to_numpy(dtype="<f8").tobytes()).hexdigest()
    about = manifest(design, world.scenario, 1, started, digest)
    with replace_file(folder / "manifest.json") as temporary:
        temporary.write_text(json.dumps(about, indent=1), encoding="utf-8")
    series = table.reset_index().assign(arm=arm.name, replication=world.replication)
    title = f"{world.scenario.title or world.scenario.name}: {arm.title or arm.name}, world {world.replication}"
    described = {"scenario": f"{world.scenario.name} {world.scenario.hash}", "seed": str(world.seed)}
    titles, note = {arm.name: arm.title or arm.name}, limit_notice(world.scenario)
    for name, figure in (
        ("maturities", figures.maturities(series, title=title, note=note)),
        ("coverage", figures.coverage(trajectory, note=note)),
        ("trust_network", figures.trust_network(trajectory, note=note)),
        ("group_gap", figures.group_gap(series, titles, title=title, note=note)),
    ):
        figures.save(figure, folder / name, described)


def show_run(trajectory: Trajectory) -> None:
    """Print the course of a run."""
    console = output()
    console.print(course_table(trajectory))
    console.print()
    console.print(limit_notice(trajectory.world.scenario))
