"""The folder of an exploration: README, a table and a figure for each answer, manifest."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ci_sim import figures
from ci_sim.complaints import Complaint, InputError
from ci_sim.explore.question import Answer, Asked, Question, Study
from ci_sim.provenance import manifest
from ci_sim.sweep.folder import cannot_write, replace_file

__all__ = ["SILENT", "Answered", "claim", "write_answers"]

CLAIM = "explore.json"
ALLOWED = "an empty folder, a new one, or one with answers for the same scenario and seed"
SILENT = "Nothing that can be told from chance."


@dataclass(frozen=True)
class Answered:
    """A question with its answers.

    Attributes
    ----------
    studies : what was run for it.
    not_asked : why there is no answer; empty where there is one.
    """

    question: Question
    studies: list[Study]
    answers: list[Answer]
    not_asked: str = ""

    @property
    def sentences(self) -> list[str]:
        """One for each answer; or why there is none."""
        if self.not_asked:
            return [f"Not asked: {self.not_asked}."]
        return [answer.finding.sentence or SILENT for answer in self.answers]


def claim(folder: Path, asked: Asked) -> None:
    """Make a folder this exploration's.

    Raises
    ------
    InputError : it cannot be written, or holds something else, which is left as it is.
    """
    mine = {"scenario": asked.case.hash, "seed": asked.seed}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / CLAIM).is_file():
            found = json.loads((folder / CLAIM).read_text(encoding="utf-8"))
            if found != mine:
                complaint = Complaint(str(folder), "answers for another scenario or seed in it", ALLOWED)
                raise InputError("--out", [complaint])
        elif any(not path.name.startswith(".") for path in folder.iterdir()):
            raise InputError("--out", [Complaint(str(folder), "other files in it", ALLOWED)])
        else:
            with replace_file(folder / CLAIM) as temporary:
                temporary.write_text(json.dumps(mine), encoding="utf-8")
    except ValueError:
        raise InputError("--out", [Complaint(str(folder / CLAIM), "a damaged file", ALLOWED)]) from None
    except OSError as error:
        raise cannot_write(folder, error) from None


def write_answers(folder: Path, asked: Asked, answered: Sequence[Answered], started: datetime, digest: str) -> None:
    """Write all that was answered.

    Parameters
    ----------
    digest : of the results it rests on.
    """
    studies = {one.folder.name: one.design.hash for each in answered for one in each.studies}
    design = {
        "kind": "explore",
        "scenario": asked.case.model_dump(mode="json"),
        "questions": [one.question.name for one in answered],
        "studies": studies,
        "seed": asked.seed,
    }
    joined = hashlib.sha256(digest.encode()).hexdigest()
    about = manifest(design, asked.case, asked.replications, started, joined)
    described = {
        "scenario": f"{asked.case.name} {asked.case.hash}",
        "seed": str(asked.seed),
        "ci_sim": about["versions"]["ci_sim"],
    }
    for one in answered:
        for answer in one.answers:
            finding = answer.finding
            figures.save(answer.figure, folder / finding.name, described)
            with replace_file(folder / f"{finding.name}.csv") as temporary:
                finding.table.to_csv(temporary, index=False)
    about["sentences"] = {one.question.name: one.sentences for one in answered}
    readme = "\n".join(_readme(asked, answered, about["command"]))
    for name, text in (("README.md", readme), ("manifest.json", json.dumps(about, indent=1))):
        with replace_file(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _readme(asked: Asked, answered: Sequence[Answered], command: Sequence[str]) -> Iterator[str]:
    case = asked.case
    yield f"# {case.title or case.name}: the standing questions\n"
    yield f"{asked.note}\n"
    yield (
        f"Made by `{shlex.join(command)}`; `manifest.json` has seeds and versions, `worlds/` the runs of every study "
        "with their designs, and lets the same command go on from here. Points are of 100: 0 is what chance gives, 100 "
        "the best achievable. Brackets hold 95 % intervals, of paired differences in the same worlds where two things "
        "are compared. Money is in thousands.\n"
    )
    for one in answered:
        yield f"## {one.question.text}\n"
        if one.not_asked:
            yield f"{one.sentences[0]}\n"
        for answer in one.answers:
            finding, said = answer.finding, answer.finding.sentence or SILENT
            yield f"{said}\n"
            yield f"![{finding.title}]({finding.name}.png)\n"
            yield f"Table: [{finding.name}.csv]({finding.name}.csv); figure also as [SVG]({finding.name}.svg).\n"
        if one.studies:
            yield f"How: {one.question.how}\n"
            for study in one.studies:
                yield f"- `worlds/{study.folder.name}`: {study.in_words}."
            yield ""
