"""The funder's horizon, on constructed time series whose verdicts are known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.horizons import analyse, differences_at, judged_alone, recorded_months, yearly
from ci_sim.analysis.intervals import share_interval
from ci_sim.complaints import InputError

WORLDS = 20


def series(
    leads: dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]], alignment: float = 0.5, worlds: int = WORLDS
) -> pd.DataFrame:
    """Collective Impact leads isolated (0.2 in every world) by these amounts, world by world, at these months."""
    rows = []
    for month, lead in leads.items():
        for world in range(worlds):
            rows.append((month, "isolated", world, 0.2, 0.0))
            rows.append((month, "collective_impact", world, 0.2 + lead[world], alignment + 0.001 * world))
    return pd.DataFrame(rows, columns=["month", "arm", "replication", "indicator", "alignment"])


@pytest.fixture
def late() -> pd.DataFrame:
    """Behind at three years, neither at five, ahead at ten; three worlds are ahead early, two never are."""
    spread = np.linspace(-0.02, 0.02, WORLDS)
    early, final = -0.05 + spread, 0.4 + spread
    early[:3], final[5:7] = 0.06, 0.0
    return series({0: 0 * spread, 36: early, 60: spread, 120: final})


def test_verdicts_turn_with_the_horizon(late: pd.DataFrame) -> None:
    table = differences_at(late, measures=["indicator", "alignment"])
    indicator = table[table["measure"] == "indicator"]
    assert indicator["month"].tolist() == [36, 60, 120]
    assert indicator["verdict"].tolist() == ["it fails", "cannot be told", "it works"]
    assert table[table["measure"] == "alignment"]["verdict"].tolist() == ["higher"] * 3
    assert indicator["value"].tolist()[1] == pytest.approx(0.0, abs=1e-12)


def test_single_pilots_are_counted_by_hand(late: pd.DataFrame) -> None:
    table = judged_alone(late).set_index(["month", "measure"])
    # At three years 17 of 20 are not ahead by 5 points; 15 of these are at ten, two never.
    for measure, hits in (("failed", 17), ("false_failure", 15), ("false_success", 0)):
        assert tuple(table.loc[(36, measure), ["value", "value_low", "value_high"]]) == share_interval(hits, WORLDS)
    assert table.loc[(120, "failed"), "value"] == 2 / WORLDS
    assert table.loc[(120, "false_failure"), "value"] == 0.0


def test_an_early_success_that_does_not_last_is_a_false_one() -> None:
    lasting = np.full(WORLDS, 0.3)
    fading = np.where(np.arange(WORLDS) < 4, 0.0, 0.3)
    table = judged_alone(series({36: lasting, 120: fading})).set_index(["month", "measure"])
    assert table.loc[(36, "false_success"), "value"] == 4 / WORLDS
    assert table.loc[(36, "false_failure"), "value"] == 0.0


def test_a_goal_needs_no_comparison(late: pd.DataFrame) -> None:
    alone = late[late["arm"] == "collective_impact"]
    table = judged_alone(alone, goal=0.5).set_index(["month", "measure"])
    assert table.loc[(36, "failed"), "value"] == 1.0
    assert table.loc[(36, "false_failure"), "value"] == 18 / WORLDS


def test_the_sentence_says_what_each_evaluator_would(late: pd.DataFrame) -> None:
    found = analyse(late)
    assert found.name == "horizons"
    assert "after 3 years -3 [" in found.sentence
    assert "(it fails), after 5 years +0 [" in found.sentence
    assert "(cannot be told), after 10 years +36 [" in found.sentence
    assert "(it works); alignment had clearly risen by the first of these" in found.sentence
    assert "judged a success where ahead by 5 points or more, 75 % [" in found.sentence
    assert "at 50 points or more, 90 % [" in analyse(late, goal=0.5).sentence


def test_one_world_says_nothing(late: pd.DataFrame) -> None:
    found = analyse(late[late["replication"] == 4])
    assert found.sentence == ""
    assert found.table["value"].notna().all()


def test_horizons_are_recorded_months_and_only_those_reached() -> None:
    every_fifth = pd.DataFrame({"month": [*range(0, 66, 5)]})
    assert recorded_months(every_fifth) == [35, 60]
    with pytest.raises(InputError, match="found 65 months; allowed: runs of at least 120 months"):
        recorded_months(every_fifth, [120])


def test_joint_actions_are_means_of_a_year() -> None:
    months = np.arange(0, 37, 3)
    table = pd.DataFrame(
        {"month": months, "arm": "collective_impact", "replication": 0, "joint_actions_agreed": months.astype(float)}
    )
    smooth = yearly(table.sample(frac=1, random_state=0)).set_index("month")["joint_actions_agreed"]
    assert smooth[36] == np.mean([27, 30, 33, 36])
    assert smooth[0] == 0.0
    assert not math.isnan(smooth[3])


def test_several_points_are_refused(late: pd.DataFrame) -> None:
    both = pd.concat([late.assign(point=0), late.assign(point=1)])
    with pytest.raises(InputError, match="found 2 points; allowed: the rows of one point"):
        analyse(both)
    assert analyse(both[both["point"] == 1]).sentence == analyse(late).sentence
