"""The claims as one page of HTML that needs nothing else: opens from disk, prints, and can be read aloud."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from matplotlib.figure import Figure

from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.worlds import in_points
from ci_sim.claims.circumstances import AS_IT_IS
from ci_sim.claims.trial import Tried
from ci_sim.claims.verdict import RULE, standing_in
from ci_sim.figures.estimates import Row, rows_page
from ci_sim.figures.files import render
from ci_sim.provenance import limit_notice
from ci_sim.scenario import Scenario

__all__ = ["claims_figure", "claims_page"]

SIGNS = {"for": "+", "against": "\N{MINUS SIGN}", "unclear": "?"}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; margin: 0 auto; max-width: 72rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { border-bottom: 1px solid #767676; padding: .4rem .6rem; text-align: left; vertical-align: top; }
blockquote { margin: 0; font-style: italic; }
.scroll { overflow-x: auto; }
.verdict { font-weight: 700; white-space: nowrap; }
img { max-width: 100%; height: auto; }
a:focus, .scroll:focus { outline: 3px solid #0072B2; }
"""


def claims_figure(tried: list[Tried], scenario: Scenario) -> Figure:
    """The effect of every claim in the scenario as it is; above 0 speaks for the claim."""
    rows = [
        Row(
            f"{one.claim.name}: {one.finding.judgement}",
            Interval(*(100 * value for value in one.effects[AS_IT_IS])),
            standing_in(one.effects[AS_IT_IS]) != "unclear",
        )
        for one in tried
    ]
    title = f"Claims made for Collective Impact, in the scenario '{scenario.name}'"
    caption = f"Right of 0 speaks for the claim. Verdicts rest on all circumstances tried.\n{limit_notice(scenario)}"
    return rows_page({"": rows}, title=title, axis="Effect (points of 100)", caption=caption)[0]


def claims_page(tried: list[Tried], scenario: Scenario, replications: int, seed: int) -> str:
    """The page."""
    about = f"Scenario '{scenario.name}' ({scenario.hash}), {replications} worlds per circumstance, seed {seed}."
    picture = b64encode(render(claims_figure(tried, scenario), "svg", {"Date": None})).decode("ascii")
    words = "; ".join(f"{one.claim.name}: {one.finding.judgement}" for one in tried)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Claims of Collective Impact: {escape(scenario.name)}</title>",
            f"<style>{STYLE}</style></head><body><main>",
            "<h1>The claims made for Collective Impact, as hypotheses that run</h1>",
            f"<p>{escape(about)}</p><p>{escape(RULE)}</p>",
            _overview(tried),
            f'<figure><img src="data:image/svg+xml;base64,{picture}" alt="Effects of the claims. {escape(words)}.">',
            "<figcaption>Effect of each claim in the scenario as it is, with its 95 % interval.</figcaption></figure>",
            *(_claim(number, one) for number, one in enumerate(tried)),
            f"<footer><p>{escape(limit_notice(scenario))}</p></footer></main></body></html>",
        ]
    )


def _overview(tried: list[Tried]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="#claim-{number}">{escape(one.claim.name)}</a></th>'
        f'<td class="verdict">{one.finding.judgement}</td><td>{escape(one.finding.because)}</td></tr>'
        for number, one in enumerate(tried)
    )
    head = '<tr><th scope="col">claim</th><th scope="col">verdict</th><th scope="col">because</th></tr>'
    return _table("Verdicts, computed", head, rows)


def _claim_rows(one: Tried) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(in_points(effect, signed=True))}</td>'
        f"<td>{SIGNS[standing_in(effect)]} {standing_in(effect)}</td></tr>"
        for name, effect in one.effects.items()
    )


def _claim(number: int, one: Tried) -> str:
    """The section of a claim: quote, design, effect, intervals."""
    columns = ("circumstance", "effect in points [95 %]", "speaks")
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<section id="claim-{number}"><h2>{escape(one.claim.name)}: {one.finding.judgement}</h2>'
        f"<blockquote>{escape(one.claim.quote)}</blockquote>"
        f"<p>Design: {escape(one.claim.design)}. Effect: {escape(one.claim.said)}.</p>"
        f"{_table(f'{one.claim.name}: effect by circumstance', f'<tr>{head}</tr>', _claim_rows(one))}</section>"
    )


def _table(caption: str, head: str, rows: str) -> str:
    table = f"<table><caption>{caption}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}">{table}</div>'
