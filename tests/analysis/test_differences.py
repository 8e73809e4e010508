"""Paired differences: by point, arm and replication, whatever the order of rows; distributions, and sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.differences import analyse
from ci_sim.analysis.response import Response, Scale, scale_of
from ci_sim.complaints import InputError

WORLDS = 60
DESIGN = {
    "kind": "grid",
    "factors": [{"key": "problem.interdependence", "values": [0, 5]}, {"key": "problem.levers", "values": [14]}],
    "arms": ["isolated", {"name": "pair", "title": "A pair"}, {"name": "quiet", "title": ""}],
}


def runs(**gains: tuple[float, ...]) -> pd.DataFrame:
    """Runs of arms that gain so much over the isolated arm at point 0, 1, ...; worlds differ far more than arms."""
    rng = np.random.default_rng(0)
    tables = []
    for point in range(len(next(iter(gains.values())))):
        world, small = rng.normal(0.4, 0.2, WORLDS), rng.normal(0, 0.02, WORLDS)
        for arm, gain in {"isolated": (0.0,) * 9, **gains}.items():
            values = world + (gain[point] + small if arm != "isolated" else 0.0)
            columns = {"point": point, "arm": arm, "replication": np.arange(WORLDS), "outcome": values}
            factors = {"problem.interdependence": 5 * point, "problem.levers": 14}
            tables.append(pd.DataFrame({**columns, **factors, "spend": 100.0, "months_to_half": 12.0}))
    return pd.concat(tables, ignore_index=True)


def test_what_all_arms_share_cancels_and_rows_may_come_in_any_order() -> None:
    table = runs(pair=(0.1, 0.0), quiet=(-0.1, 0.2))
    (found,) = analyse(table, DESIGN)
    (shuffled,) = analyse(table.sample(frac=1, random_state=2), DESIGN)
    pd.testing.assert_frame_equal(found.table, shuffled.table)
    first = found.table.iloc[0]
    assert (first["arm"], first["problem.interdependence"], first["label"]) == ("pair", 0, "interdependence 0")
    assert first["difference"] == pytest.approx(0.1, abs=0.01)
    assert 0.005 < first["difference_high"] - first["difference_low"] < 0.015, "the worlds' own spread is 0.2"
    assert first["worlds"] == WORLDS
    assert first["ahead"] == 1.0


def test_the_distribution_stands_beside_the_mean() -> None:
    table = analyse(runs(pair=(0.0,)), DESIGN)[0].table.iloc[0]
    expected = np.quantile(np.random.default_rng(0).normal(0, 1, (2, WORLDS))[1] * 0.02, (0.1, 0.25, 0.75, 0.9))
    np.testing.assert_allclose(table[["q10", "q25", "q75", "q90"]].to_numpy(float), expected, atol=1e-12)
    assert table["q25"] < table["median"] < table["q75"]
    assert table["median_low"] < table["median"] < table["median_high"]
    assert table["ahead_low"] < 0.5 < table["ahead_high"]


def test_any_two_arms_and_any_outcome() -> None:
    (found,) = analyse(runs(pair=(0.1, 0.1), quiet=(0.3, 0.3)), DESIGN, arms=["quiet"], reference="pair")
    assert found.table["difference"].to_numpy() == pytest.approx([0.2, 0.2])
    (spent,) = analyse(runs(pair=(0.1,)), DESIGN, outcome="spend")
    assert tuple(spent.table.loc[0, ["difference", "difference_low", "difference_high"]]) == (0, 0, 0)
    assert spent.table.loc[0, "tied"] == 1
    assert "cannot be told apart" in spent.sentence
    assert "0 thousand" in spent.sentence


def test_worlds_without_a_value_are_left_out_and_counted() -> None:
    table = runs(pair=(0.1,))
    late = (table["arm"] == "pair") & (table["replication"] < 7)
    table.loc[late, "outcome"] = np.nan
    table = table[~((table["arm"] == "isolated") & (table["replication"] == 20))]
    (found,) = analyse(table, DESIGN)
    assert tuple(found.table.loc[0, ["worlds", "missing"]]) == (WORLDS - 8, 8)
    assert "Left out: 8 paired worlds" in found.sentence


def test_a_comparison_has_one_point() -> None:
    (found,) = analyse(runs(pair=(0.1,)).drop(columns=["point", "problem.interdependence"]), {"kind": "comparison"})
    assert list(found.table["label"]) == ["point 0"]
    assert "lies above Isolated impact by +10." in found.sentence


def test_the_sentence_counts_points_and_claims_nothing_that_cannot_be_told_apart() -> None:
    found = analyse(runs(pair=(0.1, 0.0), quiet=(-0.1, -0.2)), DESIGN)[0].sentence
    pair, quiet, warning = found.split(". ")
    assert warning == "Of 20 points without any difference about 1 is told apart by chance."
    assert pair.startswith("A pair lies above Isolated impact at 1 of 2 points, cannot be told apart from")
    assert quiet.startswith("quiet lies below Isolated impact at all 2 points")
    nothing = analyse(runs(pair=(0.0, 0.0)), DESIGN)[0].sentence
    assert "above" not in nothing
    assert "points (from" not in nothing
    assert "by chance" not in nothing


def test_one_world_is_no_evidence() -> None:
    table = runs(pair=(0.1,))
    (found,) = analyse(table[table["replication"] == 3], DESIGN)
    assert found.sentence == "A pair and Isolated impact: 1 paired world is no evidence."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outcome": "outcom"}, "no outcome 'outcom'; allowed: outcome"),
        ({"arms": ["pear"]}, "Did you mean 'pair'?"),
        ({"reference": "isolatd"}, "Did you mean 'isolated'?"),
    ],
)
def test_unknown_names_are_told(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        analyse(runs(pair=(0.1,)), DESIGN, **asked)  # type: ignore[arg-type]


def test_one_arm_has_nothing_to_differ_from() -> None:
    table = runs(pair=(0.1,))
    with pytest.raises(InputError, match="no arm but 'isolated'"):
        analyse(table[table["arm"] == "isolated"], DESIGN)


def test_a_run_twice_is_told() -> None:
    table = runs(pair=(0.1,))
    with pytest.raises(InputError, match="point 0, replication 0 of arm isolated twice"):
        Response("outcome", "isolated").cells(pd.concat([table, table.head(1)]))


@pytest.mark.parametrize(
    ("scale", "value", "said"),
    [
        (Scale(100, "points"), 0.1234, "+12.3"),
        (Scale(100, "points"), -0.0001, "0.0"),
        (Scale(1, "months"), 41.26, "+41.3"),
        (Scale(1, "thousand"), 12345.6, "+12,346"),
        (Scale(1, ""), 0.01234, "+0.012"),
        (Scale(1, ""), 0.0, "0"),
        (Scale(1, ""), np.nan, "unknown"),
    ],
)
def test_numbers_as_people_read_them(scale: Scale, value: float, said: str) -> None:
    assert scale.number(value, signed=True) == said


def test_scales_follow_the_registry() -> None:
    assert scale_of("outcome") == (100, "points")
    assert scale_of("months_to_half") == (1, "months")
    assert scale_of("participation") == (100, "percentage points")


def test_points_are_named_by_what_varies_in_words() -> None:
    table = runs(pair=(0.1, 0.2)).drop(columns=["problem.interdependence"])
    order = "backbone>common_agenda>shared_measurement>continuous_communication>mutually_reinforcing_activities@12"
    table["order"] = np.where(
        table["point"] == 0, order, order.replace("backbone>common_agenda", "common_agenda>backbone")
    )
    table["groups.0.member"] = table["point"] == 0
    (found,) = analyse(table, {"kind": "orders", "factors": [{"key": "groups.0.member"}, {"key": "order"}]})
    assert list(found.table["label"]) == [
        "groups 0 member true, backbone > agenda > measurement > communication > activities, 12 months apart",
        "groups 0 member false, agenda > backbone > measurement > communication > activities, 12 months apart",
    ]
