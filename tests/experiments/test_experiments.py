"""Experiments: READMEs say what they must, answers are those of their files, numbers follow from the code."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ci_sim.complaints import InputError
from ci_sim.experiments.catalogue import Experiment, experiments, find_experiment
from ci_sim.experiments.conduct import QUICK, quick_numbers, record_quick, run_designs, write_answer
from ci_sim.experiments.page import ANSWER, BEGIN, END, between, markdown, rewritten, section
from ci_sim.sweep.conduct import Where

NAMES = sorted(experiments())
every_experiment = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Quick answers, each run once."""
    made: dict[str, Any] = {}

    def make(name: str) -> Any:
        if name not in made:
            experiment = find_experiment(name)
            sweeps = run_designs(experiment, tmp_path_factory.mktemp(name), quick=True, where=Where(1))
            made[name] = (experiment, sweeps, experiment.answer(sweeps))
        return made[name]

    return make


def test_the_ten_questions_are_there() -> None:
    assert [name[:2] for name in NAMES] == [f"{n:02d}" for n in range(1, 11)]
    assert find_experiment("3").name == find_experiment("03_silver_bullets").name == "03_silver_bullets"
    with pytest.raises(InputError, match="Did you mean '03_silver_bullets'"):
        find_experiment("03_silver_bulets")


@every_experiment
def test_a_readme_has_question_prediction_design_answer_and_limits(name: str) -> None:
    readme = find_experiment(name).readme
    assert re.findall(r"^## (.+)$", readme, re.MULTILINE) == ["Question", "Prediction", "Design", "Answer"]
    question, prediction = (
        readme.split(f"## {part}")[1].split("\n## ")[0].strip() for part in ("Question", "Prediction")
    )
    assert question.endswith("?") or "?" in question
    assert "before the first run" in prediction
    numbered = [int(n) for n in re.findall(r"^(\d)\. ", prediction, re.MULTILINE)]
    assert numbered == list(range(1, len(numbered) + 1))
    checks = pd.read_csv(find_experiment(name).folder / ANSWER / "predictions.csv")
    assert checks["prediction"].tolist() == numbered
    assert "Not a forecast" in between(readme, name)


@every_experiment
def test_what_stands_between_the_markers_is_written_from_the_files_of_the_answer(name: str) -> None:
    experiment = find_experiment(name)
    assert between(experiment.readme, name) == section(experiment.folder / ANSWER).strip("\n")
    table = pd.read_csv(experiment.folder / ANSWER / "answer.csv", keep_default_na=False)
    assert markdown(table) in experiment.readme


def test_the_list_of_experiments_holds_every_answer_as_it_stands() -> None:
    page = (find_experiment("01").folder.parent / "README.md").read_text(encoding="utf-8")
    for name, experiment in experiments().items():
        answer = between(experiment.readme, name).partition("\n")[0]
        assert f"## [{experiment.title}]({name}/README.md)\n\n{answer}\n" in page


@every_experiment
def test_figures_are_there_with_words_and_data(name: str) -> None:
    experiment = find_experiment(name)
    pictures = re.findall(r"^!\[(.+)\]\((.+)\.png\)$", experiment.readme, re.MULTILINE)
    assert pictures
    for words, path in pictures:
        assert len(words) > 30
        for kind in ("png", "svg", "csv"):
            assert (experiment.folder / f"{path}.{kind}").stat().st_size > 0


@every_experiment
def test_the_numbers_still_follow_from_the_code(name: str, quick: Any) -> None:
    experiment, _, answer = quick(name)
    kept = pd.read_csv(experiment.folder / QUICK, dtype=str, keep_default_na=False)
    found = pd.read_csv(io.StringIO(quick_numbers(answer).to_csv(index=False)), dtype=str, keep_default_na=False)
    advice = f"if the change is wanted: ci-sim experiment {name} --quick --record, and --all for the READMEs"
    assert kept[["what", "row", "column"]].equals(found[["what", "row", "column"]]), advice
    numbers, others = (pd.to_numeric(table["value"], errors="coerce").to_numpy(float) for table in (kept, found))
    np.testing.assert_allclose(others, numbers, rtol=1e-6, atol=1e-9, err_msg=advice)
    words = np.isnan(numbers)
    assert kept["value"][words].equals(found["value"][words]), advice


@every_experiment
def test_every_prediction_is_judged_by_a_number(name: str, quick: Any) -> None:
    _, _, answer = quick(name)
    assert [check.prediction for check in answer.checks] == list(range(1, len(answer.checks) + 1))
    assert all(check.verdict in {"held", "failed", "cannot be told"} for check in answer.checks)
    assert all(re.search(r"\d|nothing|none", check.because) for check in answer.checks)


def test_a_quick_version_goes_to_its_own_folder_and_is_not_run_twice(quick: Any, tmp_path: Path) -> None:
    experiment, sweeps, answer = quick("04_strong_organizations")
    before = experiment.readme
    readme = write_answer(experiment, answer, sweeps, tmp_path, quick=True)
    assert experiment.readme == before
    written = readme.read_text(encoding="utf-8")
    assert answer.sentence in written
    assert written.split(BEGIN)[0] == before.split(BEGIN)[0]
    assert (tmp_path / ANSWER / "strength.svg").exists()
    folder = next(iter(sweeps.values())).folder
    stamp = {path: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()}
    again = run_designs(experiment, folder.parent, quick=True)
    assert {path: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()} == stamp
    assert again["design"].runs.equals(sweeps["design"].runs)


def test_recording_writes_what_the_test_above_reads(quick: Any, tmp_path: Path) -> None:
    _, _, answer = quick("04_strong_organizations")
    record_quick(Experiment(tmp_path, in_checkout=True), answer)
    assert len(pd.read_csv(tmp_path / QUICK)) == len(quick_numbers(answer))


def test_quick_departures_name_designs_and_keys_that_exist() -> None:
    for experiment in experiments().values():
        quick_designs, designs = experiment.designs(quick=True), experiment.designs(quick=False)
        assert list(quick_designs) == list(designs)
        assert all(quick_designs[name].n_runs < designs[name].n_runs for name in designs), experiment.name


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(InputError, match="no place for the answer"):
        rewritten("# A question", "an answer", "README.md")
    assert rewritten(f"a\n{BEGIN}\nold\n{END}\nb", "new", "README.md") == f"a\n{BEGIN}\nnew\n{END}\nb"
