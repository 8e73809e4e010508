"""About: what this is, how it works, what it assumes, and what its critics say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html import escape
from itertools import takewhile
from pathlib import Path

import solara

from ci_sim.app.link import write_link
from ci_sim.app.pages import PageInfo
from ci_sim.app.presets import critics
from ci_sim.app.session import Session
from ci_sim.app.state import View, as_text
from ci_sim.app.tables import table
from ci_sim.parameters import GRADES, PARAMETERS, Parameter
from ci_sim.scenario_file import read_scenario

__all__ = ["HEADINGS", "PAGE", "TRY", "Page", "assumption_rows", "description"]

PAGE = PageInfo("about", 60)
HEADINGS = ("what", "how", "use", "notice", "try", "extend", "limits", "credits")
"""The fixed headings of an information page."""
TRY: dict[str, dict[str, object]] = {
    "technical": {"problem.interdependence": 0},
    "no_backbone": {"backbone.staff": 0},
    "half_backbone": {"backbone.staff": 2},
    "no_data": {"conditions.shared_measurement": 0},
    "crowded": {"organizations.count": 96},
    "hard_to_judge": {"organizations.evaluation_noise": 0.16},
    "underserved": {"equity.focus": 1},
}
"""Views to try, as changes of the default scenario."""
COLUMNS = ("slider", "here", "default", "range", "meaning", "source", "grade")


@solara.component
def Page(session: Session) -> None:
    """The page."""
    t = session.texts
    with solara.Div(classes=["ci-about"]):
        solara.v.Html(tag="h1", children=[t("about.title")])
        solara.v.Html(tag="p", class_="ci-sentence", children=[t("about.lead")])
        with solara.Div(classes=["ci-columns"]):
            for name in HEADINGS:
                with solara.v.Html(tag="section", class_="ci-card ci-text", attributes={"id": f"about-{name}"}):
                    solara.v.Html(tag="h2", children=[t(f"about.headings.{name}")])
                    if name == "try":
                        _Try(session)
                    for key in takewhile(lambda one: one in t.entries, (f"about.{name}.p{n}" for n in range(1, 9))):
                        solara.v.Html(tag="p", children=[t(key)])
        _Critics(session)
        _Assumptions(session)
        _Description(session)


@solara.component
def _Try(session: Session) -> None:
    links = []
    for name, changes in TRY.items():
        view = View(page="compare", seed=session.view.seed, language=session.view.language)
        for key, value in changes.items():
            view = view.override(key, value)
        scenario = read_scenario(view.scenario, [f"{key}={value}" for key, value in view.overrides])
        links.append(_link(session.texts(f"about.try.{name}"), "?" + write_link(view, scenario)))
    solara.v.Html(tag="ul", children=[solara.v.Html(tag="li", children=[link]) for link in links])


def _link(text: str, href: str) -> solara.Element:
    return solara.v.Html(tag="a", attributes={"href": href}, children=[text])


@solara.component
def _Critics(session: Session) -> None:
    t = session.texts
    with solara.v.Html(tag="section", class_="ci-card ci-text", attributes={"id": "about-critics"}):
        solara.v.Html(tag="h2", children=[t("about.critics")])
        found = critics()
        solara.v.Html(tag="p", children=[t("about.critics_lead" if found else "about.critics_none")])
        for name, scenario in found.items():
            view = replace(View(page="compare", scenario=name), language=session.view.language)
            solara.v.Html(tag="h3", children=[_link(scenario.title or name, "?" + write_link(view, scenario))])
            solara.v.Html(tag="p", children=[scenario.description])
            if scenario.sources:
                items = [solara.v.Html(tag="li", children=[source]) for source in scenario.sources]
                summary = solara.v.Html(tag="summary", children=[t("about.sources", count=len(items))])
                solara.v.Html(tag="details", children=[summary, solara.v.Html(tag="ul", children=items)])


def assumption_rows(session: Session) -> list[list[str]]:
    """Every parameter as a row of :data:`COLUMNS`."""
    return [_row(session, parameter) for parameter in PARAMETERS.values()]


def _row(session: Session, parameter: Parameter) -> list[str]:
    t, key = session.texts, parameter.key
    section, name = key.split(".")
    value = getattr(getattr(session.scenario, section), name)
    here, default = _short(as_text(value)), _short(as_text(parameter.default))
    told = {part: t.parameter(key, part) for part in ("unit", "meaning", "low", "high")}
    ends = t("about.ends", low=told["low"], high=told["high"]) if told["low"] else ""
    return [
        f"{t.parameter(key, 'label')} ({key})", here, default, f"{parameter.allowed} {told['unit']}".strip(),
        f"{told['meaning']} {ends}".strip(), parameter.source, t(f"shared.grades.{parameter.grade}"),
    ]  # fmt: skip


def _short(text: str) -> str:
    try:
        return f"{float(text):.6g}" if "." in text else text
    except ValueError:
        return text


@solara.component
def _Assumptions(session: Session) -> None:
    t = session.texts
    grades = ", ".join(t(f"shared.grades.{grade}") for grade in GRADES)
    heads = [t(f"about.columns.{name}") for name in COLUMNS]
    with solara.v.Html(tag="section", class_="ci-card ci-table ci-wide", attributes={"id": "about-assumptions"}):
        solara.v.Html(tag="h2", children=[t("about.assumptions")])
        lead = t("about.assumptions_lead", count=len(PARAMETERS), grades=grades)
        solara.HTML(tag="div", unsafe_innerHTML=table(lead, heads, assumption_rows(session)))
        if session.scenario.evidence:
            solara.v.Html(tag="h2", children=[t("about.evidence_of")])
            rows = [[e.what, t(f"shared.grades.{e.grade}"), e.source] for e in session.scenario.evidence]
            heads = [t(f"about.columns.{name}") for name in ("slider", "grade", "source")]
            solara.HTML(tag="div", unsafe_innerHTML=table(session.title, heads, rows))


@solara.component
def _Description(session: Session) -> None:
    t = session.texts
    shown = session.view.choice("about.odd") == "shown"

    def toggle(*_: object) -> None:
        session.go(session.view.choose("about.odd", "hidden" if shown else "shown"))

    with solara.v.Html(tag="section", class_="ci-card ci-text ci-wide", attributes={"id": "about-odd"}):
        solara.v.Html(tag="h2", children=[t("about.odd")])
        solara.v.Html(tag="p", children=[t("about.odd_lead")])
        button = solara.v.Html(tag="button", attributes={"type": "button"},
                               children=[t("about.odd_hide" if shown else "about.odd_show")])  # fmt: skip
        solara.v.use_event(button, "click", toggle)
        if shown:
            solara.HTML(tag="div", classes=["ci-odd"], unsafe_innerHTML=description() or escape(t("about.odd_missing")))


@cache
def description() -> str:
    """``docs/odd.md`` as HTML, its headings two levels down; empty where it is missing."""
    import markdown  # noqa: PLC0415 - comes with Solara; only here

    package = Path(__file__).parents[2]
    for folder in (package / "docs", package.parent / "docs"):
        if (folder / "odd.md").is_file():
            text = (folder / "odd.md").read_text(encoding="utf-8")
            configs = {"toc": {"baselevel": 3}}
            return str(markdown.markdown(text, extensions=["tables", "fenced_code", "toc"], extension_configs=configs))
    return ""
