"""Components without a browser: what a page hands to it, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ipyvuetify
import pytest
import solara

from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.courses import means
from ci_sim.app.controls import Controls
from ci_sim.app.ensemble import run_ensemble
from ci_sim.app.pages.compare import Timeline
from ci_sim.app.results import Results
from ci_sim.app.session import File, Session
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario_file import read_scenario


class Listener:
    """A session that remembers what was done with it."""

    def __init__(self, **view: Any) -> None:
        self.views: list[View] = []
        self.files: list[File] = []
        self.said: list[str] = []
        shown = View(page="compare", **view)
        scenario = read_scenario(shown.scenario, [f"{key}={value}" for key, value in shown.overrides])
        self.session = Session(
            shown,
            scenario,
            texts_in("en"),
            1180,
            self.views.append,
            self.said.append,
            self.files.append,
            lambda _: None,
        )


def rendered(element: Any, look: Callable[[Any], None]) -> None:
    """Render an element, look at its Vue widget, and clean up."""
    _, rendering = solara.render(element, handle_error=False)
    look(rendering.find(ipyvuetify.VuetifyTemplate).widgets[0])
    rendering.close()


def test_the_panel_has_every_slider_with_words_and_evidence():
    def look(panel):
        entries = [one for group in panel.groups for part in ("lead", "rest") for one in group[part]]
        assert {one["key"] for one in entries} == set(PARAMETERS)
        for one in entries:
            assert one["grade"] == PARAMETERS[one["key"]].grade
            assert one["label"]
            assert one["meaning"]
        changed = [one["key"] for one in entries if one["changed"]]
        assert changed == ["backbone.staff"]
        panel.vue_change({"key": "problem.interdependence", "value": "3"})
        panel.vue_change({"key": "no.such.key", "value": "3"})
        panel.vue_reset("backbone.staff")
        panel.vue_reseed("7")
        panel.vue_reseed("-7")

    listener = Listener(overrides=(("backbone.staff", "2"),))
    rendered(Controls(listener.session), look)
    first, second, third = listener.views
    assert dict(first.overrides) == {"backbone.staff": "2", "problem.interdependence": "3"}
    assert second.overrides == ()
    assert third.seed == 7
    assert listener.said == ["A seed is a whole number from 0."]


def test_what_a_scenario_lists_cannot_be_slid():
    def look(panel):
        entries = [one for group in panel.groups for part in ("lead", "rest") for one in group[part]]
        fixed = {one["key"] for one in entries if one["fixed"]}
        assert {"problem.levers", "organizations.count", "problem.interdependence"} <= fixed

    rendered(Controls(Listener(scenario="homelessness").session), look)


def test_arms_are_ticked_and_one_stays():
    def look(line):
        line.vue_toggle("ordinary_coalition")
        line.vue_toggle("isolated")
        line.vue_toggle("nobody")
        line.vue_pin("pin")
        line.vue_read("24")

    listener = Listener(arms=("isolated",), overrides=(("backbone.staff", "2"),))
    rendered(Timeline(listener.session), look)
    assert [view.arms for view in listener.views[:1]] == [("isolated", "ordinary_coalition")]
    assert listener.said[0] == "At least one arm stays."
    assert listener.views[1].baseline == (("backbone.staff", "2"),)
    assert listener.views[2].month == 24


@pytest.mark.parametrize(("kind", "start"), [("csv", "# chart:"), ("svg", "<svg "), ("png", "<svg ")])
def test_a_card_hands_over_its_files(kind, start):
    listener = Listener(overrides=(("horizon.months", "12"), ("problem.communities", "4")))
    session = listener.session
    ensemble = run_ensemble(session.scenario, ["collective_impact"], 3, 1)
    results = Results(session, ensemble, ("isolated", "collective_impact"), "collective_impact", None)
    session = replace(session, view=replace(session.view, arms=results.arms))
    rendered(ChartCard(session, means(results, session, 500, 300)), lambda card: card.vue_save(kind))
    file = listener.files[0]
    assert file.name == f"default-means.{kind}"
    assert file.content.startswith(start)
    assert file.picture == (kind == "png")
    assert session.scenario.hash in file.content
