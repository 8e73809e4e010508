"""The browser's part that is no page: address, title, shortcuts, the width of the window, and files handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

__all__ = ["Browser", "Frame"]


@solara.component_vue("browser.vue")
def Browser(
    query: str,
    title: str,
    language: str,
    said: str,
    file: dict[str, Any] | None,
    event_went: Callable[[str], None],
    event_step: Callable[[str], None],
    event_sized: Callable[[int], None],
) -> None:
    """Shows ``query`` in the address bar, hands over each new ``file``; tells of Back, Ctrl+Z and the width."""


@solara.component_vue("frame.vue")
def Frame(
    words: dict[str, str],
    pages: list[dict[str, str]],
    page: str,
    languages: list[dict[str, str]],
    language: str,
    scenarios: list[dict[str, Any]],
    scenario: str,
    query: str,
    command: str,
    can_undo: bool,
    can_redo: bool,
    notices: list[dict[str, Any]],
    said: str,
    largest: int,
    event_visit: Callable[[str], None],
    event_speak: Callable[[str], None],
    event_pick: Callable[[str], None],
    event_step: Callable[[str], None],
    event_opened: Callable[[dict[str, Any]], None],
    event_save: Callable[[Any], None],
    event_dismiss: Callable[[str], None],
) -> None:
    """The bar above every page: pages, scenario, tools, and what went wrong."""
