"""The page docs/literature.md, from the rows: every number and every sentence about results is computed."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from itertools import groupby

from experiments.literature import closed_forms, kauffman, lazer_friedman, levinthal
from experiments.literature.rows import Row

__all__ = ["PICTURES", "render"]

PAPERS = (closed_forms, kauffman, lazer_friedman, levinthal)
PICTURES = {
    kauffman.PAPER: ("literature-optima", "Performance of local optima against K, here and as published."),
    lazer_friedman.PAPER: ("literature-networks", "Scores of five networks over rounds, and worlds won."),
    levinthal.PAPER: ("literature-forms", "Different organizational forms over periods for K = 0, 1 and 5."),
}
"""File and description of each paper's figure."""
INTRODUCTION = """\
# Published results on this kernel's landscape

The landscape that Collective Impact is simulated on is an NK landscape. Whether this kernel's is the one the
literature speaks of can be tested: what others published about theirs must come out on this one. Nothing of the
initiative is in here, no organizations with mandates, no conditions; and nothing here says that the model of
Collective Impact is right.

`python -m experiments.literature` computes everything anew, with the same numbers each time, and writes this page,
its figures and the tables in `experiments/literature/results/`. Intervals are 95 %. A figure counts as reproduced
if ours is within the tolerance of the published one, or of its range.
"""


def render(rows: Sequence[Row]) -> str:
    """The page in Markdown."""
    standing = [row for row in rows if not row.reading]
    parts = [INTRODUCTION, f"{_verdict(standing)}\n"]
    for paper in PAPERS:
        here = [row for row in rows if row.paper == paper.PAPER]
        main = [row for row in here if not row.reading]
        title, *paragraphs = (inspect.getdoc(paper) or "").split("\n\n")
        parts += [
            f"## {title}\n",
            *(f"{paragraph.strip()}\n" for paragraph in paragraphs),
            _table(main),
            _verdict(main) + "\n",
        ]
        if len(main) < len(here):
            parts.append(_readings([row for row in here if row.reading], main))
        if paper.PAPER in PICTURES:
            name, words = PICTURES[paper.PAPER]
            parts.append(f"![{words}]({name}.png)\n")
    return "\n".join(parts).rstrip() + "\n"


def _verdict(rows: Sequence[Row]) -> str:
    """How many figures came out, and which did not."""
    missed = [
        f"{row.quantity} ({_number(row.estimate, row)} instead of {_published(row)})"
        for row in rows
        if not row.reproduced
    ]
    if not missed:
        return f"All {len(rows)} figures are reproduced."
    return f"{len(rows) - len(missed)} of {len(rows)} figures are reproduced. Not: {'; '.join(missed)}."


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "| figure | published | tolerance | ours | 95 % interval | landscapes | reproduced |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        interval = f"{_number(row.low, row)} to {_number(row.high, row)}"
        tolerance = f"{round(row.tolerance, row.decimals):g}"
        cells = (row.quantity, _published(row), tolerance, _number(row.estimate, row), interval, f"{row.worlds:,}")
        lines.append(f"| {' | '.join(cells)} | {'yes' if row.reproduced else 'no'} |")
    return "\n".join(lines) + "\n"


def _readings(rows: Sequence[Row], main: Sequence[Row]) -> str:
    """What other readings of the rules give: a line per reading, a column per figure."""
    quantities = [row.quantity for row in main if any(other.quantity == row.quantity for other in rows)]
    known = {row.quantity: _published(row) for row in main}
    lines = [
        "Other readings; a star: outside the tolerance (intervals: `experiments/literature/results/rows.csv`).\n",
        f"| reading | landscapes | {' | '.join(quantities)} |",
        "|---" * (len(quantities) + 2) + "|",
        f"| *published* | | {' | '.join(known[quantity] for quantity in quantities)} |",
    ]
    for reading, group in groupby(rows, key=lambda row: row.reading):
        found = {row.quantity: row for row in group}
        cells = [_starred(found[quantity]) if quantity in found else "" for quantity in quantities]
        lines.append(f"| {reading} | {next(iter(found.values())).worlds:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _published(row: Row) -> str:
    """As printed, without noughts that nobody published."""
    low, high = (f"{round(value, row.decimals):,g}" for value in (row.published_low, row.published_high))
    return low if low == high else f"{low} to {high}"


def _number(value: float, row: Row) -> str:
    return f"{value:z,.{row.decimals}f}"


def _starred(row: Row) -> str:
    return _number(row.estimate, row) + ("" if row.reproduced else " *")
