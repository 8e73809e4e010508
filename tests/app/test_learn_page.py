"""Learn in a real browser: the tour by button and by key, a guess that goes nowhere, and a room before it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from axe_core_python.sync_playwright import Axe

from ci_sim.app.cases import open_case
from ci_sim.app.ensemble import run_ensemble
from ci_sim.app.learn.scenes import SCENES, scene_view
from ci_sim.app.link import write_link
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in

SMALL = "problem.levers=6&problem.interdependence=3&problem.communities=6&horizon.months=36"
NAMES = list(SCENES)


def titled(name: str) -> str:
    return texts_in("en")(f"learn.scenes.{name}.title")


def without_numbers(query: str) -> str:
    return re.sub(r"&numbers=[^&]+", "", query)


def at(opened, name: str) -> None:
    """Wait until a scene is on show, with its finding."""
    opened.page.locator("main h1", has_text=titled(name)).wait_for(timeout=20_000)
    opened.page.locator(".ci-found").wait_for(timeout=20_000)
    opened.page.wait_for_function("!document.querySelector('.ci-busy')")
    opened.page.wait_for_function("name => location.search.includes('learn.scene=' + name)", arg=name)


def test_the_tour_by_keyboard_alone_forth_and_back(open_page):
    opened = open_page("?page=learn")
    page = opened.page
    assert page.locator(".ci-contents li").count() == len(NAMES)
    for number, name in enumerate(NAMES, 1):
        page.keyboard.press("ArrowRight")
        at(opened, name)
        assert f"{number} of {len(NAMES)}" in page.locator(".ci-steps [role=status]").inner_text()
    page.keyboard.press("ArrowRight")  # the last stays the last
    page.keyboard.press("ArrowLeft")
    at(opened, NAMES[-2])
    page.get_by_role("button", name="Previous scene").press("Enter")
    at(opened, NAMES[-3])
    page.keyboard.press("Control+z")
    at(opened, NAMES[-2])
    assert opened.failures == []


def test_arrow_keys_stay_with_the_controls_that_use_them(open_page):
    opened = open_page(f"?page=learn&learn.predict=on&{SMALL}")
    slider = opened.page.locator("#guess-12")
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    opened.page.wait_for_timeout(300)
    assert slider.input_value() == "51"
    assert "learn.scene" not in opened.query()


@pytest.mark.parametrize("name", ["backbone", "equity"])
def test_a_scene_opens_elsewhere_as_the_same_view(open_page, name):
    view = scene_view(SCENES[name], View(page="learn"))
    opened = open_page(f"?{write_link(view, open_case(view))}")
    at(opened, name)
    assert opened.page.locator("[role=alert]").count() == 0
    shown = opened.page.locator("#chart-means .ci-picture").get_attribute("aria-label")
    opened.page.locator(".ci-open-scene").click()
    opened.page.wait_for_function("location.search.includes('page=compare')")
    opened.ready()
    assert opened.page.locator("#chart-means .ci-picture").get_attribute("aria-label") == shown
    opened.page.get_by_role("link", name="Learn").click()
    at(opened, name)


def test_a_scene_that_was_changed_says_so_and_goes_back(open_page):
    view = scene_view(SCENES["scaling"], View(page="learn")).override("organizations.resourcing", 2)
    opened = open_page(f"?{write_link(view, open_case(view))}")
    at(opened, "scaling")
    assert "with 2 programs per place" in opened.page.locator(".ci-found").inner_text()
    opened.page.get_by_role("button", name="Back to the scene as it was").click()
    opened.page.locator(".ci-found", has_text="3.6 programs").wait_for(timeout=20_000)
    assert opened.page.get_by_role("button", name="Back to the scene as it was").count() == 0


def test_a_guess_is_held_against_the_ensemble_and_goes_nowhere(open_page):
    opened = open_page(f"?page=learn&learn.predict=on&{SMALL}&seed=5")
    page, sent = opened.page, []
    assert page.locator(".ci-found").count() == 0, "nothing is shown before the guess"
    page.on("websocket", lambda one: one.on("framesent", lambda frame: sent.append(str(frame))))
    before = opened.query()
    page.locator("#guess-12").fill("7")
    page.get_by_label("Year 3, points of 100").fill("93")
    page.get_by_label("Year 3, points of 100").press("Tab")
    assert "year 1: 7" in page.locator(".ci-guess .ci-picture").get_attribute("aria-label")
    assert "year 3: 93" in page.locator(".ci-guess .ci-picture").get_attribute("aria-label")
    page.get_by_role("button", name="Show what the model says").click()
    told = page.locator(".ci-guess [role=status]")
    told.locator("li").first.wait_for()
    assert without_numbers(opened.query()) == without_numbers(before), "revealing is no step, and in no link"
    assert [frame for frame in sent if re.search(r"\b93\b", frame)] == [], "a guess never leaves the page"
    case = open_case(View(page="learn", overrides=tuple(sorted(tuple(p.split("=")) for p in SMALL.split("&")))))
    values = 100 * run_ensemble(case, ["collective_impact"], 50, 5).values("collective_impact")
    inside = off = 0
    for (guess, month), said in zip(((7, 12), (93, 36)), told.locator("li").all_inner_texts(), strict=True):
        low, middle, high = (round(value) for value in np.quantile(values[:, month], (0.1, 0.5, 0.9)))
        assert f"you said {guess}" in said
        assert f" {middle}" in said
        assert f"{low} to {high}" in said
        assert ("inside the band" in said) == (low <= guess <= high)
        inside, off = inside + (low <= guess <= high), off + abs(guess - middle) / 2
    assert f"{off + 1e-9:.0f} points away" in told.inner_text()
    assert f"{inside} of 2" in told.inner_text()
    assert page.locator(".ci-found").count() == 1
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie")
    assert '"93"' not in kept
    opened.page.reload()
    opened.ready()
    assert "year 3: 50" in page.locator(".ci-guess .ci-picture").get_attribute("aria-label")


def test_a_guess_can_be_dragged(open_page):
    opened = open_page(f"?page=learn&learn.predict=on&{SMALL}")
    pad = opened.page.locator(".ci-pad")
    circle = pad.locator("circle").nth(1).bounding_box()
    x, y = circle["x"] + circle["width"] / 2, circle["y"] + circle["height"] / 2
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x, y - 60, steps=4)
    opened.page.mouse.up()
    value = int(opened.page.locator("#guess-36").input_value())
    assert 55 < value <= 100
    assert opened.page.locator("#guess-12").input_value() == "50"


def test_before_a_room_type_is_large_and_controls_are_few_on_every_page(open_page):
    opened = open_page(f"?page=compare&{SMALL}")
    page = opened.page

    def size():
        return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('main h2')).fontSize)"))

    plain, controls = size(), page.locator(".ci-control").count()
    page.goto(f"{opened.address}/?page=learn&{SMALL}")
    opened.ready()
    page.get_by_role("button", name="Facilitator mode").click()
    page.locator(".ci-room").wait_for()
    page.get_by_text("Sliders for participants").click()
    page.get_by_label("Slider 1").select_option("backbone.staff")
    page.locator('[id="set-backbone.staff"]').wait_for()
    page.get_by_label("Slider 2").select_option("organizations.count")
    page.locator('[id="set-organizations.count"]').wait_for()
    assert "learn.room=on" in opened.query()
    page.get_by_role("link", name="Compare").click()
    page.wait_for_function("location.search.includes('page=compare')")
    opened.ready()
    assert size() > 1.15 * plain
    assert page.locator(".ci-control:visible").count() == 2 < controls
    assert page.get_by_role("button", name="Save file").is_hidden()
    page.locator("#ci-scenario").select_option("technical_problem")
    page.wait_for_function("location.search.includes('scenario=technical_problem')")
    assert "learn.room=on" in opened.query(), "another scenario does not end it"
    other = open_page(f"?page=learn&{SMALL}")
    assert other.page.locator(".ci-room").count() == 0


def test_a_vote_is_counted_kept_and_answered(open_page):
    opened = open_page(f"?page=learn&learn.room=on&learn.question=without&{SMALL}")
    page = opened.page
    for wanted in ("Backbone", "Backbone", "Common agenda"):
        page.get_by_role("button", name=f"One vote more: {wanted}").click()
    page.wait_for_function("location.search.includes('learn.votes=1,0,0,0,2')")  # however fast: none is lost
    assert page.locator("#vote-backbone").input_value() == "2"
    page.get_by_role("button", name="Show the model's answer").click()
    answer = page.locator("#chart-answer .ci-picture")
    answer.wait_for(timeout=20_000)
    assert re.search(r"leaving out .* costs most: \d", answer.get_attribute("aria-label"))
    assert "Backbone (2 votes)" in answer.get_attribute("aria-label")
    page.get_by_role("button", name="Clear the votes").click()
    page.wait_for_function("!location.search.includes('learn.votes=1')")


def test_a_remote_steps_through_the_scenes_before_a_room_only(open_page):
    opened = open_page("?page=learn&learn.room=on")
    opened.page.keyboard.press("PageDown")
    at(opened, NAMES[0])
    opened.page.keyboard.press("PageUp")
    opened.page.locator(".ci-contents").wait_for()
    plain = open_page("?page=learn")
    plain.page.keyboard.press("PageDown")
    plain.page.wait_for_timeout(300)
    assert "learn.scene" not in plain.query()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_in_a_scene_with_everything_on(open_page, scheme):
    view = scene_view(SCENES["together"], View(page="learn", seed=2)).override("horizon.months", 24)
    choices = "&learn.predict=on&learn.room=on&learn.sliders=backbone.staff&learn.votes=1,2,0,0,0"
    opened = open_page(f"?{write_link(view, open_case(view))}{choices}", scheme=scheme, width=1920)
    page = opened.page
    page.get_by_role("button", name="Show what the model says").click()
    page.locator("#chart-alone").wait_for(timeout=20_000)
    page.get_by_role("button", name="Show the model's answer").click()
    page.locator("#chart-answer").wait_for(timeout=20_000)
    found = Axe().run(page)
    serious = [
        (one["id"], [node["html"][:160] for node in one["nodes"][:4]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=3000)
