"""Break-even: on a planted surface the classes, the line and the money are what they must be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.break_even import analyse, break_even_line, cells, net_value
from ci_sim.complaints import InputError

STAFF = (0.0, 1.0, 2.0, 4.0)
LEVERS = (0, 3, 6)


def grid(worlds: int = 12, noise: float = 0.02) -> pd.DataFrame:
    """Collective Impact leads isolated by 0.1 (staff - 1.5), and the same money by 0.1 (staff - 1.5 - levers / 6)."""
    luck = np.random.default_rng(0)
    rows = []
    for point, (staff, levers) in enumerate((s, k) for k in LEVERS for s in STAFF):
        for world in range(worlds):
            base, own = luck.normal(0.4, 0.1), luck.normal(0, noise)
            spends = {
                "isolated": 1000.0,
                "isolated_equal_spend": 1000 + 50 * staff,
                "collective_impact": 1000 + 50 * staff,
            }
            outcomes = {
                "isolated": base,
                "isolated_equal_spend": base + 0.1 * levers / 6,
                "collective_impact": base + 0.1 * (staff - 1.5) + own,
            }
            rows += [
                {
                    "point": point,
                    "arm": arm,
                    "replication": world,
                    "backbone.staff": staff,
                    "problem.interdependence": levers,
                }
                | {"outcome": outcomes[arm], "spend": spends[arm]}
                for arm in outcomes
            ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return grid()


def test_classes_follow_the_planted_surface(runs: pd.DataFrame) -> None:
    table = cells(runs)
    assert len(table) == 2 * len(STAFF) * len(LEVERS)
    isolated = table[table["reference"] == "isolated"]
    for staff, expected in ((0.0, "loses"), (1.0, "loses"), (2.0, "pays"), (4.0, "pays")):
        assert set(isolated.loc[isolated["backbone.staff"] == staff, "class"]) == {expected}
    equal = table[table["reference"] == "isolated_equal_spend"].set_index(["backbone.staff", "problem.interdependence"])
    assert equal.loc[(2.0, 0), "class"] == "pays"
    assert equal.loc[(2.0, 6), "class"] == "loses"
    assert equal.loc[(2.0, 3), "class"] == "cannot be told", "a planted difference of nothing"
    assert (table["worlds"] == 12).all()
    assert (table["difference_low"] < table["difference"]).all()
    assert equal["extra_spend"].tolist() == [0.0] * 12


def test_the_line_crosses_where_it_was_planted(runs: pd.DataFrame) -> None:
    line = break_even_line(cells(runs), "backbone.staff", "problem.interdependence")
    isolated = line[line["reference"] == "isolated"]
    assert isolated["break_even"].tolist() == pytest.approx([1.5] * 3, abs=0.15)
    equal = line[line["reference"] == "isolated_equal_spend"].set_index("problem.interdependence")["break_even"]
    assert equal.to_dict() == pytest.approx({0: 1.5, 3: 2.0, 6: 2.5}, abs=0.2)
    assert (line["first"] < line["break_even"]).all()
    assert (line["break_even"] < line["last"]).all()


def test_no_crossing_no_line() -> None:
    table = cells(grid(noise=0.0).query("`backbone.staff` > 1.5"))
    isolated = table[table["reference"] == "isolated"]
    assert break_even_line(isolated, "backbone.staff", "problem.interdependence").empty


def test_net_value_by_hand() -> None:
    net = net_value(np.array([0.1, 0.3]), np.array([100.0, 300.0]), 20.0)
    assert net.estimate == pytest.approx((20 * 10 - 100 + 20 * 30 - 300) / 2)


def test_with_a_value_per_point_money_decides(runs: pd.DataFrame) -> None:
    # At 4 staff the lead is 25 points for 200 more: worth it at 10 a point, not at 4.
    for value, expected in ((10.0, "pays"), (4.0, "loses")):
        table = cells(runs, value_per_point=value)
        cell = table[(table["reference"] == "isolated") & (table["backbone.staff"] == 4)]
        assert set(cell["class"]) == {expected}
        assert cell["net_value"].tolist() == pytest.approx([25 * value - 200] * 3, abs=2 * value)
        assert cell["extra_spend"].tolist() == [200.0] * 3
    assert cells(runs)["net_value"].isna().all()


def test_the_sentence_counts_and_places(runs: pd.DataFrame) -> None:
    found = analyse(runs)
    assert found.name == "break_even"
    assert "against isolated it pays in 6 of 12 cells, loses in 6, cannot be told in 0" in found.sentence
    assert "break-even at backbone.staff 1.5 [1." in found.sentence
    assert "against isolated at equal spend it pays in" in found.sentence
    assert "at 10 (thousand) a point" in analyse(runs, value_per_point=10).sentence


def test_without_the_equal_spend_arm_the_other_is_told(runs: pd.DataFrame) -> None:
    found = analyse(runs[runs["arm"] != "isolated_equal_spend"])
    assert set(found.table["reference"]) == {"isolated"}
    assert "equal spend" not in found.sentence


def test_nothing_clear_nothing_said(runs: pd.DataFrame) -> None:
    assert analyse(runs[runs["replication"] == 0]).sentence == "", "one world has no interval"


def test_other_than_two_factors_are_refused(runs: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"1 factors that vary \(backbone.staff\)"):
        analyse(runs[runs["problem.interdependence"] == 0])
    with pytest.raises(InputError, match="exactly two factors"):
        analyse(runs.assign(**{"costs.staff": runs["point"]}))
    with pytest.raises(InputError, match="exactly two factors"):
        analyse(runs, x="backbone.stuff")
    swapped = cells(runs, x="problem.interdependence")
    assert swapped.columns[1:3].tolist() == ["problem.interdependence", "backbone.staff"]
