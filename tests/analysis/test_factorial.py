"""The factorial of the five conditions: effects known beforehand, Shapley's axioms, and a factorial of the model."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.contrasts import CODINGS, SUBSETS, contrasts, shapley_weights, terms
from ci_sim.analysis.factorial import additivity, analyse, effects, holm, shapley_values
from ci_sim.arms import condition_subsets
from ci_sim.complaints import InputError
from ci_sim.outcomes import derive
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.simulate import simulate_arms

ON = np.array([[arm >> n & 1 for n in range(5)] for arm in range(32)], float)
"""Which conditions are on, (32, 5)."""
DESIGN = {"kind": "factorial", "factors": [{"key": "problem.interdependence", "values": [0, 5]}]}


def known(worlds: int = 20, noise: float = 0.0) -> np.ndarray:
    """Agenda adds .10, backbone takes .05, both together add .08 more; worlds differ by far more. (worlds, 32)."""
    rng = np.random.default_rng(1)
    truth = 0.1 * ON[:, 0] - 0.05 * ON[:, 4] + 0.08 * ON[:, 0] * ON[:, 4]
    return rng.normal(0.4, 0.3, (worlds, 1)) + truth + noise * rng.normal(size=(worlds, 32))


def runs(values: np.ndarray, point: int = 0) -> pd.DataFrame:
    worlds = np.arange(len(values))
    tables = [
        pd.DataFrame({"point": point, "arm": arm, "replication": worlds, "problem.interdependence": 5 * point,
                      "outcome": values[:, n]})
        for n, arm in enumerate(SUBSETS)
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def effect(table: pd.DataFrame, coding: str, term: str) -> float:
    return float(table.set_index(["coding", "term"]).loc[(coding, term), "effect"])


def test_effects_known_beforehand_come_out() -> None:
    table = effects(known())
    expected = {
        ("contrast", "common_agenda"): 0.1 + 0.08 / 2,
        ("contrast", "backbone"): -0.05 + 0.08 / 2,
        ("contrast", "common_agenda:backbone"): 0.08 / 2,
        ("alone", "common_agenda"): 0.1,
        ("alone", "backbone"): -0.05,
        ("alone", "common_agenda:backbone"): 0.08,
        ("last", "common_agenda"): 0.18,
        ("last", "backbone"): 0.03,
        ("last", "common_agenda:backbone"): 0.08,
    }
    for (coding, term), value in expected.items():
        assert effect(table, coding, term) == pytest.approx(value), (coding, term)
    others = table[~table["term"].isin(["common_agenda", "backbone", "common_agenda:backbone"])]
    assert others["effect"].abs().max() < 1e-12
    assert not others["clear"].any()
    assert len(table) == 3 * 31
    assert list(table["order"].value_counts().sort_index() / 3) == [5, 10, 10, 5, 1]


def test_the_luck_of_worlds_cancels_but_that_of_runs_widens_intervals() -> None:
    quiet, noisy = effects(known()), effects(known(noise=0.05))
    width = noisy["effect_high"] - noisy["effect_low"]
    assert (quiet["effect_high"] - quiet["effect_low"]).max() < 1e-12
    standard_error = 0.05 * np.sqrt(32) / 16 / np.sqrt(20)
    contrast = width[noisy["coding"] == "contrast"]
    assert contrast.mean() == pytest.approx(2 * 2.093 * standard_error, rel=0.1)


def test_contrasts_are_those_of_yates() -> None:
    weights = contrasts("contrast")
    np.testing.assert_allclose(weights @ weights.T, np.eye(31) * 32 / 16**2, atol=1e-15)
    np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-15)
    signs = 2 * ON - 1
    for row, term in zip(weights, terms(), strict=True):
        np.testing.assert_allclose(row, signs[:, list(term)].prod(axis=1) / 16)


def test_the_whole_is_the_sum_of_its_dividends() -> None:
    values = np.random.default_rng(3).normal(size=32)
    assert (contrasts("alone") @ values).sum() == pytest.approx(values[31] - values[0])


def test_holm_allows_for_the_number_of_looks() -> None:
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])
    chance = effects(np.random.default_rng(4).normal(size=(30, 32)))
    outside = (chance["effect_low"] > 0) | (chance["effect_high"] < 0)
    assert outside.any(), "of 93 intervals a few miss zero by chance"
    assert not chance["clear"].any()


# Shapley's axioms


@pytest.fixture(scope="module")
def game() -> np.ndarray:
    return np.random.default_rng(7).normal(size=32)


def test_shapley_is_the_mean_over_all_orders(game: np.ndarray) -> None:
    totals = np.zeros(5)
    for order in itertools.permutations(range(5)):
        so_far = 0
        for player in order:
            totals[player] += game[so_far | 1 << player] - game[so_far]
            so_far |= 1 << player
    np.testing.assert_allclose(shapley_weights() @ game, totals / 120)


def test_shapley_values_are_efficient_symmetric_and_additive(game: np.ndarray) -> None:
    weights = shapley_weights()
    assert (weights @ game).sum() == pytest.approx(game[31] - game[0])
    swapped = game[[arm & ~0b11 | (arm & 1) << 1 | arm >> 1 & 1 for arm in range(32)]]
    first, second, *rest = weights @ ((game + swapped) / 2)
    assert first == pytest.approx(second), "players that do the same have the same value"
    np.testing.assert_allclose(weights @ (game + swapped), weights @ game + weights @ swapped)
    assert len({round(value, 6) for value in (first, *rest)}) == 4


def test_a_null_player_has_no_value(game: np.ndarray) -> None:
    without = game[[arm & ~0b100 for arm in range(32)]]
    assert (shapley_weights() @ without)[2] == pytest.approx(0)
    table = shapley_values(without + np.random.default_rng(0).normal(size=(10, 1)))
    assert table.loc[2, "condition"] == CONDITIONS[2]
    assert abs(table.loc[2, "shapley"]) < 1e-12


def test_shares_of_the_whole_and_when_there_is_none() -> None:
    table = shapley_values(known(noise=0.01))
    assert table["share"].sum() == pytest.approx(1)
    assert (table["share_low"] < table["share"]).all()
    flat = shapley_values(known(noise=0.01)[:, [0] * 32])
    assert flat["share"].isna().all()


def test_more_than_the_sum_of_the_parts() -> None:
    row = additivity(known(noise=0.01)).iloc[0]
    assert row["together"] == pytest.approx(0.13, abs=0.01)
    assert row["sum_alone"] == pytest.approx(0.05, abs=0.02)
    assert row["excess_low"] < 0.08 < row["excess_high"]


# From runs to findings


def test_every_point_has_its_effects_whatever_the_order_of_rows() -> None:
    table = pd.concat([runs(known()), runs(-known(), point=1)])
    found = analyse(table, DESIGN)
    shuffled = analyse(table.sample(frac=1, random_state=1), DESIGN)
    assert [one.name for one in found] == ["factorial_effects", "shapley", "additivity"]
    for one, other in zip(found, shuffled, strict=True):
        pd.testing.assert_frame_equal(one.table, other.table)
    first, second = (rows for _, rows in found[0].table.groupby("point"))
    np.testing.assert_allclose(first["effect"], -second["effect"], atol=1e-12)
    assert list(second["label"].unique()) == ["interdependence 5"]


def test_worlds_that_lack_an_arm_are_left_out_and_counted() -> None:
    table = runs(known())
    missing = table.index[(table["arm"] == "subset_00100") & (table["replication"] == 4)]
    found = analyse(table.drop(missing), DESIGN)
    assert (found[2].table.loc[0, ["worlds", "missing"]] == [19, 1]).all()
    assert "Left out: 1 world that lacks" in found[0].sentence
    with pytest.raises(InputError, match="no arm 'subset_00100'"):
        analyse(table[table["arm"] != "subset_00100"], DESIGN)
    with pytest.raises(InputError, match="no world in which all 32 arms"):
        analyse(table.assign(outcome=np.nan), DESIGN)


def test_sentences_say_what_is_clear_and_only_that() -> None:
    table = runs(known(noise=0.01))
    large, shapley, excess = (one.sentence for one in analyse(table, DESIGN))
    assert "common agenda +14." in large
    assert "not distinguishable from zero: shared measurement, mutually reinforcing activities" in shapley
    assert "super-additive by" in excess
    short = analyse(runs(-known(noise=0.01)), DESIGN)[2].sentence
    assert "fall short of additivity by" in short
    chance = runs(np.random.default_rng(4).normal(size=(30, 32)))
    none, _, unclear = (one.sentence for one in analyse(chance, DESIGN))
    assert none.startswith("None of the 31 effects")
    assert "cannot be told apart from none" in unclear
    assert all("no evidence" in one.sentence for one in analyse(runs(known(worlds=1)), DESIGN))


def test_of_many_points_the_first_and_the_last_are_said() -> None:
    table = pd.concat([runs(known(), point) for point in range(6)])
    said = analyse(table, DESIGN)[2].sentence
    assert said.count("All five") + said.count("all five together") == 2
    assert "The table has 4 more points." in said


@pytest.fixture(scope="module")
def simulated(case: Callable[..., Scenario]) -> pd.DataFrame:
    """A factorial of the model itself, small, at two levels of interdependence."""
    rows = []
    for point, interdependence in enumerate((0, 5)):
        scenario = case(f"problem.interdependence={interdependence}", "problem.communities=6", "problem.levers=10",
                        "organizations.count=8", "horizon.months=24")  # fmt: skip
        for one in simulate_arms(scenario, condition_subsets(), range(4)):
            about = {"point": point, "arm": one.arm.name, "replication": one.world.replication}
            factors = {"problem.interdependence": interdependence}
            rows.append({**about, **factors, **derive(scenario, one.records, None)})
    return pd.DataFrame(rows)


def test_a_factorial_of_the_model(simulated: pd.DataFrame) -> None:
    found = {one.name: one for one in analyse(simulated, DESIGN)}
    for point, rows in simulated.groupby("point"):
        means = rows.groupby("arm")["outcome"].mean()
        table, shapley = (found[name].table for name in ("factorial_effects", "shapley"))
        table, shapley = table[table["point"] == point], shapley[shapley["point"] == point]
        for place, condition in enumerate(CONDITIONS):
            on = means.index.str[len("subset_") + place] == "1"
            assert effect(table, "contrast", condition) == pytest.approx(means[on].mean() - means[~on].mean())
            alone = "".join("1" if n == place else "0" for n in range(5))
            assert effect(table, "alone", condition) == pytest.approx(means[f"subset_{alone}"] - means["subset_00000"])
        assert shapley["shapley"].sum() == pytest.approx(means["subset_11111"] - means["subset_00000"])
    assert found["shapley"].table["shapley"].abs().max() > 0.005, "the conditions do something"
    assert set(CODINGS) == set(found["factorial_effects"].table["coding"])
