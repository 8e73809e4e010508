"""Promises that hold on every page: nothing leaves the machine, no barriers, three widths, two lights."""

from __future__ import annotations

import pytest
from axe_core_python.sync_playwright import Axe

from ci_sim.app.pages import pages

CHANGED = "scenario=homelessness&conditions.shared_measurement=0.5"


@pytest.fixture(scope="module", params=sorted(pages()))
def opened(request, open_for_all):
    """A page of a scenario with events and groups, one slider moved, everything unfolded."""
    found = open_for_all(f"?page={request.param}&{CHANGED}")
    found.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return found


def test_nothing_leaves_the_machine(opened):
    local = (opened.address, opened.address.replace("http", "ws"), "data:", "blob:")
    assert len(opened.requests) > 5
    assert [url for url in opened.requests if not url.startswith(local)] == []
    assert opened.failures == []


def test_every_picture_says_what_it_shows(opened):
    drawn = "[...document.querySelectorAll('main svg')]"
    said = "s => s.closest('[role=img][aria-label],[aria-hidden=true]')"
    assert opened.page.evaluate(f"{drawn}.every({said})")
    assert opened.page.locator("main h1").count() == 1


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_page_is_wider_than_the_window(opened, width):
    opened.page.set_viewport_size({"width": width, "height": 900})
    opened.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=3000)
    opened.page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_violation(opened, dark):
    if opened.page.locator("#app.theme--dark").count() != dark:
        opened.page.get_by_role("button", name="Dark", exact=True).click()
        opened.page.locator(f"#app.theme--{'dark' if dark else 'light'}").wait_for()
    found = Axe().run(opened.page)
    serious = [
        (one["id"], [node["html"][:160] for node in one["nodes"][:4]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    assert len(found["passes"]) > 20
