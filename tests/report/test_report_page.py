"""The report: everything it promises is in it, computed, escaped and the same again."""

from __future__ import annotations

import base64
import io
import json
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result

from ci_sim.cli import main
from ci_sim.parameters import PARAMETERS
from ci_sim.provenance import limit_notice
from ci_sim.report.assumptions import departures
from ci_sim.report.downloads import ties
from ci_sim.report.markup import Markup, join, table, tag
from ci_sim.report.page import report_page
from ci_sim.report.results import Results, read_comparison
from ci_sim.report.sections import figures_of
from ci_sim.terminal import points


class Reader(HTMLParser):
    """What a browser would see: elements with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for element, attributes in self.elements if element == name]

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())


@pytest.fixture(scope="module")
def page(pages: Any) -> Reader:
    return Reader(pages.report.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def data_of(page: Reader, name: str) -> bytes:
    href = next(a["href"] for a in page.all("a") if a.get("download") == name)
    assert href is not None
    return base64.b64decode(href.partition("base64,")[2])


def test_it_says_what_it_shows_and_what_it_is_not(page: Reader, results: Results) -> None:
    assert plain(results.sentence) in page.text
    assert page.text.count(plain(limit_notice(results.scenario))) >= 2
    assert results.manifest["results_sha256"] in page.text
    assert results.manifest["scenario_hash"] == results.scenario.hash
    assert results.scenario.hash in page.text


def test_the_tables_hold_what_was_summarised(page: Reader, results: Results) -> None:
    for summary in results.summaries.values():
        assert points(summary.outcome) in page.text
        assert points(summary.difference, signed=True) in page.text
        assert f"{summary.spend:,.0f}" in page.text


def test_every_parameter_stands_in_it_and_what_departs_comes_first(page: Reader, results: Results) -> None:
    changed = [one.key for one in departures(results.scenario)]
    assert {"problem.levers", "organizations.attempts", "horizon.months", "horizon.threshold"} <= set(changed)
    before, _, after = page.text.partition("All parameters")
    assert all(key in before for key in changed)
    assert all(key in after for key in PARAMETERS)
    assert "backbone.skill" not in before


def test_no_text_of_a_scenario_becomes_markup(page: Reader) -> None:
    assert not page.all("script")
    assert {name for name, _ in page.elements} <= {
        "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav", "ul", "li",
        "main", "section", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "figure", "img",
        "figcaption", "footer", "code", "wbr",
    }  # fmt: skip
    attributes = {name for _, these in page.elements for name in these}
    assert not {name for name in attributes if name.startswith("on")}
    assert all(a["href"] is not None and a["href"].startswith(("#", "data:")) for a in page.all("a"))
    assert "<script>window.hacked=1</script>" in page.text, "it is shown as it was written"


def test_headings_tables_and_pictures_can_be_read_aloud(page: Reader) -> None:
    levels = [int(name[1]) for name, _ in page.elements if name in {"h1", "h2", "h3"}]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all(th["scope"] in {"col", "row"} for th in page.all("th"))
    pictures = page.all("img")
    assert len(pictures) == 6
    assert all(image["alt"] and len(image["alt"]) > 80 and image["src"] for image in pictures)
    assert page.all("html") == [{"lang": "en"}]


def test_pictures_are_told_with_the_numbers_they_show(page: Reader, results: Results) -> None:
    told = " ".join(str(image["alt"]) for image in page.all("img"))
    (run,) = results.replay([results.subject])
    providers, trust = run.state.providers, ties(run)["mutual_trust"]
    end = results.timeseries[results.timeseries["month"] == 30]
    own = end[end["arm"] == "collective_impact"]
    gap = 100 * (own["rest_indicator"] - own["priority_indicator"]).mean()
    for part in (
        f"{(providers == 0).sum()} ({(providers == 0).mean():.0%}) gaps", f"{(providers > 1).sum()} (",
        f"here {trust.min():.2f} to {trust.max():.2f}", f"Common agenda {100 * own['common_agenda'].median():.0f}",
        f"Collective Impact {100 * own['indicator'].median():.0f} (in 8 of 10 worlds",
        f"mean {100 * own['indicator'].mean():.0f}, gap {gap:.0f} (".replace("-", "\u2212"),
    ):  # fmt: skip
        assert part in told, part


def test_the_data_of_a_figure_say_where_they_come_from(page: Reader, results: Results) -> None:
    content = data_of(page, "trajectories.csv").decode()
    comments = [line for line in content.splitlines() if line.startswith("#")]
    for part in (results.scenario.hash, f"# seed: {results.seed}", "# ci_sim version:", "# limits: Not a forecast."):
        assert any(part in line for line in comments), part
    table = pd.read_csv(io.StringIO(content), comment="#")
    own = results.timeseries[(results.timeseries["arm"] == "collective_impact") & (results.timeseries["month"] == 30)]
    row = table[(table["arm"] == "collective_impact") & (table["month"] == 30)].iloc[0]
    assert row["indicator_median"] == pytest.approx(100 * own["indicator"].median(), rel=1e-4)
    assert len(table) == 3 * 31


def test_no_name_in_the_data_is_reckoned_by_a_spreadsheet(page: Reader) -> None:
    content = data_of(page, "coverage_collective_impact.csv").decode()
    assert "'=1+1" in content
    assert ",=1+1" not in content and "\n=1+1" not in content


def test_the_whole_manifest_is_in_it(page: Reader, results: Results) -> None:
    assert json.loads(data_of(page, "manifest.json")) == results.manifest


def test_equal_results_give_equal_bytes(pages: Any) -> None:
    again = report_page(read_comparison(pages.folder))
    assert again == pages.report.read_text(encoding="utf-8")
    assert len(again) < 3_000_000


def test_the_world_replayed_is_the_one_in_the_middle(results: Results) -> None:
    difference = results.outcomes("collective_impact", "outcome") - results.outcomes("isolated", "outcome")
    here = difference[results.typical]
    assert (difference < here).sum() <= len(difference) / 2
    assert (difference > here).sum() <= len(difference) / 2
    (run,) = results.replay([results.subject])
    assert run.world.replication == results.typical
    assert run.records["indicator"][-1] == results.outcomes("collective_impact", "outcome")[results.typical]


def test_results_of_another_model_are_not_passed_off_as_replayed(pages: Any) -> None:
    other = read_comparison(pages.folder)
    other.runs["outcome"] += 1e-9
    assert other.replay([other.subject]) == []
    text = Reader(figures_of(other)).text
    assert "another version of the model" in text
    assert "Who trusts whom" not in text


def test_a_scenario_with_drawn_wiring_is_read_back_as_it_was(tmp_path: Path, ci_sim: Any) -> None:
    out = tmp_path / "out"
    ci_sim("compare", "homelessness", "--months", 1, "--replications", 1, "--arms", "isolated", "--out", out)
    read = read_comparison(out)
    assert read.scenario.hash == read.manifest["scenario_hash"]
    assert read.scenario.problem.wiring == "explicit"
    page = Reader(report_page(read)).text
    assert "In this one world" in page or "After 0.1 years" in page
    assert "Depends on" in page


def test_markup_is_made_by_tag_alone() -> None:
    assert tag("p", "a < b & c", class_="x") == '<p class="x">a &lt; b &amp; c</p>'
    assert tag("p", tag("b", "<"), title='"&') == '<p title="&quot;&amp;"><b>&lt;</b></p>'
    assert tag("img", alt="", hidden=True, src=None) == '<img alt="" hidden>'
    assert join(["\u202e\x00x", Markup("<b>")]) == "  x<b>"
    assert '<th scope="row">&lt;i&gt;</th><td>1</td>' in table("c", ["a", "b"], [["<i>", "1"]])


# Refusals


def refused(ended: Result, *said: str) -> None:
    assert ended.exit_code == 2, ended.output
    assert ended.output.startswith("Error: ") and "Traceback" not in ended.output
    assert all(part in ended.output for part in said), ended.output


def test_a_folder_that_holds_no_comparison_is_refused(tmp_path: Path, pages: Any, ci_sim: Any) -> None:
    empty, unfinished, other, damaged, cut = (tmp_path / name for name in ("empty", "part", "other", "damaged", "cut"))
    empty.mkdir()
    for copy in (unfinished, other, damaged, cut):
        shutil.copytree(pages.folder, copy)
    (unfinished / "runs.parquet").unlink()
    design = json.loads((other / "design.json").read_text())
    (other / "design.json").write_text(json.dumps(design | {"kind": "sobol"}))
    (damaged / "runs.parquet").write_bytes(b"nonsense")
    whole = pd.read_parquet(cut / "timeseries.parquet")
    whole.iloc[:-1].to_parquet(cut / "timeseries.parquet")
    for command in ("report", "brief"):
        refused(ci_sim(command, empty), "no results", "design.json")
        refused(ci_sim(command, unfinished), "unfinished", "runs.parquet")
        refused(ci_sim(command, other), "'sobol'")
        refused(ci_sim(command, damaged), "damaged results")
        refused(ci_sim(command, cut), "do not fit their design")
    refused(ci_sim("report", tmp_path / "nothing"), "no such file")


def test_finished_results_take_no_options(pages: Any, ci_sim: Any) -> None:
    refused(ci_sim("report", pages.folder, "--seed", 2, "--set", "problem.levers=3"), "--seed, --set", "finished")


def test_no_file_but_an_earlier_page_is_overwritten(tmp_path: Path, pages: Any, ci_sim: Any) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<html>mine</html>")
    refused(ci_sim("report", pages.folder, "--out", mine), "no earlier report", "nothing was overwritten")
    refused(ci_sim("report", pages.folder, "--out", pages.brief), "no earlier report")
    assert mine.read_text() == "<html>mine</html>"
    refused(ci_sim("report", pages.folder, "--out", tmp_path / "x.txt"), "'.txt'", ".html")
    refused(ci_sim("report", pages.folder, "--out", tmp_path / "no" / "x.html"), "no folder")
    own = tmp_path / "own.html"
    own.write_bytes(pages.report.read_bytes().replace(b"Isolated", b"Outdated"))
    assert ci_sim("report", pages.folder, "--out", own).exit_code == 0
    assert own.read_bytes() == pages.report.read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["mine.html", "own.html"]


def test_help_names_both_kinds_of_input() -> None:
    assert {"report", "brief", "replay"} <= set(main.commands)
