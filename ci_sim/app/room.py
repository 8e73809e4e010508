"""The facilitator's mode: a room looks on, type is large, and of the controls only those that were chosen are there.

It is two choices of the view, so that a link opens it, every page has it, and nobody else's page does. The root gets
the class ``ci-room``; the stylesheet does the rest, and hides what is of class ``ci-advanced``.
"""

from __future__ import annotations

from ci_sim.app.state import Overrides, View
from ci_sim.parameters import PARAMETERS

__all__ = ["MOST_SLIDERS", "ROOM", "SLIDERS", "drawing_width", "in_room", "kept", "root_classes", "sliders_of"]

ROOM, SLIDERS = "learn.room", "learn.sliders"
MOST_SLIDERS = 3
LARGER, NARROW = 0.68, 800


def in_room(view: View) -> bool:
    """Whether a view is shown to a room."""
    return view.choice(ROOM) == "on"


def sliders_of(view: View) -> tuple[str, ...]:
    """Keys of the parameters that participants may change: at most three."""
    known = [key for key in view.choice(SLIDERS).split(",") if key in PARAMETERS]
    return tuple(dict.fromkeys(known))[:MOST_SLIDERS]


def drawing_width(view: View, width: int) -> int:
    """Pixels to draw a chart in that is shown in so many: before a room fewer, so that all in it is larger."""
    return int(LARGER * width) if in_room(view) and width > NARROW else width


def root_classes(view: View) -> list[str]:
    """Classes of the app's root element."""
    return ["ci-app", "ci-room"] if in_room(view) else ["ci-app"]


def kept(view: View) -> Overrides:
    """The choices that outlast a change of scenario."""
    return tuple((key, value) for key, value in view.choices if key in {ROOM, SLIDERS})
