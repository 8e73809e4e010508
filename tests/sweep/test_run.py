"""How things are run: in batches, here or in worker processes, always to the same result."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci_sim.arms import STANDARD_ARMS
from ci_sim.scenario_file import parse_scenario, read_scenario
from ci_sim.simulate import simulate
from ci_sim.sweep import workers
from ci_sim.sweep.design import BATCH, Batch, Design, code_digest
from ci_sim.sweep.run import BatchResult, run_batch
from ci_sim.sweep.workers import run_batches, workers_for

SCENARIO = parse_scenario(
    'schema_version = 1\nname = "small"\n[problem]\nlevers = 4\ninterdependence = 1\ncommunities = 3\n'
    "[organizations]\ncount = 4\n[horizon]\nmonths = 6\n"
)
ARMS = tuple(STANDARD_ARMS.values())


def batches(count: int, size: int = 2) -> list[Batch]:
    design = Design(SCENARIO, ARMS, count * size, 1)
    return [design.batch(range(n * size, (n + 1) * size)) for n in range(count)]


def in_order(results: Iterator[BatchResult]) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    ordered = sorted(results, key=lambda one: one.units)
    return [(one.tables["runs"].to_pandas(), one.tables["timeseries"].to_pandas()) for one in ordered]


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
    result = run_batch(Design(SCENARIO, ARMS, 6, 7).batch((3, 5)))
    assert result.units == (3, 5)
    series = result.tables["timeseries"].to_pandas().set_index(["replication", "arm"])
    assert result.tables["runs"].num_rows == 8
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
    assert sorted(one.units for one in results) == [tuple(range(2 * n, 2 * n + 2)) for n in range(40)]
    assert workers_of(os.getpid()) == []


def test_workers_that_always_die_end_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def die(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise BrokenProcessPool

    monkeypatch.setattr(workers, "wait", die)
    with pytest.raises(ChildProcessError, match=r"worker processes ended 3 times.*--workers 1"):
        list(run_batches(batches(4), 2))
    assert tries == workers.ATTEMPTS == 3


def test_stopping_early_ends_the_workers() -> None:
    results = run_batches(batches(40), 2)
    next(results)
    assert len(workers_of(os.getpid())) == 2
    results.close()
    assert workers_of(os.getpid()) == []


def test_what_fails_is_recorded_and_the_others_finish() -> None:
    wrong = replace(Design(SCENARIO, ARMS, 3, 1).batch(range(3)), seed=-1)
    (result,) = run_batches([wrong], 2)
    assert set(result.tables) == {"failures"}
    failures = result.tables["failures"].to_pandas()
    assert list(failures["unit"]) == [0, 1, 2]
    assert failures["traceback"].str.contains("non-negative").all()


def test_a_worker_with_other_code_refuses() -> None:
    with pytest.raises(RuntimeError, match="this worker has code"):
        run_batch(replace(batches(1)[0], code="0123456789ab"))


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
    assert workers_for(workers.WORTH_WORKERS, None) == 1
    assert 1 <= workers_for(1e9, None) <= (os.cpu_count() or 1)


# The design


@pytest.mark.parametrize(
    ("replications", "done", "expected"),
    [
        (10, set(), [(0, 10)]),
        (250, set(), [(0, BATCH), (BATCH, 2 * BATCH), (2 * BATCH, 250)]),
        (250, set(range(BATCH)), [(BATCH, 2 * BATCH), (2 * BATCH, 250)]),
        (10, {3, 4}, [(0, 3), (5, 10)]),
        (10, set(range(10)), []),
        (10, set(range(50)), []),
    ],
)
def test_batches_are_of_what_is_not_done_without_gaps(
    replications: int, done: set[int], expected: list[tuple[int, int]]
) -> None:
    made = Design(SCENARIO, ARMS, replications, 1).batches(n for n in range(replications) if n not in done)
    assert [[unit.number for unit in batch.units] for batch in made] == [[*range(*ends)] for ends in expected]


def test_batches_of_heavy_scenarios_are_small() -> None:
    heavy = parse_scenario(
        'schema_version = 1\nname = "heavy"\n[problem]\ncommunities = 500\n[organizations]\ncount = 1000\n'
    )
    assert {len(batch.units) for batch in Design(heavy, ARMS, 3, 1).batches(range(3))} == {1}
    assert Design(heavy, ARMS, 3, 1).effort > 50
    assert 3 < Design(read_scenario("default"), ARMS, 3, 1).effort < 5


@pytest.mark.parametrize(
    "change",
    [lambda c: Design(c.scenario, c.arms, c.replications, 2), lambda c: Design(c.scenario, c.arms[:1], 4, 1)],
)
def test_a_design_is_named_by_what_makes_its_results(change: Callable[[Design], Design]) -> None:
    one = Design(SCENARIO, ARMS, 4, 1)
    assert change(one).hash != one.hash
    assert Design(SCENARIO, ARMS, 400, 1).hash == one.hash, "replications may grow"
    assert one.described()["code"] == code_digest()
    assert len(code_digest()) == 12
