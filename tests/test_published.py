"""Published numbers: what moved is told, the committed ones are those of the code, and no move goes without a note."""

from __future__ import annotations

import json
import math
import re
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ci_sim.analysis.intervals import mean_interval
from ci_sim.arms import STANDARD_ARMS
from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.results_diff import Number, as_json, as_markdown, diff_numbers, numbers_of, parse_numbers, read_numbers
from ci_sim.scenario_file import shipped_scenarios

TESTS = Path(__file__).parent
SCRIPT = runpy.run_path(str(TESTS / "refresh_published.py"))
GATE = runpy.run_path(str(TESTS.parent / ".ci" / "results.py"))

OLD = {
    "a": Number(0.5, 0.4, 0.6, 20),
    "b": Number(0.5, 0.4, 0.6, 20),
    "c": Number(0.5, 0.4, 0.6, 20),
    "exact": Number(100.0),
    "nothing": Number(math.nan),
    "gone": Number(0.1, 0.0, 0.2),
}
NEW = OLD | {
    "b": Number(0.55, 0.5, 0.6, 20),
    "c": Number(0.61, 0.5, 0.7, 20),
    "exact": Number(100.001),
    "fresh": Number(0.3, 0.2, 0.4),
}
del NEW["gone"]
STATUS = {
    "a": "same",
    "b": "within",
    "c": "beyond",
    "exact": "beyond",
    "nothing": "same",
    "gone": "missing",
    "fresh": "new",
}


# What moved


def test_what_became_of_every_number() -> None:
    assert {change.name: change.status for change in diff_numbers(OLD, NEW)} == STATUS
    assert {change.status for change in diff_numbers(OLD, OLD)} == {"same"}


@pytest.mark.parametrize(
    ("new", "status"),
    [(0.4, "within"), (0.6, "within"), (0.399, "beyond"), (0.5000001, "same"), (0.501, "within"), (math.nan, "beyond")],
)
def test_a_number_moves_beyond_its_own_old_interval(new: float, status: str) -> None:
    (change,) = diff_numbers({"x": Number(0.5, 0.4, 0.6)}, {"x": Number(new, 0.0, 1.0)})
    assert change.status == status


def test_rounding_is_no_move_and_an_exact_number_has_no_room() -> None:
    for estimate, status in ((345600.0001, "same"), (345601.0, "beyond")):
        (change,) = diff_numbers({"x": Number(345600.0, 345600.0, 345600.0)}, {"x": Number(estimate)})
        assert change.status == status


def test_markdown_lists_the_worst_first_and_leaves_out_what_is_the_same() -> None:
    text = as_markdown(diff_numbers(OLD, NEW))
    assert text.startswith(
        "7 published numbers: 2 moved beyond the interval, 1 moved within the interval, 1 missing, 1 new"
    )
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]
    assert rows == ["`c`", "`exact`", "`b`", "`gone`", "`fresh`"]
    assert "| `c` | 0.5 [0.4, 0.6] | 0.61 [0.5, 0.7] | moved beyond the interval |" in text
    assert "|" not in as_markdown(diff_numbers(OLD, OLD))


def test_json_has_every_number_and_nothing_that_is_no_json() -> None:
    told = json.loads(as_json(diff_numbers(OLD, NEW)), parse_constant=pytest.fail)
    assert {number["name"]: number["status"] for number in told["numbers"]} == STATUS
    assert told["counts"] == {"beyond": 2, "within": 1, "missing": 1, "new": 1, "same": 2}
    assert told["numbers"][0]["old"] == {"estimate": 0.5, "low": 0.4, "high": 0.6, "n": 20}


# Where numbers come from


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    rows = [
        {"arm": arm, "replication": world, "outcome": base + 0.01 * world**2, "priority_gap": 0.1 * world, "spend": 7.0}
        for world in range(5)
        for arm, base in (("isolated", 0.1), ("other", 0.3))
    ]
    return pd.DataFrame(rows)


def test_numbers_of_runs_are_means_and_paired_differences(runs: pd.DataFrame) -> None:
    numbers = numbers_of(runs, "case")
    assert list(numbers) == [
        "case.isolated.outcome", "case.isolated.priority_gap", "case.isolated.spend", "case.other.outcome",
        "case.other.priority_gap", "case.other.spend", "case.other.difference",
    ]  # fmt: skip
    outcome = mean_interval(np.array([0.1, 0.11, 0.14, 0.19, 0.26]))
    assert numbers["case.isolated.outcome"] == Number(*outcome, 5)
    difference = numbers["case.other.difference"]
    assert (difference.estimate, difference.low, difference.high) == pytest.approx((0.2, 0.2, 0.2))


def test_numbers_of_a_sweep_are_told_point_by_point(runs: pd.DataFrame) -> None:
    sweep = pd.concat([runs.assign(point=0), runs.assign(point=1, outcome=runs["outcome"] + 0.1)])
    numbers = numbers_of(sweep, "case")
    assert numbers["case.point_1.other.outcome"].estimate == pytest.approx(
        numbers["case.point_0.other.outcome"].estimate + 0.1
    )
    assert numbers_of(runs.assign(point=3), "case") == numbers_of(runs, "case")


def test_files_of_every_kind_hold_the_same_numbers(tmp_path: Path) -> None:
    numbers = {"x.one": Number(0.5, 0.4, 0.6, 20), "x.two": Number(3.0)}
    toml = "[made]\nseed = 1\n[x]\none = { estimate = 0.5, low = 0.4, high = 0.6, n = 20 }\n[x.two]\nestimate = 3\n"
    rows = pd.DataFrame([{"name": name, **vars(number)} for name, number in numbers.items()])
    (tmp_path / "n.toml").write_text(toml)
    (tmp_path / "n.json").write_text(
        '{"x": {"one": {"estimate": 0.5, "low": 0.4, "high": 0.6, "n": 20}, "two": {"estimate": 3}}}'
    )
    rows.to_parquet(tmp_path / "n.parquet")
    rows.to_csv(tmp_path / "n.csv", index=False)
    for kind in ("toml", "json", "parquet", "csv"):
        read = read_numbers(tmp_path / f"n.{kind}")
        assert {change.status for change in diff_numbers(read, numbers)} == {"same"}, kind
        assert read["x.one"] == numbers["x.one"], kind
        assert math.isnan(read["x.two"].low), kind


def ci_sim(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, Number]], str]:
    """Writes numbers into a file of the folder worked in."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, numbers: dict[str, Number]) -> str:
        Path(name).write_text(json.dumps({key: vars(number) for key, number in numbers.items()}))
        return name

    return write


def test_the_command_ends_with_1_only_if_a_number_moved_beyond_its_interval(files: Any) -> None:
    old, new = files("old.json", OLD), files("new.json", NEW)
    within = files("within.json", {"b": NEW["b"], "fresh": NEW["fresh"]})
    assert ci_sim("diff-results", old, new).exit_code == 1
    assert ci_sim("diff-results", old, within).exit_code == 0
    assert ci_sim("diff-results", old, old).exit_code == 0
    table = ci_sim("diff-results", old, new)
    assert re.search(r"c +0.5 \[0.4, 0.6\] +0.61 +beyond", table.stdout)
    assert "7 published numbers: 2 moved beyond the interval" in table.stdout
    assert all(len(line) <= 80 for line in table.stdout.splitlines()[:-1])
    assert ci_sim("diff-results", old, old).stdout == "6 published numbers: 6 the same.\n"
    assert ci_sim("diff-results", old, new, "--format", "markdown").stdout == as_markdown(diff_numbers(OLD, NEW))
    assert json.loads(ci_sim("diff-results", old, new, "--format", "json").stdout)["counts"]["beyond"] == 2


def test_folders_of_results_are_held_against_each_other_and_against_files(files: Any) -> None:
    small = ["--replications", 6, "--months", 6, "--arms", "isolated,collective_impact", "--set", "problem.levers=4",
             "--set", "problem.interdependence=1"]  # fmt: skip
    for folder, more in (("one", []), ("two", ["--set", "problem.communities=6"])):
        assert ci_sim("compare", "default", *small, *more, "--out", folder).exit_code == 0
    assert ci_sim("diff-results", "one", "one").stdout == "7 published numbers: 7 the same.\n"
    moved = ci_sim("diff-results", "one", "two")
    assert moved.exit_code == 1
    assert "isolated.spend" in moved.stdout
    files("some.json", {"default.isolated.spend": read_numbers(Path("one"))["default.isolated.spend"]})
    assert ci_sim("diff-results", "some.json", "one").exit_code == 0


BAD: dict[str, tuple[str, str | bytes | None, list[str]]] = {
    "not there": ("x.toml", None, ["x.toml: found no such file"]),
    "an unknown kind": ("x.txt", "a", ["found a file .txt; allowed: a .toml or .json file"]),
    "broken TOML": ("x.toml", "a = ", ["no valid TOML"]),
    "broken JSON": ("x.json", "{", ["no valid JSON"]),
    "binary": ("x.toml", b"\xff\xfe\x00", ["a binary file"]),
    "a broken table": ("x.parquet", b"PAR1", ["a damaged file"]),
    "no numbers": ("x.toml", "[made]\nseed = 1\n", ["found no numbers"]),
    "words": ("x.json", '{"a": {"estimate": "high"}}', ["a.estimate: found 'high'; allowed: a number"]),
    "truth": ("x.json", '{"a": {"estimate": 1, "low": true}}', ["a.low: found True"]),
    "infinite": ("x.json", '{"a": {"estimate": Infinity}}', ["a.estimate: found inf"]),
    "giant": ("x.json", f'{{"a": {{"estimate": {"9" * 400}}}}}', ["a.estimate: found 999"]),
    "turned round": ("x.json", '{"a": {"estimate": 1, "low": 2, "high": 0}}', ["a: found low 2 above high 0"]),
    "one name twice": ("x.csv", "name,estimate\na,1\na,2\n", ["a: found a second number of that name"]),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_files(files: Any, what: str) -> None:
    name, content, said = BAD[what]
    if content is not None:
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = ci_sim("diff-results", files("old.json", OLD), name)
    assert result.exit_code == 2
    assert result.stdout == ""
    for fragment in said:
        assert fragment in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_without_results_is_said(files: Any) -> None:
    Path("empty").mkdir()
    result = ci_sim("diff-results", files("old.json", OLD), "empty")
    assert result.exit_code == 2
    assert "a folder without whole results" in result.stderr


# What is published


def test_every_shipped_scenario_publishes_its_standard_arms() -> None:
    expected = {
        f"{scenario}.{arm}.{name}"
        for scenario in shipped_scenarios()
        for arm in STANDARD_ARMS
        for name in ("outcome", "priority_gap", "spend", "difference")
        if (arm, name) != ("isolated", "difference")
    }
    published = read_numbers(SCRIPT["PUBLISHED"])
    assert set(published) == expected, "run tests/refresh_published.py"
    assert {number.n for number in published.values()} == {SCRIPT["WORLDS"]}
    assert all(number.low <= number.estimate <= number.high for number in published.values())


def test_published_numbers_are_those_of_the_code() -> None:
    """Of one scenario; the gate holds all of them against the code."""
    measured = SCRIPT["measured"](["default"])
    published = {name: number for name, number in read_numbers(SCRIPT["PUBLISHED"]).items() if name in measured}
    assert {change.name for change in diff_numbers(published, measured) if change.status != "same"} == set()


def test_the_written_file_holds_the_numbers_and_what_made_them() -> None:
    numbers = {
        "case.isolated.outcome": Number(0.1234567, 0.1, 0.2, 3),
        "case.isolated.gap": Number(1.0, math.nan, math.nan, 1),
    }
    text = SCRIPT["document"](numbers)
    assert {change.status for change in diff_numbers(parse_numbers(text, "text"), numbers)} == {"same"}
    for made in ("replications = 20", "seed = 1", 'ci_sim = "', 'code = "'):
        assert made in text


# The gate


class Repository:
    """A repository with published numbers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tests").mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        command = ["git", "-C", str(self.root), *identity, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, message: str, numbers: dict[str, Number]) -> str:
        (self.root / GATE["PUBLISHED"]).write_text(SCRIPT["document"](numbers), encoding="utf-8")
        (self.root / "code").write_text(message)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def judged(self, measured: dict[str, Number], base: str = "") -> int:
        status = GATE["judge"](self.root, measured, base)
        assert isinstance(status, int)
        return status


FIRST = {"case.isolated.outcome": Number(0.5, 0.4, 0.6, 20), "case.isolated.spend": Number(7.0, 7.0, 7.0, 20)}
MOVED = FIRST | {"case.isolated.outcome": Number(0.51, 0.41, 0.61, 20)}
MORE = FIRST | {"other.isolated.outcome": Number(0.1, 0.0, 0.2, 20)}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit("tests: published numbers", FIRST)
    return made


def test_the_gate_passes_what_is_as_it_was(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.judged(FIRST) == 0
    assert "2 numbers are what the code makes" in capsys.readouterr().out


def test_the_gate_fails_where_the_code_makes_other_numbers(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repository.judged(MOVED) == 1
    out = capsys.readouterr().out
    assert "refresh_published.py" in out
    assert "| `case.isolated.outcome` | 0.5 [0.4, 0.6] | 0.51 [0.41, 0.61] | moved within the interval |" in out
    assert repository.judged(MORE) == 1
    assert repository.judged({"case.isolated.spend": FIRST["case.isolated.spend"]}) == 1


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("kernel: search longer", 1),
        ("kernel: search longer\n\nResults: the isolated outcome rises, as tries are longer.", 0),
        ("kernel: search longer\n\nResults:\nnothing said", 1),
        ("kernel: search longer\n\nNo Results: here", 1),
    ],
)
def test_a_number_moves_only_with_a_note(
    repository: Repository, message: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit(message, MOVED)
    assert repository.judged(MOVED) == status
    assert ("kernel: search longer: moves published numbers" in capsys.readouterr().out) == (status == 1)


def test_a_removed_number_needs_a_note_and_a_new_one_does_not(repository: Repository) -> None:
    repository.commit("scenarios: one more", MORE)
    assert repository.judged(MORE) == 0
    repository.commit("scenarios: one less", FIRST)
    assert repository.judged(FIRST) == 1


def test_a_note_that_comes_later_does_not_help_and_older_commits_may_be_passed_over(repository: Repository) -> None:
    repository.commit("kernel: search longer", MOVED)
    base = repository.commit("docs: more\n\nResults: all is well", MOVED)
    assert repository.judged(MOVED) == 1
    assert repository.judged(MOVED, base) == 0
    repository.commit("kernel: back", FIRST)
    assert repository.judged(FIRST, base) == 1


def test_a_merge_needs_a_note_only_for_numbers_of_its_own(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("scenarios: one more", MORE)
    repository.git("checkout", "-q", "main")
    repository.commit("kernel: longer\n\nResults: up", MOVED)
    both = MORE | MOVED
    for numbers, status in ((both, 0), (both | {"case.isolated.spend": Number(8.0, 8.0, 8.0, 20)}, 1)):
        repository.git("merge", "-q", "--no-commit", "--no-ff", "-s", "ours", "side")
        repository.commit("merge: side", numbers)
        assert repository.judged(numbers) == status
        repository.git("reset", "-q", "--hard", "HEAD~1")


def test_the_gate_of_this_repository_reads_what_the_script_writes() -> None:
    assert Path(GATE["ROOT"]) / GATE["PUBLISHED"] == SCRIPT["PUBLISHED"]
    assert ".ci/results.py" in (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")
    with pytest.raises(InputError):
        GATE["stale"](TESTS / "nowhere", {})
