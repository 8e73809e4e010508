"""Organizational forms under local adaptation: as many as published; and each rule does what it says."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.analysis.intervals import mean_interval
from experiments.literature.landscapes import neighbours, random_partners
from experiments.literature.levinthal import PUBLISHED, START, forms, lived_through

pytestmark = pytest.mark.slow

TABLE = np.random.default_rng(1).random(1024)


@pytest.mark.parametrize("k", PUBLISHED)
def test_as_many_forms_are_left_as_published(k: int) -> None:
    course = forms(neighbours, "one", k, 150)
    found, published = mean_interval(course[:, -1]), PUBLISHED[k]
    assert found.low <= published.high + published.tolerance
    assert found.high >= published.low - published.tolerance
    start = mean_interval(course[:, 0])
    assert start.low - START.tolerance <= 1024 * (1 - (1 - 1 / 1024) ** 100) <= start.high + START.tolerance
    assert (np.diff(course[:, 50:].mean(axis=0)) <= 0.05).all(), "forms vanish and hardly any appear"


def test_jumps_and_selection_leave_fewer_forms_than_published() -> None:
    for rule in ("jump", "selection"):
        found = mean_interval(forms(neighbours, rule, 5, 30)[:, -1])
        assert found.high < PUBLISHED[5].low


def test_partners_at_random_leave_fewer_forms_than_neighbours() -> None:
    paired = forms(neighbours, "one", 5, 150)[:, -1] - forms(random_partners, "one", 5, 150)[:, -1]
    assert mean_interval(paired).low > 0


@pytest.mark.parametrize("rule", ["one", "best", "jump"])
def test_no_organization_ever_gets_worse_by_adapting(rule: str) -> None:
    generator = np.random.default_rng(2)
    before = generator.integers(0, 1024, 100)
    after = lived_through(before, TABLE, rule, generator)
    assert (TABLE[after] >= TABLE[before]).all()
    assert (after != before).any()
    if rule != "jump":
        assert set(np.bitwise_count(after ^ before).tolist()) == {0, 1}


def test_selection_replaces_by_survivors_only() -> None:
    generator = np.random.default_rng(3)
    peak = np.zeros(1024)
    peak[:2] = 1.0  # two forms survive for certain, all others never
    before = np.repeat([0, 1, 700], [30, 20, 50])
    after = lived_through(before, peak, "selection", generator)
    assert set(after.tolist()) == {0, 1}
    assert (after[:50] == before[:50]).all()
