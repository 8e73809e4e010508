"""About: the fixed headings, every slider with its evidence, the critics, and the whole model without the internet."""

from __future__ import annotations

import re

from ci_sim.app.controls import GROUPS, reach
from ci_sim.app.pages.about import HEADINGS, TRY, description
from ci_sim.app.presets import critics, offered, shipped
from ci_sim.app.state import View
from ci_sim.app.texts import LANGUAGES, texts_in
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario_file import read_scenario, shipped_scenarios


def test_no_heading_and_no_slider_is_missing(open_page):
    page = open_page("?page=about&scenario=homelessness").page
    shown = [one.inner_text() for one in page.locator("main h2").all()]
    texts = texts_in("en")
    assert [texts(f"about.headings.{name}") for name in HEADINGS] == shown[: len(HEADINGS)]
    assert shown[:8] == [
        "What is it?", "How it works", "How to use it", "Things to notice", "Things to try", "Extending it", "Limits",
        "Credits",
    ]  # fmt: skip
    rows = page.locator("#about-assumptions table").first.locator("tbody tr").all_inner_texts()
    assert len(rows) == len(PARAMETERS)
    for row, (key, parameter) in zip(rows, PARAMETERS.items(), strict=True):
        for part in (key, parameter.meaning, parameter.low, parameter.high, parameter.source, parameter.grade):
            assert part in row, (key, part)


def test_the_whole_model_can_be_read_here(open_page):
    opened = open_page("?page=about")
    assert opened.page.locator(".ci-odd").count() == 0
    opened.page.get_by_role("button", name="Show the description").click()
    opened.page.locator(".ci-odd table").first.wait_for()
    assert "about.odd=shown" in opened.query()
    assert "kernel.search.adopt" in opened.page.locator(".ci-odd").inner_text()
    assert opened.page.locator(".ci-odd img, .ci-odd script").count() == 0


def test_things_to_try_are_links_that_work(open_page):
    opened = open_page("?page=about")
    links = opened.page.locator("#about-try a")
    assert links.count() == len(TRY)
    links.nth(0).click()
    opened.page.locator('[id="set-problem.interdependence"]').wait_for()
    opened.ready()
    assert "problem.interdependence=0" in opened.query()
    assert opened.page.locator(".ci-notice").count() == 0


def test_every_view_to_try_exists():
    for changes in TRY.values():
        scenario = read_scenario("default", [f"{key}={value}" for key, value in changes.items()])
        assert scenario.hash != read_scenario("default").hash


def test_the_description_is_the_odd_page():
    html = description()
    assert "<h1" not in html
    assert len(re.findall("<table>", html)) > 2


def test_every_parameter_has_one_slider():
    lead = [key for members in GROUPS.values() for key in members if not key.endswith(".")]
    sections = [key for members in GROUPS.values() for key in members if key.endswith(".")]
    rest = [key for key in PARAMETERS if key not in lead and key.startswith(tuple(sections))]
    assert sorted(lead + rest) == sorted(PARAMETERS)
    assert len(set(sections)) == len(sections)


def test_a_slider_holds_its_default_and_any_value():
    for parameter in PARAMETERS.values():
        if parameter.bounds is not None:
            for value in (float(parameter.default), *parameter.bounds):
                low, high, step = reach(parameter, value)
                assert parameter.bounds[0] <= low <= value <= high <= parameter.bounds[1]
                assert 0 < step <= high - low


def test_the_picker_offers_every_scenario_once():
    for language in LANGUAGES:
        groups = offered(View(page="compare"), texts_in(language))
        names = [one["name"] for group in groups for one in group["entries"]]
        assert sorted(names) == sorted(shipped()) == sorted(shipped_scenarios())
    mine = offered(View(page="compare", scenario="mine", file="x"), texts_in("en"))
    assert mine[-1]["entries"] == [{"name": "file:mine", "title": "mine"}]


def test_critics_are_named_by_their_scenarios():
    assert all(scenario.sources for scenario in critics().values())
    assert set(critics()) <= set(shipped())
