"""The answer in a README: what stands between its markers, written from the answer's files and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ci_sim.complaints import Complaint, InputError

__all__ = ["ANSWER", "BEGIN", "END", "between", "index", "markdown", "rewritten", "section"]

ANSWER = "answer"
"""Folder, beside a README, of the files its section is written from."""
BEGIN, END = "<!-- answer:begin -->", "<!-- answer:end -->"


def section(folder: Path) -> str:
    """The section of a README, from answer.json, answer.csv and predictions.csv in a folder ``answer``."""
    about: Mapping[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    table, checks = (pd.read_csv(folder / name, keep_default_na=False) for name in ("answer.csv", "predictions.csv"))
    lines = [about["sentence"], "", "**What became of the predictions**", "", markdown(checks), ""]
    lines += ["**Numbers**", "", markdown(table), ""]
    for name, words in about["pictures"].items():
        lines += [
            f"![{words}]({ANSWER}/{name}.png)",
            "",
            f"*{words}* ([data]({ANSWER}/{name}.csv), [SVG]({ANSWER}/{name}.svg))",
            "",
        ]
    lines += [f"Made by `{about['command']}`: {about['runs']:,} runs, seed {about['seed']}.", "", about["limits"]]
    return "\n".join(lines)


def index(answers: Mapping[str, tuple[str, str]]) -> str:
    """The page that lists all experiments: title and answer by the name of their folder."""
    head = "# Experiments\n\nWritten by `ci-sim experiment`; `docs/experiments.md` says how they work.\n"
    parts = [f"## [{title}]({name}/README.md)\n\n{sentence}\n" for name, (title, sentence) in answers.items()]
    return "\n".join([head, *parts])


def markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, its cells as they are."""
    rows = [[str(cell).replace("|", "/") for cell in row] for row in [list(table.columns), *table.to_numpy().tolist()]]
    rule = "|" + "---|" * len(table.columns)
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, rule, *body])


def between(readme: str, source: str) -> str:
    """What stands between the markers of a README.

    Raises
    ------
    InputError : it has no markers.
    """
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        raise InputError(source, [Complaint("", "no place for the answer", f"{BEGIN} and {END}, once each")])
    return readme.split(BEGIN)[1].split(END, maxsplit=1)[0].strip("\n")


def rewritten(readme: str, answer: str, source: str) -> str:
    """A README with another answer between its markers, everything else as it was."""
    between(readme, source)
    return f"{readme.split(BEGIN, maxsplit=1)[0]}{BEGIN}\n{answer}\n{END}{readme.split(END)[1]}"
