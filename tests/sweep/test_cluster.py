"""The same batches on a cluster: a real scheduler and workers on this machine, one of which is killed midway."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.sweep import cluster
from ci_sim.sweep.conduct import Where, conduct
from ci_sim.sweep.design_file import read_design
from ci_sim.sweep.results import read_results

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

DESIGN = """
kind = "grid"
scenario = "small.toml"
replications = 60
[[factors]]
key = "problem.interdependence"
values = [0, 1, 2, 3]
"""
SMALL = """
schema_version = 1
name = "small"
[problem]
levers = 5
communities = 8
interdependence = 2
[organizations]
count = 10
"""
DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"], [sys.executable, "-m", "distributed.cli.dask_worker"]


@pytest.fixture
def design_path(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL)
    (tmp_path / "design.toml").write_text(DESIGN)
    return tmp_path / "design.toml"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    log = tmp_path / "scheduler.log"
    with log.open("w") as output:
        command = [*DASK[0], "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield awaited(log, r"(tcp://127\.0\.0\.1:\d+)")
    finally:
        process.terminate()
        process.wait(timeout=20)


def awaited(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text())
        if found:
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


@pytest.fixture
def two_workers(scheduler: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two workers of one thread each, without a nanny that would start them again."""
    processes = []
    for number in range(2):
        log = tmp_path / f"worker{number}.log"
        with log.open("w") as output:
            command = [*DASK[1], scheduler, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
            processes.append(subprocess.Popen(command, stdout=output, stderr=output))
        awaited(log, r"(Registered to:)")
    yield processes
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_every_run_arrives_once_though_a_worker_is_killed(
    design_path: Path, scheduler: str, two_workers: list[subprocess.Popen[bytes]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 8)
    design = read_design(design_path)
    serial = conduct(design, tmp_path / "serial").results_sha256

    def kill_one(done: int, _failed: int, of: int) -> None:
        if done > of / 4:
            two_workers[0].kill()

    conducted = conduct(design, tmp_path / "cluster", Where(scheduler=scheduler), kill_one)
    assert two_workers[0].wait(timeout=10) == -signal.SIGKILL
    runs = read_results(tmp_path / "cluster")
    assert len(runs) == design.n_runs == 480
    assert runs["run_id"].is_unique
    assert conducted.results_sha256 == serial
    assert conducted.failed == 0


def test_a_scheduler_without_workers_is_said(scheduler: str, design_path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no workers; allowed: a scheduler with workers"):
        conduct(read_design(design_path), tmp_path / "out", Where(scheduler=scheduler))


def test_workers_with_other_code_are_refused(
    scheduler: str, two_workers: list[subprocess.Popen[bytes]], design_path: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert two_workers
    monkeypatch.setattr(cluster, "code_digest", lambda: "0123456789ab")
    with pytest.raises(InputError, match="other code on tcp://"):
        conduct(read_design(design_path), tmp_path / "out", Where(scheduler=scheduler))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1:99999"])
def test_a_wrong_address_is_said(address: str, design_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_WITHIN", "1s")
    out = str(design_path.parent / "out")
    result = CliRunner().invoke(main, ["sweep", str(design_path), "--out", out, "--scheduler", address])
    assert result.exit_code == 2, result.output
    assert f"--scheduler: {address}: found" in result.stderr
    assert "allowed: the address of a running Dask scheduler" in result.stderr


def test_a_scheduler_that_goes_away_keeps_what_is_finished(
    scheduler: str, two_workers: list[subprocess.Popen[bytes]], design_path: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 8)
    design = read_design(design_path)

    def kill_both(done: int, _failed: int, of: int) -> None:
        if done > of / 4:
            for process in two_workers:
                process.kill()

    monkeypatch.setattr(cluster, "LOST_AFTER", 3.0)
    with pytest.raises(ConnectionError, match="no worker"):
        conduct(design, tmp_path / "out", Where(scheduler=scheduler), kill_both)
    assert list((tmp_path / "out" / "parts").glob("runs-*"))
    assert conduct(design, tmp_path / "out").done == design.n_units
