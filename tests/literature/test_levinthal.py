"""Organizational forms under local adaptation: as many as published; and each rule does what it says."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.analysis.intervals import mean_interval
from experiments.literature.landscapes import neighbours, random_partners
from experiments.literature.levinthal import BEST, JUMP, ONE, PUBLISHED, SELECTION, START, forms, live

pytestmark = pytest.mark.slow

TABLE = np.random.default_rng(1).random(1024)


@pytest.mark.parametrize("k", PUBLISHED)
def test_as_many_forms_are_left_as_published(k: int) -> None:
    course = forms(neighbours, ONE, k, 300)
    found, published = mean_interval(course[:, -1]), PUBLISHED[k]
    assert found.low <= published.high + published.tolerance
    assert found.high >= published.low - published.tolerance
    start = mean_interval(course[:, 0])
    assert start.low - START.tolerance <= 1024 * (1 - (1 - 1 / 1024) ** 100) <= start.high + START.tolerance
    assert (np.diff(course[:, 50:].mean(axis=0)) <= 0.05).all(), "forms vanish and hardly any appear"


def test_jumps_and_selection_leave_fewer_forms_than_published() -> None:
    for rule in (JUMP, SELECTION):
        found = mean_interval(forms(neighbours, rule, 5, 50)[:, -1])
        assert found.high < PUBLISHED[5].low


def test_partners_at_random_leave_fewer_forms_than_neighbours() -> None:
    paired = forms(neighbours, ONE, 5, 300)[:, -1] - forms(random_partners, ONE, 5, 300)[:, -1]
    assert mean_interval(paired).low > 0


@pytest.mark.parametrize("rule", [ONE, BEST, JUMP])
def test_no_organization_ever_gets_worse_by_adapting(rule: int) -> None:
    generator = np.random.default_rng(2)
    before = generator.integers(0, 1024, 100)
    draws = generator.random((4, 100))
    after = before.copy()
    live(after, TABLE, rule, draws)
    assert (TABLE[after] >= TABLE[before]).all()
    assert (after != before).any()
    looked_at = before ^ 1 << (10 * draws[0]).astype(int)
    changed = after != before
    if rule == ONE:
        assert (after == np.where(TABLE[looked_at] > TABLE[before], looked_at, before)).all()
    if rule == BEST:
        around = TABLE[before[:, None] ^ 1 << np.arange(10)]
        assert TABLE[after] == pytest.approx(np.maximum(TABLE[before], around.max(axis=1)))
    if rule == JUMP:
        anywhere = (1024 * draws[1]).astype(int)
        pays = TABLE[looked_at] > TABLE[before]
        assert (after[pays] == looked_at[pays]).all()
        assert (after[changed & ~pays] == anywhere[changed & ~pays]).all()


def test_selection_replaces_by_survivors_only() -> None:
    peak = np.zeros(1024)
    peak[:2] = 1.0, 0.5  # the first form survives for certain, the second half of the time, all others never
    before = np.repeat([0, 1, 700], [30, 20, 50])
    draws = np.random.default_rng(3).random((4, 100))
    draws[0] = 0.95  # the last attribute, whose change never pays
    after = before.copy()
    live(after, peak, SELECTION, draws)
    assert set(after.tolist()) == {0, 1}
    assert (after[:30] == 0).all()
    stays = draws[2, 30:50] < 0.5
    assert (after[30:50][stays] == 1).all()
    # survivors are drawn in proportion to performance
    weights = np.concatenate([np.ones(30), 0.5 * stays]).cumsum()
    parents = np.searchsorted(weights, draws[3, 50:] * weights[-1])
    assert (after[50:] == before[parents]).all()
