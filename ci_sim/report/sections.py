"""The parts of a report that speak of results: the sentence, the tables, the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from matplotlib.figure import Figure

from ci_sim import figures
from ci_sim.parameters import CONDITIONS
from ci_sim.provenance import limit_notice
from ci_sim.report.downloads import bands, csv_link, means, places, ties
from ci_sim.report.markup import Markup, data_uri, join, scrolling, table, tag
from ci_sim.report.results import Results
from ci_sim.terminal import comparison_columns

__all__ = ["about", "arms_compared", "cell", "figures_of", "picture", "what_it_shows"]

CAPTIONS = ("Outcome", "Time", "Priority group", "Money")
"""Of the tables of :func:`ci_sim.terminal.comparison_columns`."""


def about(results: Results) -> dict[str, str]:
    """What every file that leaves the report says of itself."""
    return {
        "scenario": f"{results.title} ({results.scenario.name}, hash {results.scenario.hash})",
        "seed": str(results.seed),
        "worlds": str(results.worlds),
        "ci_sim version": str(results.manifest.get("versions", {}).get("ci_sim", "unknown")),
        "results sha256": str(results.manifest.get("results_sha256", "unknown")),
        "limits": limit_notice(results.scenario),
    }


def what_it_shows(results: Results) -> Markup:
    """The sentence, and what it is not."""
    return tag(
        "section",
        tag("h2", "What the comparison shows", id="result"),
        tag("p", results.sentence, class_="lead"),
        tag("p", limit_notice(results.scenario), class_="notice"),
        aria_labelledby="result",
    )


def arms_compared(results: Results) -> Markup:
    """The comparison in tables, a row per arm; columns no arm fills are left out."""
    summaries = [*results.summaries.values()]
    made = []
    named = {"never": "worlds that never do"}
    for caption, columns in zip(CAPTIONS, comparison_columns(results.scenario.horizon.threshold), strict=True):
        filled = [
            (named.get(heading, heading), cell)
            for heading, cell in columns
            if any(cell(summary) for summary in summaries)
        ]
        rows = [[summary.title, *(cell(column(summary)) for _, column in filled)] for summary in summaries]
        if filled:
            made.append(table(caption, ["Arm", *(heading for heading, _ in filled)], rows, class_="numbers"))
    worlds = f"{results.worlds:,} world{'s' * (results.worlds != 1)}"
    explained = (
        f"{worlds}, the same for every arm; month {results.scenario.horizon.months}. Outcomes in points: 0 is what "
        "chance gives, 100 the best achievable. In brackets 95 % intervals. Money in thousands."
    )
    heading = tag("h2", "The arms compared", id="arms")
    return tag("section", heading, tag("p", explained), tag("div", *made, class_="tables"), aria_labelledby="arms")


def cell(text: str) -> Markup:
    """An estimate, and its interval on a line of its own where the column is narrow."""
    estimate, bracket, interval = text.partition(" [")
    return join([estimate, *([Markup(" "), tag("span", f"[{interval}", class_="interval")] if bracket else [])])


def figures_of(results: Results) -> Markup:
    """Every figure with its text alternative and its data."""
    parts = [*_of_all_worlds(results), *_of_one_world(results)]
    return tag("section", tag("h2", "Figures", id="figures"), *parts, aria_labelledby="figures", class_="figures")


def _of_all_worlds(results: Results) -> Iterator[Markup]:
    scenario, titles, series = results.scenario, results.titles, results.timeseries
    events = [(event.month, event.note) for event in scenario.events]
    yield picture(
        "The outcome over time",
        figures.trajectories(series, titles, title=results.title, threshold=scenario.horizon.threshold, events=events),
        figures.trajectories_in_words(series, titles),
        "trajectories.csv",
        bands(series, titles, ("indicator",)),
        about(results),
    )
    yield picture(
        "Who gains: the gap between groups of communities",
        figures.group_gap(series, titles, title=results.title),
        figures.group_gap_in_words(series, titles),
        "group_gap.csv",
        means(series, titles, ("priority_indicator", "rest_indicator")),
        about(results),
    )
    subject = results.subject
    own = series[series["arm"] == subject.name]
    named = {subject.name: results.titles[subject.name]}
    yield picture(
        f"How far the conditions are in place: {named[subject.name]}",
        figures.maturities(own, title=f"{results.title}: {named[subject.name]}"),
        figures.maturities_in_words(own),
        "maturities.csv",
        bands(own, named, CONDITIONS),
        about(results),
    )


def _of_one_world(results: Results) -> Iterator[Markup]:
    """The world in the middle, replayed: isolated impact beside the subject."""
    isolated = [arm for arm in results.arms if arm.name == "isolated" and results.compared]
    runs = results.replay([*isolated, results.subject])
    if not runs:
        yield tag("p", "These results come from another version of the model: no world of theirs can be replayed here.")
        return
    world = f"The figures below are of one world, number {results.typical}: one possible history."
    if isolated:
        ordered = f"ordered by how far {results.titles[results.subject.name]} ends above isolated impact"
        world += f" It is the world in the middle of all {results.worlds:,}, {ordered}."
    yield tag("p", world)
    described = about(results) | {"world": str(results.typical)}
    for run in runs:
        title = f"Who works where: {results.titles[run.arm.name]}"
        name = f"coverage_{run.arm.name}.csv"
        yield picture(title, figures.coverage(run), figures.coverage_in_words(run), name, places([run]), described)
    run = runs[-1]
    title, drawn = f"Who trusts whom: {results.titles[run.arm.name]}", figures.trust_network(run)
    yield picture(title, drawn, figures.trust_network_in_words(run), "trust_network.csv", ties(run), described)


def picture(
    title: str, figure: Figure, words: str, name: str, data: pd.DataFrame, described: Mapping[str, str]
) -> Markup:
    """A figure as SVG in the page, its text alternative, and a link to its data.

    Parameters
    ----------
    name : of the file that the link saves.
    described : what both are about, written into them.
    """
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    description = "; ".join(f"{key}: {value}" for key, value in described.items())
    drawn = figures.render(figure, "svg", {"Title": title, "Description": description, "Date": None})
    image = tag("img", src=data_uri("image/svg+xml", drawn), alt=words, width=width, height=height)
    link = csv_link(name, data, described)
    return tag("figure", tag("h3", title), scrolling(image, title), tag("figcaption", link))
