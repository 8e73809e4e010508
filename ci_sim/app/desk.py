"""One visitor's desk: all that is kept of them, and all they can do, one change at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import solara

from ci_sim.app.cases import LARGEST_FILE, open_case, open_file
from ci_sim.app.link import VERSION, Opened, citation, parse_link
from ci_sim.app.pages import pages
from ci_sim.app.room import kept
from ci_sim.app.session import File
from ci_sim.app.state import History, View
from ci_sim.app.texts import LANGUAGES
from ci_sim.arms import STANDARD_ARMS, available_arms
from ci_sim.complaints import Complaint, InputError

__all__ = ["Desk", "Proof", "Visit", "first_visit"]


@dataclass(frozen=True)
class Proof:
    """Which numbers are on show for which view. Told by threads that compute, so kept apart from what visitors do."""

    view: View | None = None
    numbers: str = ""
    remark: tuple[str, str] | None = None
    """Whether the numbers of an older link still hold: a text, and the link's version."""


@dataclass(frozen=True)
class Visit:
    """All that is kept of a visitor, in one value: it changes as a whole, and nobody else can reach it."""

    history: History
    notices: tuple[tuple[str, InputError | str], ...] = ()
    """What went wrong, by the text that heads it; or a plain remark."""
    said: str = ""
    file: dict[str, Any] | None = None
    width: int = 1180
    refusals: int = 0


def first_visit(opened: Opened) -> Visit:
    """A visit that begins with a link, and what is to be said of it."""
    notices: tuple[tuple[str, InputError | str], ...] = ()
    if opened.trouble is not None:
        notices = (("frame.link_broken", opened.trouble),)
    elif opened.version == VERSION and opened.cited not in {"", citation(open_case(opened.view), opened.view.seed)}:
        notices = (("frame.link_edited", opened.cited),)
    return Visit(History(opened.view), notices)


class Desk:
    """What a visitor can do; every change goes through here, one at a time."""

    def __init__(
        self, visit: solara.Reactive[Visit], proof: solara.Reactive[Proof], opened: Opened, counter: Iterator[int]
    ) -> None:
        self.visit, self.proof, self.opened, self.counter = visit, proof, opened, counter

    def _set(self, **changes: Any) -> None:
        self.visit.set(replace(self.visit.peek(), **changes))

    def _complain(self, key: str, error: InputError) -> None:
        others = tuple(notice for notice in self.visit.peek().notices if notice[0] != key)
        self._set(notices=(*others, (key, error)), refusals=self.visit.peek().refusals + 1)

    def go(self, view: View) -> None:
        """Another view, if there is such a thing; what was wrong before is forgotten."""
        try:
            open_case(view)
        except InputError as error:
            self._complain("frame.change_refused", error)
            return
        self._set(history=self.visit.peek().history.to(view), notices=())

    def turn_to(self, page: str) -> None:
        """Another page, the same view."""
        if page in pages():
            self.go(replace(self.visit.peek().history.present, page=page))

    def step(self, what: str) -> None:
        """Undo or redo."""
        history = self.visit.peek().history
        self._set(history=history.undo() if what == "undo" else history.redo(), notices=())

    def went(self, query: str) -> None:
        """The browser's own Back and Forward."""
        found = parse_link(query, tuple(pages()), LANGUAGES)
        if found.trouble is None:
            self.go(found.view)

    def speak(self, language: str) -> None:
        """Another language."""
        if language in LANGUAGES:
            self._set(history=self.visit.peek().history.instead(language=language))

    def pick(self, name: str) -> None:
        """Another scenario, as it comes."""
        view = self.visit.peek().history.present
        if not name.startswith("file:"):
            other = View(page=view.page, scenario=name, arms=view.arms, seed=view.seed, language=view.language)
            self._open(replace(other, choices=kept(view)))

    def opened_file(self, file: dict[str, Any]) -> None:
        """A scenario file from the visitor's machine."""
        view = self.visit.peek().history.present
        name = str(file.get("name", ""))
        try:
            if "content" not in file:
                found = f"{int(file.get('size', 0)):,} bytes"
                raise InputError(name[:80], [Complaint("", found, f"at most {LARGEST_FILE:,} bytes")])
            scenario, text = open_file(name, base64.b64decode(str(file["content"]), validate=True))
        except (InputError, binascii.Error) as error:
            trouble = error if isinstance(error, InputError) else InputError(name, [Complaint("", "no file", "a file")])
            self._complain("frame.file_refused", trouble)
            return
        other = View(page=view.page, scenario=scenario, file=text, arms=view.arms, language=view.language)
        self._open(replace(other, choices=kept(view)))

    def _open(self, view: View) -> None:
        try:
            known = available_arms(open_case(replace(view, arms=())))
        except InputError as error:
            self._complain("frame.file_refused", error)
            return
        arms = tuple(arm for arm in view.arms if arm in known)
        self.go(replace(view, arms=arms or tuple(STANDARD_ARMS)))

    def say(self, text: str) -> None:
        """Show and read out; the same again, too."""
        self._set(said=text + "\u200b" * (1 + next(self.counter) % 7))

    def send(self, file: File) -> None:
        """Hand a file to the browser."""
        content = {"name": file.name, "content": file.content, "kind": file.kind, "picture": file.picture}
        self._set(file={**content, "about": dict(file.about or {}), "number": next(self.counter)})

    def sized(self, width: int) -> None:
        """The window has another width."""
        if isinstance(width, int) and 200 <= width <= 8000 and width != self.visit.peek().width:
            self._set(width=width)

    def dismiss(self, key: str) -> None:
        """A notice has been read."""
        remark = self.proof.peek().remark
        if remark is not None and remark[0] == key:
            self.proof.set(replace(self.proof.peek(), remark=("", "")))
        self._set(notices=tuple(notice for notice in self.visit.peek().notices if notice[0] != key))

    def vouch(self, view: View, numbers: str) -> None:
        """These numbers are on show for a view; say whether those that an older link promised still hold."""
        before, link = self.proof.peek(), self.opened
        remark = before.remark
        if numbers and remark is None and link.version not in {"", VERSION} and view == link.view:
            kind = "unknown" if not link.numbers else "hold" if link.numbers == numbers else "moved"
            remark = (f"frame.numbers_{kind}", link.version)
        self.proof.set(Proof(view, numbers, remark))
