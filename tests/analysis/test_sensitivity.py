"""Sobol indices: those of Ishigami's function, whatever the order of rows; luck apart; what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.sample import sobol

from ci_sim.analysis.noise import SOURCES, components, noise_finding
from ci_sim.analysis.sensitivity import analyse, indices
from ci_sim.complaints import InputError

KEYS = ["problem.first", "problem.second", "problem.third"]
FACTORS = [{"key": key, "low": -np.pi, "high": np.pi} for key in KEYS]
FIRST_ORDER = np.array([0.3139, 0.4424, 0.0])
TOTAL = np.array([0.5576, 0.4424, 0.2437])
"""Of Ishigami's function with a = 7, b = 0.1 (Ishigami & Homma 1990)."""


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def design(samples: int, factors: list[dict[str, Any]] = FACTORS) -> dict[str, Any]:
    return {"kind": "sobol", "samples": samples, "factors": factors, "arms": ["isolated", "collective_impact"]}


def runs(
    samples: int,
    of: Callable[[np.ndarray], np.ndarray] = ishigami,
    *,
    replications: int = 2,
    noise: float = 0.0,
    world: float = 1.0,
) -> pd.DataFrame:
    """Runs at a Saltelli sample: the isolated arm is luck that both arms share, the other adds the function to it."""
    problem = {"num_vars": 3, "names": KEYS, "bounds": [[-np.pi, np.pi]] * 3}
    x = sobol.sample(problem, samples, calc_second_order=False, seed=1)
    rng = np.random.default_rng(2)
    tables = []
    for replication in range(replications):
        shared = world * rng.normal(size=len(x))
        effect = of(x) + noise * rng.normal(size=len(x))
        for arm, outcome in (("isolated", shared), ("collective_impact", shared + effect)):
            factors = dict(zip(KEYS, x.T, strict=True))
            columns = {"point": np.arange(len(x)), "arm": arm, "replication": replication, "outcome": outcome}
            tables.append(pd.DataFrame({**columns, **factors}))
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return runs(512)


def test_ishigamis_indices_from_shuffled_rows(table: pd.DataFrame) -> None:
    found, noise = analyse(table.sample(frac=1, random_state=3), design(512))
    assert [found.name, noise.name] == ["sobol", "replicate_noise"]
    for name, truth in (("s1", FIRST_ORDER), ("st", TOTAL)):
        np.testing.assert_allclose(found.table[name], truth, atol=0.05)
        assert (found.table[f"{name}_low"] < truth).all()
        assert (found.table[f"{name}_high"] > truth).all()
    assert list(found.table["factor"]) == KEYS
    assert list(found.table["clear"]) == [True, True, True]
    assert list(found.table["s1_clear"]) == [True, True, False]
    pd.testing.assert_frame_equal(found.table, analyse(table, design(512))[0].table)


def test_the_response_may_be_one_arms_outcome(table: pd.DataFrame) -> None:
    own = analyse(table, design(512), reference=None)[0]
    assert own.title.endswith("outcome of Collective Impact")
    assert (own.table["st_noise"] > 0.02).all(), "the luck that pairing takes out"
    assert analyse(table, design(512))[0].table["st_noise"].max() < 1e-12


def test_luck_is_not_taken_for_an_effect() -> None:
    noisy = runs(256, lambda x: np.sin(x[:, 0]), replications=5, noise=1.0)
    found, noise = analyse(noisy, design(256))
    idle = found.table.iloc[1:]
    assert (idle["st_low"] > 0).all(), "luck alone makes totals that are clear of zero"
    np.testing.assert_allclose(idle["st"], idle["st_noise"], atol=0.08)
    assert list(found.table["clear"]) == [True, False, False]
    assert "Not distinguishable from zero: second, third." in found.sentence
    assert "% luck" in found.sentence
    shares = noise.table.set_index("source")["share"]
    assert shares[SOURCES[0]] == pytest.approx(1 / 3, abs=0.06)
    assert shares[SOURCES[2]] == pytest.approx(2 / 3, abs=0.06)


def test_with_common_luck_an_idle_factor_has_no_effect_at_all() -> None:
    found = analyse(runs(64, lambda x: np.sin(x[:, 0])), design(64))[0].table
    assert found.loc[1:, "st"].abs().max() < 1e-12
    assert not found.loc[1:, "clear"].any()


def test_one_replication_cannot_tell_luck() -> None:
    found, noise = analyse(runs(64, replications=1), design(64))
    assert found.table["st_noise"].isna().all()
    assert "With one replication per point" in found.sentence
    assert "cannot be told from parameters" in noise.sentence
    assert noise.table["share"].isna().all()


def test_negative_estimates_are_explained() -> None:
    found = analyse(runs(16, lambda x: np.sin(x[:, 0]) * x[:, 2]), design(16))[0]
    below = found.table[found.table["s1"] < 0]
    assert len(below), "so few samples leave some estimate below zero"
    assert "sampling error about shares that cannot be below zero" in found.sentence
    assert all(f"{row.factor.rpartition('.')[2]} {100 * row.s1:.1f} %" in found.sentence for row in below.itertuples())
    assert "below zero" not in analyse(runs(64, lambda x: x[:, 0]), design(64))[0].sentence


def test_where_nothing_varies_nothing_is_claimed() -> None:
    found, noise = analyse(runs(16, lambda x: 0 * x[:, 0], world=0.0), design(16))
    assert found.table[["s1", "st"]].to_numpy().max() == 0
    assert found.sentence.startswith("Over these ranges no factor changes the outcome")
    assert noise.sentence == "All runs have the same value: there is nothing to decompose."
    pure = runs(64, lambda x: 0 * x[:, 0], noise=1.0, replications=4)
    assert "no effect of the 3 factors" in analyse(pure, design(64))[0].sentence


# What is missing, and what is no such design


def test_groups_with_missing_points_are_dropped_whole_and_named(table: pd.DataFrame) -> None:
    lost = table["point"].isin([7, 9, 41]) & (table["replication"] == 1)
    found = analyse(table[~lost], design(512))[0]
    assert (found.table["groups"] == 510).all(), "points 7 and 9 are of one group"
    assert "Left out: 2 of 512 groups of points, for want of values at points 7, 9, 41." in found.sentence
    np.testing.assert_allclose(found.table["st"], TOTAL, atol=0.05)


def test_a_replication_that_most_points_lack_is_left_aside(table: pd.DataFrame) -> None:
    begun = table[(table["replication"] == 0) | (table["point"] < 450)]
    assert (analyse(begun, design(512))[0].table["replications"] == 1).all()


def test_too_little_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"200 of 512 groups of points whole.*points 1000, 1001.* and 1552 more"):
        analyse(table[table["point"] < 1000], design(512))
    with pytest.raises(InputError, match="0 of 512 groups"):
        analyse(table.assign(outcome=np.nan), design(512))


def test_other_designs_are_refused(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="kind: found grid; allowed: sobol"):
        analyse(table, {**design(512), "kind": "grid"})
    with pytest.raises(InputError, match=r"points 1280, 1281, .* allowed: the points 0 to 1279"):
        analyse(table, design(256))
    mixed = table.assign(point=(table["point"] * 3) % 2560)
    with pytest.raises(InputError, match="do not vary factor 1 alone"):
        analyse(mixed, design(512))
    with pytest.raises(InputError, match=r"no factor 'problem.third'"):
        analyse(table.drop(columns="problem.third"), design(512))


# Parameters and luck


def test_components_of_variance_known_beforehand() -> None:
    rng = np.random.default_rng(0)
    values = 2.0 * rng.normal(size=(400, 1)) + 1.0 * rng.normal(size=(1, 300)) + 0.5 * rng.normal(size=(400, 300))
    np.testing.assert_allclose(components(values), [4.0, 1.0, 0.25], rtol=0.2)
    assert components(rng.normal(size=(50, 4)))[0] < 0.2


def test_the_intervals_of_the_decomposition_hold_its_truth() -> None:
    rng = np.random.default_rng(1)
    groups = 2.0 * rng.normal(size=(200, 1, 1)) + rng.normal(size=(200, 2, 10))
    found = noise_finding(groups, "outcome")
    low, high = found.table.loc[0, ["variance_low", "variance_high"]]
    assert low < 4.0 < high
    assert found.table["share"].sum() == pytest.approx(1)
    assert "after averaging 10 replications" in found.sentence


def test_indices_do_not_hang_on_level_or_unit() -> None:
    values = ishigami(np.random.default_rng(0).uniform(-3, 3, (320, 3))).reshape(64, 5, 1)
    np.testing.assert_allclose(indices(values)["s1"], indices(1000 + 50 * values)["s1"], atol=1e-9)
