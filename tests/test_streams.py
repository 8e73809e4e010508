"""Named streams, and what rests on them: the same input gives the same bits, whatever runs beside, before or after."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.arms import STANDARD_ARMS
from ci_sim.kernel.month import advance
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, shipped_scenarios
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, simulate, simulate_arms, stretches
from ci_sim.streams import Lanes, Streams
from ci_sim.sweep.design import Batch, Design
from ci_sim.sweep.run import BatchResult, run_batch
from ci_sim.sweep.workers import run_batches
from ci_sim.world import build_rules, build_world, lanes_needed

ARMS = tuple(STANDARD_ARMS.values())
EVENTFUL = (
    '[[events]]\nmonth = 10\nkind = "condition"\ncondition = "common_agenda"\ntarget = 0.5\n'
    '[[events]]\nmonth = 20\nkind = "shock"\nshare = 0.3\n'
    '[[events]]\nmonth = 30\nkind = "turnover"\nshare = 0.5\n'
    '[[events]]\nmonth = 40\nkind = "funding"\nfactor = 0.7\n'
    '[[events]]\nmonth = 50\nkind = "exit"\nshare = 0.2\n'
    '[[events]]\nmonth = 55\nkind = "staff"\nstaff = 1.0\n'
)


def sha256(results: list[BatchResult]) -> str:
    """SHA-256 of every number of runs and time series, in order of replication and arm."""
    digest = hashlib.sha256()
    for result in sorted(results, key=lambda one: one.units):
        for table in (result.tables["runs"], result.tables["timeseries"]):
            for name in table.column_names:
                column = table[name].to_numpy()
                text = "\n".join(map(str, column)).encode() if column.dtype == object else column.tobytes()
                digest.update(name.encode() + text)
    return digest.hexdigest()


def batches(scenario: Scenario, size: int = 4) -> list[Batch]:
    design = Design(scenario, ARMS, 4, 1)
    return [design.batch(range(first, first + size)) for first in range(0, 4, size)]


# Streams


def test_streams_of_other_names_seeds_replications_and_blocks_are_independent() -> None:
    named = {
        "one": Streams(1, 0).fine_uniforms("tries", 4000),
        "other name": Streams(1, 0).fine_uniforms("order", 4000),
        "other seed": Streams(2, 0).fine_uniforms("tries", 4000),
        "other replication": Streams(1, 1).fine_uniforms("tries", 4000),
        "other block": Streams(1, 0).fine_uniforms("tries", 4000, block=1),
        "swapped": Streams(0, 1).fine_uniforms("tries", 4000),
    }
    correlations = np.corrcoef(list(named.values()))
    assert abs(correlations - np.eye(6)).max() < 4 / np.sqrt(4000)
    for draws in named.values():
        assert draws.mean() == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / 4000))


def test_a_stream_starts_anew_each_time_it_is_asked_for() -> None:
    streams = Streams(7, 3)
    assert np.array_equal(streams.uniforms("places", 50), streams.uniforms("places", 50))
    assert np.array_equal(streams.uniforms("places", 50), Streams(7, 3).uniforms("places", 80)[:50])


def test_uniforms_lie_in_the_unit_interval_in_single_precision() -> None:
    draws = Streams(1, 0).uniforms("anything", 100_000)
    assert draws.dtype == np.float32
    assert draws.min() >= 0
    assert draws.max() < 1


def test_more_lanes_shift_no_other_draw() -> None:
    few, many = Lanes(3, 5, 4, 2, 6), Lanes(8, 9, 4, 7, 11)
    one, other = Streams(1, 0).luck(1, 5, 4, 3, few), Streams(1, 0).luck(1, 5, 4, 3, many)
    for name, draws in one._asdict().items():
        more: NDArray[np.float32] = getattr(other, name)
        assert draws.shape[1:] == more.shape[1:], name
        assert np.array_equal(draws, more[: len(draws)]), name
    assert [len(other.tries), len(other.reviews), len(other.proposals), len(other.places)] == [8, 9, 7, 11]


def test_no_two_decisions_share_their_draws() -> None:
    luck = Streams(1, 0).luck(0, 5, 4, 3, Lanes(3, 5, 4, 2, 6))
    firsts = [float(draws.flat[0]) for draws in luck]
    assert len(set(firsts)) == len(luck._fields)


def test_programs_are_placed_alike_in_every_block_and_months_are_not() -> None:
    first, second = (Streams(1, 0).luck(block, 5, 4, 3, Lanes(3, 5, 4, 2, 6)) for block in (0, 1))
    for name, draws in first._asdict().items():
        assert np.array_equal(draws, getattr(second, name)) == (name in ("places", "grants")), name


# Replay


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_the_same_input_gives_the_same_bits_twice_in_one_process(name: str) -> None:
    scenario = read_scenario(name)
    assert sha256([run_batch(batches(scenario)[0])]) == sha256([run_batch(batches(scenario)[0])])


def test_the_same_input_gives_the_same_bits_in_another_process_with_another_hash_seed() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import test_streams as t\n"
        "print(t.sha256([t.run_batch(t.batches(t.read_scenario('homelessness'))[0])]))\n"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent)]
    here = sha256([run_batch(batches(read_scenario("homelessness"))[0])])
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    there = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert there.stdout.split() == [here]


def test_two_workers_give_the_same_bits_as_none(case: Any) -> None:
    scenario = case("horizon.months=60", more=EVENTFUL)
    alone = sha256(list(run_batches(batches(scenario, 1), workers=1)))
    assert sha256(list(run_batches(batches(scenario, 1), workers=2))) == alone


def test_how_replications_are_batched_changes_nothing(case: Any) -> None:
    scenario = case("horizon.months=24")
    (whole,) = [run_batch(batch) for batch in batches(scenario)]
    parts = [run_batch(batch) for batch in batches(scenario, 1)]
    for kind in ("runs", "timeseries"):
        rows = np.concatenate([part.tables[kind]["replication"].to_numpy() for part in parts])
        assert np.array_equal(rows, whole.tables[kind]["replication"].to_numpy())
        for name in whole.tables[kind].column_names[3:]:
            joined = np.concatenate([part.tables[kind][name].to_numpy() for part in parts])
            assert np.array_equal(joined, whole.tables[kind][name].to_numpy(), equal_nan=True), name


@pytest.mark.parametrize("arm", list(STANDARD_ARMS))
@pytest.mark.parametrize(("short", "long"), [(60, 130), (120, 121), (121, 300)])
def test_a_shorter_run_is_the_beginning_of_a_longer_one(case: Any, arm: str, short: int, long: int) -> None:
    def records(months: int) -> Any:
        return simulate(case(f"horizon.months={months}", "problem.communities=6", more=EVENTFUL), 2, arm).records

    assert len(records(long)) == long + 1
    assert np.array_equal(records(short), records(long)[: short + 1])


def test_an_arm_runs_as_it_does_alone_whatever_runs_beside_it(case: Any) -> None:
    scenario = case("backbone.staff=30.0", "costs.staff=40.0", "hazards.closure=0.05")
    together = list(simulate_arms(scenario, ARMS, [3]))
    for arm, beside in zip(ARMS, together, strict=True):
        assert np.array_equal(simulate(scenario, 3, arm).records, beside.records), arm.name
    assert np.array_equal(together[3].records, list(simulate_arms(scenario, ARMS[::-1], [1, 3]))[4].records)


@pytest.mark.parametrize("arm", list(STANDARD_ARMS))
def test_more_lanes_than_needed_change_nothing(case: Any, arm: str) -> None:
    scenario = case("horizon.months=60", more=EVENTFUL)
    schedule, rules = build_schedule(scenario, STANDARD_ARMS[arm]), build_rules(scenario)
    lanes = lanes_needed(scenario, [schedule])
    more = lanes._replace(tries=lanes.tries + 5, reviews=lanes.reviews + 5, proposals=50, programs=lanes.programs + 9)
    world = build_world(scenario, 1, 0, more)
    state, records = open_arm(world, schedule, rules)
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        advance(landscape, rules, block, luck, state, records, start - first, stop - first, first)
    assert np.array_equal(records, simulate(scenario, 0, arm).records)


def test_pausing_between_months_changes_nothing(case: Any) -> None:
    """The kernel is a pure function of arrays: months run one by one are months run at once."""
    scenario = case("horizon.months=24")
    whole = simulate(scenario)
    rules, schedule = build_rules(scenario), build_schedule(scenario, STANDARD_ARMS["collective_impact"])
    state, records = open_arm(whole.world, schedule, rules)
    for month in range(24):
        args = (whole.world.landscapes[0][1], rules, schedule, whole.world.luck[0], state, records)
        advance(*args, month, month + 1, 0)
    assert np.array_equal(records, whole.records)
    assert all(np.array_equal(one, other) for one, other in zip(state, whole.state, strict=True))


def test_a_run_leaves_its_world_as_it_was(case: Any) -> None:
    world = simulate(case("horizon.months=12")).world
    again = build_world(world.scenario, 1, 0, lanes_needed(world.scenario, [build_schedule(world.scenario, ARMS[3])]))
    assert all(np.array_equal(one, other) for one, other in zip(world.state, again.state, strict=True))
    for one, other in zip(world.luck[0], again.luck[0], strict=True):
        assert np.array_equal(one, other)
