"""What mattered here: strong factors named in order, weak ones not, nothing said of noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from ci_sim.analysis.hinges import analyse, rank_correlations


def design(points: int = 80, strength: float = 1.0, seed: int = 0) -> pd.DataFrame:
    """The lead grows with staff, shrinks with noise half as much, and with nothing else."""
    draw = np.random.default_rng(seed)
    staff, noise, cost = draw.random((3, points))
    lead = strength * (0.2 * staff - 0.1 * noise) + draw.normal(0, 0.03, points)
    rows = [
        {
            "point": point, "replication": 0, "arm": arm, "outcome": 0.3 + lead[point] * (arm != "isolated"),
            "backbone.staff": staff[point], "organizations.evaluation_noise": noise[point], "costs.staff": cost[point],
            "problem.wiring": "ring" if point % 2 else "random",
        }
        for point in range(points)
        for arm in ("isolated", "collective_impact")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_correlations_are_spearmans_and_sorted_by_strength() -> None:
    draw = np.random.default_rng(1)
    x = pd.DataFrame({"a": draw.random(50), "b": draw.integers(0, 3, 50), "constant": np.ones(50)})
    y = x["b"].to_numpy() + draw.normal(0, 1, 50)
    table = rank_correlations(x, y).set_index("factor")
    assert table.loc["a", "correlation"] == pytest.approx(spearmanr(x["a"], y).statistic)
    assert table.loc["b", "correlation"] == pytest.approx(spearmanr(x["b"], y).statistic)
    assert table.loc["constant", "correlation"] == 0.0
    assert table.index.tolist() == ["b", "a", "constant"]
    assert table.loc["constant", "chance"] == 1.0


def test_intervals_cover_a_correlation_about_as_often_as_they_say() -> None:
    draw, hits, truth = np.random.default_rng(2), 0, 6 / np.pi * np.arcsin(0.6 / 2)
    for _ in range(300):
        a = draw.normal(size=60)
        b = 0.6 * a + 0.8 * draw.normal(size=60)
        hits += covers(rank_correlations(pd.DataFrame({"a": a}), b).iloc[0], truth)
    assert 0.91 < hits / 300 < 0.99


def covers(row: pd.Series[float], truth: float) -> bool:
    return bool(row["correlation_low"] <= truth <= row["correlation_high"])


def test_noise_is_called_an_influence_in_about_one_design_of_twenty() -> None:
    draw = np.random.default_rng(3)
    called = [
        rank_correlations(pd.DataFrame(draw.random((40, 8))), draw.random(40))["chance"].min() <= 0.05
        for _ in range(100)
    ]
    assert sum(called) <= 11


def test_what_mattered_is_said_in_order() -> None:
    found = analyse(design())
    assert found.name == "hinges"
    assert found.sentence.startswith(
        "What mattered here for the lead of Collective Impact over isolated: "
        "it grows with backbone.staff (staff of the backbone organization), rank correlation +0."
    )
    assert "it shrinks with organizations.evaluation_noise" in found.sentence
    assert found.sentence.endswith("of 3 factors 1 cannot be told from chance.")
    assert "costs.staff" not in found.sentence
    assert found.table["factor"].tolist()[:2] == ["backbone.staff", "organizations.evaluation_noise"]


def test_noise_and_small_designs_say_nothing() -> None:
    assert analyse(design(strength=0.0)).sentence == ""
    assert analyse(design(points=8)).sentence == ""
    assert (
        analyse(design().drop(columns=["backbone.staff", "organizations.evaluation_noise", "costs.staff"])).sentence
        == ""
    )
