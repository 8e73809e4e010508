"""What somebody looks at: an immutable view, and the history of views that undo and redo walk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

__all__ = ["History", "Overrides", "View", "as_text", "without"]

Overrides = tuple[tuple[str, str], ...]
"""``(dotted key, value as --set would have it)``, sorted by key."""

MOST_STEPS = 200
"""Steps of history kept."""


@dataclass(frozen=True)
class View:
    """Everything a link restores. Equal views show equal pictures.

    Attributes
    ----------
    scenario : name of a shipped scenario, or what an opened file is called.
    file : the text of an opened scenario file; empty for a shipped scenario.
    overrides : parameters changed in the app.
    baseline : the changed parameters of the pinned baseline; none: the scenario as it comes.
    arms : names of the arms that are shown.
    month : month the numbers are read at, from 1; None: the horizon.
    choices : what single pages keep, ``(page.key, value)``, sorted by key.
    """

    page: str = ""
    scenario: str = "default"
    file: str = ""
    overrides: Overrides = ()
    baseline: Overrides = ()
    arms: tuple[str, ...] = ("isolated", "isolated_equal_spend", "collective_impact")
    seed: int = 1
    month: int | None = None
    language: str = "en"
    choices: Overrides = ()

    def override(self, key: str, value: object) -> View:
        """The view with one parameter changed."""
        return replace(self, overrides=_put(self.overrides, key, as_text(value)))

    def choose(self, key: str, value: object) -> View:
        """The view with one choice of a page changed."""
        return replace(self, choices=_put(self.choices, key, as_text(value)))

    def choice(self, key: str, default: str = "") -> str:
        """What a page has kept under a key."""
        return dict(self.choices).get(key, default)


def as_text(value: object) -> str:
    """A value as a scenario file or ``--set`` has it; short where nothing is lost."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def without(pairs: Overrides, *keys: str) -> Overrides:
    """The pairs but those with these keys."""
    return tuple((key, value) for key, value in pairs if key not in keys)


def _put(pairs: Overrides, key: str, value: str) -> Overrides:
    return tuple(sorted({**dict(pairs), key: value}.items()))


@dataclass(frozen=True)
class History:
    """The present view, and those before and after it."""

    present: View
    past: tuple[View, ...] = ()
    future: tuple[View, ...] = ()

    def to(self, view: View) -> History:
        """Go on to another view; what was undone before is forgotten."""
        if view == self.present:
            return self
        return History(view, (*self.past, self.present)[-MOST_STEPS:])

    def instead(self, **changes: Any) -> History:
        """Change the present without a step: what nobody would want to undo, like the language."""
        return replace(self, present=replace(self.present, **changes))

    def undo(self) -> History:
        """One step back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> History:
        """One step forward again, if there is one."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
