"""Kernel speed: runs per second of the default scenario's collective arm against plain Mesa, in one run.

Usage: python benchmarks/kernel.py [repeats]

Times on shared machines drift, so the two are timed in turn and the ratio of their minima is what counts. A kernel run
is charged a quarter of the world it shares with the three other arms; the plain one is given its world for nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from plain_mesa import run_plain

from ci_sim.arms import STANDARD_ARMS
from ci_sim.kernel.landscape import build_landscape
from ci_sim.kernel.month import advance
from ci_sim.scenario_file import read_scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm
from ci_sim.streams import Streams
from ci_sim.world import _landscape_draws, _wiring, build_rules, build_world, lanes_needed

WANTED, AIMED = 100, 150


def fastest(function: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of some calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    scenario = read_scenario("default")
    arms = list(STANDARD_ARMS.values())
    schedules = {arm.name: build_schedule(scenario, arm) for arm in arms}
    rules, lanes = build_rules(scenario), lanes_needed(scenario, list(schedules.values()))
    months = scenario.horizon.months
    world = build_world(scenario, 1, 0, lanes)
    landscape, luck = world.landscapes[0][1], world.luck[0]

    def run(name: str) -> None:
        state, records = open_arm(world, schedules[name], rules)
        advance(landscape, rules, schedules[name], luck, state, records, 0, months, 0)

    def plain(remember: bool) -> None:
        schedule = schedules["collective_impact"]
        run_plain(landscape, rules, schedule, luck, open_arm(world, schedule, rules)[0], months, remember=remember)

    streams = Streams(1, 0)
    area_levers = _wiring(scenario, streams)
    problem = scenario.problem
    n_states = int(landscape.offsets[-1])
    draws = _landscape_draws(streams, "landscape", problem.communities, n_states, problem.levers)
    size = (scenario.organizations.count, problem.communities, problem.levers)

    run("collective_impact")  # compile
    times = dict.fromkeys(("plain", "tuned", "world", *schedules), np.inf)
    for _ in range(repeats):  # in turn, so that all meet the same machine
        times["plain"] = min(times["plain"], fastest(lambda: plain(remember=False), 1))
        times["tuned"] = min(times["tuned"], fastest(lambda: plain(remember=True), 1))
        times["world"] = min(times["world"], fastest(lambda: build_world(scenario, 1, 0, lanes), 20))
        for name in schedules:
            times[name] = min(times[name], fastest(lambda name=name: run(name), 20))  # type: ignore[misc]
    parts = {
        "luck: draws of ten years": fastest(lambda: streams.luck(0, *size, lanes), 50),
        "landscape: draws": fastest(
            lambda: _landscape_draws(streams, "landscape", problem.communities, n_states, problem.levers), 50
        ),
        "landscape: tables and walk": fastest(
            lambda: build_landscape(area_levers, problem.context_similarity, draws), 50
        ),
    }

    print("where the time goes, milliseconds (fastest of many)")
    print(f"  world, shared by four arms        {1e3 * times['world']:8.3f}")
    for name, seconds in parts.items():
        print(f"    of which {name:24} {1e3 * seconds:8.3f}")
    for name in schedules:
        print(f"  ten years: {name:22} {1e3 * times[name]:8.3f}")
    kernel_seconds = times["collective_impact"] + times["world"] / len(arms)
    print(f"  plain Mesa, collective, no world  {1e3 * times['plain']:8.3f}")
    print(f"    remembering configurations      {1e3 * times['tuned']:8.3f}")
    print(f"one collective run with its quarter of the world: {1e3 * kernel_seconds:.3f} ms")
    ratio, tuned = times["plain"] / kernel_seconds, times["tuned"] / kernel_seconds
    print(f"kernel over plain Mesa, runs per second: {ratio:.0f} times (wanted {WANTED}, aimed at {AIMED})")
    print(f"kernel over plain Mesa that remembers:   {tuned:.0f} times")
    sys.exit(0 if ratio >= WANTED else 1)


if __name__ == "__main__":
    main()
