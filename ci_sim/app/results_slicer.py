"""Results of a sweep, opened and sliced: which factor, which outcome, which arm against which."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any

import solara

from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.slices import arm_words, factor_title, slice_chart, slice_html
from ci_sim.app.session import Session, complaint_lines
from ci_sim.app.shelf import LARGEST_TABLE, Sheet, list_results, open_results, open_table
from ci_sim.app.slices import WHOLE, Slice, slice_table
from ci_sim.complaints import Complaint, InputError

__all__ = ["ResultsSlicer", "asked_of"]


@solara.component_vue("pages/results.vue")
def _Opener(
    words: dict[str, str],
    folders: list[str],
    folder: str,
    fields: list[dict[str, Any]],
    largest: int,
    event_pick: Callable[[str], None],
    event_opened: Callable[[dict[str, Any]], None],
    event_choose: Callable[[dict[str, str]], None],
) -> None:
    """The folder or file, and what to show of it."""


@solara.component
def ResultsSlicer(session: Session, width: int) -> None:
    """The section; its chart is as wide as ``width``."""
    t, view = session.texts, session.view
    uploaded: solara.Reactive[Sheet | InputError | None] = solara.use_reactive(None)
    folders = solara.use_memo(list_results, [])
    folder = view.choice("explore.folder")
    found = solara.use_memo(lambda: _open(folder) if folder else None, [folder])
    sheet = uploaded.value or found

    def opened(file: dict[str, Any]) -> None:
        uploaded.set(_opened(file))

    def pick(name: str) -> None:
        uploaded.set(None)
        session.go(view.choose("explore.folder", name[:180]))

    def choose(told: dict[str, str]) -> None:
        key, value = str(told.get("key")), str(told.get("value"))
        if key in {"x", "y", "of", "minus", "by"}:
            session.go(view.choose(f"explore.{key}", value[:90]))

    whole = sheet if isinstance(sheet, Sheet) else None
    asked = asked_of(whole, session) if whole else None
    words = {word: t(f"explore.{word}") for word in ("folder", "choose", "open")}
    words["about"] = t("explore.opened", name=whole.name, runs=t.number(len(whole.runs))) if whole else t(
        "explore.open_about", largest=t.number(LARGEST_TABLE / 1e6))  # fmt: skip
    _Opener(
        words=words, folders=folders, folder=folder if uploaded.value is None and folder in folders else "",
        fields=_fields(whole, asked, session) if whole and asked else [], largest=LARGEST_TABLE, event_pick=pick,
        event_opened=opened, event_choose=choose,
    )  # fmt: skip
    if isinstance(sheet, InputError):
        _Refused(session, sheet)
    elif whole and asked:
        _Slice(session, whole, asked, width)


def _open(folder: str) -> Sheet | InputError:
    try:
        return open_results(folder)
    except InputError as error:
        return error


def _opened(file: dict[str, Any]) -> Sheet | InputError:
    name = str(file.get("name", ""))
    if "content" not in file:
        allowed = f"at most {LARGEST_TABLE:,} bytes; for more, start the app with --results FOLDER"
        return InputError(name[:80], [Complaint("", f"{int(file.get('size', 0)):,} bytes", allowed)])
    try:
        return open_table(name, base64.b64decode(str(file["content"]), validate=True))
    except InputError as error:
        return error
    except binascii.Error:
        return InputError(name[:80], [Complaint("", "no file", "a file")])


def asked_of(sheet: Sheet, session: Session) -> Slice:
    """What the view asks of a sheet; the nearest thing where the sheet lacks it."""

    def one(key: str, known: Iterable[str], otherwise: str) -> str:
        value = session.view.choice(f"explore.{key}", otherwise)
        return value if value in {*known} else otherwise

    arms, factors = sheet.arms, sheet.factors
    arm = one("of", arms, "collective_impact" if "collective_impact" in arms else arms[-1])
    usual = "isolated" if "isolated" in arms and arm != "isolated" else WHOLE
    against = one("minus", [WHOLE, *(name for name in arms if name != arm)], usual)
    x = one("x", factors, factors[0] if factors else WHOLE)
    by = one("by", [WHOLE, *(name for name in factors if name != x)], WHOLE)
    outcome = one("y", sheet.outcomes, "outcome" if "outcome" in sheet.outcomes else sheet.outcomes[0])
    return Slice(x, outcome, arm, against, by)


def _fields(sheet: Sheet, asked: Slice, session: Session) -> list[dict[str, Any]]:
    t = session.texts
    factors = [(name, factor_title(name, session)) for name in sheet.factors]
    arms = [(name, arm_words(name, session)) for name in sheet.arms]
    none = [(WHOLE, t("explore.none"))]
    fields = {
        "x": (asked.x, factors or none),
        "y": (asked.outcome, [(name, name.replace("_", " ")) for name in sheet.outcomes]),
        "of": (asked.arm, arms),
        "minus": (asked.against, [*none, *(pair for pair in arms if pair[0] != asked.arm)]),
        "by": (asked.by, [*none, *(pair for pair in factors if pair[0] != asked.x)]),
    }
    return [
        {"name": key, "title": t(f"explore.fields.{key}"), "value": value,
         "choices": [{"name": name, "title": title} for name, title in choices]}
        for key, (value, choices) in fields.items()
    ]  # fmt: skip


@solara.component
def _Refused(session: Session, error: InputError) -> None:
    with (
        solara.v.Html(tag="div", class_="ci-notice ci-wrong ci-inline", attributes={"role": "alert"}),
        solara.Div(),
    ):
        solara.v.Html(tag="strong", children=[session.texts("explore.refused")])
        for line in complaint_lines(error, session.texts):
            solara.v.Html(tag="p", children=[line])


@solara.component
def _Slice(session: Session, sheet: Sheet, asked: Slice, width: int) -> None:
    t = session.texts
    chart = solara.use_memo(
        lambda: slice_chart(slice_table(sheet, asked), asked, session, width),
        [sheet, asked, width, session.view.language],
    )
    about = {t("shared.scenario"): sheet.name, t("shared.worlds"): str(int(chart.table["worlds"].max()))}
    about |= dict.fromkeys((t("shared.seed"), t("shared.command"), t("shared.citation")), t("explore.see_manifest"))
    ChartCard(session, chart, about_more=about)
    with solara.v.Html(tag="details", class_="ci-card ci-table"):
        solara.v.Html(tag="summary", children=[t("explore.table_behind")])
        solara.HTML(tag="div", unsafe_innerHTML=slice_html(chart, asked, session))
