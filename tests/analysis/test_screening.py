"""Morris screening: linear functions come out exactly, SALib agrees, luck stands apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris as oracle
from SALib.sample import morris

from ci_sim.analysis.screening import analyse, elementary_effects
from ci_sim.complaints import InputError

KEYS = ["organizations.count", "trust.initial", "trust.idle"]
BOUNDS = [[10, 40], [0.0, 0.5], [-1.0, 1.0]]
PROBLEM = {"num_vars": 3, "names": KEYS, "bounds": BOUNDS}
TRAJECTORIES, LEVELS = 12, 6
DESIGN: dict[str, Any] = {
    "kind": "morris", "trajectories": TRAJECTORIES, "levels": LEVELS,
    "factors": [{"key": key, "low": low, "high": high} for key, (low, high) in zip(KEYS, BOUNDS, strict=True)],
}  # fmt: skip


def sample(*, rounded: bool = False) -> np.ndarray:
    x = morris.sample(PROBLEM, TRAJECTORIES, num_levels=LEVELS, seed=4)
    if rounded:
        x[:, 0] = np.round(x[:, 0])
    return x


def runs(
    of: Callable[[np.ndarray], np.ndarray], *, noise: float = 0.0, replications: int = 3, rounded: bool = False
) -> pd.DataFrame:
    x, rng = sample(rounded=rounded), np.random.default_rng(0)
    tables = []
    for replication in range(replications):
        world = rng.normal(size=len(x))
        effect = of(x) + noise * rng.normal(size=len(x))
        for arm, outcome in (("isolated", world), ("collective_impact", world + effect)):
            columns = {"point": np.arange(len(x)), "arm": arm, "replication": replication, "outcome": outcome}
            tables.append(pd.DataFrame({**columns, **dict(zip(KEYS, x.T, strict=True))}))
    return pd.concat(tables, ignore_index=True)


def linear(x: np.ndarray) -> np.ndarray:
    return 0.002 * x[:, 0] - 0.4 * x[:, 1]


def curved(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0] / 5) * x[:, 1] + x[:, 1] ** 2 + 0.3 * x[:, 2]


@pytest.mark.parametrize("rounded", [False, True], ids=["as sampled", "integers rounded"])
def test_a_linear_function_has_its_slopes(rounded: bool) -> None:
    table = analyse(runs(linear, rounded=rounded).sample(frac=1, random_state=1), DESIGN)[0].table
    np.testing.assert_allclose(table["mu"], [0.06, -0.2, 0.0], atol=1e-12)
    np.testing.assert_allclose(table["mu_star"], [0.06, 0.2, 0.0], atol=1e-12)
    np.testing.assert_allclose(table["sigma"], 0, atol=1e-12)
    assert list(table["clear"]) == [True, True, False]
    assert list(table["factor"]) == KEYS


def test_salib_finds_the_same() -> None:
    x = sample()
    theirs = oracle.analyze(PROBLEM, x, curved(x), num_levels=LEVELS, seed=1)
    ours = analyse(runs(curved), DESIGN)[0].table
    for name in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(ours[name], np.asarray(theirs[name], float), atol=1e-9)
    assert (ours["sigma_low"] <= ours["sigma"]).all()
    assert (ours["mu_star_low"] <= ours["mu_star"]).all()


def test_luck_is_not_taken_for_an_effect() -> None:
    table = analyse(runs(linear, noise=0.02, replications=8), DESIGN)[0].table
    idle = table.iloc[2]
    assert idle["mu_star_low"] > 0, "the mean of sizes is never below zero"
    assert idle["mu_star"] == pytest.approx(idle["mu_star_noise"], rel=0.5)
    assert list(table["clear"]) == [True, True, False]


def test_sentences_say_which_way_and_how_evenly() -> None:
    plain = analyse(runs(linear), DESIGN)[0].sentence
    assert "trust initial by 20.0 points (95 % interval 20.0 to 20.0), down; organizations count by 6.0" in plain
    assert "Not distinguishable from zero: idle." in plain
    bent = analyse(runs(lambda x: np.sin(x[:, 0]) * x[:, 2]), DESIGN)[0].sentence
    assert "in no clear direction" in bent
    one = analyse(runs(linear, replications=1), DESIGN)[0]
    assert "hold luck as well" in one.sentence
    assert one.table["mu_star_noise"].isna().all()
    assert "none of the 3 factors" in analyse(runs(lambda x: 0 * x[:, 0], noise=0.1), DESIGN)[0].sentence


def test_trajectories_with_missing_points_are_left_out() -> None:
    table = runs(linear)
    found = analyse(table[table["point"] != 5], DESIGN)[0]
    assert (found.table["trajectories"] == TRAJECTORIES - 1).all()
    assert "Left out: 1 of 12 groups of points, for want of values at point 5." in found.sentence


def test_what_is_no_trajectory_is_refused() -> None:
    table = runs(linear)
    with pytest.raises(InputError, match="do not change one factor after the other"):
        analyse(table.assign(point=(table["point"] * 5) % 48), DESIGN)
    with pytest.raises(InputError, match="kind: found sobol; allowed: morris"):
        analyse(table, {**DESIGN, "kind": "sobol"})


def test_effects_are_per_whole_range_and_in_the_order_of_factors() -> None:
    settings = np.array([[[0.0, 10.0], [0.0, 5.0], [0.5, 5.0]]])
    values = np.array([[[1.0], [2.0], [5.0]]])
    effects = elementary_effects(values, settings, np.array([1.0, 20.0]))
    np.testing.assert_allclose(effects, [[[6.0], [-4.0]]])
