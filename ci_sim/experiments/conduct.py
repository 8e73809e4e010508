"""Conduct an experiment: run its designs, compute its answer, write tables, figures and the README's section."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from ci_sim import figures
from ci_sim.experiments.answer import Answer, Sweep, Sweeps
from ci_sim.experiments.catalogue import Experiment
from ci_sim.experiments.page import ANSWER, index, rewritten, section
from ci_sim.provenance import limit_notice
from ci_sim.sweep.conduct import Where, conduct, silent
from ci_sim.sweep.results import read_results
from ci_sim.sweep.store import replace_file

__all__ = ["QUICK", "quick_numbers", "record_quick", "run_designs", "write_answer", "write_index"]

QUICK = "quick.csv"
"""The numbers of an experiment's quick version, against which the tests hold the code."""

Progress = Callable[[int, int, int], None]
HERE = Where()


def run_designs(
    experiment: Experiment, out: Path, *, quick: bool, where: Where = HERE, progress: Progress = silent
) -> Sweeps:
    """Run what is missing of an experiment's designs.

    Parameters
    ----------
    out : a folder per design is made in it; interrupted, the same call goes on from there.

    Raises
    ------
    InputError : a design or a folder does not fit.
    OSError : writing failed midway; finished parts are kept.
    """
    sweeps = {}
    for name, design in experiment.designs(quick=quick).items():
        folder = out / f"{name}-{design.hash}"
        conducted = conduct(design, folder, where, progress)
        if conducted.failed:
            raise OSError(f"{conducted.failed} worlds of {name} failed; {folder / 'failures.csv'} says how")
        runs = read_results(folder)
        sweeps[name] = Sweep(runs, runs.attrs["design"], folder)
    return sweeps


def quick_numbers(answer: Answer) -> pd.DataFrame:
    """What an answer rests on as one long table: the numbers behind its figures, and what became of its predictions.

    Columns: ``what`` (a figure's name, or "prediction"), ``row``, ``column``, ``value`` (nine digits).
    """
    rows = [
        (name, number, str(column), f"{cell:.9g}" if isinstance(cell, float) else str(cell))
        for name, picture in answer.pictures.items()
        for number, cells in enumerate(picture.table.to_dict("records"))
        for column, cell in cells.items()
    ]
    rows += [("prediction", number, str(one.prediction), one.verdict) for number, one in enumerate(answer.checks)]
    return pd.DataFrame(rows, columns=["what", "row", "column", "value"])


def record_quick(experiment: Experiment, answer: Answer) -> None:
    """Write the numbers of a quick version beside the experiment."""
    _write(experiment.folder / QUICK, quick_numbers(answer).to_csv(index=False))


def write_answer(experiment: Experiment, answer: Answer, sweeps: Sweeps, folder: Path, *, quick: bool) -> Path:
    """Write an answer's files, in a folder ``answer`` of their own, and rewrite the README's section from them.

    Parameters
    ----------
    folder : the experiment's own, or another one, which gets a copy of its README.
    quick : whether it is the quick version.

    Returns
    -------
    The README.
    """
    beside = folder / ANSWER
    beside.mkdir(parents=True, exist_ok=True)
    design = next(iter(experiment.designs(quick=quick).values()))
    note = limit_notice(design.scenario)
    checks = pd.DataFrame([asdict(one) for one in answer.checks])
    about = {
        "sentence": answer.sentence,
        "pictures": {name: picture.words for name, picture in answer.pictures.items()},
        "command": f"ci-sim experiment {experiment.name}" + " --quick" * quick,
        "runs": sum(len(sweep.runs) for sweep in sweeps.values()),
        "seed": design.seed,
        "limits": note,
    }
    described = {"experiment": experiment.name, "seed": str(design.seed), "limits": note}
    for name, picture in answer.pictures.items():
        figures.save(picture.draw(note), beside / name, described)
        _write(beside / f"{name}.csv", picture.table.to_csv(index=False, float_format="%.6g"))
    _write(beside / "answer.csv", answer.table.to_csv(index=False))
    _write(beside / "predictions.csv", checks.to_csv(index=False))
    _write(beside / "answer.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    readme = folder / "README.md"
    _write(readme, rewritten(experiment.readme, section(beside), str(readme)))
    return readme


def write_index(known: Mapping[str, Experiment]) -> None:
    """Write the page beside the experiments that lists their answers."""
    answers = {
        name: (one.title, json.loads((one.folder / ANSWER / "answer.json").read_text(encoding="utf-8"))["sentence"])
        for name, one in known.items()
        if (one.folder / ANSWER / "answer.json").exists()
    }
    folder = next(iter(known.values())).folder.parent
    _write(folder / "README.md", index(answers))


def _write(path: Path, text: str) -> None:
    with replace_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
