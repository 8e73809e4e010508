"""Explore: the world shown is the one it is said to be; results are sliced as they are, and nothing else is read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import ipyvuetify
import numpy as np
import pandas as pd
import pytest
import solara
from click.testing import CliRunner

from ci_sim.analysis.intervals import mean_interval
from ci_sim.app.charts.pairs import pair_dots, pairs_sentence, parting_course, parting_sentence
from ci_sim.app.charts.slices import slice_chart, slice_html
from ci_sim.app.ensemble import run_ensemble
from ci_sim.app.pair_explorer import _Watch, chosen_level, chosen_pair, parting_rows
from ci_sim.app.pairs import KINDS, pair_worlds, pick_world, relive
from ci_sim.app.results_slicer import asked_of
from ci_sim.app.session import Session
from ci_sim.app.shelf import LARGEST_TABLE, list_results, offer_results, open_results, open_table
from ci_sim.app.slices import Slice, slice_table
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in
from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.scenario_file import read_scenario
from ci_sim.simulate import simulate

SMALL = (
    ("horizon.months", "24"), ("organizations.count", "8"), ("problem.communities", "4"),
    ("problem.interdependence", "3"), ("problem.levers", "6"),
)  # fmt: skip
QUERY = "?page=explore&" + "&".join(f"{key}={value}" for key, value in SMALL)
PAIR = ("collective_impact", "isolated")
DESIGN = """
kind = "grid"
replications = 3
arms = ["isolated", "collective_impact"]
set = { "horizon.months" = 12, "problem.levers" = 6, "problem.communities" = 3, "organizations.count" = 5 }
[[factors]]
key = "problem.interdependence"
values = [0, 1, 3]
[[factors]]
key = "backbone.staff"
values = [0, 4]
"""


def session_of(**view: object) -> Session:
    shown = replace(View(page="explore", overrides=SMALL), **view)
    scenario = read_scenario(shown.scenario, [f"{key}={value}" for key, value in shown.overrides])
    nothing = lambda _: None  # noqa: E731
    return Session(shown, scenario, texts_in("en"), 1180, nothing, nothing, nothing, nothing)


@pytest.fixture(scope="module")
def session():
    return session_of()


@pytest.fixture(scope="module")
def differences(session):
    found = run_ensemble(session.scenario, PAIR, pair_worlds(session.scenario), 1)
    return 100 * (found.values(PAIR[0]) - found.values(PAIR[1]))[:, -1]


@pytest.fixture(scope="module")
def parting(session, differences):
    return relive(session.scenario, PAIR, int(differences.argmax()), 1)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Two folders with results, one of them deeper, and a secret beside the root."""
    base = tmp_path_factory.mktemp("shelf")
    root, design = base / "root", base / "design.toml"
    root.mkdir()
    design.write_text(DESIGN)
    for out in ("first", "deeper/second", "../secret"):
        command = ["sweep", str(design), "--out", str(root / out), "--workers", "1"]
        assert CliRunner().invoke(main, command).exit_code == 0
    (root / "linked").symlink_to(base / "secret")
    (root / "empty").mkdir()
    (root / "damaged").mkdir()
    for name in ("design.json", "runs.parquet"):
        (root / "damaged" / name).write_text("nothing")
    return root


@pytest.fixture
def offered(shelf):
    offer_results(shelf)
    yield shelf
    offer_results(None)


def test_worlds_are_picked_by_what_the_arm_changed_there():
    values = np.array([3.0, -1.0, 8.0, 0.0, -4.0, 0.5, 2.0])
    assert [pick_world(values, kind) for kind in KINDS] == [2, 5, 5, 4]
    assert pick_world(values + 10, "hurt") is None
    assert pick_world(values - 10, "least") is None
    assert pick_world(values, "nonsense") is None


def test_a_world_lived_again_is_the_very_run_of_the_kernel(session, parting):
    for arm, records in zip(PAIR, parting.records, strict=True):
        run = simulate(session.scenario, parting.world.replication, arm)
        assert records.tobytes() == run.records.tobytes()
    run = simulate(session.scenario, parting.world.replication, PAIR[0])
    assert np.array_equal(parting.practices[0, -1], run.state.practices)
    assert np.array_equal(parting.providers[0, -1], run.state.providers)
    assert np.array_equal(parting.practices[0, 0], parting.practices[1, 0])


def test_futures_part_where_they_first_differ(parting):
    apart = np.abs(parting.difference)
    month = parting.month_apart(0.05)
    assert apart[month] > 0.05 >= apart[:month].max()
    assert parting.month_apart(5.0) is None
    first = parting.month_of_practices
    assert 0 < first <= month
    assert (parting.practices[0, :first] == parting.practices[1, :first]).all()
    changed = parting.practices[0, first] ^ parting.practices[1, first]
    assert parting.practices_apart(first) == sum(int(bits).bit_count() for bits in changed) > 0
    own, other = parting.programs_elsewhere(month)
    assert own - other == parting.providers[0, month].sum() - parting.providers[1, month].sum()
    same = replace(parting, records=(parting.records[0],) * 2, practices=np.stack([parting.practices[0]] * 2))
    assert same.month_of_practices is None
    assert same.month_apart(0) is None


def test_the_table_tells_what_differed(session, parting):
    month = parting.month_apart(0.05)
    rows = {row[0]: row[1:] for row in parting_rows(parting, month, session)}
    assert len(rows) == 15
    own, other = parting.records
    agreed = [str(int(records["joint_actions_agreed"][: month + 1].sum())) for records in (own, other)]
    assert rows["Joint actions agreed so far"][:2] == agreed
    assert rows["Maturity: Backbone"][1] == "0"
    assert rows["Practices that differ, of 24"][2] == str(parting.practices_apart(month))


def test_dots_and_courses_are_drawn_of_these_numbers(session, differences, parting):
    world = int(differences.argmax())
    chart = pair_dots(differences, PAIR, world, session, 500, 300)
    assert chart.svg.count("data-world=") == len(differences)
    assert chart.table["replication"].iloc[-1] == world
    assert np.allclose(chart.table["difference"], np.sort(differences))
    said = pairs_sentence(differences, PAIR, session)
    assert f"ahead in {(differences > 0).sum()} and behind in {(differences < 0).sum()}" in said
    assert "cannot be told apart" in pairs_sentence(differences - differences.mean(), PAIR, session)
    course = parting_course(parting, PAIR, 5, session, 500, 300)
    assert course.summary == parting_sentence(parting, PAIR, 5, session)
    assert f"part in month {parting.month_apart(0.05)} " in course.summary
    assert f"futures part: month {parting.month_apart(0.05)}" in course.svg
    assert "never differ by more than 99 points" in parting_sentence(parting, PAIR, 99, session)
    assert np.allclose(course.table["isolated"], 100 * parting.records[1]["indicator"])


def test_what_a_link_names_wrongly_is_the_usual():
    wrong = session_of(choices=(("explore.against", "x"), ("explore.arm", "y"), ("explore.threshold", "7")))
    assert chosen_pair(wrong) == PAIR
    assert chosen_level(wrong) == 5
    same = session_of(choices=(("explore.against", "isolated"), ("explore.arm", "isolated")))
    assert chosen_pair(same) == ("isolated", "isolated_equal_spend")


def test_on_to_the_watch_page_at_this_world_and_month(session):
    views = []
    _, rendering = solara.render(_Watch(replace(session, go=views.append), PAIR, 17, 9), handle_error=False)
    rendering.find(ipyvuetify.Html, tag="button").widget.fire_event("click", {})
    rendering.close()
    view = views[0]
    assert (view.page, view.month, view.seed) == ("watch", 9, 1)
    assert {key: view.choice(f"watch.{key}") for key in ("world", "left", "right")} == {
        "world": "17", "left": "isolated", "right": "collective_impact",
    }  # fmt: skip


@pytest.mark.usefixtures("offered")
def test_only_what_is_listed_is_opened():
    assert list_results() == ["damaged", "deeper/second", "first"]
    sheet = open_results("deeper/second")
    assert sheet.factors == ("problem.interdependence", "backbone.staff")
    assert sheet.arms == ("isolated", "collective_impact")
    assert len(sheet.runs) == 3 * 2 * 3 * 2


OUTSIDE = ["../secret", "first/../../secret", "linked", "/etc", "first/", "./first", "deeper", "empty", "..", "\0"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_else_is_reached(offered, name):
    with pytest.raises(InputError) as caught:
        open_results(name)
    assert "no results" in str(caught.value)
    assert str(offered.parent) not in str(caught.value)


def test_files_that_lead_elsewhere_are_refused(offered):
    folder = offered / "trick"
    folder.mkdir()
    for name in ("design.json", "runs.parquet"):
        (folder / name).symlink_to(offered.parent / "secret" / name)
    try:
        with pytest.raises(InputError, match="a link to another place"):
            open_results("trick")
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_damaged_results_are_said_plainly_without_a_path(offered):
    with pytest.raises(InputError) as caught:
        open_results("damaged")
    assert str(offered) not in str(caught.value)
    assert "damaged" in str(caught.value)


def test_without_a_folder_there_is_nothing_to_list():
    assert list_results() == []
    with pytest.raises(InputError, match="started without --results"):
        open_results("first")
    found = CliRunner().invoke(main, ["app", "--results", "no/such/folder"])
    assert found.exit_code == 2
    assert "no folder" in found.output
    assert "Traceback" not in found.output


@pytest.mark.usefixtures("offered")
def test_a_slice_averages_points_world_by_world():
    sheet = open_results("first")
    asked = Slice("problem.interdependence", "outcome", "collective_impact", "isolated")
    table = slice_table(sheet, asked)
    assert table["value"].tolist() == ["0", "1", "3"]
    assert table["points"].tolist() == [2, 2, 2]
    runs = sheet.runs[sheet.runs["problem.interdependence"] == 3]
    means = runs.pivot_table(index="replication", columns="arm", values="outcome")
    expected = mean_interval((means["collective_impact"] - means["isolated"]).to_numpy())
    assert tuple(table[["mean", "low", "high"]].iloc[2]) == pytest.approx(expected)
    split = slice_table(sheet, asked._replace(by="backbone.staff", against=""))
    assert split["panel"].tolist() == ["0"] * 3 + ["4"] * 3
    assert (split["points"] == 1).all()


def test_many_values_are_cut_into_ranges():
    draw = np.random.default_rng(1)
    points = pd.DataFrame({"point": range(80), "backbone.staff": draw.uniform(0, 8, 80)})
    runs = points.merge(pd.DataFrame({"replication": [0, 1]}), how="cross").assign(arm="collective_impact")
    content = runs.assign(outcome=runs["backbone.staff"] / 8).to_csv(index=False).encode()
    table = slice_table(open_table("runs.csv", content), Slice("backbone.staff", "outcome", "collective_impact"))
    assert table["points"].tolist() == [10] * 8
    assert np.allclose(table["mean"], table["x"] / 8)
    assert table["x"].is_monotonic_increasing


@pytest.mark.usefixtures("offered")
def test_a_slice_is_drawn_in_panels():
    session = session_of(choices=(("explore.by", "backbone.staff"), ("explore.x", "nonsense")))
    sheet = open_results("first")
    asked = asked_of(sheet, session)
    assert asked == Slice("problem.interdependence", "outcome", "collective_impact", "isolated", "backbone.staff")
    chart = slice_chart(slice_table(sheet, asked), asked, session, 900)
    assert chart.svg.count("<svg ") == 3
    assert chart.svg.count("<circle") == 6
    assert "Collective Impact minus Isolated impact" in chart.title
    html = slice_html(chart, asked, session)
    assert html.count("<tr>") == 7


RUNS = "arm,replication,outcome\nisolated,0,0.5\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("runs.parquet", b"PAR1 and nothing more", "no table that can be read"),
        ("picture.png", bytes(range(256)), "no table that can be read"),
        ("empty.csv", b"", "no table that can be read"),
        ("other.csv", b"a,b\n1,2\n", "no column 'arm'"),
        ("head.csv", b"arm,replication,outcome\n", "a table without a row"),
        ("words.csv", RUNS.replace("0.5", "much").encode(), "'much'"),
        ("twice.csv", (RUNS + "isolated,0,0.6\n").encode(), "a run twice"),
        ("bare.csv", b"arm,replication,staff\nisolated,0,2\n", "none of the derived outcomes"),
        ("../../large.csv", b"x" * (LARGEST_TABLE + 1), "start the app with --results"),
    ],
)
def test_a_file_that_is_no_runs_table_is_said_plainly(name, content, said):
    with pytest.raises(InputError) as caught:
        open_table(name, content)
    assert said in str(caught.value)
    assert ".." not in str(caught.value)


def test_a_small_file_may_not_unpack_to_a_huge_table(tmp_path):
    path = tmp_path / "bomb.parquet"
    zeros = np.zeros(3_000_000, np.int8)
    pd.DataFrame({f"c{n}": zeros for n in range(7)}).to_parquet(path, compression="zstd")
    assert path.stat().st_size < LARGEST_TABLE
    with pytest.raises(InputError, match="far more values than its size"):
        open_table("bomb.parquet", path.read_bytes())


def lead(opened):
    return opened.page.locator(".ci-explore .ci-sentence").first.inner_text()


def test_the_world_shown_is_the_one_with_the_largest_difference(open_page, session, differences, parting):
    opened = open_page(QUERY)
    opened.page.locator("#chart-course svg").wait_for(timeout=60_000)
    assert lead(opened) == pairs_sentence(differences, PAIR, session)
    best = int(differences.argmax())
    assert f"World {best + 1}, both futures" in opened.page.locator("#chart-course h2").inner_text()
    assert parting_sentence(parting, PAIR, 5, session) in opened.page.locator(".ci-differed p").inner_text()
    told = opened.page.locator("#pair-world").get_attribute("aria-valuetext")
    assert told == f"world {best + 1}: {session.texts.number(differences.max(), 1, sign=True)} points, place 200 of 200"

    before = opened.query()  # one step down by key is the second best world
    opened.page.locator("#pair-world").focus()
    opened.page.keyboard.press("ArrowLeft")
    opened.settled(before)
    second = int(np.argsort(differences, kind="stable")[-2])
    assert f"explore.world={second}" in opened.query()
    opened.page.get_by_role("heading", name=f"World {second + 1}, both futures").wait_for()

    before = opened.query()
    opened.page.get_by_role("button", name="The median world").click()
    opened.settled(before)
    middle = pick_world(differences, "median")
    assert f"explore.world={middle}" in opened.query()
    before = opened.query()
    opened.page.locator(f'#chart-pairs [data-world="{best}"]').dispatch_event("click", {"bubbles": True})
    opened.settled(before)
    assert f"explore.world={best}&" in f"{opened.query()}&"


def test_the_watch_page_opens_at_this_world_and_month(open_page, session, differences):
    world = max(range(len(differences)), key=lambda one: (one >= session.worlds, differences[one]))
    opened = open_page(f"{QUERY}&explore.world={world}")
    month = relive(session.scenario, PAIR, world, 1).month_apart(0.05)
    before = opened.query()
    opened.page.locator("#explore-watch").click()
    opened.settled(before)
    assert "page=watch" in opened.query()
    assert f"month={month}&" in opened.query()
    opened.page.locator("#ci-world").wait_for()
    assert opened.page.locator("#ci-world").input_value() == str(world + 1)


def test_a_bad_file_is_answered_and_a_good_one_drawn(open_page, shelf):
    opened = open_page(QUERY)
    chosen = opened.page.locator("#results-file")
    chosen.set_input_files({"name": "holiday.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    alert = opened.page.get_by_role("alert")
    alert.wait_for()
    assert "These results cannot be shown." in alert.inner_text()
    assert "no column 'arm'" in alert.inner_text()
    large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"x" * (LARGEST_TABLE + 1)}
    chosen.set_input_files(large)
    alert.get_by_text("2,000,001 bytes").wait_for()
    chosen.set_input_files(shelf / "first" / "runs.parquet")
    opened.page.locator("#chart-slice svg").first.wait_for()
    assert alert.count() == 0
    assert "runs.parquet: 36 runs" in opened.page.locator(".ci-explore").inner_text()
    assert opened.page.locator("#results-folder").count() == 0


@pytest.fixture
def own_server(shelf):
    """An app that was started with ``--results``."""
    command = [sys.executable, "-m", "ci_sim", "app", "--port", "0", "--no-open", "--results", str(shelf)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    yield re.search(r"http://\S+:\d+", process.stdout.readline())[0]
    process.terminate()
    process.wait(10)
    process.stdout.close()


def test_folders_are_listed_sliced_and_in_the_link(own_server, browser, shelf):
    page = browser.new_context().new_page()
    page.goto(f"{own_server}/{QUERY}")
    page.locator("#results-folder").wait_for(timeout=60_000)
    assert page.locator("#results-folder option").all_inner_texts() == ["choose", "damaged", "deeper/second", "first"]
    page.locator("#results-folder").select_option("first")
    page.locator("#chart-slice svg").first.wait_for()
    page.locator("#slice-by").select_option("backbone.staff")
    page.wait_for_function("document.querySelectorAll('#chart-slice svg svg').length === 2")
    page.wait_for_function("location.search.includes('explore.by=backbone.staff')")
    assert "explore.folder=first" in page.url
    page.goto(f"{own_server}/{QUERY}&explore.folder=../secret")
    page.get_by_role("alert").wait_for(timeout=60_000)
    assert "no results '../secret'" in page.get_by_role("alert").inner_text()
    assert page.locator("#chart-slice").count() == 0
    page.context.close()
    assert json.loads((shelf / "first" / "design.json").read_text())["kind"] == "grid"
