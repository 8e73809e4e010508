"""The root of the app: one visitor's state, the frame around every page, and the link that says it all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import solara

from ci_sim.app.browser import Browser, Frame
from ci_sim.app.cases import LARGEST_FILE, open_case, scenario_text
from ci_sim.app.desk import Desk, Proof, Visit, first_visit
from ci_sim.app.link import VERSION, citation, parse_link, write_link
from ci_sim.app.pages import pages
from ci_sim.app.presets import offered
from ci_sim.app.room import root_classes
from ci_sim.app.session import File, Session, complaint_lines, limits
from ci_sim.app.state import View
from ci_sim.app.texts import LANGUAGES, Texts, texts_in
from ci_sim.complaints import InputError

__all__ = ["Layout", "Page"]

FRAME_WORDS = (
    "brand", "skip", "pages", "language", "dark", "tools", "scenario", "undo", "undo_keys", "redo", "redo_keys",
    "replay", "replay_hint", "open", "save", "copy_link", "link_copied", "copy_command", "command_copied", "dismiss",
)  # fmt: skip


@solara.component
def Layout(children: list[solara.Element] = []) -> None:  # noqa: B006 - Solara's signature
    """No frame of Solara's own."""
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """One visitor's app."""
    router = solara.use_router()
    opened = solara.use_memo(lambda: parse_link(router.search or "", tuple(pages()), LANGUAGES), [])
    visit = solara.use_reactive(solara.use_memo(lambda: first_visit(opened), []))
    counter = solara.use_memo(count, [])
    proof = solara.use_reactive(solara.use_memo(Proof, []))
    desk = Desk(visit, proof, opened, counter)
    now, proven = visit.value, proof.value
    view = now.history.present
    texts, scenario = texts_in(view.language), open_case(view)
    session = Session(
        view, scenario, texts, now.width, desk.go, desk.say, desk.send, partial(desk.vouch, view), now.refusals
    )
    query = write_link(view, scenario, proven.numbers if proven.view == view else "")
    title = texts(f"{view.page}.title")
    with solara.Div(classes=root_classes(view)):
        _app(desk, now, proven, session, query, title)


def _app(desk: Desk, now: Visit, proven: Proof, session: Session, query: str, title: str) -> None:
    """What is on the screen."""
    view, scenario, texts = session.view, session.scenario, session.texts
    Frame(
        words={word: texts(f"frame.{word}") for word in FRAME_WORDS},
        pages=[{"name": name, "title": texts(f"{name}.title"), "href": _href(view, name, session)} for name in pages()],
        page=view.page,
        languages=[{"name": name, "title": texts_in(name)("frame.own_name")} for name in LANGUAGES],
        language=view.language,
        scenarios=offered(view, texts),
        scenario=f"file:{view.scenario}" if view.file else view.scenario,
        query=query,
        command=session.command(),
        can_undo=bool(now.history.past),
        can_redo=bool(now.history.future),
        notices=_notices(now, proven, texts),
        said=now.said,
        largest=LARGEST_FILE,
        event_visit=desk.turn_to,
        event_speak=desk.speak,
        event_pick=desk.pick,
        event_step=desk.step,
        event_opened=desk.opened_file,
        event_save=lambda _: desk.send(File(f"{scenario.name}.toml", scenario_text(scenario), "application/toml")),
        event_dismiss=desk.dismiss,
    )
    with solara.v.Html(tag="main", attributes={"id": "ci-content", "tabindex": "-1"}, class_="ci-main"):
        pages()[view.page][1](session)
    with solara.v.Html(tag="footer", class_="ci-foot"):
        solara.v.Html(tag="p", children=[limits(scenario, texts)])
        solara.v.Html(
            tag="p", children=[texts("frame.cite", cite=citation(scenario, view.seed), version=VERSION, seed=view.seed)]
        )
    # Last, so that the address tells of what is on the screen already.
    Browser(
        query=query, title=f"{title} - {session.title} - ci_sim", language=view.language, said="",
        file=now.file, event_went=desk.went, event_step=desk.step, event_sized=desk.sized,
    )  # fmt: skip


def _notices(now: Visit, proven: Proof, texts: Texts) -> list[dict[str, Any]]:
    shown = []
    remarks = (proven.remark,) if proven.remark and proven.remark[0] and not now.history.past else ()
    for key, what in (*now.notices, *remarks):
        wrong = isinstance(what, InputError)
        lines = complaint_lines(what, texts) if isinstance(what, InputError) else []
        title = texts(key) if wrong else texts(key, what=what, version=VERSION)
        shown.append({"key": key, "kind": "wrong" if wrong else "remark", "title": title, "lines": lines})
    return shown


def _href(view: View, page: str, session: Session) -> str:
    return "?" + write_link(replace(view, page=page), session.scenario)
