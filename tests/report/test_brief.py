"""The brief: one page, real text, numbers that are those of the results, assumptions that are really felt."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from ci_sim.analysis.intervals import mean_interval
from ci_sim.report.brief import make_brief
from ci_sim.report.influence import WORLDS, _discoveries, influences
from ci_sim.report.results import Results
from ci_sim.report.sheet import HEIGHT, MARGIN, Page, _fill, brief_sheet
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import with_parameters
from ci_sim.simulate import simulate
from ci_sim.terminal import money, points


def words(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def sheet(pages: Any) -> PdfReader:
    return PdfReader(pages.sheet)


def test_it_is_one_page_of_a4(sheet: PdfReader) -> None:
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((595.3, 841.9), abs=0.5)


def test_its_text_is_real_and_its_numbers_are_the_results(sheet: PdfReader, results: Results) -> None:
    text = words(sheet.pages[0].extract_text())
    subject, isolated = results.summaries["collective_impact"], results.summaries["isolated"]
    both = results.outcomes("collective_impact", "priority_outcome") - results.outcomes("isolated", "priority_outcome")
    for told in (
        points(subject.outcome), points(isolated.outcome), points(subject.difference, signed=True),
        points(subject.priority_outcome), points(mean_interval(both.to_numpy(np.float64)), signed=True),
        money(subject.cost_per_point), results.scenario.hash, "seed1", "Notaforecast", "Theassumptionsthatmattermost",
        "ci-sim",
    ):  # fmt: skip
        assert words(told) in text, told


def test_paper_and_page_say_the_same(sheet: PdfReader, pages: Any, results: Results) -> None:
    said = make_brief(results, influences(results))
    paper, page = words(sheet.pages[0].extract_text()), pages.brief.read_text(encoding="utf-8")
    for told in said.assumptions:
        assert words(told)[:60] in paper
        assert told.split(":")[0] in page
    assert brief_sheet(results, said) == pages.sheet.read_bytes(), "equal results give equal bytes"


def test_the_longest_texts_still_fit_on_the_page(results: Results) -> None:
    said = make_brief(results, [])
    long = "An exceedingly long word or two that never end " * 60
    figures = [one._replace(name=long, subject="1,234,567 [1,234,567, 1,234,567]") for one in said.key_figures]
    most = said._replace(
        title=long, question=long, sentence=long, columns=(long, long, long), key_figures=figures, basis=long,
        assumptions=[long] * 4, origin=long, limits=long,
    )  # fmt: skip
    tried = Page()
    _fill(tried, results, most, 0.0)
    assert tried.top - MARGIN > 80, "room for a chart"
    read = PdfReader(io.BytesIO(brief_sheet(results, most)))
    assert len(read.pages) == 1
    heights: list[float] = []

    def note(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        if text.strip():
            heights.append(outer[5] + inner[5])

    read.pages[0].extract_text(visitor_text=note)
    assert min(heights) > MARGIN - 9 and max(heights) < HEIGHT - MARGIN


def test_an_assumption_that_is_named_is_felt(results: Results) -> None:
    felt = influences(results)
    assert felt
    sizes = [abs(one.effect.estimate) for one in felt]
    assert sizes == sorted(sizes, reverse=True)
    assert all(one.effect.low > 0 or one.effect.high < 0 for one in felt)
    first = felt[0]
    ends = []
    for value in (first.low, first.high):
        changed = with_parameters(results.scenario, {first.parameter.key: value})
        differences = [
            simulate(changed, world, "collective_impact", seed=results.seed).records["indicator"][-1]
            - simulate(changed, world, "isolated", seed=results.seed).records["indicator"][-1]
            for world in range(WORLDS)
        ]
        ends.append(np.mean(differences))
    assert (first.at_low, first.at_high) == pytest.approx(tuple(ends))


def test_where_nothing_is_done_nothing_is_felt(results: Results, case: Callable[..., Scenario]) -> None:
    nothing = ["problem.levers=4", "problem.interdependence=1", "problem.communities=2", "organizations.count=3"]
    scenario = case(*nothing, "horizon.months=3", more='[[arms]]\nname = "same"\n')
    arms = (results.arms[0], scenario.arms[0])
    null = Results(results.folder, scenario, arms, 1, results.manifest, results.runs, results.timeseries)
    assert influences(null) == []


def test_of_many_that_are_nothing_hardly_any_is_told() -> None:
    rng = np.random.default_rng(0)
    told = [_discoveries(rng.random(50)).any() for _ in range(400)]
    assert np.mean(told) < 0.09, "of 50 tests of nothing, 92 % would have one below 0.05"
    chances = np.array([0.001, 0.04, 0.02, 0.9])
    assert _discoveries(chances).tolist() == [True, False, True, False], "0.05 * 2 / 4 = 0.025 >= 0.02; 0.0375 < 0.04"
    assert not _discoveries(np.array([])).any()


def test_a_scenario_too_large_to_try_is_said_to_be(results: Results, case: Callable[..., Scenario]) -> None:
    large = case("organizations.count=2000", "problem.communities=1000", "horizon.months=1200")
    unread = Results(results.folder, large, results.arms, 1, results.manifest, results.runs, results.timeseries)
    assert influences(unread) is None
    said = make_brief(results, None)
    assert "Too large" in said.basis
    assert said.assumptions
