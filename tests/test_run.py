"""How things are run: in batches, here or in worker processes, always to the same result."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci_sim.arms import STANDARD_ARMS
from ci_sim.scenario_file import parse_scenario, read_scenario
from ci_sim.simulate import simulate
from ci_sim.sweep import run
from ci_sim.sweep.design import BATCH, Batch, Comparison, code_digest
from ci_sim.sweep.run import BatchResult, run_batch, run_batches, workers_for

SCENARIO = parse_scenario(
    'schema_version = 1\nname = "small"\n[problem]\nlevers = 4\ninterdependence = 1\ncommunities = 3\n'
    "[organizations]\ncount = 4\n[horizon]\nmonths = 6\n"
)
ARMS = tuple(STANDARD_ARMS.values())


def batches(count: int, size: int = 2) -> list[Batch]:
    return [Batch(SCENARIO, ARMS, 1, tuple(range(n * size, (n + 1) * size))) for n in range(count)]


def in_order(results: Iterator[BatchResult]) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    ordered = sorted(results, key=lambda one: one.replications)
    return [(one.runs.to_pandas(), one.timeseries.to_pandas()) for one in ordered]


def workers_of(process: int) -> list[int]:
    """The loky workers among a process's children."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        if parent == process and b"LokyProcess" in command:
            found.append(int(folder.name))
    return found


def test_a_batch_is_the_runs_one_by_one() -> None:
    result = run_batch(Batch(SCENARIO, ARMS, 7, (3, 5)))
    assert result.replications == (3, 5)
    series = result.timeseries.to_pandas().set_index(["replication", "arm"])
    assert result.runs.num_rows == 8
    for replication in (3, 5):
        for arm in ARMS:
            records = simulate(SCENARIO, replication, arm, seed=7).records
            rows = series.loc[(replication, arm.name)]
            for name in records.dtype.names or ():
                assert np.array_equal(rows[name].to_numpy(), records[name], equal_nan=True)


def test_workers_give_the_same_tables() -> None:
    here, there = in_order(run_batches(batches(5), 1)), in_order(run_batches(batches(5), 2))
    assert len(here) == len(there) == 5
    for (runs, series), (other_runs, other_series) in zip(here, there, strict=True):
        assert runs.equals(other_runs)
        assert series.equals(other_series)
    assert workers_of(os.getpid()) == []


def test_a_worker_that_dies_has_its_batches_run_again() -> None:
    results, killed = [], 0
    for result in run_batches(batches(40), 2):
        results.append(result)
        if not killed:
            killed = workers_of(os.getpid())[0]
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert sorted(one.replications for one in results) == [batch.replications for batch in batches(40)]
    assert workers_of(os.getpid()) == []


def test_workers_that_always_die_end_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def die(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise BrokenProcessPool

    monkeypatch.setattr(run, "as_completed", die)
    with pytest.raises(ChildProcessError, match=r"worker processes ended 3 times.*--workers 1"):
        list(run_batches(batches(4), 2))
    assert tries == run.ATTEMPTS == 3


def test_stopping_early_ends_the_workers() -> None:
    results = run_batches(batches(40), 2)
    next(results)
    assert len(workers_of(os.getpid())) == 2
    results.close()
    assert workers_of(os.getpid()) == []


def test_an_error_in_a_worker_comes_back_as_it_is() -> None:
    wrong = Batch(SCENARIO, ARMS, -1, (0, 1))
    with pytest.raises(ValueError, match="non-negative"):
        list(run_batches([wrong, wrong], 2))
    assert workers_of(os.getpid()) == []


def test_no_more_workers_than_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def executor(workers: int, **_: object) -> None:
        asked.append(workers)
        raise InterruptedError

    monkeypatch.setattr("loky.ProcessPoolExecutor", executor)
    with pytest.raises(InterruptedError):
        list(run_batches(batches(3), 1000))
    assert asked == [3]
    assert len(in_order(run_batches(batches(1), 1000))) == 1, "a single batch is run here"


def test_workers_as_asked_or_as_the_work_is_worth() -> None:
    assert workers_for(1e9, 3) == 3
    assert workers_for(1, None) == 1
    assert workers_for(run.WORTH_WORKERS, None) == 1
    assert 1 <= workers_for(1e9, None) <= (os.cpu_count() or 1)


# The design


@pytest.mark.parametrize(
    ("replications", "done", "expected"),
    [
        (10, set(), [(0, 10)]),
        (100, set(), [(0, BATCH), (BATCH, 2 * BATCH), (2 * BATCH, 100)]),
        (100, set(range(BATCH)), [(BATCH, 2 * BATCH), (2 * BATCH, 100)]),
        (10, {3, 4}, [(0, 3), (5, 10)]),
        (10, set(range(10)), []),
        (10, set(range(50)), []),
    ],
)
def test_batches_are_of_what_is_not_done_without_gaps(
    replications: int, done: set[int], expected: list[tuple[int, int]]
) -> None:
    made = Comparison(SCENARIO, ARMS, replications, 1).batches(done)
    assert [batch.replications for batch in made] == [tuple(range(*ends)) for ends in expected]


def test_batches_of_heavy_scenarios_are_small() -> None:
    heavy = parse_scenario(
        'schema_version = 1\nname = "heavy"\n[problem]\ncommunities = 500\n[organizations]\ncount = 1000\n'
    )
    assert {len(batch.replications) for batch in Comparison(heavy, ARMS, 3, 1).batches(set())} == {1}
    assert Comparison(heavy, ARMS, 3, 1).effort > 50
    assert 3 < Comparison(read_scenario("default"), ARMS, 3, 1).effort < 5


@pytest.mark.parametrize(
    "change",
    [lambda c: Comparison(c.scenario, c.arms, c.replications, 2), lambda c: Comparison(c.scenario, c.arms[:1], 4, 1)],
)
def test_a_design_is_named_by_what_makes_its_results(change: Callable[[Comparison], Comparison]) -> None:
    one = Comparison(SCENARIO, ARMS, 4, 1)
    assert change(one).hash != one.hash
    assert Comparison(SCENARIO, ARMS, 400, 1).hash == one.hash, "replications may grow"
    assert one.described()["code"] == code_digest()
    assert len(code_digest()) == 12
