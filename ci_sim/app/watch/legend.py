"""What shapes, marks and shades stand for."""

from __future__ import annotations

from html import escape

import solara

from ci_sim.app.session import Session

__all__ = ["Legend"]

LEVELS = ("level_0", "level_1", "level_2", "level_3", "level_4")
MARKS = {
    "gap": '<path d="M8 8h4v4H8z" class="ci-place-0"/>',
    "covered": '<path d="M2 3h16v14H2z" class="ci-place-1"/>',
    "duplicated": '<path d="M2 3h16v14H2zM7 8v4h6V8z" class="ci-place-2"/>',
    "government": '<path d="M4 4h12v12H4z" class="ci-node ci-government ci-member"/>',
    "civil_society": '<circle cx="10" cy="10" r="6.5" class="ci-node ci-civil ci-member"/>',
    "business": '<path d="M10 3l7 13H3z" class="ci-node ci-business ci-member"/>',
    "member": '<circle cx="10" cy="10" r="6.5" class="ci-node ci-plain ci-member"/>',
    "outside": '<circle cx="10" cy="10" r="6.5" class="ci-node ci-plain"/>',
    "closed": '<path d="M4 4l12 12m0-12L4 16" class="ci-gone"/>',
    "tie": '<path d="M1 5h18" class="ci-tie ci-tie-1"/><path d="M1 13h18" class="ci-tie ci-tie-5"/>',
    "priority": '<path d="M10 3l6 7-6 7-6-7z" class="ci-priority"/>',
}


@solara.component
def Legend(session: Session) -> None:
    """One list for both sides; sectors where the scenario has any."""
    t = session.texts
    left_out = {"member"} if session.scenario.groups else {"government", "civil_society", "business"}
    shade = '<rect x="1" y="1" width="18" height="18" rx="3"/></svg>'
    shades = [
        f'<svg viewBox="0 0 20 20" aria-hidden="true" class="ci-level-{n}">{shade}{escape(t(f"watch.{name}"))}'
        for n, name in enumerate(LEVELS)
    ]
    marks = [
        f'<svg viewBox="0 0 20 20" aria-hidden="true">{mark}</svg>{escape(t(f"watch.legend_{name}"))}'
        for name, mark in MARKS.items()
        if name not in left_out
    ]
    items = "".join(f"<li>{item}</li>" for item in [*shades, *marks])
    solara.HTML(tag="ul", classes=["ci-legend"], unsafe_innerHTML=items, attributes={"aria-label": t("watch.legend")})
