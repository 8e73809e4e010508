"""The steps of the tour: a rule beside what it leads to, forwards and back by button, key or presenter's remote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from ci_sim.app.cases import open_case
from ci_sim.app.learn.scenes import SCENES, Scene, scene_view, strayed
from ci_sim.app.link import write_link
from ci_sim.app.pages import pages
from ci_sim.app.session import Session
from ci_sim.app.state import View, without

__all__ = ["Contents", "Steps", "opens"]


@solara.component_vue("steps.vue")
def _Steps(
    words: dict[str, str],
    progress: str,
    place: int,
    places: int,
    strayed: bool,
    opens: str,
    href: str,
    room: bool,
    event_step: Callable[[int], None],
    event_open: Callable[[object], None],
    event_back: Callable[[object], None],
) -> None:
    """Buttons, keys and where one is."""


def opens(scene: Scene, view: View) -> View:
    """The view in which somebody looks closer: what is on show, on the scene's page, or the next best."""
    return replace(view, page=scene.page if scene.page in pages() else "compare")


@solara.component
def Steps(session: Session, scene: Scene | None) -> None:
    """From scene to scene; before the first stand the contents."""
    t, view = session.texts, session.view
    names = list(SCENES)
    place = names.index(scene.name) + 1 if scene else 0

    def step(by: int) -> None:
        there = place + (1 if by > 0 else -1)
        if 1 <= there <= len(names):
            session.go(scene_view(SCENES[names[there - 1]], view))
        elif there == 0:
            session.change(choices=without(view.choices, "learn.scene"))

    target = opens(scene, view) if scene else view
    words = {word: t(f"learn.steps.{word}") for word in ("nav", "back", "next", "begin", "contents", "keys", "reset")}
    title = t(f"learn.scenes.{scene.name}.title") if scene else t("learn.steps.contents")
    _Steps(
        words=words, place=place,
        progress=t("learn.steps.progress", place=place, places=len(names), title=title) if place else title,
        places=len(names), strayed=bool(scene and strayed(scene, view)),
        opens=t("learn.steps.open", page=t(f"{target.page}.title")), href="?" + write_link(target, session.scenario),
        room=view.choice("learn.room") == "on", event_step=step, event_open=lambda _: session.go(target),
        event_back=lambda _: session.go(scene_view(scene, view)) if scene else None,
    )  # fmt: skip


@solara.component_vue("contents.vue")
def _Contents(heading: str, scenes: list[dict[str, str]], event_visit: Callable[[str], None]) -> None:
    """Links to all scenes."""


@solara.component
def Contents(session: Session) -> None:
    """All scenes, each a link."""
    t, listed = session.texts, []
    for scene in SCENES.values():
        view = scene_view(scene, session.view)
        title, rule = (t(f"learn.scenes.{scene.name}.{part}") for part in ("title", "rule"))
        listed.append(
            {"name": scene.name, "title": title, "rule": rule, "href": "?" + write_link(view, open_case(view))}
        )

    def visit(name: str) -> None:
        if name in SCENES:
            session.go(scene_view(SCENES[name], session.view))

    _Contents(heading=t("learn.contents"), scenes=listed, event_visit=visit)
