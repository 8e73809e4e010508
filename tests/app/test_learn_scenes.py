"""Scenes of the tour without a browser: links that open, sentences that agree with the ensembles, votes, the room."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.app.cases import baseline_of, open_case
from ci_sim.app.controls import value_of
from ci_sim.app.ensemble import run_ensemble
from ci_sim.app.learn import trials
from ci_sim.app.learn.bars import alone_chart, draw_bars
from ci_sim.app.learn.findings import finding, together_in_words
from ci_sim.app.learn.guess import guess_months
from ci_sim.app.learn.scenes import SCENES, scene_of, scene_view, strayed
from ci_sim.app.learn.votes import answer_in_words, best_of, tally
from ci_sim.app.link import parse_link, write_link
from ci_sim.app.pages import pages
from ci_sim.app.pages.learn import DRAW
from ci_sim.app.results import Results, subject_of
from ci_sim.app.room import MOST_SLIDERS, drawing_width, in_room, kept, root_classes, sliders_of
from ci_sim.app.session import Session
from ci_sim.app.state import View
from ci_sim.app.texts import LANGUAGES, texts_in
from ci_sim.parameters import CONDITIONS
from ci_sim.simulate import simulate

WORLDS, MINUS = 10, "\u2212"
SMALL = ("problem.levers=6", "problem.interdependence=3", "problem.communities=8", "horizon.months=36")


def nothing(_: object) -> None: ...


def session_of(view: View, scenario=None) -> Session:
    case = scenario or open_case(view)
    return Session(view, case, texts_in(view.language), 1180, nothing, nothing, nothing, nothing)


def look(name: str, language: str = "en") -> tuple[Session, Results]:
    """A scene over few worlds."""
    view = replace(scene_view(SCENES[name], View(page="learn")), language=language)
    session, before = session_of(view), baseline_of(view)
    subject = subject_of(view.arms)
    ghost = run_ensemble(before, (subject,), WORLDS, 1) if before.hash != session.scenario.hash else None
    return session, Results(session, run_ensemble(session.scenario, view.arms, WORLDS, 1), view.arms, subject, ghost)


def mean(results: Results, arm: str, month: int, column: str = "indicator") -> str:
    return f"{100 * results.now.values(arm, column)[:, month].mean():.0f}".replace("-", MINUS)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_a_link_that_opens_without_complaint_on_every_page(name):
    for page in pages():
        view = replace(scene_view(SCENES[name], View(page="learn", seed=4)), page=page)
        opened = parse_link(write_link(view, open_case(view)), tuple(pages()), LANGUAGES)
        assert opened.trouble is None
        assert opened.view == view
        assert scene_of(opened.view) is SCENES[name]


def test_a_scene_knows_when_somebody_has_moved_a_slider():
    view = scene_view(SCENES["backbone"], View(page="learn", language="es", choices=(("learn.room", "on"),)))
    assert not strayed(SCENES["backbone"], replace(view, month=7, seed=3))
    assert strayed(SCENES["backbone"], view.override("backbone.staff", 8))
    assert in_room(view)


@pytest.mark.parametrize("name", [name for name in SCENES if name != "together"])
def test_the_numbers_of_a_scene_are_those_of_its_ensemble(name):
    session, results = look(name)
    said, month = finding(name, results, session), session.month
    subject = results.now.values(results.subject)
    if name == "gaps":
        for arm in results.arms:
            assert f"{mean(results, arm, month, 'coverage')} of 100 places are served" in said
            assert f"{mean(results, arm, month, 'duplication')} of 100 programs" in said
        return
    if name == "losing":
        assert f"{100 * subject[:, month].mean():.1f} of 100" in said
        other, digits = results.now.values("isolated"), 1
    elif name == "grant":
        assert f"when the grant ends, Collective Impact stands at {mean(results, results.subject, 36)}" in said
        other, digits = results.now.values("isolated"), 0
    else:
        assert f" {mean(results, results.subject, month)} of 100" in said
        assert results.baseline is not None
        other, digits = results.baseline.values(results.subject), 0
    found = mean_interval(100 * (subject[:, month] - other[:, month]))
    if found.low <= 0 <= found.high:
        assert "no difference that can be told apart" in said
    else:
        direction = "more" if found.estimate > 0 else "less"
        assert f"{abs(found.estimate):.{digits}f} points {direction}" in said
    assert f"{found.low:+.{digits}f} to {found.high:+.{digits}f}".replace("-", MINUS) in said


def test_scenes_that_say_more_and_less_do_so_only_where_it_is_clear():
    session, results = look("backbone")
    same = replace(results, baseline=results.now)
    assert "no difference that can be told apart" in finding("backbone", same, session)
    swapped = replace(results, now=results.baseline, baseline=results.now)
    assert "points less" in finding("backbone", results, session)
    assert "points more" in finding("backbone", swapped, session)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_of_a_result_is_typed_into_a_text(language):
    """What depends on runs is a placeholder; digits elsewhere are scales (0, 1, 100) or the band (8 of 10)."""
    allowed = {"0", "1", "100", "95", "8", "10"}
    for key, text in texts_in(language).entries.items():
        if key.startswith("learn."):
            assert set(re.findall(r"\d+", text)) <= allowed, key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 900])
@pytest.mark.parametrize("name", ["gaps", "equity"])
def test_the_charts_of_scenes_are_pictures_words_and_data(name, width, language):
    session, results = look(name, language)
    for kind in SCENES[name].charts:
        chart = DRAW[kind](results, session, width, 300)
        root = ET.fromstring(chart.svg)
        xs = [float(value) for mark in root.iter("{http://www.w3.org/2000/svg}text") if (value := mark.get("x"))]
        assert min(xs) >= 0
        assert max(xs) <= width
        assert "{" not in chart.summary + chart.caption + chart.title
        assert len(chart.table) > results.now.months


@pytest.fixture(scope="module")
def small(case):
    return case(*SMALL)


@pytest.fixture(scope="module")
def found(small) -> trials.Alone:
    return trials.alone(small, 36, WORLDS, 3)


def test_conditions_alone_are_runs_of_the_kernel(small, found):
    only = trials._arm("only", ["shared_measurement"])
    full = trials._arm("full", CONDITIONS)
    ends = {
        arm if isinstance(arm, str) else arm.name: np.array(
            [simulate(small, world, arm, seed=3).records["indicator"][-1] for world in range(WORLDS)]
        )
        for arm in ("isolated", only, full)
    }
    assert found.changes["shared_measurement"] == pytest.approx(mean_interval(100 * (ends["only"] - ends["isolated"])))
    assert found.by_world_all == pytest.approx(100 * (ends["full"] - ends["isolated"]))
    assert found.sum.estimate == pytest.approx(sum(change.estimate for change in found.changes.values()))


@pytest.mark.parametrize("width", [320, 900])
def test_the_bars_say_what_they_show(small, found, width):
    session = session_of(View(page="learn", scenario="case", seed=3), small)
    chart = alone_chart(found, session, width, 360)
    assert chart.summary == together_in_words(found, session)
    assert chart.table["estimate"].tolist()[-1] == pytest.approx(found.all.estimate)
    drawn = "".join(ET.fromstring(chart.svg).itertext())
    assert f"{found.all.estimate:+.0f} (".replace("-", MINUS) in drawn
    marks = draw_bars({"one": Interval(33.0, 32.0, 34.0)}, session, width, 200, zero=False)
    assert re.search(r"33(\.0)? \(32", "".join(ET.fromstring(marks).itertext()))


def test_one_condition_goes_ahead_and_the_others_follow(small):
    ahead = trials.one_ahead(small, "backbone")
    assert [event.month for event in ahead.events] == [1, 25, 25, 25, 25]
    assert ahead.events[0].kind == "staff"
    assert {event.condition for event in ahead.events[1:]} == set(CONDITIONS) - {"backbone"}
    values = trials.first(small, 36, 2, 3)["backbone"]
    runs = [simulate(ahead, world, seed=3).records["indicator"][1:] for world in range(2)]
    assert values == pytest.approx([100 * run.mean() for run in runs])


def test_the_answer_to_a_vote_names_ties_and_the_favourite(small):
    steady = np.array([0.0, 1.0, 2.0])
    by_condition = {name: steady + 10 * place for place, name in enumerate(CONDITIONS)}
    best, like = best_of(by_condition)
    assert (best, like) == ("backbone", [])
    close = {**by_condition, "common_agenda": steady + np.array([40.5, 39.0, 40.0])}
    assert best_of(close) == ("backbone", ["common_agenda"])
    session = session_of(View(page="learn", scenario="case"), small)
    said = answer_in_words("without", by_condition, [0, 0, 0, 0, 4], session)
    assert "leaving out Backbone costs most: 41.0" in said
    assert "favourite, Backbone (4 votes), is among" in said
    assert "comes out lower" in answer_in_words("without", by_condition, [3, 0, 0, 0, 1], session)
    assert "favourite" not in answer_in_words("without", by_condition, [3, 0, 3, 0, 1], session)


@pytest.mark.parametrize("text", ["", "1,2", "3,x,-1,5000,2,9,9", "\u00b2,1"])
def test_a_tally_is_five_whole_numbers_whatever_a_link_says(text):
    votes = tally(text)
    assert len(votes) == len(CONDITIONS)
    assert all(0 <= number < 1000 for number in votes)


def test_years_asked_for_go_as_far_as_the_horizon():
    assert guess_months(120) == [12, 36, 60, 120]
    assert guess_months(48) == [12, 36, 48]
    assert guess_months(6) == [6]


def test_before_a_room_there_are_at_most_three_sliders():
    keys = "backbone.staff,nonsense,equity.focus,backbone.staff,problem.interdependence,organizations.count"
    view = View(choices=(("learn.room", "on"), ("learn.sliders", keys), ("learn.votes", "1")))
    assert sliders_of(view) == ("backbone.staff", "equity.focus", "problem.interdependence")
    assert len(sliders_of(view)) == MOST_SLIDERS
    assert root_classes(view) == ["ci-app", "ci-room"]
    assert root_classes(View()) == ["ci-app"]
    assert dict(kept(view)).keys() == {"learn.room", "learn.sliders"}
    assert drawing_width(view, 1800) < drawing_width(View(), 1800) == 1800
    assert drawing_width(view, 390) == 390


def test_scenes_change_what_their_texts_name():
    for name, key in (("complexity", "problem.interdependence"), ("scaling", "organizations.resourcing"),
                      ("backbone", "organizations.count"), ("equity", "equity.focus")):  # fmt: skip
        view = scene_view(SCENES[name], View(page="learn"))
        assert value_of(open_case(view), key) != value_of(baseline_of(view), key)
