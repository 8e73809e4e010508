"""What the runs of a comparison say: paired differences, shares, times, money, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.paired import ArmSummary, summarise, summary_table, verdict
from ci_sim.outcomes import DERIVED_OUTCOMES

TITLES = {"isolated": "Isolated impact", "collective_impact": "Collective Impact"}


def runs(worlds: int = 30, **arms: Mapping[str, object]) -> pd.DataFrame:
    """A runs table: one row per arm and world, all outcomes 0 but those given, which may be arrays over worlds."""
    tables = []
    for arm, values in arms.items():
        columns = {name: np.zeros(worlds) for name in DERIVED_OUTCOMES} | dict(values)
        tables.append(pd.DataFrame({"arm": arm, "replication": np.arange(worlds), **columns}))
    return pd.concat(tables, ignore_index=True)


def luck(worlds: int = 30, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(0, 0.1, worlds)


def summaries(table: pd.DataFrame, titles: dict[str, str] | None = None) -> dict[str, ArmSummary]:
    titles = titles or {arm: TITLES.get(arm, arm) for arm in table["arm"].unique()}
    return {summary.arm: summary for summary in summarise(table, titles)}


def test_differences_are_paired_by_world_whatever_the_order_of_rows() -> None:
    base = luck()
    table = runs(isolated={"outcome": 0.3 + base}, collective_impact={"outcome": 0.5 + base + 0.01 * luck(seed=1)})
    plain, shuffled = summaries(table), summaries(table.sample(frac=1, random_state=3))
    subject = plain["collective_impact"]
    assert subject.difference is not None
    assert subject.difference.estimate == pytest.approx(0.2, abs=0.001)
    assert subject.difference.high - subject.difference.low < 0.002, "the luck common to both arms cancels"
    assert subject.variance_ratio < 0.01
    for name, value in vars(subject).items():
        assert vars(shuffled["collective_impact"])[name] == pytest.approx(value, nan_ok=True) or isinstance(value, str)


def test_the_reference_is_not_held_against_itself() -> None:
    isolated = summaries(runs(isolated={}, collective_impact={}))["isolated"]
    assert isolated.difference is None
    assert isolated.won is None
    assert math.isnan(isolated.variance_ratio)


def test_without_the_isolated_arm_nothing_is_compared() -> None:
    only = summaries(runs(collective_impact={"outcome": 0.5 + luck()}))["collective_impact"]
    assert only.difference is None
    assert only.won is None
    assert only.outcome.estimate == pytest.approx(0.5, abs=0.05)


def test_worlds_won_counts_ties_as_not_won() -> None:
    ahead = np.array([1.0] * 6 + [0.0] * 3 + [-1.0])
    table = runs(10, isolated={"outcome": np.zeros(10)}, collective_impact={"outcome": ahead})
    won = summaries(table)["collective_impact"].won
    assert won is not None
    assert won.estimate == 0.6
    assert 0.2 < won.low < 0.6 < won.high < 0.9


def test_times_are_medians_of_those_that_arrive_beside_the_share_that_never_does() -> None:
    months = np.array([10.0, 20.0, 40.0, np.nan])
    summary = summaries(runs(4, isolated={"months_to_half": months, "months_to_threshold": np.full(4, np.nan)}))[
        "isolated"
    ]
    assert summary.months_to_half == 20
    assert summary.never_half.estimate == 0.25
    assert math.isnan(summary.months_to_threshold)
    assert summary.never_threshold.estimate == 1


def test_money_and_gaps() -> None:
    table = runs(
        isolated={
            "spend": np.full(30, 5000.0),
            "gain": 0.25 + 0.01 * luck(),
            "priority_outcome": 0.2 + luck(),
            "priority_gap": 0.1 + 0.01 * luck(),
            "priority_gap_start": np.zeros(30),
        }
    )
    summary = summaries(table)["isolated"]
    assert summary.spend == 5000
    assert summary.cost_per_point.estimate == pytest.approx(200, rel=0.01)
    assert summary.gap_change.estimate == pytest.approx(0.1, abs=0.01)
    assert summary.gap_change.low > 0


def test_cost_per_point_of_nothing_gained_is_missing() -> None:
    summary = summaries(runs(isolated={"spend": np.full(30, 5000.0), "gain": luck() - luck().mean()}))["isolated"]
    assert math.isnan(summary.cost_per_point.estimate)


def test_the_flat_table_has_a_row_per_arm_and_bounds_beside_estimates() -> None:
    table = summary_table(
        list(summaries(runs(isolated={"outcome": luck()}, collective_impact={"outcome": luck()})).values())
    )
    assert list(table["arm"]) == ["isolated", "collective_impact"]
    assert (table["outcome_low"] <= table["outcome"]).all()
    assert (table["outcome"] <= table["outcome_high"]).all()
    assert table.loc[0, ["difference", "difference_low", "won"]].isna().all()


# The sentence


def sentence(gained: float, noise: float = 0.01, worlds: int = 30, **more: Mapping[str, object]) -> str:
    """What is said where Collective Impact gains this much; further outcomes and arms by the name of the arm."""
    base = luck(worlds)
    ours = {"outcome": 0.3 + base + gained + noise * luck(worlds, 1) / 0.1, **more.pop("collective_impact", {})}
    table = runs(worlds, isolated={"outcome": 0.3 + base}, collective_impact=ours, **more)
    return verdict(list(summaries(table).values()), "Homelessness", 10)


def test_the_sentence_says_who_is_ahead_and_by_how_much() -> None:
    above, below = sentence(0.2), sentence(-0.2)
    assert "Homelessness" in above
    assert "after 10 years" in above
    assert "20 points above" in above
    assert "100 % of 30 worlds" in above
    assert "20 points below" in below, "the tool can show Collective Impact losing"
    assert "0 % of 30 worlds" in below


def test_the_sentence_claims_nothing_that_cannot_be_told_apart() -> None:
    said = sentence(0.0, noise=0.2)
    assert "cannot be told apart" in said
    assert "points above" not in said
    assert "points below" not in said


def test_one_world_is_no_evidence() -> None:
    said = sentence(0.2, worlds=1)
    assert "one world" in said.lower()
    assert "points above" not in said


def test_the_sentence_speaks_of_the_same_money() -> None:
    base = luck()
    same = sentence(0.2, isolated_equal_spend={"outcome": 0.3 + base + 0.2 * luck(seed=5)})
    worse = sentence(0.2, isolated_equal_spend={"outcome": 0.3 + base - 0.05})
    assert "same money" in same
    assert "told apart" in same
    assert "-5 points" in worse
    assert "same money" not in sentence(0.2)


def test_a_gap_that_widens_is_flagged() -> None:
    wider = {"priority_gap": 0.1 + 0.01 * luck(), "priority_gap_start": np.zeros(30)}
    assert "gap to the priority group widens" in sentence(0.2, collective_impact=wider)
    assert "gap" not in sentence(0.2)


def test_without_the_isolated_arm_the_sentence_lists_the_ends() -> None:
    table = runs(collective_impact={"outcome": np.full(30, 0.5)}, ordinary_coalition={"outcome": np.full(30, 0.25)})
    said = verdict(list(summaries(table).values()), "Homelessness", 2)
    assert "Collective Impact 50" in said
    assert "25" in said
    assert "isolated" not in said.lower()
