"""What draws a month in the browser: the clock, and for each side its numbers, map, network and grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ci_sim.app.charts.canvas import arm_colour, arm_dashes
from ci_sim.app.session import Session
from ci_sim.app.watch.futures import Futures, packed
from ci_sim.app.watch.places import community_cells, organization_name, organization_places
from ci_sim.arms import available_arms

__all__ = ["Clock", "Side"]

CLOCK_WORDS = (
    "player", "play", "pause", "back", "step", "reset", "month", "of_month", "year", "speed", "per_second", "draw",
    "every_month", "every_months", "playing", "paused",
)  # fmt: skip
SIDE_WORDS = (
    "indicator", "difference", "coverage", "duplication", "trust", "members", "spend", "none", "map", "map_label",
    "network", "network_label", "coverage_grid", "coverage_label", "communities_across",
)  # fmt: skip


@solara.component_vue("clock.vue")
def Clock(
    words: dict[str, str],
    months: int,
    month: int,
    titles: list[str],
    course: list[list[float | None]],
    event_rest: Callable[[int], None],
) -> None:
    """Play, pause, step, reset, speed and a scrub bar for all faces; ``rest`` is told the month it comes to rest at."""


@solara.component_vue("side.vue")
def _Head(
    name: str,
    arm: str,
    arms: list[dict[str, str]],
    colour: str,
    dashes: str,
    words: dict[str, str],
    month: int,
    numbers: dict[str, list[float | None]],
    other: list[float | None],
    event_pick: Callable[[str], None],
) -> None:
    """Which arm, and its headline numbers."""


@solara.component_vue("map.vue")
def _Map(
    words: dict[str, str],
    month: int,
    columns: int,
    rows: int,
    cells: list[list[int]],
    names: list[str],
    priority: list[bool],
    indicators: str,
) -> None:
    """Communities by indicator."""


@solara.component_vue("network.vue")
def _Network(
    words: dict[str, str],
    month: int,
    places: list[dict[str, Any]],
    names: list[str],
    chosen: int,
    pairs: str,
    weights: str,
    standing: str,
    event_pick: Callable[[int], None],
) -> None:
    """Organizations by sector, and the trust between members."""


@solara.component_vue("coverage.vue")
def _Coverage(words: dict[str, str], month: int, levers: list[str], communities: int, providers: str) -> None:
    """Every place: a gap, covered, duplicated."""


@solara.component
def Side(
    session: Session, futures: Futures, number: int, month: int, chosen: int, swap: Callable[[str], None],
    pick: Callable[[int], None],
) -> None:  # fmt: skip
    """One future.

    Parameters
    ----------
    number : 0 left, 1 right.
    chosen : an organization, -1 for none.
    swap : show another arm on this side.
    pick : look at an organization.
    """
    t, scenario, side = session.texts, futures.world.scenario, futures.sides[number]
    frames = solara.use_memo(lambda: packed(side), [side])
    numbers = futures.numbers
    words = {word: t(f"watch.{word}") for word in SIDE_WORDS}
    place = session.arm_place(side.arm.name)
    arms = [{"name": arm, "title": session.arm_title(arm)} for arm in available_arms(session.scenario)]
    communities = [_plain(name) for name in scenario.community_names]
    organizations = [organization_name(scenario, n, t) for n in range(scenario.organizations.count)]
    with solara.v.Html(
        tag="section", class_="ci-card ci-future", attributes={"aria-label": session.arm_title(side.arm.name)}
    ):
        _Head(
            name=("left", "right")[number], arm=side.arm.name, arms=arms, colour=arm_colour(place),
            dashes=arm_dashes(place), words={**words, "future": t(("watch.left", "watch.right")[number])}, month=month,
            numbers=numbers[number], other=numbers[1 - number]["indicator"], event_pick=swap,
        )  # fmt: skip
        with solara.Div(classes=["ci-faces"]):
            _Map(
                words=words, month=month, names=communities, indicators=frames["indicators"],
                priority=[bool(flag) for flag in futures.world.state.communities["priority"]],
                **community_cells(scenario.problem.communities),
            )  # fmt: skip
            _Network(
                words=words, month=month, places=organization_places(scenario), names=organizations, chosen=chosen,
                pairs=frames["pairs"], weights=frames["weights"], standing=frames["standing"],
                event_pick=pick,
            )  # fmt: skip
        _Coverage(
            words=words, month=month, levers=[_plain(name) for name in scenario.lever_names],
            communities=scenario.problem.communities, providers=frames["providers"],
        )  # fmt: skip


def _plain(name: str) -> str:
    return name.replace("_", " ")
