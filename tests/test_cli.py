"""The command line as its users meet it: what it prints, writes, keeps, and how it ends."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from pyarrow.csv import read_csv
from rich.console import Console

from ci_sim.analysis.paired import ArmSummary, summarise
from ci_sim.arms import STANDARD_ARMS, parse_arm
from ci_sim.cli import main
from ci_sim.comparison import _Indicators, compare, default_folder
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario_file import parse_scenario, read_scenario, shipped_questions, shipped_scenarios
from ci_sim.sweep.design import Design
from ci_sim.sweep.workers import run_batches
from ci_sim.terminal import comparison_tables

SMALL = """
schema_version = 1
name = "small"
title = "A [small] place :house:"
[problem]
levers = 4
interdependence = 1
communities = 4
[organizations]
count = 6
[[evidence]]
what = "everything here"
grade = "invented"
"""
WRITTEN = {
    "README.md", "design.json", "manifest.json", "parts", "runs.csv", "runs.parquet", "summary.csv", "timeseries.csv",
    "timeseries.parquet", "trajectories.png", "trajectories.svg",
}  # fmt: skip
COMMAND = [sys.executable, "-m", "ci_sim"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small scenario in it, in which the test works."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL)
    return tmp_path


def ci_sim(*arguments: object) -> Result:
    """A command that must end well."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def manifest_of(folder: str | Path) -> dict[str, object]:
    read = json.loads((Path(folder) / "manifest.json").read_text())
    assert isinstance(read, dict)
    return read


def hash_of(folder: str | Path) -> str:
    digest = manifest_of(folder)["results_sha256"]
    assert isinstance(digest, str)
    return digest


# Start


def modules_after(*arguments: str) -> set[str]:
    """What is imported once a command has ended."""
    code = "import sys, atexit\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n" + (
        f"from ci_sim.cli import main\nmain({list(arguments)!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stderr.split())


def test_help_and_version_load_nothing_heavy() -> None:
    heavy = {"numpy", "numba", "pandas", "pyarrow", "matplotlib", "scipy", "rich", "pydantic", "mesa", "loky"}
    assert not heavy & modules_after("--help")
    assert not heavy & modules_after("compare", "--help")


def test_checking_a_scenario_loads_no_numbers() -> None:
    assert not {"numpy", "numba", "pandas", "pyarrow", "matplotlib"} & modules_after("validate", "homelessness")


def test_comparing_loads_only_what_it_needs() -> None:
    needless = {"mesa", "solara", "tomlkit", "loky", "matplotlib.pyplot", "scipy.stats", "networkx"}
    loaded = modules_after("compare", "small.toml", "--months", "1", "--replications", "2")
    assert "numba" in loaded
    assert not needless & loaded


def test_version() -> None:
    assert version("ci_sim") in ci_sim("--version").output


@pytest.mark.parametrize(
    "command", [[], ["compare"], ["draw"], ["list"], ["new"], ["parameters"], ["run"], ["validate"]]
)
def test_help_fits_a_narrow_terminal_and_cuts_no_sentence(command: list[str]) -> None:
    output = ci_sim(*command, "--help").output
    assert max(len(line) for line in output.splitlines()) <= 80
    assert "..." not in output.partition("Commands:")[2]


# Small commands


def test_list_names_every_scenario_and_its_arms() -> None:
    output = ci_sim("list").output
    for name in shipped_scenarios():
        assert re.search(rf"^{name} +{re.escape(read_scenario(name).title)}$", output, re.MULTILINE)
    for arm in (*STANDARD_ARMS, *(arm.name for arm in read_scenario("homelessness").arms)):
        assert arm in output
    assert max(len(line) for line in output.splitlines()) <= 80


@pytest.mark.parametrize("name", [*shipped_scenarios(), "small.toml"])
def test_validate(name: str) -> None:
    scenario = read_scenario(name)
    said, *changes = ci_sim("validate", name).output.splitlines(keepends=True)
    assert bool(changes) == (name in shipped_questions())
    assert said == (
        f"{scenario.name} is valid: {scenario.problem.levers} levers, {scenario.problem.communities} communities, "
        f"{scenario.organizations.count} organizations, {len(scenario.events)} events, "
        f"{scenario.horizon.months} months; hash {scenario.hash}\n"
    )


def test_parameters_all_some_and_as_tables() -> None:
    assert all(f"{key} " in ci_sim("parameters").output for key in PARAMETERS)
    some = ci_sim("parameters", "Staff").output
    assert [line.split()[0] for line in some.splitlines() if line and line[0] != " "] == [
        key for key in PARAMETERS if "staff" in key
    ]
    rows = ci_sim("parameters", "levers", "--markdown").output
    assert re.findall(r"^\| `(.+?)`", rows, re.MULTILINE) == [key for key in PARAMETERS if "levers" in key]


def test_new_writes_a_valid_scenario_whatever_its_name() -> None:
    for name in ("mine.toml", "2 réseaux & co.toml", "…", "x" * 90):
        output = ci_sim("new", name).output
        assert output.startswith(f"Wrote {name}; next: ci-sim validate ")
        assert "is valid" in ci_sim("validate", f"./{name}").output


def test_new_leaves_nothing_behind_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ci_sim.scenario_file.template", full)
    result = CliRunner().invoke(main, ["new", "mine.toml"])
    assert result.exit_code == 2
    assert "no space left on the disk" in result.stderr
    assert not Path("mine.toml").exists()


# One run


def test_run_prints_one_possible_history() -> None:
    output = ci_sim("run", "small.toml", "--months", 30).output
    assert output.startswith("One possible history: small, Collective Impact, world 0.")
    assert re.findall(r"^ +(\d+) ", output, re.MULTILINE) == ["0", "12", "24", "30"]
    assert "Not a forecast." in output
    assert "Invented in this scenario: everything here." in output
    assert max(len(line) for line in output.splitlines()) <= 80


def test_run_of_less_than_a_year_is_shown_by_month() -> None:
    output = ci_sim("run", "small.toml", "--months", 3, "--arm", "half:backbone=0.5", "--replication", 4).output
    assert re.findall(r"^ +(\d+) ", output, re.MULTILINE) == ["0", "1", "2", "3"]
    assert "small, half, world 4" in output


def test_run_writes_its_series_manifest_and_figures() -> None:
    assert "Written to out" in ci_sim("run", "small.toml", "--months", 3, "--seed", 5, "--out", "out").output
    names = {path.name for path in Path("out").iterdir()}
    figures = {
        f"{figure}.{kind}"
        for figure in ("maturities", "coverage", "trust_network", "group_gap")
        for kind in ("png", "svg")
    }
    assert names == {"timeseries.csv", "manifest.json"} | figures
    about = manifest_of("out")
    assert about["design"] == {
        "kind": "run",
        "scenario": read_scenario("small.toml", ["horizon.months=3"]).model_dump(mode="json"),
        "arm": STANDARD_ARMS["collective_impact"].model_dump(mode="json"),
        "seed": 5,
        "replication": 0,
    }
    assert re.fullmatch(r"[0-9a-f]{64}", hash_of("out"))
    assert len(pd.read_csv("out/timeseries.csv")) == 4


def test_a_run_is_the_same_run_in_a_comparison() -> None:
    ci_sim("run", "small.toml", "--months", 5, "--replication", 2, "--out", "one")
    ci_sim("compare", "small.toml", "--months", 5, "--replications", 3, "--out", "many")
    many = pd.read_parquet("many/timeseries.parquet").query("run_id == 'collective_impact-2'")
    one = read_csv("one/timeseries.csv").to_pandas()
    assert len(many) == len(one) == 6
    assert (many["indicator"].to_numpy() == one["indicator"].to_numpy()).all()


# Comparisons


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """What a comparison of a scenario of its own printed, and where it wrote."""
    folder = tmp_path_factory.mktemp("compared")
    (folder / "small.toml").write_text(SMALL)
    options = ["--months", "24", "--replications", "12", "--arm", "half:common_agenda=0.5+backbone=0.5", "--seed", "3"]
    result = CliRunner().invoke(main, ["compare", str(folder / "small.toml"), *options, "--out", str(folder / "out")])
    assert result.exit_code == 0, result.output
    yield result.stdout, folder / "out"


def test_compare_prints_what_was_promised(compared: tuple[str, Path]) -> None:
    output, folder = compared
    assert "12 worlds, month 24" in output
    for arm in (*STANDARD_ARMS.values(), parse_arm("half:")):
        assert re.search(rf"^{re.escape(arm.title or arm.name)} +-?\d+\.\d \[", output, re.MULTILINE)
    flat = " ".join(output.split())
    for column in (
        "outcome",
        "difference to isolated",
        "worlds won",
        "never",
        "priority group",
        "spend",
        "cost per point",
    ):
        assert all(word in flat for word in column.split())
    assert "isolated impact" in flat.partition("A [small] place :house:")[2], "the sentence, square brackets and all"
    assert "Not a forecast." in flat
    assert "Invented in this scenario: everything here." in flat
    assert f"Results in {folder}: " in output, "in one piece, however long"
    assert max(len(line) for line in output.splitlines() if not line.startswith("Results in")) <= 80


def test_compare_writes_what_was_promised(compared: tuple[str, Path]) -> None:
    _, folder = compared
    assert {path.name for path in folder.iterdir() if path.name != ".lock"} == WRITTEN
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 12 * 5
    assert list(runs["arm"][:5]) == [*STANDARD_ARMS, "half"]
    assert list(pd.read_csv(folder / "summary.csv")["arm"]) == [*STANDARD_ARMS, "half"]
    assert (folder / "trajectories.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / "trajectories.svg").read_text(encoding="utf-8")


def test_the_manifest_has_all_it_takes_to_run_it_again(compared: tuple[str, Path]) -> None:
    about = manifest_of(compared[1])
    design = about["design"]
    assert isinstance(design, dict)
    assert design["seed"] == 3
    assert [arm["name"] for arm in design["arms"]] == [*STANDARD_ARMS, "half"]
    assert design["scenario"]["horizon"]["months"] == 24
    assert about["replications"] == 12
    assert "SeedSequence" in str(about["seeds"])
    assert str(about["started"]) <= str(about["ended"])
    assert about["command"]
    libraries = about["versions"]
    assert isinstance(libraries, dict)
    assert libraries["ci_sim"] == version("ci_sim")
    assert {"python", "numpy", "numba", "pandas", "pyarrow", "mesa", "scipy"} <= set(libraries)
    assert about["git"] is None or set(about["git"]) == {"commit", "dirty"}  # type: ignore[call-overload]
    assert "Not a forecast" in str(about["limits"])
    assert str(about["sentence"])
    assert re.fullmatch(r"[0-9a-f]{64}", hash_of(compared[1]))


def test_the_readme_explains_every_column_of_every_table(compared: tuple[str, Path]) -> None:
    folder = compared[1]
    sections = (folder / "README.md").read_text(encoding="utf-8").split("\n## ")[1:]
    for section, table in zip(sections, ("runs", "timeseries", "summary"), strict=True):
        assert section.startswith(f"{table}.")
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"
        ][2:]
        assert all(meaning for _, _, meaning in rows)
        columns = [
            column for column in pd.read_csv(folder / f"{table}.csv") if not str(column).endswith(("_low", "_high"))
        ]
        assert [name for name, _, _ in rows] == columns
    assert "Not a forecast" in (folder / "README.md").read_text(encoding="utf-8")


def test_the_summary_is_of_the_runs(compared: tuple[str, Path]) -> None:
    runs = pd.read_parquet(compared[1] / "runs.parquet")
    summary = pd.read_csv(compared[1] / "summary.csv").set_index("arm")
    assert summary["outcome"].to_dict() == pytest.approx(runs.groupby("arm")["outcome"].mean().to_dict())
    assert summary.loc["isolated_equal_spend", "spend"] == pytest.approx(
        summary.loc["collective_impact", "spend"], rel=0.01
    )


def test_the_same_command_again_gives_the_same_and_runs_nothing(
    compared: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = compared
    before = hash_of(folder)
    asked: list[int] = []

    def spy(batches: list[object], workers: int) -> Iterator[object]:
        asked.append(len(batches))
        return run_batches(batches, workers)  # type: ignore[arg-type]

    monkeypatch.setattr("ci_sim.sweep.conduct.run_batches", spy)
    options = ["--months", 24, "--arm", "half:common_agenda=0.5+backbone=0.5", "--seed", 3, "--out", folder]
    ci_sim("compare", folder.parent / "small.toml", "--replications", 12, *options)
    assert hash_of(folder) == before
    assert asked == [0]


def test_results_are_bit_for_bit_the_same_however_they_were_run() -> None:
    """Twice in a process, with workers, in two goes, in another process with another hash seed."""
    options = ["compare", "small.toml", "--months", "12", "--replications"]
    ci_sim(*options, 90, "--workers", 1, "--out", "once")
    ci_sim(*options, 90, "--workers", 1, "--out", "twice")
    ci_sim(*options, 90, "--workers", 2, "--out", "workers")
    ci_sim(*options, 50, "--out", "goes")
    parts = {path: path.stat().st_mtime_ns for path in Path("goes/parts").iterdir()}
    ci_sim(*options, 90, "--out", "goes")
    assert {path: path.stat().st_mtime_ns for path in parts} == parts, "what there was is used again"
    environment = os.environ | {"PYTHONHASHSEED": "77"}
    command = [*COMMAND, *options, "90", "--out", "process"]
    subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120)
    assert len({hash_of(folder) for folder in ("once", "twice", "workers", "goes", "process")}) == 1
    for table in ("runs", "timeseries"):
        assert (
            len({Path(folder, f"{table}.csv").read_bytes() for folder in ("once", "workers", "goes", "process")}) == 1
        )


def test_results_go_to_a_folder_of_their_design_by_default() -> None:
    for seed in (1, 2, 1):
        ci_sim("compare", "small.toml", "--months", 1, "--replications", 1, "--seed", seed)
    scenario = read_scenario("small.toml", ["horizon.months=1"])
    folders = {default_folder(Design(scenario, tuple(STANDARD_ARMS.values()), 1, seed)) for seed in (1, 2)}
    assert set(Path("results").iterdir()) == folders


def test_other_results_are_not_overwritten() -> None:
    ci_sim("compare", "small.toml", "--months", 1, "--replications", 1, "--out", "out")
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    options = ["--months", "1", "--replications", "1", "--out", "out"]
    for change, named in ((["--seed", "2"], "seed: 1, not 2"), (["--arms", "isolated"], "another arms")):
        result = CliRunner().invoke(main, ["compare", "small.toml", *options, *change])
        assert result.exit_code == 2
        assert f"Error: --out: out: found other results in it ({named})" in result.stderr
    result = CliRunner().invoke(main, ["run", "small.toml", "--months", "1", "--out", "out"])
    assert result.exit_code == 2
    assert {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()} == before


def test_months_shorten_a_scenario_with_later_events() -> None:
    result = ci_sim("compare", "homelessness", "--months", 2, "--replications", 1, "--arms", "isolated", "--out", "out")
    count = len(read_scenario("homelessness").events)
    assert result.stderr.startswith(f"Left out: {count} events after month 2.\n")
    strict = CliRunner().invoke(main, ["validate", "homelessness", "--set", "horizon.months=2"])
    assert strict.exit_code == 2, "by name it is taken at its word"


# Tables


def summaries(arms: int, worlds: int, title: str = "") -> list[ArmSummary]:
    """Summaries of arms as wide as they get."""
    names = [*STANDARD_ARMS, *(f"arm_{number}" for number in range(4, arms))][:arms]
    rows = [
        {
            "arm": name,
            "replication": world,
            "outcome": 0.5 + 0.4 * (-1) ** world,
            "spend": 987_654.0,
            "gain": 0.3 + world / 50,
        }
        for name in names
        for world in range(worlds)
    ]
    others = ("months_to_half", "months_to_threshold", "priority_outcome", "priority_gap", "priority_gap_start")
    return summarise(pd.DataFrame(rows).assign(**dict.fromkeys(others, 0.5)), {name: title or name for name in names})


def printed(tables: object, width: int) -> list[str]:
    console = Console(width=width, markup=False)
    with console.capture() as capture:
        console.print(tables)
    return capture.get().splitlines()


@pytest.mark.parametrize("arms", [1, 2, 4, 7])
@pytest.mark.parametrize("worlds", [1, 2, 9])
@pytest.mark.parametrize("title", ["", "By-name list and staff, no common agenda or plan [/x]"])
def test_tables_fit_80_columns_and_lose_nothing(arms: int, worlds: int, title: str) -> None:
    lines = printed(comparison_tables(summaries(arms, worlds, title), 0.5, 120), 80)
    text = " ".join(" ".join(lines).split())
    assert max(len(line) for line in lines) <= 80
    assert "…" not in text
    assert "nan" not in text
    assert text.count("987,654") == arms
    assert ("difference to" in text) == (arms > 1)
    if not title:
        assert all(
            sum(line.startswith(f"{name} ") for line in lines) == 4
            for name in ("isolated", "ordinary_coalition")[:arms:2]
        )


def test_tables_are_whole_even_in_a_very_narrow_terminal() -> None:
    wide, narrow = (printed(comparison_tables(summaries(4, 9), 0.5, 120), width) for width in (80, 40))
    assert max(len(line) for line in narrow) <= 40
    assert "".join(sorted("".join(narrow))).strip(" ─") == "".join(sorted("".join(wide))).strip(" ─")


def test_one_community_has_no_rest_to_compare_with() -> None:
    output = ci_sim(
        "compare", "small.toml", "--set", "problem.communities=1", "--months", 2, "--replications", 3
    ).output
    assert "priority group" in output
    assert "the rest" not in output
    assert "nan" not in output


# A terminal


def in_terminal(*arguments: str, columns: int = 80) -> tuple[int, str]:
    """Status and screen of a command in a terminal."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR"}}
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdin=inner, stdout=inner, stderr=inner, env=environment | {"TERM": "xterm"}
    )
    os.close(inner)
    screen = b""
    while True:
        try:
            read = os.read(outer, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not read:
            break
        screen += read
    os.close(outer)
    return process.wait(timeout=60), screen.decode()


def test_a_terminal_sees_progress_and_a_table_of_its_width() -> None:
    status, screen = in_terminal("compare", "small.toml", "--months", "3", "--replications", "90")
    assert status == 0
    assert "worlds" in screen
    assert "90/90" in screen
    assert screen.count("\x1b[?25h") == screen.count("\x1b[?25l") == 1, "the cursor comes back"
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.rpartition("\x1b[2K")[2]).replace("\r", "")
    assert "90 worlds, month 3" in plain
    assert "Isolated, equal spend" in plain
    assert max(len(line) for line in plain.splitlines() if not line.startswith("Results in")) <= 80


def test_piped_output_has_no_bar_and_no_colour() -> None:
    result = ci_sim("compare", "small.toml", "--months", 1, "--replications", 2)
    assert "\x1b" not in result.output
    assert result.stderr == ""


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    process = subprocess.Popen([*COMMAND, "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_letters_the_terminal_has_not(encoding: str) -> None:
    Path("small.toml").write_text(SMALL.replace("[small]", "größer → ½"), encoding="utf-8")
    command = [*COMMAND, "compare", "small.toml", "--months", "1", "--replications", "1"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    assert b"1 world, month 1" in done.stdout


# Ends that are no ends


def processes_of(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            state, _, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if of == str(session) and state not in "ZX":
            found.append(int(folder.name))
    return found


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (signal.SIGINT, 130, "Interrupted. What is finished is kept; the same command goes on from there.\n"),
        (signal.SIGTERM, 143, ""),
        (signal.SIGKILL, -9, None),
    ],
)
def test_stopped_midway_it_keeps_what_is_finished_and_goes_on_from_there(
    number: signal.Signals, status: int, said: str | None
) -> None:
    """As Ctrl-C does, SIGINT goes to the workers as well."""
    options = ["small.toml", "--months", "120", "--replications", "8000", "--workers", "2", "--out", "out"]
    command = [*COMMAND, "compare", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(list(Path("out/parts").glob("runs-*"))) < 3:
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    workers = [worker for worker in processes_of(process.pid) if worker != process.pid]
    assert len(workers) >= 2
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in errors
    if said is not None:
        assert errors == said
        assert output == ""
        assert not list(Path("out").rglob(".*.tmp"))
    deadline = time.monotonic() + 10
    while processes_of(process.pid):
        assert time.monotonic() < deadline, "orphans are left"
        time.sleep(0.05)

    kept = {path: path.stat().st_mtime_ns for path in Path("out/parts").glob("runs-*")}
    assert 3 <= len(kept) < 200
    fewer = 60  # enough to hold both what was finished and what was not, in less time than all 8000 take
    for path in sorted(kept)[1:]:
        path.unlink()
    kept = {path: kept[path] for path in kept if path.exists()}
    ci_sim("compare", "small.toml", "--months", 120, "--replications", fewer, "--out", "out")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    ci_sim("compare", "small.toml", "--months", 120, "--replications", fewer, "--out", "whole")
    assert hash_of("out") == hash_of("whole")


def test_an_interrupt_while_writing_keeps_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setattr("ci_sim.comparison.summarise", interrupt)
        result = CliRunner().invoke(
            main, ["compare", "small.toml", "--months", "1", "--replications", "3", "--out", "out"]
        )
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN, "a second Ctrl-C does not disturb the end"
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 130
    assert not Path("out/manifest.json").exists()
    ci_sim("compare", "small.toml", "--months", 1, "--replications", 3, "--out", "out")
    ci_sim("compare", "small.toml", "--months", 1, "--replications", 3, "--out", "whole")
    assert hash_of("out") == hash_of("whole")


def test_requests_to_end_are_only_taken_while_comparing() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    ci_sim("compare", "small.toml", "--months", 1, "--replications", 1)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Error: no space left on the disk."),
        (
            OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"),
            "Error: no space left on the disk.",
        ),
        (OSError(errno.EIO, "Input/output error", "out/parts/x"), "Error: out/parts/x: Input/output error."),
        (MemoryError(), "Error: not enough memory; fewer communities, organizations or levers need less."),
        (ChildProcessError("worker processes ended 3 times"), "Error: worker processes ended 3 times."),
    ],
)
def test_failures_midway_are_one_message_and_keep_what_is_finished(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(batches: list[object], _: int) -> Iterator[object]:
        yield next(run_batches(batches[:1], 1))  # type: ignore[arg-type]
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("ci_sim.sweep.conduct.run_batches", some)
        result = CliRunner().invoke(
            main, ["compare", "small.toml", "--months", "1", "--replications", "90", "--out", "out"]
        )
    assert result.exit_code == 1
    assert result.stderr == f"{said} What is finished is kept; the same command goes on from there.\n"
    assert len(list(Path("out/parts").glob("runs-*"))) == 1
    ci_sim("compare", "small.toml", "--months", 1, "--replications", 90, "--out", "out")
    assert len(pd.read_parquet("out/runs.parquet")) == 90 * 4


def test_two_at_once_in_one_folder() -> None:
    command = [*COMMAND, "compare", "small.toml", "--months", "120", "--replications", "600", "--out", "out"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = sorted((process.wait(timeout=60), *process.communicate()) for process in both)
    assert [status for status, _, _ in ends] == [0, 2]
    assert "Error: --out: out: found in use by another process; allowed: one process at a time" in ends[1][2]
    assert len(pd.read_parquet("out/runs.parquet")) == 2400


# Memory


def test_memory_does_not_grow_with_replications() -> None:
    """But for the indicator that the figure draws: here 8 MB, where all of the time series would be 156."""
    Path("long.toml").write_text(
        'schema_version = 1\nname = "long"\n[problem]\nlevers = 2\ninterdependence = 0\ncommunities = 1\n'
        "[organizations]\ncount = 1\nmandate = 1\n[horizon]\nmonths = 1200\n"
    )
    peaks = {}
    for replications in (20, 170):
        options = ["long.toml", "--workers", "1", "--out", f"out-{replications}"]
        code = (
            "import resource\nfrom ci_sim.cli import main\n"
            f"main(['compare', '--replications', '{replications}', *{options!r}], standalone_mode=False)\n"
            "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
        peaks[replications] = int(done.stdout.rpartition("peak ")[2]) / 1024
    assert peaks[170] - peaks[20] < 90, peaks


def test_the_figure_gets_the_indicator_of_every_run_in_four_bytes_a_month(tmp_path: Path) -> None:
    scenario = parse_scenario(SMALL, overrides=["horizon.months=5"])
    comparison = Design(scenario, tuple(STANDARD_ARMS.values()), 3, 1)
    kept = _Indicators(comparison)
    for result in run_batches(comparison.batches(range(3)), 1):
        kept.add(result.tables["timeseries"])
    compare(comparison, tmp_path / "out")
    table, written = kept.table(), pd.read_parquet(tmp_path / "out" / "timeseries.parquet")
    for column in ("arm", "replication", "month"):
        assert list(table[column]) == list(written[column])
    assert (table["indicator"] == written["indicator"].astype("float32")).all()
    assert table.memory_usage(index=False).sum() <= 12 * len(table) + 1000
