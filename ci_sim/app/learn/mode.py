"""How Learn is used: with a guess first or not, before a room or not, and with which sliders for it."""

from __future__ import annotations

from collections.abc import Callable

import solara

from ci_sim.app.cases import fixed_parameters
from ci_sim.app.room import MOST_SLIDERS, ROOM, SLIDERS, in_room, sliders_of
from ci_sim.app.session import Session
from ci_sim.app.state import without
from ci_sim.parameters import PARAMETERS

__all__ = ["PREDICT", "Mode", "predicts"]

PREDICT = "learn.predict"


def predicts(session: Session) -> bool:
    """Whether a guess comes before what is shown."""
    return session.view.choice(PREDICT) == "on"


@solara.component_vue("mode.vue")
def _Mode(
    words: dict[str, str],
    predict: bool,
    room: bool,
    offered: list[dict[str, str]],
    chosen: list[str],
    event_toggle_predict: Callable[[object], None],
    event_toggle_room: Callable[[object], None],
    event_slider: Callable[[dict[str, object]], None],
) -> None:
    """Two switches; with the second, three lists of parameters."""


@solara.component
def Mode(session: Session) -> None:
    """The switches."""
    t, view = session.texts, session.view
    fixed, chosen = fixed_parameters(session.scenario), sliders_of(view)
    offered = [
        {"key": key, "title": t.parameter(key, "label")}
        for key, parameter in PARAMETERS.items()
        if parameter.kind != "choice" and (key not in fixed or key in chosen)
    ]

    def switch(key: str, on: bool) -> None:
        session.change(choices=without(view.choices, key) if on else view.choose(key, "on").choices)

    def slider(told: dict[str, object]) -> None:
        place, key = told.get("place"), str(told.get("key"))
        keys = [*chosen, *[""] * (MOST_SLIDERS - len(chosen))]
        if isinstance(place, int) and 0 <= place < MOST_SLIDERS and (key in PARAMETERS or key == ""):
            keys[place] = key
            listed = ",".join(dict.fromkeys(filter(None, keys)))
            session.go(view.choose(SLIDERS, listed))

    words = ("title", "predict", "predict_hint", "room", "room_hint", "sliders", "slider", "no_slider")
    _Mode(
        words={word: t(f"learn.mode.{word}") for word in words}, predict=predicts(session), room=in_room(view),
        offered=sorted(offered, key=lambda one: one["title"].casefold()),
        chosen=[*chosen, *[""] * (MOST_SLIDERS - len(chosen))],
        event_toggle_predict=lambda _: switch(PREDICT, predicts(session)),
        event_toggle_room=lambda _: switch(ROOM, in_room(view)), event_slider=slider,
    )  # fmt: skip
