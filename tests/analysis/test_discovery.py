"""Scenario discovery: planted boxes in words, nothing where there is nothing, more than one reason."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.box_words import box_words, case_words
from ci_sim.analysis.discovery import analyse, describe, discover, elsewhere, separation
from ci_sim.analysis.prim import Mask, enclose
from ci_sim.complaints import InputError

FEW = 39
"""Shuffles in tests: enough for a probability of 0.025."""


def spread(points: int = 100, seed: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    draw = np.random.default_rng(seed)
    return {
        "backbone.staff": draw.uniform(0, 4, points),
        "problem.interdependence": draw.integers(0, 10, points),
        "problem.wiring": draw.choice(np.array(["random", "ring"], dtype=object), points),
        "costs.staff": draw.uniform(5, 15, points),
    }


def mostly(box: Mask, seed: int = 3) -> Mask:
    luck = np.random.default_rng(seed).random(len(box))
    return np.where(box, luck < 0.9, luck < 0.04)


def design(x: dict[str, np.ndarray[Any, Any]], difference: np.ndarray[Any, Any], worlds: int = 2) -> pd.DataFrame:
    """Runs of a design in which Collective Impact differs from isolated by so much at each point."""
    rows = [
        {"point": point, "replication": world, "arm": arm, "outcome": 0.3 + 0.01 * world + lead * (arm != "isolated")}
        | {factor: values[point] for factor, values in x.items()}
        for point, lead in enumerate(difference)
        for world in range(worlds)
        for arm in ("isolated", "collective_impact")
    ]
    return pd.DataFrame(rows)


def test_a_planted_box_is_found_and_said() -> None:
    x = spread(200)
    found = discover(x, mostly((x["backbone.staff"] < 1.4) & (x["problem.interdependence"] <= 3)), shuffles=FEW)
    assert found.box is not None
    assert set(found.box.limits) == {"backbone.staff", "problem.interdependence"}
    assert found.chance == pytest.approx(1 / (FEW + 1))
    assert max(found.quasi_p.values()) < 0.001
    said = describe(found)
    assert said.startswith("This happens mostly when ")
    assert "problem.interdependence is at most 3" in said
    assert f"{100 * found.box.coverage:.0f} % of such points lie there (coverage)" in said
    assert f"{100 * found.box.density:.0f} % of the points there are such (density)" in said


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_pure_noise_has_no_box_and_no_sentence(seed: int) -> None:
    found = discover(spread(seed=seed), np.random.default_rng([seed, 1]).random(100) < 0.3, shuffles=FEW)
    assert found.box is None
    assert found.chance > 0.05
    assert describe(found) == ""
    assert elsewhere(found) is None


def test_too_few_cases_are_only_counted() -> None:
    x = spread()
    for cases, said in (
        (np.zeros(100, bool), "This happens at 0 of 100 points."),
        (np.ones(100, bool), "This happens at 100 of 100 points."),
        (np.arange(100) < 4, "This happens at 4 of 100 points - too few to say when."),
    ):
        found = discover(x, cases)
        assert found.box is None
        assert math.isnan(found.chance)
        assert describe(found) == said


def test_a_second_reason_is_found_outside_the_first_box() -> None:
    x = spread()
    cases = mostly((x["backbone.staff"] < 0.8) | (x["problem.interdependence"] == 0))
    first = discover(x, cases, shuffles=FEW)
    second = elsewhere(first, FEW)
    assert first.box is not None
    assert second is not None
    assert second.box is not None
    assert {*first.box.limits} | {*second.box.limits} == {"backbone.staff", "problem.interdependence"}
    assert len(second.cases) == 100 - first.box.n


def test_separation_is_the_scan_statistic() -> None:
    cases = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    x = {"a": np.arange(20.0)}
    # Eight of ten cases inside, two of ten outside, a half on the whole.
    by_hand = 2 * (8 * math.log(0.8) + 2 * math.log(0.2)) - 20 * math.log(0.5)
    assert separation(enclose(x, cases, {"a": (-math.inf, 9.0)})) == pytest.approx(by_hand)
    assert separation(enclose(x, cases, {"a": (10.0, math.inf)})) == 0.0, "less dense than the rest"
    assert separation(enclose(x, cases, {})) == 0.0


def test_boxes_in_words() -> None:
    x = spread()
    everything = np.ones(100, bool)
    for limits, words in (
        ({"backbone.staff": (-math.inf, 1.4049)}, "backbone.staff is below 1.4"),
        ({"backbone.staff": (1.4049, math.inf)}, "backbone.staff is above 1.4"),
        ({"backbone.staff": (0.5, 1.25)}, "backbone.staff is between 0.5 and 1.25"),
        ({"problem.interdependence": (-math.inf, 3.0)}, "problem.interdependence is at most 3"),
        ({"problem.interdependence": (7.0, math.inf)}, "problem.interdependence is at least 7"),
        ({"problem.interdependence": (2.0, 3.0)}, "problem.interdependence is 2 to 3"),
        ({"problem.interdependence": (-math.inf, 0.0)}, "problem.interdependence is 0"),
        ({"problem.interdependence": (9.0, math.inf)}, "problem.interdependence is 9"),
        ({"problem.wiring": frozenset({"ring"})}, "problem.wiring is ring"),
        ({"costs.staff": (-math.inf, 1234.5)}, "costs.staff is below 1234"),
    ):
        assert box_words(x, enclose(x, everything, limits)) == words


@pytest.mark.parametrize(
    ("side", "level", "words"),
    [
        ("below", 0.0, "Collective Impact ends below isolated"),
        ("above", 0.0, "Collective Impact ends above isolated"),
        ("below", 0.2, "Collective Impact ends less than 20 points above isolated"),
        ("below", -0.05, "Collective Impact ends more than 5 points below isolated"),
        ("above", 0.2, "Collective Impact ends more than 20 points above isolated"),
        ("above", -0.05, "Collective Impact ends less than 5 points below isolated"),
    ],
)
def test_cases_in_words(side: str, level: float, words: str) -> None:
    assert case_words("collective_impact", "isolated", "outcome", side, level) == words


def test_from_runs_to_a_finding() -> None:
    x = spread()
    lead = np.where(mostly(x["backbone.staff"] < 1.0), -0.1, 0.2)
    found = analyse(design(x, lead), shuffles=FEW)
    assert found.name == "discovery"
    assert found.title == "When Collective Impact ends below isolated"
    assert found.sentence.startswith("Collective Impact ends below isolated mostly when backbone.staff is below ")
    chosen = found.table[(found.table["kind"] == "chosen") & (found.table["search"] == 1)].iloc[0]
    assert chosen["density"] > 0.8
    assert chosen["quasi_p"] < 0.001
    trajectory = found.table[(found.table["kind"] == "trajectory") & (found.table["search"] == 1)]
    assert (trajectory["points"].iloc[0], trajectory["coverage"].iloc[0]) == (100, 1.0)
    none = analyse(design(x, lead), side="below", level=-0.5)
    assert none.sentence == "Collective Impact ends more than 50 points below isolated at 0 of 100 points."


def test_an_arm_or_outcome_that_was_not_run_is_named() -> None:
    runs = design(spread(20), np.zeros(20))
    with pytest.raises(InputError, match=r"no runs of 'collective_impac'.*Did you mean 'collective_impact'"):
        analyse(runs, arm="collective_impac")
    with pytest.raises(InputError, match=r"no column 'outcom'.*Did you mean 'outcome'"):
        analyse(runs, outcome="outcom")
