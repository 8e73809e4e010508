"""The pages of the app, a file each; a file here with a ``PAGE`` and a component ``Page`` is a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

__all__ = ["PageInfo", "pages"]


@dataclass(frozen=True)
class PageInfo:
    """Where a page stands: lowest order first; its title is the text ``<name>.title``."""

    name: str
    order: int


@cache
def pages() -> dict[str, tuple[PageInfo, Callable[..., Any]]]:
    """All pages by name, in order, with the component that takes a :class:`~ci_sim.app.session.Session`."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    found = [(module.PAGE, module.Page) for module in modules if hasattr(module, "PAGE")]
    return {info.name: (info, page) for info, page in sorted(found, key=lambda one: one[0].order)}
