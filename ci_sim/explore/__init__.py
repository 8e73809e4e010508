"""The standing questions of a foundation, a backbone or a city, answered for a scenario in one go.

A file of ``questions`` holds one: its text, the studies it needs, and the answer from their runs. ``running`` runs the
studies of all together, so that what is finished is kept; ``export`` writes sentences, tables and figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.explore.export import Answered, claim, write_answers
from ci_sim.explore.question import Asked, NotAskedError, Question, Study
from ci_sim.explore.questions import standing_questions
from ci_sim.explore.running import Progress, run_studies
from ci_sim.sweep.design import Design

__all__ = ["Exploration", "choose_questions", "default_folder", "explore"]

WORLDS = "worlds"
"""Folder of the studies."""


@dataclass(frozen=True)
class Exploration:
    """What was asked and answered.

    Attributes
    ----------
    failed : worlds that could not be run.
    """

    folder: Path
    answered: list[Answered]
    failed: int


def choose_questions(names: Sequence[str] = ()) -> list[Question]:
    """The questions of these names, in their usual order; all where none are named.

    Raises
    ------
    InputError : an unknown name.
    """
    known = standing_questions()
    unknown = [name for name in names if name not in known]
    if unknown:
        complaints = [Complaint("", f"no question {n!r}", ", ".join(known), nearest(n, known)) for n in unknown]
        raise InputError("--questions", complaints)
    return [question for name, question in known.items() if not names or name in names]


def default_folder(asked: Asked) -> Path:
    """Folder where none is named: the same for the same scenario and seed, so that it is continued, not repeated."""
    told = json.dumps([asked.case.hash, asked.seed, version("ci_sim")])
    return Path("results") / f"explore-{asked.case.name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def explore(
    asked: Asked,
    questions: Sequence[Question],
    folder: Path | None = None,
    *,
    workers: int | None = None,
    progress: Progress = lambda _done, _failed, _of: None,
) -> Exploration:
    """Run what is not yet done, answer the questions, and write sentences, tables and figures.

    Parameters
    ----------
    folder : an empty one, a new one, or one with answers for the same scenario and seed, which is continued.
    workers : processes; None lets the size of the work decide.
    progress : called with worlds done, of them failed, and wanted.

    Raises
    ------
    InputError : the folder cannot be used.
    OSError : writing failed midway (a full disk); what is finished is kept.
    """
    started = datetime.now(UTC)
    folder = folder or default_folder(asked)
    claim(folder, asked)
    needed, reasons = _studies(asked, questions)
    designs = {name: design for studies in needed.values() for name, design in studies.items()}
    studies, digest = run_studies(designs, folder / WORLDS, workers, progress)
    answered = [
        _answer(asked, question, {name: studies[name] for name in needed.get(question.name, {})}, reasons)
        for question in questions
    ]
    write_answers(folder, asked, answered, started, digest)
    return Exploration(folder, answered, sum(study.failed for study in studies.values()))


def _studies(asked: Asked, questions: Sequence[Question]) -> tuple[dict[str, dict[str, Design]], dict[str, str]]:
    """The designs that each question needs; and why one means nothing here."""
    needed, reasons = {}, {}
    for question in questions:
        try:
            needed[question.name] = dict(question.studies(asked))
        except NotAskedError as error:
            reasons[question.name] = str(error)
    return needed, reasons


def _answer(asked: Asked, question: Question, studies: dict[str, Study], reasons: dict[str, str]) -> Answered:
    if question.name in reasons:
        return Answered(question, [], [], reasons[question.name])
    lost = [name for name, study in studies.items() if study.failed == study.design.n_units]
    if lost:
        return Answered(question, list(studies.values()), [], f"no world of {', '.join(lost)} could be run")
    return Answered(question, list(studies.values()), question.answer(asked, studies))
