"""The one-page brief: what it says, and as HTML. The same words on paper: :mod:`ci_sim.report.sheet`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.parameters import GRADES
from ci_sim.provenance import limit_notice
from ci_sim.report.assumptions import command_of, departures, set_value
from ci_sim.report.downloads import bands
from ci_sim.report.influence import WORLDS, Influence
from ci_sim.report.markup import Markup, bundled, document, paragraphs, table, tag
from ci_sim.report.results import Results
from ci_sim.report.sections import about, cell, picture
from ci_sim.terminal import money, points

__all__ = ["Brief", "KeyFigure", "brief_page", "make_brief"]

MOST_ASSUMPTIONS = 4


class KeyFigure(NamedTuple):
    """A number against the baseline, each with its 95 % interval, as text."""

    name: str
    subject: str
    baseline: str
    change: str


class Brief(NamedTuple):
    """What a brief says.

    Attributes
    ----------
    columns : headings of the three numbers of a key figure.
    basis : how the assumptions that follow it were chosen.
    origin : command, seed and hashes.
    """

    title: str
    question: str
    sentence: str
    columns: tuple[str, str, str]
    key_figures: list[KeyFigure]
    basis: str
    assumptions: list[str]
    origin: str
    limits: str


def make_brief(results: Results, felt: Sequence[Influence] | None) -> Brief:
    """Everything a brief says.

    Parameters
    ----------
    felt : of :func:`ci_sim.report.influence.influences`.
    """
    measure = "the difference to isolated impact" if results.compared else "the outcome"
    basis, assumptions = _felt(felt, measure) if felt else _least_founded(results, searched=felt is not None)
    scenario = results.scenario
    question = next(iter(scenario.description.strip().split("\n\n")), "")
    baseline = (results.titles["isolated"], "Difference") if results.compared else ("", "")
    return Brief(
        title=results.title,
        question=" ".join(question.split()),
        sentence=results.sentence,
        columns=(results.titles[results.subject.name], *baseline),
        key_figures=_key_figures(results),
        basis=basis,
        assumptions=assumptions,
        origin=(
            f"{command_of(results)}; seed {results.seed}; worlds: {results.worlds:,}; scenario hash {scenario.hash}; "
            f"results {about(results)['results sha256'][:12]}; ci_sim {about(results)['ci_sim version']}; "
            f"{str(results.manifest.get('ended', ''))[:10]}"
        ),
        limits=limit_notice(scenario),
    )


def _key_figures(results: Results) -> list[KeyFigure]:
    subject, base = results.summaries[results.subject.name], results.summaries.get("isolated")
    priority = None
    if results.compared:
        ours, theirs = (results.outcomes(arm, "priority_outcome") for arm in (subject.arm, "isolated"))
        priority = mean_interval(np.asarray(ours - theirs, np.float64))
    other = base if results.compared else None
    return [
        KeyFigure(
            "Outcome (0 = what chance gives, 100 = best achievable)",
            points(subject.outcome),
            points(other.outcome if other else None),
            points(subject.difference, signed=True),
        ),
        KeyFigure(
            "Outcome of the priority group (communities with the least pull)",
            points(subject.priority_outcome),
            points(other.priority_outcome if other else None),
            points(priority, signed=True),
        ),
        KeyFigure(
            "Cost per point gained (thousand)",
            money(subject.cost_per_point),
            money(other.cost_per_point) if other else "",
            _cheaper(subject.cost_per_point, other.cost_per_point) if other else "",
        ),
    ]


def _cheaper(ours: Interval, theirs: Interval) -> str:
    """Which of two costs is lower, where their intervals lie apart."""
    if math.isnan(ours.estimate) or math.isnan(theirs.estimate):
        return ""
    if math.isnan(ours.low) or math.isnan(theirs.low) or (ours.low <= theirs.high and theirs.low <= ours.high):
        return "not told apart"
    times = theirs.estimate / ours.estimate
    return f"{times:.1f} times cheaper" if times > 1 else f"{1 / times:.1f} times dearer"


def _felt(felt: Sequence[Influence], measure: str) -> tuple[str, list[str]]:
    basis = (
        "Felt most when each assumption is changed by itself, from half to one and a half times its value within its "
        f"bounds, on {WORLDS} worlds ({measure} in points, [95 % interval]):"
    )
    told = []
    for one in felt[:MOST_ASSUMPTIONS]:
        what = one.parameter.meaning.rstrip(".")
        told.append(
            f"{what} ({one.parameter.key}, {one.parameter.grade}): from {one.low:g} to {one.high:g} it goes from "
            f"{round(100 * one.at_low)} to {round(100 * one.at_high)}, a change of {points(one.effect, signed=True)}."
        )
    return basis, told


def _least_founded(results: Results, *, searched: bool) -> tuple[str, list[str]]:
    """What the scenario sets itself, the least founded first: no claim that it matters."""
    why = "No assumption, changed by itself, is clearly felt." if searched else "Too large to try each by itself."
    scenario = results.scenario
    ordered = sorted(departures(scenario), key=lambda one: -GRADES.index(one.grade))[:MOST_ASSUMPTIONS]
    told = [
        f"{one.meaning.rstrip('.')} ({one.key}, {one.grade}): {set_value(scenario, one)}, by default {one.default}."
        for one in ordered
    ]
    return f"{why} What this scenario sets, the least founded first:", told or ["Every parameter is at its default."]


def brief_page(results: Results, brief: Brief) -> str:
    """The brief as one HTML file, which prints on one page."""
    titles = results.titles
    headings = ["", *(name for name in brief.columns if name)]
    rows = [[one.name, *map(cell, _filled(one, brief))] for one in brief.key_figures]
    chart = figures.trajectories(
        results.timeseries, titles, title="The outcome over time", threshold=results.scenario.horizon.threshold
    )
    words = figures.trajectories_in_words(results.timeseries, titles)
    data = bands(results.timeseries, titles, ("indicator",))
    main = tag(
        "main",
        tag("h2", "Three numbers"),
        table("Mean over worlds, in brackets the 95 % interval", headings, rows, class_="numbers"),
        tag("h2", "One chart"),
        picture("The outcome over time", chart, words, "trajectories.csv", data, about(results)),
        tag("h2", "The assumptions that matter most"),
        tag("p", brief.basis),
        tag("ul", *(tag("li", told) for told in brief.assumptions)),
        id="content",
    )
    header = tag(
        "header", tag("p", "ci_sim brief", class_="kicker"), tag("h1", brief.title), *paragraphs(brief.question),
        tag("p", brief.sentence, class_="lead"),
    )  # fmt: skip
    footer = tag("footer", tag("p", tag("code", brief.origin, class_="anywhere")), tag("p", brief.limits))
    styles = [bundled("ci_sim.report", "report.css"), bundled("ci_sim.report", "brief.css")]
    return document("brief", brief.title, Markup("\n".join((header, main, footer))), styles)


def _filled(one: KeyFigure, brief: Brief) -> list[str]:
    return [text for text, name in zip((one.subject, one.baseline, one.change), brief.columns, strict=True) if name]
