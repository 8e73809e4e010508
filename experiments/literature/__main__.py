"""Reproduce everything and write page, figures and tables; ``--page`` renders the page from the tables there are.

Usage: python -m experiments.literature [--page]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ci_sim.figures import save
from ci_sim.sweep.store import replace_file
from experiments.literature import closed_forms, drawings, kauffman, lazer_friedman, levinthal
from experiments.literature.landscapes import SEED
from experiments.literature.page import PICTURES, render
from experiments.literature.rows import read_rows, write_rows

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "literature.md"
RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Run the papers one after the other, then write."""
    if "--page" not in sys.argv:
        reproduce()
    with replace_file(PAGE) as temporary:
        temporary.write_text(render(read_rows(RESULTS / "rows.csv")), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def reproduce() -> None:
    """All rows, the scores behind Table B.1, and the figures with their data."""
    RESULTS.mkdir(exist_ok=True)
    rows = list(closed_forms.rows())
    print(f"{closed_forms.PAPER}: {len(rows)} rows", flush=True)
    heights = list(kauffman.rows())
    print(f"{kauffman.PAPER}: {len(heights)} rows", flush=True)
    forms, courses = levinthal.rows()
    print(f"{levinthal.PAPER}: {len(forms)} rows", flush=True)
    races, scores = lazer_friedman.rows()
    print(f"{lazer_friedman.PAPER}: {len(races)} rows", flush=True)
    write_rows([*rows, *heights, *races, *forms], RESULTS / "rows.csv")
    ends = pd.DataFrame({name: values[:, -1] for name, values in scores.items()}).rename_axis("world")
    write(ends.reset_index(), "end-scores", digits=4)
    periods = drawings.course_of("period", {f"K = {k}": values for k, values in courses.items()})
    rounds = drawings.course_of("round", scores)
    write(periods, PICTURES[levinthal.PAPER][0], digits=3)
    write(rounds, PICTURES[lazer_friedman.PAPER][0], digits=4)
    draw(drawings.optima(heights), PICTURES[kauffman.PAPER][0])
    draw(drawings.networks(races, rounds), PICTURES[lazer_friedman.PAPER][0])
    draw(drawings.forms(forms[: 1 + len(courses)], periods), PICTURES[levinthal.PAPER][0])


def write(table: pd.DataFrame, name: str, digits: int) -> None:
    """A table into the folder of results."""
    with replace_file(RESULTS / f"{name}.csv") as temporary:
        table.round(digits).to_csv(temporary, index=False, lineterminator="\n")


def draw(figure: Figure, name: str) -> None:
    """A figure beside the page."""
    save(figure, PAGE.parent / name, {"Seed": str(SEED), "Made by": "python -m experiments.literature"})


if __name__ == "__main__":
    main()
