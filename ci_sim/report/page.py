"""The report: one HTML file that opens from disk, prints, and asks for nothing that is not in it."""

from __future__ import annotations

from ci_sim.provenance import limit_notice
from ci_sim.report.assumptions import assumptions, command_of, origin
from ci_sim.report.markup import Markup, bundled, document, paragraphs, tag
from ci_sim.report.results import Results
from ci_sim.report.sections import arms_compared, figures_of, what_it_shows

__all__ = ["made_by", "report_page"]

CONTENTS = (
    ("result", "What it shows"),
    ("arms", "The arms compared"),
    ("figures", "Figures"),
    ("assumptions", "Assumptions"),
    ("origin", "Where it comes from"),
)


def report_page(results: Results) -> str:
    """The report on a comparison. Equal results give equal bytes; dates are those of the manifest."""
    scenario = results.scenario
    header = tag(
        "header",
        tag("p", f"ci_sim report, {str(results.manifest.get('ended', ''))[:10]}", class_="kicker"),
        tag("h1", results.title),
        *paragraphs(scenario.description)[:1],
    )
    links = [tag("li", tag("a", words, href=f"#{name}")) for name, words in CONTENTS]
    contents = tag("nav", tag("ul", *links), aria_label="Contents")
    sections = (what_it_shows, arms_compared, figures_of, assumptions, origin)
    main = tag("main", *(section(results) for section in sections), id="content")
    footer = tag("footer", tag("p", limit_notice(scenario)), made_by(results))
    body = Markup("\n".join((header, contents, main, footer)))
    return document("report", results.title, body, [bundled("ci_sim.report", "report.css")])


def made_by(results: Results) -> Markup:
    """How to make the same again."""
    return tag("p", "Made by ", tag("code", command_of(results)), f" with seed {results.seed}.", class_="made")
