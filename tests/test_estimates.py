"""Figures of estimates: legible for few and many rows, grey where nothing is clear, and all called alike."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from test_figures import assert_legible, said

from ci_sim import figures
from ci_sim.analysis import differences, factorial, replicates
from ci_sim.analysis.contrasts import SUBSETS
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.noise import noise_finding
from ci_sim.figures.estimates import MOST_ROWS, SOME_POINTS, UNCLEAR, Row, few_points, rows_page, spread_out

POINTS = 7
NOTE = "Not a forecast. A simulation of stylised rules, whose parameters are by evidence: 3 measured, 60 invented."


def factorial_runs(points: int) -> pd.DataFrame:
    """A factorial in which common agenda matters, the more the higher the point, and nothing else does."""
    rng = np.random.default_rng(0)
    rows = []
    for point in range(points):
        for number, arm in enumerate(SUBSETS):
            outcome = 0.4 + 0.05 * point * (number & 1) + rng.normal(0, 0.05, 12)
            columns = {"point": point, "problem.interdependence": 2 * point, "arm": arm, "outcome": outcome}
            rows.append(pd.DataFrame({"replication": range(12), **columns}))
    return pd.concat(rows, ignore_index=True)


DESIGN = {"kind": "factorial", "factors": [{"key": "problem.interdependence", "values": list(range(0, 14, 2))}]}


def tornado_table(factors: int) -> pd.DataFrame:
    """Both tables at once: the first factors are clear, the others may as well be zero."""
    rows = []
    for n in range(factors):
        estimate = 0.5 / (n + 1) - 0.12
        factor = f"section.a_factor_with_a_rather_long_name_number_{n}"
        row: dict[str, object] = {"outcome": "outcome", "factor": factor, "from": -1.0, "to": n}
        for name in ("s1", "st", "mu", "mu_star", "sigma"):
            row |= Interval(estimate, estimate - 0.1, estimate + 0.1).columns(name)
        clear = estimate > 0.1
        row |= {"st_noise": 0.02, "mu_star_noise": math.nan, "clear": clear, "s1_clear": clear}
        rows.append(row | {"groups": 64, "trajectories": 20, "replications": 3})
    return pd.DataFrame(rows)


def findings(points: int) -> list[Finding]:
    runs = factorial_runs(points)
    asked = {"arm": "subset_11111", "reference": "subset_00000"}
    found = factorial.analyse(runs, DESIGN) + replicates.analyse(runs, DESIGN, **asked)  # type: ignore[arg-type]
    arms = ["subset_10000", "subset_01000"]
    found += differences.analyse(runs, DESIGN, arms=arms, reference="subset_00000")
    found.append(noise_finding(np.random.default_rng(0).normal(size=(20, 2, 4)), "outcome"))
    found += [Finding(name, "What matters here", tornado_table(points + 1), "") for name in ("sobol", "morris")]
    return found


def draw(finding: Finding) -> Figure:
    figure: Figure = getattr(figures, finding.name)(
        finding.table, title=finding.title, sentence=finding.sentence, note=NOTE
    )
    return figure


@pytest.fixture(scope="module", params=[1, POINTS], ids=["one point", "many points"])
def drawn(request: pytest.FixtureRequest) -> dict[str, Figure]:
    return {finding.name: draw(finding) for finding in findings(request.param)}


def test_all_are_legible_and_carry_their_words(drawn: dict[str, Figure]) -> None:
    assert len(drawn) == 9
    for figure in drawn.values():
        assert_legible(figure)
        assert NOTE in said(figure)


def test_all_are_called_alike() -> None:
    for finding in findings(1):
        parameters = inspect.signature(getattr(figures, finding.name)).parameters
        assert list(parameters)[:4] == ["table", "title", "sentence", "note"]


def test_what_is_not_clear_is_grey_and_named(drawn: dict[str, Figure]) -> None:
    assert "estimate not distinguishable from zero" in said(drawn["factorial_effects"])
    table = tornado_table(3)
    figure = figures.sobol(table, title="What matters")
    bars = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    hatched = [bar for bar in bars if bar.get_hatch()]
    assert len(bars) == 6
    assert len(hatched) == 2 * int((~table["clear"]).sum()) > 0
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert [("not distinguishable from zero" in label) for label in labels] == list(~table["clear"])


def test_bars_have_the_lengths_of_the_table() -> None:
    table = tornado_table(2)
    bars = figures.sobol(table, title="What matters").axes[0].patches
    widths = sorted(bar.get_width() for bar in bars if isinstance(bar, Rectangle))
    assert widths == pytest.approx(sorted([*(100 * table["st"]), *(100 * table["s1"])]))


def test_of_many_points_some_are_shown_and_this_is_said(drawn: dict[str, Figure]) -> None:
    figure = drawn["factorial_effects"]
    heads = [" ".join(axes.get_title(loc="left").split()) for axes in figure.axes]
    if len(heads) == 1:
        assert "Shown:" not in said(figure)
        return
    assert (heads[0], heads[-1]) == ("interdependence 0", "interdependence 12")
    assert "Shown: 4 of 7 points." in said(figure)


def test_over_a_factor_of_many_values_shapley_values_are_lines() -> None:
    table = factorial.analyse(factorial_runs(POINTS), DESIGN)[1].table
    axes = figures.shapley(table, title="Which condition matters where").axes[0]
    lines = [line for line in axes.get_lines() if line.get_marker() in tuple("osD^v")]
    assert len(lines) == 5
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 5
    agenda = table[table["condition"] == "common_agenda"]
    np.testing.assert_allclose(lines[0].get_xdata(), range(0, 14, 2))
    np.testing.assert_allclose(lines[0].get_ydata(), 100 * agenda["shapley"])
    whole = factorial.analyse(factorial_runs(POINTS), DESIGN)[2].table
    together = figures.additivity(whole, title="More than the sum").axes[0].get_lines()[1]
    np.testing.assert_allclose(together.get_ydata(), 100 * whole["together"])
    two = table.assign(**{"problem.interdependence": table["point"] % 2, "label": table["label"]})
    two.insert(1, "backbone.staff", table["point"])
    assert len(figures.shapley(two, title="Two factors").axes) == 5


def test_the_first_and_the_last_are_always_shown() -> None:
    assert spread_out(list(range(5))) == [0, 1, 2, 3, 4]
    assert spread_out(list(range(13))) == [0, 3, 6, 9, 12]


def test_more_rows_than_a_page_holds_are_counted() -> None:
    rows = [Row(f"row {n}", Interval(n, n - 1.0, n + 1.0), n > 1) for n in range(75)]
    figure, (axes,) = rows_page({"": rows}, title="Many", axis="Effect", caption="")
    assert len(axes.get_yticklabels()) == 60
    assert "Not shown: 15 further rows of the table." in said(figure)
    assert_legible(figure)


def test_a_row_without_a_value_is_left_empty() -> None:
    nothing = Interval(math.nan, math.nan, math.nan)
    rows = [Row("known", Interval(1.0, math.nan, math.nan), True), Row("unknown", nothing, False)]
    for bars in (False, True):
        figure, (axes,) = rows_page({"": rows}, title="Gaps", axis="Effect", caption="", bars=bars)
        assert_legible(figure)
        grey = [line for line in axes.get_lines() if line.get_color() == UNCLEAR]
        assert not grey


def test_one_world_is_drawn_as_no_evidence() -> None:
    runs = factorial_runs(2).query("replication == 0")
    found = [factorial.analyse(runs, DESIGN)[1], differences.analyse(runs, DESIGN, reference="subset_00000")[0]]
    for finding in found:
        figure = draw(finding)
        assert_legible(figure)
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        assert "estimate not distinguishable from zero" in legend
        assert "estimate" not in legend


def test_of_many_points_some_are_shown_from_the_largest_to_the_smallest() -> None:
    values = np.random.default_rng(1).permutation(200) / 200
    table = pd.DataFrame({"point": np.repeat(np.arange(200), 2), "arm": ["a", "b"] * 200})
    table["difference"] = np.where(table["arm"] == "b", values[table["point"]], -1.0)
    some, said = few_points(table, "difference", "b")
    assert said == f"Shown: {SOME_POINTS} of 200 points, spread evenly over b, the largest first."
    assert some["arm"].tolist() == ["a", "b"] * SOME_POINTS
    of_b = some.loc[some["arm"] == "b", "difference"]
    assert of_b.is_monotonic_decreasing
    assert (of_b.iloc[0], of_b.iloc[-1]) == (values.max(), values.min())
    few = table[table["point"] < MOST_ROWS]
    same, nothing = few_points(few, "difference", "b")
    assert same is few
    assert nothing == ""
