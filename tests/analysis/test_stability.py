"""Conclusion stability: counted by hand; plausible ranges: within bounds, fitting one another, nothing forgotten."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.intervals import share_interval
from ci_sim.analysis.plausible import WELL_FOUNDED, left_out, plausible_factors
from ci_sim.analysis.stability import analyse, ranking_holds, stability
from ci_sim.complaints import InputError
from ci_sim.parameters import GRADES, PARAMETERS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, shipped_scenarios, with_parameters

Case = Callable[..., Scenario]


def sample(*outcomes: tuple[float, float, float], worlds: int = 3) -> pd.DataFrame:
    """Runs in which isolated, a coalition and Collective Impact end so at each point, a little apart by world."""
    rows = [
        {
            "point": point,
            "arm": arm,
            "replication": world,
            "costs.staff": float(point),
            "outcome": value + 0.01 * world * n,
        }
        for point, values in enumerate(outcomes)
        for n, (arm, value) in enumerate(zip(("isolated", "coalition", "collective_impact"), values, strict=True))
        for world in range(worlds)
    ]
    return pd.DataFrame(rows)


RANKING = ("collective_impact", "coalition", "isolated")


def test_rankings_hold_where_the_means_stand_in_order() -> None:
    runs = sample((0.1, 0.2, 0.5), (0.3, 0.2, 0.5), (0.1, 0.6, 0.5), (0.9, 0.2, 0.5))
    assert ranking_holds(runs, RANKING).tolist() == [True, False, False, False]
    assert ranking_holds(runs, ("collective_impact", "isolated")).tolist() == [True, True, True, False]
    with pytest.raises(InputError, match="1 arms"):
        ranking_holds(runs, RANKING[:1])


def test_shares_are_counted_by_hand() -> None:
    runs = sample(*[(0.1, 0.2, 0.5)] * 7, *[(0.9, 0.2, 0.5)] * 2, (0.49, 0.2, 0.5))
    row = stability({"all": runs}, ("collective_impact", "isolated")).iloc[0]
    assert (row["points"], row["worlds"]) == (10, 3.0)
    assert tuple(row[["holds", "holds_low", "holds_high"]]) == share_interval(8, 10)
    assert tuple(row[["clearly", "clearly_low", "clearly_high"]]) == share_interval(7, 10), "the last is too close"
    assert row["reversed"] == 0.2


def test_the_sentence_gives_share_interval_and_number_of_settings() -> None:
    runs = sample(*[(0.1, 0.2, 0.5)] * 91, *[(0.9, 0.2, 0.5)] * 9)
    low, high = (round(100 * bound) for bound in share_interval(91, 100)[1:])
    found = analyse(runs)
    assert found.sentence == (
        f"Collective Impact ends ahead of isolated in 91 % [{low}, {high}] of 100 plausible settings."
    )
    both = analyse({"only staff varies": runs[runs["point"] < 10], "everything varies": runs}, ranking=RANKING)
    assert both.sentence.startswith(
        "Collective Impact ends ahead of coalition, ahead of isolated in 100 % [72, 100] of 10"
    )
    assert "of 10 plausible settings where only staff varies and in 91 % [" in both.sentence
    assert both.table["sample"].tolist() == ["only staff varies", "everything varies"]


def test_plausible_ranges_are_half_of_the_value_within_bounds(case: Case) -> None:
    factors = {factor["key"]: factor for factor in plausible_factors(case("backbone.staff=3.0"))}
    assert factors["backbone.staff"] == {"key": "backbone.staff", "low": 1.5, "high": 4.5}
    assert factors["conditions.common_agenda"] == {"key": "conditions.common_agenda", "low": 0.5, "high": 1.0}
    assert factors["problem.interdependence"] == {"key": "problem.interdependence", "low": 3, "high": 5}
    narrow = {factor["key"]: factor for factor in plausible_factors(case(), spread=0.1)}
    assert narrow["problem.levers"] == {"key": "problem.levers", "low": 11, "high": 13}
    for key, factor in factors.items():
        bounds = PARAMETERS[key].bounds
        assert bounds is not None
        assert bounds[0] <= factor["low"] < factor["high"] <= bounds[1]
        if PARAMETERS[key].kind == "integer":
            assert isinstance(factor["low"], int)
            assert isinstance(factor["high"], int)


@pytest.mark.parametrize("name", [*shipped_scenarios()])
def test_every_corner_of_the_ranges_is_a_scenario(name: str) -> None:
    scenario = read_scenario(name)
    factors = plausible_factors(scenario)
    draw = np.random.default_rng(0)
    corners = [[False] * len(factors), [True] * len(factors), *(draw.random((5, len(factors))) < 0.5)]
    for corner in corners:
        changes = {f["key"]: f["high"] if up else f["low"] for f, up in zip(factors, corner, strict=True)}
        assert with_parameters(scenario, changes).name == scenario.name


def test_every_parameter_varies_or_has_a_reason_not_to(case: Case) -> None:
    for scenario in (case(), read_scenario("homelessness")):
        reasons = left_out(scenario)
        assert {factor["key"] for factor in plausible_factors(scenario)} | set(reasons) == set(PARAMETERS)
        assert all(reasons.values())
    assert left_out(case())["problem.wiring"] == "a choice of words, not a number"
    assert left_out(case())["hazards.closure"] == "0 in this scenario"
    assert left_out(case("organizations.mandate=1"))["organizations.mandate"] == "no other whole number in range"
    assert "problem.modularity" not in left_out(case('problem.wiring="modular"'))
    assert "costs.envelope" not in left_out(case("costs.envelope=2000"))
    assert left_out(read_scenario("homelessness"))["problem.communities"] == "listed by name in this scenario"


def test_grades_choose_the_parameters(case: Case) -> None:
    well = {factor["key"] for factor in plausible_factors(case(), WELL_FOUNDED)}
    assert well == {"backbone.staff"}, "the only one with a published estimate"
    assert left_out(case(), WELL_FOUNDED)["problem.relapse"] == "its evidence is graded invented"
    by_grade = [{factor["key"] for factor in plausible_factors(case(), [grade])} for grade in GRADES]
    assert set().union(*by_grade) == {factor["key"] for factor in plausible_factors(case())}
