"""Ensembles: the very runs of the kernel, kept within bounds, given up when nobody waits; and what is drawn of them."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from ci_sim.app.charts.chart import Chart, as_csv, as_svg
from ci_sim.app.charts.courses import gaps, means
from ci_sim.app.charts.differences import differences, reached
from ci_sim.app.ensemble import Ensemble, Kept, OvertakenError, run_ensemble
from ci_sim.app.findings import headline, table_rows
from ci_sim.app.results import Results, subject_of
from ci_sim.app.session import Session
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in
from ci_sim.simulate import simulate

ARMS = ("isolated", "isolated_equal_spend", "collective_impact")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def scenario(case):
    small = ("problem.levers=6", "problem.interdependence=3", "problem.communities=8", "horizon.months=48")
    return case(*small, more='title = "A <b>small</b> & quick case"')


@pytest.fixture(scope="module")
def ensemble(scenario) -> Ensemble:
    return run_ensemble(scenario, ARMS, 12, 5)


def session_of(scenario, language: str = "en", **changes) -> Session:
    def nothing(_: object) -> None: ...

    view = View(page="compare", scenario="case", file="x", arms=ARMS, seed=5, **changes)
    return Session(view, scenario, texts_in(language), 1180, nothing, nothing, nothing, nothing)


def test_an_ensemble_is_the_runs_of_the_kernel(scenario, ensemble):
    for arm in ARMS:
        for world in (0, 11):
            assert np.array_equal(ensemble.records[arm][world], simulate(scenario, world, arm, seed=5).records)


def test_the_isolated_arm_is_always_run(scenario):
    assert "isolated" in run_ensemble(scenario, ["collective_impact"], 2, 5).records


def test_what_is_kept_is_not_run_again_and_cannot_be_changed(scenario, ensemble):
    again = run_ensemble(scenario, ARMS, 12, 5)
    assert again.records["isolated"] is ensemble.records["isolated"]
    with pytest.raises(ValueError, match="read-only"):
        again.records["isolated"]["indicator"][0, 0] = 1.0


def test_an_ensemble_nobody_waits_for_is_given_up(scenario):
    asked = []

    def overtaken() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(OvertakenError):
        run_ensemble(scenario, ARMS, 100, 6, overtaken)


def test_what_is_kept_stays_within_its_room():
    kept, block = Kept(10_000), np.zeros(500)
    for number in range(9):
        kept.put((number,), block)
    assert [number for number in range(9) if kept.get((number,)) is not None] == [7, 8]


def test_the_digest_is_of_the_numbers(scenario, ensemble):
    assert run_ensemble(scenario, ARMS, 12, 5).digest == ensemble.digest
    assert run_ensemble(scenario, ARMS, 12, 7).digest != ensemble.digest


@pytest.fixture(scope="module")
def results(case, scenario, ensemble) -> Results:
    before = run_ensemble(case("problem.levers=6", "problem.interdependence=1", "problem.communities=8",
                               "horizon.months=48"), ["collective_impact"], 12, 5)  # fmt: skip
    return Results(session_of(scenario), ensemble, ARMS, "collective_impact", before)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 900])
@pytest.mark.parametrize("draw", [means, gaps, differences, reached])
def test_a_chart_is_a_picture_words_and_data(results, scenario, draw, width, language):
    session = session_of(scenario, language, month=24)
    chart: Chart = draw(results, session, width, 300)
    root = ET.fromstring(chart.svg)
    assert root.get("viewBox") == f"0 0 {width} 300"
    xs = [float(value) for mark in root.iter(f"{SVG}text") if (value := mark.get("x"))]
    assert min(xs) >= 0
    assert max(xs) <= width
    assert "{" not in chart.summary + chart.caption + chart.title
    assert len(chart.table) >= 49
    alone = ET.fromstring(as_svg(chart, session.about()))
    assert "var(" not in ET.tostring(alone, encoding="unicode")
    said = "".join(text.text or "" for text in alone.iter(f"{SVG}desc"))
    for part in (scenario.hash, "ci_sim", "5"):
        assert part in said


def test_a_csv_says_what_it_is_of_and_can_be_read(results, scenario):
    chart = means(results, session_of(scenario), 600, 300)
    text = as_csv(chart, session_of(scenario).about())
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert any(scenario.hash in line for line in head)
    assert any("Seed: 5" in line for line in head)
    assert any("Not a forecast" in line for line in head)
    table = pd.read_csv(io.StringIO(text), comment="#")
    found = table[(table["arm"] == "isolated") & (table["month"] == 48)]["median"].item()
    assert found == pytest.approx(100 * np.median(results.now.values("isolated")[:, 48]))


def test_titles_are_never_markup(results, scenario):
    chart = means(results, session_of(scenario), 600, 300)
    assert "<b>" not in as_svg(chart, session_of(scenario).about())


def test_the_sentence_and_the_table_agree_with_the_runs(results, scenario):
    session = session_of(scenario)
    gain = 100 * (results.now.values("collective_impact") - results.now.values("isolated"))[:, -1].mean()
    assert f"is {abs(gain):.0f} points {'above' if gain > 0 else 'below'} isolated impact" in headline(results, session)
    assert "Against the baseline" in headline(results, session)
    rows = dict(table_rows(results, session))
    assert list(rows) == ["Isolated impact", "Isolated, equal spend", "Collective Impact"]
    outcome = 100 * results.now.values("isolated")[:, -1].mean()
    assert rows["Isolated impact"]["outcome"].startswith(f"{outcome:.0f}".replace("-", "\u2212"))
    columns = list(rows["Isolated impact"])
    assert columns.index("gap") - columns.index("outcome") == 2, "the gap stands beside the mean"


def test_the_sentence_is_silent_where_nothing_can_be_told_apart(case):
    quiet = case("problem.levers=6", "problem.interdependence=3", "problem.communities=8", "horizon.months=12",
                 "conditions.common_agenda=0", "conditions.shared_measurement=0", "backbone.staff=0",
                 "conditions.mutually_reinforcing_activities=0", "conditions.continuous_communication=0")  # fmt: skip
    found = Results(session_of(quiet), run_ensemble(quiet, ARMS, 12, 5), ARMS, "collective_impact", None)
    assert "cannot be told apart from isolated impact" in headline(found, session_of(quiet))


def test_the_subject_is_collective_impact_or_the_last_other_arm():
    assert subject_of(ARMS) == "collective_impact"
    assert subject_of(("isolated", "ordinary_coalition")) == "ordinary_coalition"
    assert subject_of(("isolated",)) == "isolated"


def test_the_command_has_every_change(scenario):
    command = session_of(scenario, overrides=(("backbone.staff", "2"),)).command()
    assert re.search(r"^ci-sim compare case\.toml --arms isolated,.*--seed 5 --set backbone\.staff=2$", command)
