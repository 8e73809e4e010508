"""The page says what the tables say, the tables say what the code computes, and every published figure is on it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.intervals import Interval, mean_interval
from experiments.literature import closed_forms, kauffman, lazer_friedman, levinthal
from experiments.literature.__main__ import PAGE, RESULTS, drawn
from experiments.literature.landscapes import random_partners
from experiments.literature.page import PICTURES, render
from experiments.literature.rows import Published, Row, read_rows, row, write_rows

pytestmark = pytest.mark.slow

ROWS = read_rows(RESULTS / "rows.csv")


def one(paper: str, quantity: str, reading: str = "") -> Row:
    found = [row for row in ROWS if (row.paper, row.quantity, row.reading) == (paper, quantity, reading)]
    assert len(found) == 1
    return found[0]


def assert_says(row: Row, interval: Interval, worlds: int) -> None:
    assert row.worlds == worlds
    assert (row.estimate, row.low, row.high) == pytest.approx(interval, abs=2e-6)


def test_the_page_is_rendered_from_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(ROWS), "python -m experiments.literature --page"


def test_every_published_figure_is_on_the_page_and_reproduced() -> None:
    standing = [row for row in ROWS if not row.reading]
    counts = {paper: sum(row.paper == paper for row in standing) for paper in dict.fromkeys(r.paper for r in ROWS)}
    assert counts == {
        closed_forms.PAPER: 7 * len(closed_forms.SIZES),
        kauffman.PAPER: len(kauffman.PUBLISHED),
        lazer_friedman.PAPER: len(lazer_friedman.PUBLISHED) + 3,
        levinthal.PAPER: len(levinthal.PUBLISHED) + 1,
    }
    assert all(row.reproduced for row in standing)
    assert f"All {len(standing)} figures are reproduced." in PAGE.read_text(encoding="utf-8")


def test_rows_computed_anew_are_the_rows_of_the_table() -> None:
    heights = kauffman.local_optima(16, 8, 200)
    assert_says(one(kauffman.PAPER, "N = 16, K = 8"), mean_interval(heights), 200)
    optima, _, correlation, _ = closed_forms.measured(8, 7, closed_forms.BATCHES[8])
    assert_says(one(closed_forms.PAPER, "N = 8, K = 7: local optima"), mean_interval(optima), len(optima))
    assert_says(one(closed_forms.PAPER, "N = 8, K = 7: one-flip correlation"), mean_interval(correlation), len(optima))
    forms = levinthal.forms(random_partners, levinthal.ONE, 1, 1000)[:, -1]
    assert_says(one(levinthal.PAPER, "K = 1: forms at the end", "partners at random"), mean_interval(forms), 1000)


def test_shares_and_scores_follow_from_the_stored_worlds() -> None:
    ends = pd.read_csv(RESULTS / "end-scores.csv")
    for name in lazer_friedman.PUBLISHED:
        won = lazer_friedman.wins(ends[[name]].to_numpy(), ends[["full"]].to_numpy())
        assert_says(one(lazer_friedman.PAPER, f"{name} over full, of 1,000"), won, 1000)
    for name in lazer_friedman.LONG_RUN:
        stored = one(lazer_friedman.PAPER, f"long-run score, {name}")
        assert mean_interval(ends[name].to_numpy()) == pytest.approx(stored[-3:], abs=1e-4)


def test_the_courses_end_where_the_rows_say() -> None:
    rounds = pd.read_csv(RESULTS / "literature-networks.csv")
    full, line = (rounds[name].to_numpy() for name in ("full", "line"))
    assert line[-1] == pytest.approx(one(lazer_friedman.PAPER, "long-run score, line").estimate, abs=1e-4)
    overtakes = int(one(lazer_friedman.PAPER, "line overtakes full, round").estimate)
    assert (line[overtakes:] > full[overtakes:]).all() and line[overtakes - 1] <= full[overtakes - 1]
    periods = pd.read_csv(RESULTS / "literature-forms.csv")
    for k in levinthal.PUBLISHED:
        assert periods[f"K = {k}"].iloc[-1] == pytest.approx(
            one(levinthal.PAPER, f"K = {k}: forms at the end").estimate, abs=1e-3
        )


def test_figures_show_the_rows_and_stand_beside_the_page() -> None:
    figures = drawn(ROWS)
    for paper, (name, _) in PICTURES.items():
        figure = figures[paper]
        figure.draw_without_rendering()
        shown = np.concatenate([line.get_xydata() for axes in figure.axes for line in axes.get_lines()])
        assert np.isfinite(shown.astype(float)).all()
        for kind in ("png", "svg"):
            assert (PAGE.parent / f"{name}.{kind}").stat().st_size > 5000
    right = figures[lazer_friedman.PAPER].axes[1]
    dots = [line.get_xdata()[0] for line in right.get_lines() if line.get_marker() == "o"]
    assert dots == pytest.approx(
        [one(lazer_friedman.PAPER, f"{name} over full, of 1,000").estimate for name in lazer_friedman.PUBLISHED]
    )


def test_readings_give_what_the_text_says_of_them() -> None:
    def missed(paper: str, reading: str) -> set[str]:
        return {row.quantity for row in ROWS if (row.paper, row.reading) == (paper, reading) and not row.reproduced}

    networks = lazer_friedman.PAPER
    assert missed(networks, "K different partners") >= {"long-run score, full", "long-run score, line"}
    for lattice in ("lattice: ring of six neighbours", "lattice: square, edges joined"):
        assert missed(networks, lattice) == {"lattice over full, of 1,000"}
    assert not missed(networks, "small world: 5 % rewired")
    for reading in ("and a long jump where no change pays", "and selection"):
        far = one(levinthal.PAPER, "K = 5: forms at the end", reading)
        assert far.high < far.published_low / 2


def test_what_is_missed_is_said() -> None:
    good = row(kauffman.PAPER, "N = 1", 10, Published(0.5, 0.5, 0.1, 2), Interval(0.55, 0.4, 0.7))
    bad = row(kauffman.PAPER, "N = 2", 10, Published(1, 2, 0.1, 1), Interval(2.3, 2.05, 2.5))
    page = render([good, bad])
    assert good.reproduced and good.in_reach
    assert not bad.reproduced and bad.in_reach
    assert "1 of 2 figures are reproduced. Not: N = 2 (2.3 instead of 1 to 2)." in page
    assert "| N = 2 | 1 to 2 | 0.1 | 2.3 | 2.0 to 2.5 | 10 | no |" in page
    other = bad._replace(reading="another reading")
    assert "| another reading | 10 | 2.3 * |" in render([good, bad, other])


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [*ROWS[:3], ROWS[0]._replace(reading="never, or so", estimate=math.nan, low=math.nan, high=math.nan)]
    write_rows(rows, tmp_path / "rows.csv")
    back = read_rows(tmp_path / "rows.csv")
    assert back[:3] == rows[:3]
    assert back[3].reading == "never, or so" and math.isnan(back[3].estimate) and not back[3].reproduced
