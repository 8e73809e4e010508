"""The sweep's speed and memory: overhead over the bare loop, two workers over one, a large sweep and its analysis.

Usage: python benchmarks/sweep.py [--largest]

Times on shared machines drift, so what is compared runs in turn, and ratios of minima are what counts. ``--largest``
adds a sweep of 100,000 runs (wanted: peak memory of the command and of each worker under 1 GB; ``analyze`` under 30 s).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ci_sim.arms import STANDARD_ARMS
from ci_sim.scenario_file import read_scenario
from ci_sim.simulate import simulate_arms
from ci_sim.sweep.conduct import Where, conduct
from ci_sim.sweep.design import Design, case_at
from ci_sim.sweep.run import run_batch

ARMS = tuple(STANDARD_ARMS[name] for name in ("isolated", "collective_impact"))
POINTS = tuple({"backbone.staff": float(staff)} for staff in (1, 2, 3, 4, 5))
LARGE = """
kind = "grid"
replications = 2500
seed = 1
outcomes = ["outcome", "spend", "priority_gap"]
[[factors]]
key = "backbone.staff"
values = [0, 1, 2, 4]
[[factors]]
key = "problem.interdependence"
values = [0, 2, 5, 8, 11]
"""
REPEATS = 3


def seconds(function: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Of one call."""
    start = clock()
    function()
    return clock() - start


def bare(design: Design) -> None:
    """The loop without a runner: every point, every world, every arm, nothing kept."""
    for point in design.points:
        for _ in simulate_arms(case_at(design.scenario, point), design.arms, range(design.replications), seed=1):
            pass


def overhead(folder: Path) -> None:
    """One worker that stores everything, against the bare loop; and two workers against one."""
    scenario = read_scenario("default")
    small = Design(scenario, ARMS, 200, 1, "grid", POINTS, every=12)
    large = Design(scenario, ARMS, 4000, 1, "grid", POINTS, every=12)
    run_batch(small.batch([0]))  # compile
    times: dict[str, list[float]] = {"bare": [], "one": []}
    for repeat in range(REPEATS):  # in turn, so that all meet the same machine
        times["bare"].append(seconds(lambda: bare(small), time.process_time))
        one = partial(conduct, small, folder / f"a{repeat}", Where(workers=1))
        times["one"].append(seconds(one, time.process_time))
    one_worker, two_workers = (
        seconds(partial(conduct, large, folder / f"{workers} workers", Where(workers=workers))) for workers in (1, 2)
    )
    least = {name: min(taken) for name, taken in times.items()}
    print(f"bare loop, {small.n_runs:,} runs: {small.n_runs / least['bare']:.0f} runs/s")
    print(f"runner over bare loop, processor time: {least['one'] / least['bare']:.3f} (wanted: under 1.10)")
    print(f"two workers over one, runs/s: {one_worker / two_workers:.2f} (wanted: at least 1.8)")
    per_minute = 60 * large.n_runs / two_workers
    print(f"two workers: {per_minute:,.0f} default runs of 120 months a minute (wanted: 16,000)")


def largest(folder: Path) -> None:
    """A sweep of 100,000 runs, its peak memory, and its analysis."""
    (folder / "large.toml").write_text(LARGE)
    command = [sys.executable, "-m", "ci_sim"]
    for what, arguments in (
        ("sweep of 100,000 runs", ["sweep", "large.toml", "--out", "large", "--workers", "2"]),
        ("analyze of it", ["analyze", "large"]),
    ):
        call = partial(subprocess.run, [*command, *arguments], cwd=folder, check=True, stdout=sys.stderr)
        taken = seconds(call)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{what}: {taken:.0f} s; largest process so far: {peak:.0f} MB")
    size = sum(path.stat().st_size for path in (folder / "large").rglob("*") if path.is_file())
    print(f"on disk: {size / 1e6:.0f} MB, {size / 1e5:.0f} bytes a run")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        print(f"{os.cpu_count()} cores")
        overhead(folder)
        if "--largest" in sys.argv:
            largest(folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
