"""Closed forms at the page's four sizes, and the survey of a landscape against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.streams import Streams
from experiments.literature.closed_forms import SIZES, measured, rows, survey
from experiments.literature.landscapes import SEED, built, random_partners

pytestmark = pytest.mark.slow


def test_what_theory_says_comes_out_at_every_size() -> None:
    found = list(rows(share=0.2))
    assert len(found) == 7 * len(SIZES)
    for row in found:
        # four standard errors, where the page's 95 % interval is two
        assert abs(row.estimate - row.published_low) <= 2 * (row.high - row.low) / 2, row


def test_a_technical_problem_has_one_optimum_without_exception() -> None:
    assert (measured(10, 0, 5)[0] == 1).all()


def test_the_survey_counts_as_numpy_does() -> None:
    streams = Streams(SEED, 7)
    landscape = built(streams, random_partners(streams, 8, 3), communities=3)
    found = np.zeros((4, 3))
    survey(landscape, found)
    table = landscape.performance.T
    around = np.stack([table[:, np.arange(256) ^ 1 << lever] for lever in range(8)])
    assert found[0].tolist() == (table > around).all(axis=0).sum(axis=1).tolist()
    assert found[2] == pytest.approx(12 * 8 * ((around - 0.5) * (table - 0.5)).mean(axis=(0, 2)))
    assert found[3] == pytest.approx(12 * 8 * ((table - 0.5) ** 2).mean(axis=1))
