"""Report, brief and replay as their readers meet them: opened from disk, the network off, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from ci_sim.arms import STANDARD_ARMS
from ci_sim.replay.frames import Frames, frames_of
from ci_sim.report.results import Results

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@contextmanager
def reading(browser: Browser, path: Path, viewport: dict[str, int] = DESK, **options: Any) -> Iterator[Page]:
    """A page opened from disk with the network off, which must neither ask for anything nor fail."""
    context = browser.new_context(viewport=viewport, offline=True, **options)
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda message: failed.append(message.text) if message.type in {"error", "warning"} else None)
    try:
        page.goto(path.as_uri())
        yield page
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert failed == []
        assert page.evaluate("window.hacked") is None
    finally:
        context.close()


@pytest.fixture(scope="module")
def axe() -> str:
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] != "minor"]


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= page.viewport_size["width"] if page.viewport_size else False


@pytest.mark.parametrize("name", ["report", "brief", "replay"])
@pytest.mark.parametrize(("scheme", "viewport"), [("light", PHONE), ("dark", DESK)], ids=["phone", "dark"])
def test_pages_are_accessible_and_fit_and_ask_for_nothing(
    browser: Browser, pages: Any, axe: str, name: str, scheme: Any, viewport: dict[str, int]
) -> None:
    with reading(browser, getattr(pages, name), viewport, color_scheme=scheme) as page:
        assert violations(page, axe) == []
        assert fits(page)


def test_the_data_of_a_figure_can_be_saved(browser: Browser, pages: Any, results: Results) -> None:
    with reading(browser, pages.report) as page:
        with page.expect_download() as saved:
            page.get_by_role("link", name="Data (CSV").first.click()
        assert saved.value.suggested_filename == "trajectories.csv"
        assert results.scenario.hash in Path(saved.value.path()).read_text(encoding="utf-8")


def test_the_brief_prints_on_one_page(browser: Browser, pages: Any) -> None:
    with reading(browser, pages.brief) as page:
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    assert "Not a forecast" in " ".join(printed.pages[0].extract_text().split())


def test_the_report_prints_figures_and_assumptions_on_pages_of_their_own(browser: Browser, pages: Any) -> None:
    with reading(browser, pages.report) as page:
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    firsts = [" ".join(sheet.extract_text().split()) for sheet in printed.pages]
    assert sum(text.startswith("Figures") for text in firsts) == 1
    assert sum(text.startswith("Assumptions") for text in firsts) == 1
    assert all("Skip to the content" not in text for text in firsts)


# The replay


@pytest.fixture(scope="module")
def frames(results: Results) -> Frames:
    """What the kernel gives for the world that is replayed."""
    arms = [STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"]]
    return frames_of(results.scenario, arms, 2, 1)


@pytest.fixture
def replay(browser: Browser, pages: Any) -> Iterator[Page]:
    with reading(browser, pages.replay) as page:
        yield page


def month(page: Page) -> int:
    return int(page.locator("#month").input_value())


def wait_until(page: Page, reached: Callable[[], bool]) -> None:
    """Wait for what a page shows; its policy lets nothing be evaluated over and over inside it."""
    for _ in range(400):
        if reached():
            return
        page.wait_for_timeout(25)
    pytest.fail("it has not come to that within ten seconds")


def assert_shows(page: Page, frames: Frames, when: int) -> None:
    """The page shows what the kernel gives for a month."""
    assert month(page) == when
    rows = page.locator("#numbers tbody tr")
    for side, history in enumerate(frames.sides):
        record = history.records[when]
        for row, (column, digits) in enumerate([("indicator", 1), ("priority_indicator", 1), ("rest_indicator", 1)]):
            shown = rows.nth(row).locator("td").nth(side).inner_text().replace("\u2212", "-")
            assert float(shown) == pytest.approx(100 * record[column], abs=0.5001 * 10.0**-digits)
        assert rows.nth(3).locator("td").nth(side).inner_text() == f"{100 * record['coverage']:.0f}"
        tiles = [text.replace("\u2212", "-") for text in page.locator(f"#map-{side} .value").all_inner_texts()]
        assert [int(text) for text in tiles] == history.indicators[when].tolist()
        places = [int(text) for text in page.locator(f"#grid-{side} td b").all_inner_texts()]
        assert places == history.providers[when].ravel().tolist()
        assert page.locator(f"#net-{side} .mark:not(.outside)").count() == (history.standing[when] == 1).sum()
        ties = page.locator(f"#net-{side} line[visibility=visible]").count()
        assert history.trust is not None and ties == np.count_nonzero(history.trust[when])


def test_a_month_scrubbed_to_shows_what_the_kernel_gives(replay: Page, frames: Frames) -> None:
    assert_shows(replay, frames, 0)
    replay.locator("#month").fill("17")
    assert_shows(replay, frames, 17)
    one, other = (history.records["indicator"][17] for history in frames.sides)
    difference = replay.locator("#numbers tbody tr").first.locator("td").nth(2).inner_text()
    assert difference.replace("\u2212", "-") == f"{100 * (other - one):+.1f}"
    replay.wait_for_timeout(500)
    ends = [f"{100 * history.records['indicator'][17]:.1f} of 100" for history in frames.sides]
    said = replay.locator("#said").inner_text()
    assert said.startswith("Month 17.") and all(end in said for end in ends)


def test_keys_move_both_futures(replay: Page, frames: Frames) -> None:
    for key, there in (
        ("End", 30), ("ArrowRight", 30), ("ArrowLeft", 29), ("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1),
        ("Shift+ArrowRight", 13), ("Shift+ArrowLeft", 1),
    ):  # fmt: skip
        replay.keyboard.press(key)
        assert month(replay) == there, key
    replay.keyboard.press("Shift+ArrowRight")
    assert_shows(replay, frames, 13)
    replay.wait_for_timeout(500)
    assert "Event: <svg onload=window.hacked=1> the grant falls" in replay.locator("#said").inner_text()


def test_keys_are_left_to_what_has_the_focus(replay: Page) -> None:
    replay.locator("#grid-0 .scroll").focus()
    replay.keyboard.press("End")
    assert month(replay) == 0
    replay.locator("#month").focus()
    replay.keyboard.press("ArrowRight")
    assert month(replay) == 1
    replay.locator("#step").focus()
    replay.keyboard.press("Space")
    assert month(replay) == 2, "the button that has the focus is pressed once, and nothing plays"
    assert replay.locator("#play").inner_text() == "Play"


def test_playing_advances_to_the_end_and_can_be_paused_and_reset(replay: Page, frames: Frames) -> None:
    replay.locator("#speed").select_option("15")
    replay.locator("h1").click()
    replay.keyboard.press("Space")
    wait_until(replay, lambda: month(replay) >= 4)
    assert replay.locator("#play").inner_text() == "Pause"
    replay.keyboard.press("Space")
    stopped = month(replay)
    replay.wait_for_timeout(250)
    assert month(replay) == stopped
    assert_shows(replay, frames, stopped)
    replay.locator("#play").click()
    wait_until(replay, lambda: replay.locator("#play").inner_text() == "Play")
    assert_shows(replay, frames, 30)
    replay.locator("#reset").click()
    assert month(replay) == 0


def test_what_is_said_aloud_is_throttled_while_playing(replay: Page) -> None:
    replay.evaluate(
        """() => { window.said = 0;
        new MutationObserver(() => window.said++).observe(document.getElementById("said"), {childList: true}); }"""
    )
    replay.locator("#speed").select_option("15")
    replay.locator("#play").click()
    wait_until(replay, lambda: month(replay) >= 20)
    assert replay.evaluate("window.said") <= 1


def test_reduced_motion_plays_year_by_year(browser: Browser, pages: Any) -> None:
    with reading(browser, pages.replay, reduced_motion="reduce") as page:
        page.locator("#play").click()
        wait_until(page, lambda: month(page) > 0)
        assert month(page) == 12
        moving = page.evaluate("getComputedStyle(document.querySelector('.bar')).transitionDuration")
        assert moving == "0s"


def test_the_focus_can_be_seen(replay: Page) -> None:
    replay.keyboard.press("Tab")
    assert replay.evaluate("document.activeElement.className") == "skip"
    replay.keyboard.press("Tab")
    assert replay.evaluate("document.activeElement.id") == "play"
    look = replay.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in look and "3px" in look
