"""Reproduce everything and write tables, figures and page; ``--page`` makes figures and page from the tables there are.

Usage: python -m experiments.literature [--page]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ci_sim.figures import save
from ci_sim.sweep.store import replace_file
from experiments.literature import closed_forms, drawings, kauffman, lazer_friedman, levinthal
from experiments.literature.landscapes import SEED, Floats
from experiments.literature.page import PICTURES, render
from experiments.literature.rows import Row, read_rows, write_rows

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "literature.md"
RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Tables first, then all that is made from them."""
    if "--page" not in sys.argv:
        reproduce()
    rows = read_rows(RESULTS / "rows.csv")
    illustrate(rows)
    with replace_file(PAGE) as temporary:
        temporary.write_text(render(rows), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def reproduce() -> None:
    """Run the papers one after the other: all rows, the scores behind Table B.1, the courses behind the figures."""
    RESULTS.mkdir(exist_ok=True)
    known = _announced(closed_forms.PAPER, list(closed_forms.rows()))
    heights = _announced(kauffman.PAPER, list(kauffman.rows()))
    forms, courses = levinthal.rows()
    _announced(levinthal.PAPER, forms)
    races, scores = lazer_friedman.rows()
    _announced(lazer_friedman.PAPER, races)
    write_rows([*known, *heights, *races, *forms], RESULTS / "rows.csv")
    ends = pd.DataFrame({name: values[:, -1] for name, values in scores.items()}).rename_axis("world").reset_index()
    periods = course_of("period", {f"K = {k}": values for k, values in courses.items()})
    for table, name in (
        (ends, "end-scores"),
        (course_of("round", scores), PICTURES[lazer_friedman.PAPER][0]),
        (periods, PICTURES[levinthal.PAPER][0]),
    ):
        with replace_file(RESULTS / f"{name}.csv") as temporary:
            table.round(4).to_csv(temporary, index=False, lineterminator="\n")


def _announced(paper: str, rows: list[Row]) -> list[Row]:
    print(f"{paper}: {len(rows)} figures", flush=True)
    return rows


def illustrate(rows: Sequence[Row]) -> None:
    """Draw the figures beside the page, from the tables."""
    for paper, figure in drawn(rows).items():
        save(
            figure, PAGE.parent / PICTURES[paper][0], {"Seed": str(SEED), "Made by": "python -m experiments.literature"}
        )


def drawn(rows: Sequence[Row]) -> dict[str, Figure]:
    """The figure of every paper that has one."""
    standing = {paper: [row for row in rows if row.paper == paper and not row.reading] for paper in PICTURES}
    rounds, periods = (
        pd.read_csv(RESULTS / f"{PICTURES[paper][0]}.csv") for paper in (lazer_friedman.PAPER, levinthal.PAPER)
    )
    return {
        kauffman.PAPER: drawings.optima(standing[kauffman.PAPER]),
        lazer_friedman.PAPER: drawings.networks(standing[lazer_friedman.PAPER], rounds),
        levinthal.PAPER: drawings.forms(standing[levinthal.PAPER], periods),
    }


def course_of(step: str, courses: Mapping[str, Floats]) -> pd.DataFrame:
    """Mean course of every line of a figure, a row per step."""
    table = pd.DataFrame({line: values.mean(axis=0) for line, values in courses.items()})
    return table.rename_axis(step).reset_index()


if __name__ == "__main__":
    main()
