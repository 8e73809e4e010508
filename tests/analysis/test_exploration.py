"""The exploration half of the analysis on real, small runs, and its figures: legible and complete."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy.stats import qmc

from ci_sim import figures
from ci_sim.analysis import break_even, discovery, hinges, horizons, stability
from ci_sim.analysis.plausible import plausible_factors
from ci_sim.analysis.points import point_differences
from ci_sim.arms import STANDARD_ARMS
from ci_sim.outcomes import derive
from ci_sim.provenance import limit_notice
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, with_parameters
from ci_sim.simulate import simulate_arms

ARMS = ("isolated", "isolated_equal_spend", "collective_impact")
SMALL = (
    "problem.levers=6", "problem.interdependence=3", "problem.communities=4", "organizations.count=8",
    "horizon.months=60",
)  # fmt: skip
FEW = 39


def simulated(scenario: Scenario, points: list[dict[str, Any]], worlds: int) -> pd.DataFrame:
    """The runs table of a design, as ``ci_sim.read_results`` gives it."""
    rows = []
    for point, changes in enumerate(points):
        changed = with_parameters(scenario, changes)
        isolated = None
        for run in simulate_arms(changed, [STANDARD_ARMS[arm] for arm in ARMS], range(worlds)):
            isolated = run.records if run.arm.name == "isolated" else isolated
            rows.append(
                {"point": point, "arm": run.arm.name, "replication": run.world.replication}
                | changes
                | dict(derive(changed, run.records, isolated))
            )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return parse_scenario('schema_version = 1\nname = "small"', overrides=SMALL)


@pytest.fixture(scope="module")
def cube(small: Scenario) -> pd.DataFrame:
    """A Latin hypercube over staff, interdependence and a cost that changes no outcome of two of the arms."""
    staff, levers, cost = qmc.LatinHypercube(3, rng=np.random.default_rng(1)).random(80).T
    points = [
        {"backbone.staff": float(3 * s), "problem.interdependence": int(6 * k), "costs.program": float(5 + 10 * c)}
        for s, k, c in zip(staff, levers, cost, strict=True)
    ]
    return simulated(small, points, 3)


@pytest.fixture(scope="module")
def grid(small: Scenario) -> pd.DataFrame:
    points = [{"backbone.staff": s, "problem.interdependence": k} for s in (0.0, 0.5, 1.0, 2.0) for k in (0, 2, 4)]
    return simulated(small, points, 6)


@pytest.fixture(scope="module")
def course(small: Scenario) -> pd.DataFrame:
    arms = [STANDARD_ARMS[arm] for arm in ("isolated", "collective_impact")]
    return pd.concat(
        [
            run.table.reset_index().assign(arm=run.arm.name, replication=run.world.replication)
            for run in simulate_arms(with_parameters(small, {"horizon.months": 120}), arms, range(12))
        ],
        ignore_index=True,
    )


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def said(figure: Figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in texts(figure))


def assert_legible(figure: Figure) -> None:
    """Letters are large enough, and no text leaves the figure."""
    figure.draw_without_rendering()
    for text in texts(figure):
        box = Text.get_window_extent(text)
        assert text.get_fontsize() >= 9, text
        assert box.x0 >= figure.bbox.x0 and box.x1 <= figure.bbox.x1, f"{text} leaves the figure sideways"
        assert box.y0 >= figure.bbox.y0 and box.y1 <= figure.bbox.y1, f"{text} leaves the figure"


def marks(figure: Figure) -> int:
    """How many points are drawn as scattered marks."""
    return sum(len(one.get_offsets()) for one in figure.findobj(PathCollection))


def test_little_lead_is_found_where_the_problem_is_technical(
    cube: pd.DataFrame, small: Scenario, tmp_path: Path
) -> None:
    level = float(point_differences(cube)["difference"].quantile(0.3))
    found = discovery.search(cube, level=level, shuffles=FEW)
    assert found.box is not None
    assert "costs.program" not in found.box.limits, "no outcome of either arm knows what a program costs"
    low, high = found.box.limits["problem.interdependence"]
    assert low == -np.inf
    assert high <= 2
    sentence = discovery.describe(found)
    figure = figures.scenario_discovery(found, title=found.case, sentence=sentence, note=limit_notice(small))
    assert_legible(figure)
    assert sentence in said(figure)
    assert "Not a forecast" in said(figure)
    assert marks(figure) == 80
    assert [path.suffix for path in figures.save(figure, tmp_path / "box", {"scenario": "small"})] == [".png", ".svg"]


def test_a_search_without_a_box_is_drawn_as_such(cube: pd.DataFrame) -> None:
    none = discovery.search(cube, level=-1.0)
    figure = figures.scenario_discovery(none, title=none.case)
    assert_legible(figure)
    assert "Collective Impact ends more than 100 points below isolated at 0 of 80 points." in said(figure)
    noise = discovery.discover(none.x, np.random.default_rng(7).random(80) < 0.3, shuffles=FEW)
    figure = figures.scenario_discovery(noise, title=noise.case)
    assert_legible(figure)
    assert "No box was found that chance would not give as well." in said(figure)


def test_words_stand_on_an_axis_of_their_own() -> None:
    draw = np.random.default_rng(0)
    x: dict[str, Any] = {"problem.wiring": draw.choice(np.array(["random", "ring", "modular"], dtype=object), 90)}
    x["costs.staff"] = draw.random(90)
    found = discovery.discover(x, (x["problem.wiring"] != "ring") & (x["costs.staff"] > 0.4), shuffles=FEW)
    figure = figures.scenario_discovery(found, title="words")
    assert_legible(figure)
    labels = [label.get_text() for label in (*figure.axes[0].get_xticklabels(), *figure.axes[0].get_yticklabels())]
    assert labels[-1] == "ring" or labels[2] == "ring", "what is left out of the box stands last"
    assert {"random", "ring", "modular"} <= set(labels)


def test_break_even_on_a_real_grid(grid: pd.DataFrame, small: Scenario) -> None:
    dear = break_even.analyse(grid, value_per_point=0.01)
    costs = dear.table[dear.table["reference"] == "isolated"].set_index("backbone.staff")["class"]
    assert set(costs.loc[2.0]) == {"loses"}, "a point worth nothing never pays for two staff"
    found = break_even.analyse(grid)
    assert len(found.table) == 24
    equal = found.table[found.table["reference"] == "isolated_equal_spend"]
    budget = 60 * 10.0 * equal["backbone.staff"]
    assert (equal["extra_spend"].abs() <= 0.01 * (budget + 60 * 10 * 30)).all(), "the same money within 1 %"
    for finding in (found, dear):
        figure = figures.break_even(
            finding.table, title=finding.title, sentence=finding.sentence, note=limit_notice(small)
        )
        assert_legible(figure)
        signs = [text.get_text()[0] for axes in figure.axes for text in axes.texts]
        expected = finding.table["class"].map({"pays": "+", "cannot be told": "?", "loses": "\u2212"})
        assert sorted(signs) == sorted(expected)


def test_horizons_of_real_runs(course: pd.DataFrame, small: Scenario) -> None:
    found = horizons.analyse(course, goal=0.5)
    assert found.table["month"].unique().tolist() == [36, 60, 120]
    means = found.table[found.table["kind"] == "difference"].set_index(["month", "measure"])
    for month in (36, 120):
        both = course[course["month"] == month].pivot(index="replication", columns="arm", values="indicator")  # noqa: PD010
        lead = (both["collective_impact"] - both["isolated"]).mean()
        assert means.loc[(month, "indicator"), "value"] == pytest.approx(lead)
    assert means.loc[(36, "shared_measurement"), "verdict"] == "higher"
    figure = figures.horizons(course, found.table, title=found.title, sentence=found.sentence, note=limit_notice(small))
    assert_legible(figure)
    assert len(figure.axes) == 5
    only = figures.horizons(course, found.table[found.table["measure"] == "indicator"], title="one panel")
    assert_legible(only)
    assert len(only.axes) == 1


def test_stability_and_hinges_of_real_runs(cube: pd.DataFrame, small: Scenario) -> None:
    found = stability.analyse(cube)
    held = (point_differences(cube)["difference"] > 0).sum()
    assert f"of {80} plausible settings" in found.sentence
    assert found.table["holds"].iloc[0] == held / 80
    samples: Mapping[str, pd.DataFrame] = {
        name: point_differences(cube) for name in ("staff varies", "everything varies")
    }
    figure = figures.stability(
        samples, title=found.title, lead="Collective Impact minus isolated", note=limit_notice(small)
    )
    assert_legible(figure)
    assert marks(figure) == 160
    mattered = hinges.analyse(cube)
    assert mattered.table["factor"].iloc[0] in {"backbone.staff", "problem.interdependence"}
    assert "backbone.staff" in mattered.sentence
    assert "costs.program" not in mattered.sentence
    drawn = figures.hinges(mattered.table, title=mattered.title, sentence=mattered.sentence)
    assert_legible(drawn)
    assert [label.get_text() for label in drawn.axes[0].get_yticklabels()] == mattered.table["factor"].tolist()


def test_many_factors_are_cut_to_the_strongest() -> None:
    draw = np.random.default_rng(0)
    table = hinges.rank_correlations(pd.DataFrame(draw.random((40, 30))).add_prefix("p.x"), draw.random(40))
    figure = figures.hinges(table, title="many")
    assert_legible(figure)
    assert "The 10 weakest factors are left out." in said(figure)


def test_a_plausible_point_can_be_run(small: Scenario) -> None:
    middle = {
        f["key"]: round((f["low"] + f["high"]) / 2) if isinstance(f["low"], int) else (f["low"] + f["high"]) / 2
        for f in plausible_factors(small)
    }
    assert len(simulated(small, [middle], 1)) == 3


def test_no_figure_touches_the_state_of_matplotlib(cube: pd.DataFrame) -> None:
    before = dict(matplotlib.rcParams)
    figures.hinges(hinges.analyse(cube).table, title="state")
    assert dict(matplotlib.rcParams) == before
