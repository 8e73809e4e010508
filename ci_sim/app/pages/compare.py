"""Compare."""

from __future__ import annotations

import solara

from ci_sim.app.pages import PageInfo
from ci_sim.app.session import Session

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("compare", 20)


@solara.component
def Page(session: Session) -> None:
    """The page."""
    solara.v.Html(tag="h1", children=[session.texts("compare.title")])
