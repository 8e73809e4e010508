"""Every analysis that fits a design is made of its results, from the command line and as a function."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.conclusions import Question, conclude
from ci_sim.sweep.conduct import conduct
from ci_sim.sweep.design_file import read_design

SMALL = """
schema_version = 1
name = "small"
[problem]
levers = 6
communities = 4
interdependence = 2
[organizations]
count = 8
[backbone]
staff = 2.0
[horizon]
months = 60
"""
RANGES = """
[[factors]]
key = "backbone.staff"
low = 0.0
high = 4.0
[[factors]]
key = "organizations.evaluation_noise"
low = 0.0
high = 0.3
"""
VALUES = """
[[factors]]
key = "backbone.staff"
values = [0, 2]
[[factors]]
key = "problem.interdependence"
values = [0, 4]
"""
DESIGNS = {
    "grid": (f'kind = "grid"\n{VALUES}', {"differences", "break_even", "replicates_precision", "replicates_power"}),
    "points": ('kind = "points"\n[[points]]\nbackbone.staff = 1\n', {"differences", "horizons", "replicates_power"}),
    "latin_hypercube": (
        f'kind = "latin_hypercube"\nsamples = 12\n{RANGES}', {"differences", "discovery", "stability", "hinges"}
    ),
    "sobol": (f'kind = "sobol"\nsamples = 8\n{RANGES}', {"sobol", "replicate_noise"}),
    "morris": (f'kind = "morris"\ntrajectories = 4\n{RANGES}', {"morris", "replicate_noise"}),
    "factorial": ('kind = "factorial"\n', {"factorial_effects", "shapley", "additivity"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Results of a small design of each kind."""
    home = tmp_path_factory.mktemp("designs")
    (home / "small.toml").write_text(SMALL)
    for kind, (text, _) in DESIGNS.items():
        (home / f"{kind}_design.toml").write_text(f'scenario = "small.toml"\nreplications = 4\n{text}')
        conduct(read_design(home / f"{kind}_design.toml"), home / kind)
    return {kind: home / kind for kind in DESIGNS}


def analyze(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["analyze", *map(str, arguments)])


@pytest.mark.parametrize("kind", DESIGNS)
def test_each_design_gets_the_analyses_it_was_made_for(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    result = analyze(folders[kind], "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    written = {path.stem for path in (tmp_path / "out").glob("*.csv")}
    assert written >= DESIGNS[kind][1]
    for name in written:
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv"))
        assert (tmp_path / "out" / f"{name}.png").stat().st_size > 10_000
        assert (tmp_path / "out" / f"{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
    page = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for conclusion in conclude(folders[kind], Question()):
        assert conclusion.finding.title in page
        assert conclusion.finding.sentence in page
        assert conclusion.finding.sentence in result.output
    assert "Not a forecast" in page
    assert "Not a forecast" in result.output


def test_by_default_it_writes_beside_the_results_and_may_be_called_again(folders: dict[str, Path]) -> None:
    for _ in range(2):
        assert analyze(folders["points"]).exit_code == 0
    assert (folders["points"] / "analysis" / "differences.csv").is_file()
    design = read_design(folders["points"].parent / "points_design.toml")
    assert conduct(design, folders["points"]).done == 4, "the sweep still knows its folder"


def test_the_question_is_heeded(folders: dict[str, Path], tmp_path: Path) -> None:
    options = ["--outcome", "spend", "--half-width", 50, "--effect", 100, "--out", tmp_path / "out"]
    assert analyze(folders["grid"], *options).exit_code == 0
    assert set(pd.read_csv(tmp_path / "out" / "differences.csv")["outcome"]) == {"spend"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--outcome", "outcom"], "Did you mean 'outcome'?"),
        (["--arm", "colective_impact"], "Did you mean 'collective_impact'?"),
        (["--reference", "nothing"], "nothing"),
        (["--half-width", "0"], "found '0'; allowed: a number above 0"),
        (["--effect", "nan"], "found 'nan'; allowed: a number above 0"),
        (["--value-per-point", "inf"], "found 'inf'; allowed: a number, 0 or more"),
        (["--value-per-point", "-1"], "found '-1'"),
        (["--level", "nan"], "found 'nan'; allowed: a number."),
        (["--arm", "isolated"], "found 'isolated'; allowed: another arm than 'isolated'"),
    ],
)
def test_a_question_that_does_not_fit_is_said(options: list[str], said: str, folders: dict[str, Path]) -> None:
    result = analyze(folders["grid"], *options)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_without_results_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for folder in (tmp_path, tmp_path / "nothing"):
        result = analyze(folder)
        assert result.exit_code == 2
        assert "found no runs.parquet to read" in result.stderr
    with pytest.raises(InputError, match=r"no runs\.parquet"):
        conclude(tmp_path, Question())


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def be_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def be_of_another_kind(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {"kind": "sobol"}))


@pytest.mark.parametrize(
    ("name", "harm", "said"),
    [
        ("design.json", truncate, "design.json: found a damaged file"),
        ("design.json", lambda path: path.write_text("[]"), "design.json: found a damaged file"),
        ("design.json", lambda path: path.write_text("[" * 100_000), "design.json: found a damaged file"),
        ("design.json", be_of_another_kind, "a design.json that is not the manifest's"),
        ("design.json", Path.unlink, "design.json: found no such file"),
        ("manifest.json", lambda path: path.write_text("{}"), "manifest.json: found a damaged file"),
        ("manifest.json", Path.unlink, "manifest.json: found no such file"),
        ("runs.parquet", truncate, "no runs.parquet to read (damaged)"),
        ("runs.parquet", be_a_folder, "no runs.parquet to read (a folder)"),
        ("runs.parquet", Path.unlink, "no runs.parquet to read (no such file or folder)"),
        (
            "timeseries.parquet",
            lambda path: shutil.copy(path.parent / "runs.parquet", path),
            "without indicator, month",
        ),
    ],
)
def test_damaged_results_are_said(
    name: str, harm: Callable[[Path], object], said: str, folders: dict[str, Path], tmp_path: Path
) -> None:
    shutil.copytree(folders["grid"], tmp_path / "copy")
    harm(tmp_path / "copy" / name)
    result = analyze(tmp_path / "copy", "--out", tmp_path / "out")
    assert result.exit_code == 2, result.output
    assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()
