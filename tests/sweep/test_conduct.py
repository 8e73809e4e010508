"""Sweeps as a whole: tables that fit together, nothing lost or repeated whatever happens, shards that add up."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.simulate import simulate, simulate_arms
from ci_sim.sweep import conduct as conducting
from ci_sim.sweep.conduct import Where, conduct
from ci_sim.sweep.design import Design, case_at
from ci_sim.sweep.design_file import read_design
from ci_sim.sweep.dry_run import estimate
from ci_sim.sweep.merge import merge
from ci_sim.sweep.results import read_results
from ci_sim.sweep.run import AGENTS, run_batch

TEXT = """
kind = "grid"
scenario = "small.toml"
replications = 6
every = 5
agents = true
[[factors]]
key = "problem.interdependence"
values = [0, 2, 3]
[[factors]]
key = "organizations.update"
values = ["sequential", "simultaneous"]
"""
SMALL = """
schema_version = 1
name = "small"
[problem]
levers = 5
communities = 3
interdependence = 2
[organizations]
count = 6
[horizon]
months = 12
"""


@pytest.fixture
def design_path(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL)
    (tmp_path / "design.toml").write_text(TEXT)
    return tmp_path / "design.toml"


@pytest.fixture
def design(design_path: Path) -> Design:
    return read_design(design_path)


@pytest.fixture
def whole(design: Design, tmp_path: Path) -> str:
    """The hash of the sweep run at one go."""
    return conduct(design, tmp_path / "whole").results_sha256


def test_tables_have_a_row_per_run_month_and_organization_and_join(design: Design, tmp_path: Path) -> None:
    folder = conduct(design, tmp_path / "out").folder
    runs, series, agents = (read_results(folder, table) for table in ("runs", "timeseries", "agents"))
    identity = ["run_id", "point", "arm", "replication"]
    assert list(runs) == [*identity, *design.factors, *DERIVED_OUTCOMES]
    assert list(series) == [*identity, "month", *RECORDED_OUTCOMES]
    assert list(agents) == [*identity, *AGENTS]
    assert len(runs) == 6 * 6 * 2
    assert runs["run_id"].is_unique
    assert sorted(series["month"].unique()) == [0, 5, 10, 12]
    assert set(series["run_id"]) == set(agents["run_id"]) == set(runs["run_id"])
    assert len(series) == 4 * len(runs)
    assert len(agents) == 6 * len(runs)
    assert runs.attrs["design"]["kind"] == "grid"
    ends = series[series["month"] == 12].set_index("run_id")["indicator"]
    assert (runs.set_index("run_id")["outcome"] == ends[runs["run_id"]]).all()


def test_a_run_is_that_of_its_scenario_alone(design: Design, tmp_path: Path) -> None:
    runs = read_results(conduct(design, tmp_path / "out").folder).set_index("run_id")
    case = case_at(design.scenario, design.points[3])
    expected = simulate(case, 4, "collective_impact", seed=1).records["indicator"][-1]
    assert runs.loc["collective_impact-3-4", "outcome"] == expected
    assert runs.loc["collective_impact-3-4", "organizations.update"] == "simultaneous"


def test_the_dictionary_explains_every_column(design: Design, tmp_path: Path) -> None:
    folder = conduct(design, tmp_path / "out").folder
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for table in ("runs", "timeseries", "agents"):
        for column in pq.read_schema(folder / f"{table}.parquet").names:
            assert f"| {column} |" in readme
    assert "Not a forecast" in readme
    assert "| run_id |  | arm, point and replication |" in readme
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["units_done"] == manifest["units"] == 36
    assert manifest["design"]["factors"][0] == {"key": "problem.interdependence", "values": [0, 2, 3]}
    points = pd.read_csv(folder / "points.csv")
    assert list(points) == ["point", *design.factors]


def test_workers_and_order_make_no_difference(
    design: Design, whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 5)
    assert conduct(design, tmp_path / "two", Where(workers=2)).results_sha256 == whole
    assert len(list((tmp_path / "two" / "parts").glob("runs-*"))) == 8


def test_more_replications_are_added_to_what_is_there(
    design_path: Path, design: Design, whole: str, tmp_path: Path
) -> None:
    conduct(read_design(design_path, replications=2), tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "parts").iterdir()}
    assert conduct(design, tmp_path / "out").results_sha256 == whole
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_shards_in_any_order_merge_into_the_whole(design: Design, whole: str, tmp_path: Path) -> None:
    folders = [tmp_path / f"shard{number}" for number in (3, 1, 2)]
    for number, folder in zip((3, 1, 2), folders, strict=True):
        conducted = conduct(design, folder, Where(shard=(number, 3)))
        assert (conducted.done, conducted.wanted) == (12, 36)
    part = merge(design, folders[:2], tmp_path / "merged")
    assert part.done == 24
    merged = merge(design, [*folders, folders[0]], tmp_path / "merged")
    assert merged.done == 36
    assert merged.results_sha256 == whole
    assert len(read_results(tmp_path / "merged", "agents")) == 6 * 72


def test_merging_what_does_not_belong_is_refused(design: Design, tmp_path: Path) -> None:
    conduct(design, tmp_path / "one")
    other = Design(design.scenario, design.arms, 2, 1)
    for sources, said in (([tmp_path / "nothing"], "no results"), ([tmp_path / "one"], "other results in it")):
        with pytest.raises(InputError, match=f"merge: .*{said}"):
            merge(other, sources, tmp_path / "out")
        assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="one of the folders to merge"):
        merge(design, [tmp_path / "one"], tmp_path / "one")


# What fails


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[tuple[int, int]]]:
    """Units, as (interdependence, replication), that fail as long as they are in this set."""
    broken = {(2, 1), (2, 4), (3, 0)}

    def some(scenario: Any, arms: Any, replications: Any, *, seed: int) -> Iterator[Any]:
        for replication in replications:
            if (scenario.problem.interdependence, replication) in broken:
                raise ZeroDivisionError(f"replication {replication}")
            yield from simulate_arms(scenario, arms, [replication], seed=seed)

    monkeypatch.setattr("ci_sim.sweep.run.simulate_arms", some)
    yield broken


def test_what_fails_is_recorded_kept_and_retried_only_on_request(
    failing: set[tuple[int, int]], design: Design, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    first = conduct(design, folder)
    assert (first.done, first.failed) == (36, 6)
    failures = pd.read_csv(folder / "failures.csv")
    assert sorted(zip(failures["point"], failures["replication"], strict=True)) == [
        (2, 1), (2, 4), (3, 1), (3, 4), (4, 0), (5, 0),
    ]  # fmt: skip
    assert failures["traceback"].str.contains("ZeroDivisionError").all()
    assert json.loads(failures["parameters"][0])["problem.interdependence"] in {2, 3}
    assert len(read_results(folder)) == 60
    failing.discard((2, 1))
    assert conduct(design, folder).failed == 6, "not without being asked"
    assert conduct(design, folder, Where(retry_failed=True)).failed == 4
    failing.clear()
    last = conduct(design, folder, Where(retry_failed=True))
    assert last.failed == 0
    assert not (folder / "failures.csv").exists()
    assert last.results_sha256 == conduct(design, tmp_path / "never_failed").results_sha256


def test_the_command_ends_with_1_where_something_failed(failing: set[tuple[int, int]], design_path: Path) -> None:
    command = ["sweep", str(design_path), "--out", str(design_path.parent / "out")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "6 worlds failed" in result.stderr
    assert "--retry-failed" in result.stderr
    failing.clear()
    assert CliRunner().invoke(main, [*command, "--retry-failed"]).exit_code == 0


# What interrupts


def start(design_path: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ci_sim", "sweep", str(design_path), "--out", str(folder), "--workers", "2"]
    return subprocess.Popen([*command, "--replications", "150"], start_new_session=True, stderr=subprocess.DEVNULL)


def test_killed_at_random_moments_it_goes_on_and_ends_the_same(design_path: Path, tmp_path: Path) -> None:
    design = read_design(design_path, replications=150)
    expected = conduct(design, tmp_path / "at_one_go").results_sha256
    folder, moment = tmp_path / "killed", random.Random(1)
    kept = 0
    for _ in range(2):
        process = start(design_path, folder)
        deadline = time.monotonic() + 60
        while len(list(folder.glob("parts/runs-*"))) <= kept and time.monotonic() < deadline:
            time.sleep(moment.uniform(0.005, 0.05))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kept = len(list(folder.glob("parts/runs-*")))
        assert kept
    finished = {path: path.stat().st_mtime_ns for path in folder.glob("parts/runs-*")}
    conducted = conduct(design, folder)
    assert conducted.results_sha256 == expected
    assert {path: path.stat().st_mtime_ns for path in finished} == finished, "what was finished is not run again"
    assert not list(folder.rglob(".*.tmp"))


def test_a_full_disk_loses_nothing_that_is_finished(
    design: Design, whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 6)
    written = 0

    def full_after_three(table: Any, where: Any, **options: Any) -> None:
        nonlocal written
        written += 1
        if written > 9:  # three tables a batch
            Path(where).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        pq.write_table(table, where, **options)

    with monkeypatch.context() as patched:
        patched.setattr("ci_sim.sweep.store.pq.write_table", _Spy(pq.write_table, full_after_three))
        with pytest.raises(OSError, match="No space"):
            conduct(design, tmp_path / "out")
    assert len(list((tmp_path / "out" / "parts").glob("runs-*"))) == 3
    assert not list((tmp_path / "out").rglob(".*.tmp"))
    assert conduct(design, tmp_path / "out").results_sha256 == whole


class _Spy:
    """Calls the spy, which calls the original under its own name without coming back here."""

    def __init__(self, original: Callable[..., None], spy: Callable[..., None]) -> None:
        self.original, self.spy, self.busy = original, spy, False

    def __call__(self, *arguments: Any, **options: Any) -> None:
        if self.busy:
            return self.original(*arguments, **options)
        self.busy = True
        try:
            return self.spy(*arguments, **options)
        finally:
            self.busy = False


@pytest.mark.parametrize("kind", ["runs", "timeseries", "agents"])
def test_a_truncated_part_is_run_again(kind: str, design: Design, whole: str, tmp_path: Path) -> None:
    folder = conduct(design, tmp_path / "out").folder
    part = next(folder.glob(f"parts/{kind}-*"))
    part.write_bytes(part.read_bytes()[:-100])
    assert conduct(design, folder).results_sha256 == whole


def test_a_foreign_folder_and_another_design_are_refused(design: Design, design_path: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="other files in it"):
        conduct(design, tmp_path / "notes")
    conduct(design, tmp_path / "out")
    design_path.write_text(TEXT.replace("[0, 2, 3]", "[0, 2, 4]"))
    with pytest.raises(InputError, match=r"other results in it \(another factors\)"):
        conduct(read_design(design_path), tmp_path / "out")
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"


def test_a_stray_file_among_the_parts_is_left_alone(design: Design, whole: str, tmp_path: Path) -> None:
    folder = conduct(design, tmp_path / "out", Where(shard=(1, 2))).folder
    (folder / "parts" / "notes.txt").write_text("mine")
    assert conduct(design, folder).results_sha256 == whole
    assert (folder / "parts" / "notes.txt").read_text() == "mine"


# Beforehand


def test_a_dry_run_writes_nothing_and_is_about_right(design_path: Path) -> None:
    result = CliRunner().invoke(main, ["sweep", str(design_path), "--dry-run"])
    assert result.exit_code == 0
    assert "6 points x 6 worlds x 2 arms: 72 runs" in result.stdout
    assert sorted(path.name for path in design_path.parent.iterdir()) == ["design.toml", "small.toml"]


def test_the_estimated_disk_is_about_what_is_written(design: Design, tmp_path: Path) -> None:
    estimated = estimate(design).disk
    folder = conduct(design, tmp_path / "out").folder
    written = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    assert 0.2 < estimated / written < 5


def test_progress_is_told_as_it_goes(design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 9)
    told: list[tuple[int, int, int]] = []
    conduct(design, tmp_path / "out", progress=lambda *numbers: told.append(numbers))
    assert told == [(0, 0, 36), (9, 0, 36), (18, 0, 36), (27, 0, 36), (36, 0, 36)]


def test_a_shard_is_a_part_of_one_size_without_gaps() -> None:
    for units, of in ((36, 3), (10, 4), (3, 7)):
        parts = np.array([conducting._shard((number, of), units) for number in range(1, of + 1)])
        assert (parts.sum(axis=0) == 1).all()
        assert np.ptp(parts.sum(axis=1)) <= 1


def test_batches_of_several_points_are_the_runs_one_by_one(design: Design) -> None:
    together = run_batch(design.batch(range(12))).tables["runs"].to_pandas()
    apart = [run_batch(design.batch([unit])).tables["runs"].to_pandas() for unit in range(12)]
    pd.testing.assert_frame_equal(together, pd.concat(apart, ignore_index=True))
