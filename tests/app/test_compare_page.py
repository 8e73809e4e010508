"""Compare in a real browser: controls answer at once, links restore, files come and go, all by keyboard if need be."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import tomllib

import numpy as np
import pandas as pd

K = '[id="set-problem.interdependence"]'
SMALL = "page=compare&problem.levers=6&problem.interdependence=3&problem.communities=6&horizon.months=36"


def slide(opened, key, value):
    """Release a slider at a value, and wait for its ensemble."""
    before = opened.query()
    opened.page.locator(f'[id="set-{key}"]').evaluate(
        "(one, value) => { one.value = value; one.dispatchEvent(new Event('input'));"
        " one.dispatchEvent(new Event('change')); }",
        str(value),
    )
    return opened.settled(before)


def download(opened, click):
    """The name and content of the file that a click brings."""
    with opened.page.expect_download() as caught:
        click()
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def sentence(opened):
    return opened.page.locator(".ci-sentence").inner_text()


def test_a_slider_brings_a_new_ensemble_a_ghost_and_a_paired_difference(open_page):
    opened = open_page(f"?{SMALL}")
    first = sentence(opened)
    assert re.search(r"After 3 years Collective Impact .* of 100", first)
    slide(opened, "backbone.staff", 0)
    assert "backbone.staff=0" in opened.query()
    assert sentence(opened) != first
    assert "Against the baseline" in sentence(opened)
    assert "the baseline" in opened.page.locator("#chart-means .ci-picture").get_attribute("aria-label")
    assert "Baseline" in opened.page.locator("#chart-means svg").text_content()
    assert "your changes" in opened.page.locator("#chart-difference h2").inner_text()
    before = opened.query()
    opened.page.get_by_role("button", name="Undo").click()
    opened.settled(before)
    assert sentence(opened) == first
    opened.page.keyboard.press("Control+y")
    opened.page.wait_for_function("location.search.includes('backbone.staff=0')")


def test_a_link_and_a_reload_restore_the_view(open_page):
    opened = open_page(f"?{SMALL}&seed=4&month=24&arms=isolated,collective_impact&backbone.staff=2")
    slide(opened, "equity.focus", 1)
    said, query = sentence(opened), opened.query()
    opened.page.reload()
    opened.ready()
    assert (sentence(opened), opened.query()) == (said, query)
    other = open_page(query)
    assert (sentence(other), other.query()) == (said, query)
    assert other.page.locator('[id="set-equity.focus"]').input_value() == "1"
    assert "year 2 (month 24)" in other.page.locator(".ci-when output").inner_text()
    assert "To cite this view: " in other.page.locator("footer").inner_text()


def test_two_visitors_never_see_each_other(open_page):
    one, two = open_page(f"?{SMALL}&seed=2"), open_page(f"?{SMALL}&seed=3")
    untouched = two.query(), sentence(two)
    slide(one, "backbone.staff", 0)
    two.page.wait_for_timeout(300)
    assert (two.query(), sentence(two)) == untouched
    slide(two, "backbone.staff", 8)
    assert "backbone.staff=0" in one.query()
    assert "seed=2" in one.query()


def test_an_old_link_says_whether_its_numbers_hold(open_page):
    opened = open_page(f"?{SMALL}&arms=isolated")
    opened.page.wait_for_function("location.search.includes('numbers=')")
    old = re.sub(r"version=[^&]+", "version=0.0.1", opened.query())
    assert "Its numbers still hold" in open_page(old).page.locator(".ci-notice").inner_text()
    moved = re.sub(r"numbers=[^&]+", "numbers=000000000000", old)
    assert "Its numbers have changed" in open_page(moved).page.locator(".ci-notice").inner_text()


def test_a_broken_link_gives_a_message_and_the_default_scenario(open_page):
    opened = open_page("?scenario=nowhere&problem.interdependence=3")
    notice = opened.page.get_by_role("alert")
    assert "does not work here" in notice.inner_text()
    assert "unknown scenario 'nowhere'" in notice.inner_text()
    assert "scenario=default" in opened.query()
    notice.get_by_role("button").click()
    notice.wait_for(state="detached")
    opened.page.goto(f"{opened.address}/no/such/place")
    opened.ready()


def test_a_value_that_does_not_fit_changes_nothing(open_page):
    opened = open_page(f"?{SMALL}")
    number = opened.page.get_by_label("Interdependence, levers")
    number.fill("17")
    number.press("Enter")
    opened.page.get_by_role("alert").wait_for()
    assert "problem.interdependence: found 17" in opened.page.get_by_role("alert").inner_text()
    assert "interdependence=3" in opened.query()
    opened.page.wait_for_function("document.querySelector('[aria-label=\"Interdependence, levers\"]').value === '3'")


def test_files_are_opened_saved_and_refused(open_page, tmp_path):
    opened = open_page(f"?{SMALL}&backbone.staff=2")
    name, content = download(opened, lambda: opened.page.get_by_role("button", name="Save file").click())
    saved = tomllib.loads(content.decode())
    assert (name, saved["backbone"]["staff"], saved["problem"]["levers"]) == ("default.toml", 2, 6)
    mine = tmp_path / "mine.toml"
    mine.write_bytes(content.replace(b'"default"', b'"mine"').replace(b"A complex social", b"<img src=x>My own"))
    before = opened.query()
    opened.page.locator("input[type=file]").set_input_files(mine)
    opened.settled(before)
    assert "<img src=x>My own" in opened.page.locator("main h1").inner_text()
    assert opened.page.locator("main h1 img").count() == 0
    said = sentence(opened)
    opened.page.reload()
    assert sentence(opened.ready()) == said
    for text, why in (("[[", "no valid TOML"), ("x" * 1_000_001, "1,000,001 bytes"), ("name = 3", "schema_version")):
        mine.write_text(text)
        opened.page.locator("input[type=file]").set_input_files(mine)
        opened.page.locator(".ci-wrong", has_text=why).wait_for(timeout=5000)
    assert sentence(opened) == said


def test_the_copied_command_reproduces_what_is_drawn(open_page, tmp_path):
    opened = open_page(f"?{SMALL}&arms=isolated,collective_impact&seed=3&backbone.staff=2")
    opened.page.get_by_role("button", name="Copy command").click()
    opened.page.locator(".ci-toast", has_text="Command copied").wait_for()
    command = opened.page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("ci-sim compare default --arms isolated,collective_impact")
    words = [
        sys.executable,
        "-m",
        *command.replace("ci-sim", "ci_sim").split(),
        "--workers",
        "1",
        "--out",
        str(tmp_path / "o"),
    ]
    subprocess.run(words, check=True, capture_output=True)
    name, content = download(opened, lambda: opened.page.get_by_role("button", name="CSV: How the community").click())
    assert name == "default-means.csv"
    drawn = pd.read_csv(io.BytesIO(content), comment="#")
    runs = pd.read_parquet(tmp_path / "o" / "timeseries.parquet")
    for arm in ("isolated", "collective_impact"):
        made = runs[runs["arm"] == arm].groupby("month")["indicator"].median().to_numpy() * 100
        assert np.allclose(drawn[drawn["arm"] == arm]["median"], made, atol=1e-9)


def test_every_chart_is_exported_with_where_it_comes_from(open_page):
    opened = open_page(f"?{SMALL}&seed=9")
    for chart in opened.page.locator(".ci-chart").all():
        title = chart.locator("h2").inner_text()
        kinds = {}
        for kind in ("PNG", "SVG", "CSV"):
            button = chart.get_by_role("button", name=f"{kind}: {title}")
            name, kinds[kind] = download(opened, button.click)
            assert name.endswith(f".{kind.lower()}")
        width, height = struct.unpack(">II", kinds["PNG"][16:24])
        assert width > 400
        assert height > 400
        for content in kinds.values():
            for part in (b"ci_sim 0", b"default", b"Not a forecast", b"--seed 9"):
                assert part in content, (title, part)


def test_by_keyboard_alone_from_a_slider_to_an_export(open_page):
    opened = open_page(f"?{SMALL}")
    page = opened.page

    def tab_to(selector, most=120):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert shown == "solid", f"no visible focus at {selector}"
                return
        raise AssertionError(f"{selector} is not reached")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ci-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ci-content"
    tab_to(K)
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "3 levers"
    before = opened.query()
    page.keyboard.press("ArrowRight")
    opened.settled(before)
    assert "problem.interdependence=4" in opened.query()
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "4 levers"
    tab_to(".ci-arms input")
    tab_to(".ci-save button")
    _, content = download(opened, lambda: page.keyboard.press("Enter"))
    assert content.startswith(b"\x89PNG")


def test_spanish_is_complete_on_the_page(open_page):
    opened = open_page(f"?{SMALL}")
    opened.page.get_by_label("Language").select_option("es")
    opened.page.get_by_role("heading", name="Cambiar el escenario").wait_for()
    opened.page.wait_for_function("document.documentElement.lang === 'es'")
    assert "Tras 3 a\u00f1os Impacto Colectivo" in sentence(opened)
    assert "interdependencia" in opened.page.locator(".ci-side").inner_text().lower()


def test_arms_month_and_baseline_are_chosen(open_page):
    opened = open_page(f"?{SMALL}&backbone.staff=2")
    before = opened.query()
    opened.page.get_by_label("Ordinary coalition").check()
    opened.settled(before)
    assert "Ordinary coalition" in opened.page.locator(".ci-table tbody").inner_text()
    before = opened.query()
    opened.page.get_by_role("button", name="Set as baseline").click()
    opened.settled(before)
    assert "baseline=backbone.staff%3A2" in opened.query() or "baseline=backbone.staff:2" in opened.query()
    assert "Against the baseline" not in sentence(opened)
    slide(opened, "backbone.staff", 6)
    assert "Against the baseline" in sentence(opened)
    before = opened.query()
    opened.page.locator("#set-month").evaluate("one => { one.value = 12; one.dispatchEvent(new Event('change')); }")
    opened.settled(before)
    opened.page.locator(".ci-sentence", has_text="After one year").wait_for()


def test_the_last_of_many_quick_changes_wins(open_page):
    opened = open_page(f"?{SMALL}&arms=isolated,collective_impact")
    opened.page.evaluate(
        """async () => {
          const slider = document.querySelector('[id="set-backbone.staff"]');
          for (const value of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0]) {
            slider.value = value;
            slider.dispatchEvent(new Event('input'));
            slider.dispatchEvent(new Event('change'));
            await new Promise(done => setTimeout(done, 15));
          }
        }"""
    )
    opened.page.wait_for_function("location.search.includes('backbone.staff=0')", timeout=30_000)
    opened.settled("")
    said = sentence(opened)
    assert sentence(open_page(opened.query())) == said
    for staff in ("14", "13"):
        before = opened.query()
        opened.page.keyboard.press("Control+z")
        opened.settled(before)
        assert f"backbone.staff={staff}" in opened.query()
