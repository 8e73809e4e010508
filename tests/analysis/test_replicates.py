"""Advice on replications: textbook sample sizes, powers by simulation, and what a pilot says."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from ci_sim.analysis.power import (
    anova_power,
    paired_power,
    replications_for_anova,
    replications_for_difference,
    replications_for_half_width,
    spread_interval,
)
from ci_sim.analysis.replicates import analyse
from ci_sim.complaints import InputError

DESIGN = {"kind": "grid", "factors": [{"key": "problem.interdependence", "values": [0, 5, 9]}]}


def pilot(*spreads: float, replications: int = 30) -> pd.DataFrame:
    """Runs whose paired differences have exactly these standard deviations at point 0, 1, ..."""
    tables = []
    for point, spread in enumerate(spreads):
        world, luck = np.random.default_rng(point).normal(size=(2, replications))
        luck = spread * (luck - luck.mean()) / luck.std(ddof=1)
        for arm, outcome in (("isolated", world), ("collective_impact", world + 0.3 + luck)):
            about = {"point": point, "problem.interdependence": point, "arm": arm, "spend": 5.0}
            tables.append(pd.DataFrame({"replication": np.arange(replications), "outcome": outcome, **about}))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize(("effect", "pairs"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_pairs_of_the_textbook(effect: float, pairs: int) -> None:
    """Cohen (1988): power .80 at the two-sided .05 level."""
    assert replications_for_difference(effect, alpha=0.05, power=0.8) == pairs
    assert replications_for_difference(-effect, alpha=0.05, power=0.8) == pairs


@pytest.mark.parametrize(("effect", "groups", "size"), [(0.25, 4, 45), (0.1, 3, 323), (0.4, 3, 22), (0.25, 5, 40)])
def test_group_sizes_of_the_textbook(effect: float, groups: int, size: int) -> None:
    """Cohen (1988): power .80 at the .05 level."""
    assert replications_for_anova(effect, groups, alpha=0.05, power=0.8) == size


def test_power_is_how_often_the_test_rejects() -> None:
    rng = np.random.default_rng(0)
    for pairs, effect in ((10, 1.0), (20, 0.6)):
        samples = rng.normal(effect, 1, (8000, pairs))
        rejected = (ttest_1samp(samples, 0, axis=1).pvalue < 0.01).mean()
        assert paired_power(pairs, effect) == pytest.approx(rejected, abs=0.015)
    assert paired_power(50, 0.0) == pytest.approx(0.01)
    assert [anova_power(10, effect, 4) for effect in (0.0, 1e-6)] == pytest.approx([0.01, 0.01])


def test_two_groups_are_a_two_sided_test() -> None:
    samples = np.random.default_rng(1).normal(0, 1, (6000, 2, 15)) + np.array([0.5, -0.5])[:, None]
    means, variances = samples.mean(axis=2), samples.var(axis=2, ddof=1)
    ratio = 15 * (means[:, 0] - means[:, 1]) ** 2 / variances.sum(axis=1)
    critical = 7.636  # F(1, 28) at .01, from tables
    assert anova_power(15, 0.5, 2) == pytest.approx((ratio > critical).mean(), abs=0.02)


def test_the_fewest_is_enough_and_one_less_is_not() -> None:
    for effect in (0.1, 0.37, 2.0):
        fewest = replications_for_difference(effect)
        assert paired_power(fewest, effect) >= 0.95
        assert fewest == 2 or paired_power(fewest - 1, effect) < 0.95
    assert replications_for_anova(0.1, 100) < replications_for_anova(0.1, 2)
    assert replications_for_difference(1e-9) == 1_000_000_000, "the search ends"


def test_replications_for_a_half_width_by_hand() -> None:
    assert replications_for_half_width(1.0, 0.2) == 99, "1.9845 / sqrt(99) = 0.1995, 1.9847 / sqrt(98) = 0.2005"
    assert replications_for_half_width(0.0, 0.2) == 2
    assert spread_interval(1.0, 30)[1:] == pytest.approx((0.796, 1.344), abs=0.001)
    assert math.isnan(spread_interval(1.0, 1).low)


def test_the_advice_reaches_what_it_promises() -> None:
    precision, _ = analyse(pilot(0.05, 0.10, 0.02), DESIGN, half_width=0.01)
    table = precision.table
    assert list(table["spread"]) == pytest.approx([0.05, 0.10, 0.02])
    assert list(table["needed"]) == [replications_for_half_width(spread, 0.01) for spread in (0.05, 0.10, 0.02)]
    assert (table["needed_low"] <= table["needed"]).all()
    assert (table["needed"] <= table["needed_high"]).all()
    more = analyse(pilot(0.05, replications=int(table.loc[0, "needed"])), DESIGN)[0].table
    assert more.loc[0, "half_width"] <= 0.01
    assert "387 are needed at interdependence 1, where luck is largest of 3 points" in precision.sentence
    assert "the pilot reaches it at 1 of 3 points" in precision.sentence


def test_power_for_a_stated_effect() -> None:
    _, power = analyse(pilot(0.04, 0.08), DESIGN, effect=0.04)
    stated = power.table[power.table["size"] == "stated"].set_index("test")
    difference, variance = stated.loc["paired difference"], stated.loc["analysis of variance"]
    assert difference["standardised"] == pytest.approx(0.5), "at the point with the largest spread"
    assert difference["needed"] == replications_for_difference(0.5)
    pooled = math.sqrt((0.04**2 + 0.08**2) / 2)
    assert variance["standardised"] == pytest.approx(0.04 / pooled / 2)
    assert (power.table["alpha"] == 0.01).all()
    assert (power.table["power"] == 0.95).all()
    assert "Secchi & Seri (2017)" in power.sentence
    assert f"is found with {difference['needed']} replications (the pilot's 30 have power" in power.sentence


def test_one_arms_outcome_has_no_zero_to_be_tested_against() -> None:
    _, power = analyse(pilot(0.04, 0.08), DESIGN, reference=None)
    assert set(power.table["test"]) == {"analysis of variance"}
    _, none = analyse(pilot(0.04), DESIGN, reference=None)
    assert none.table.empty
    assert "no difference to test" in none.sentence


def test_where_luck_moves_nothing_one_is_enough() -> None:
    precision, power = analyse(pilot(0.04), DESIGN, outcome="spend")
    assert precision.sentence.endswith("luck does not move it, and one is enough.")
    assert power.table.loc[0, "needed"] == 2


def test_bad_wishes_are_told() -> None:
    with pytest.raises(InputError, match="half_width: found 0; allowed: a number above 0"):
        analyse(pilot(0.04), DESIGN, half_width=0.0)
    with pytest.raises(InputError, match="effect: found nan"):
        analyse(pilot(0.04), DESIGN, effect=math.nan)
    with pytest.raises(InputError, match="no point with two values of outcome"):
        analyse(pilot(0.04).query("replication == 0"), DESIGN)
