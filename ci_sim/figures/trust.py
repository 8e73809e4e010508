"""The network of trust between the members of an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ci_sim.figures.page import INK, LINE, MARGIN, SMALL, WIDTH, caption_of, lay_apart, page, shorten, text_width

if TYPE_CHECKING:
    from ci_sim.simulate import Trajectory

__all__ = ["strongest_ties", "trust_network", "trust_network_in_words"]

KINDS = {
    "government": ("s", "#D55E00"),
    "civil society": ("o", "#0072B2"),
    "business": ("^", "#009E73"),
    "organization": ("o", "#0072B2"),
}
"""Marker and colour of a sector, and of organizations without one."""
SECTORS = ("government", "civil society", "business")
MOST_LINES = 600
MOST_NAMES = 40
HEIGHT = 420.0
"""Of the picture without margins."""
RADIUS = 190.0
"""Of the circle; names stand at both sides."""
ASIDE = 30.0
"""From the circle to the names."""
THREAD = "#333333"
SAMPLES = (0.2, 0.5, 0.9)
"""Trust shown in the legend."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Ties(NamedTuple):
    """Pairs of members that are drawn, the weakest first, and of how many pairs they are the strongest."""

    pairs: Integers
    trust: Floats
    of: int


def trust_network(trajectory: Trajectory, *, note: str = "") -> Figure:
    """Organizations on a circle, sector by sector, and how far members trust one another at the horizon of a run.

    Parameters
    ----------
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    state, scenario = trajectory.state, trajectory.world.scenario
    groups = scenario.group_of_organization
    kinds = [group.sector if group else "organization" for group in groups]
    members, closed = _members_and_closed(trajectory)
    points = _circle(kinds)
    ties = strongest_ties(state.trust, np.flatnonzero(members & ~closed))
    legend = _legend(kinds, len(ties.trust))
    caption = caption_of(_in_words(ties, members & ~closed, closed), note)
    figure = page(_heading(trajectory), caption, HEIGHT + 2 * MARGIN, legend, 3)
    axes = figure.add_subplot()
    axes.axis("off")
    half_width, half_height = WIDTH / 2 - MARGIN, HEIGHT / 2
    axes.set(xlim=(-half_width, half_width), ylim=(-half_height, half_height))
    widths, colours = _weights(ties.trust, len(ties.trust))
    lines = LineCollection(list(points[ties.pairs]), linewidths=widths, colors=colours, zorder=1)
    axes.add_collection(lines, autolim=False)
    _draw_organizations(axes, points, kinds, members, closed)
    if len(groups) <= MOST_NAMES:
        _name(axes, points, _names(trajectory))
    return figure


def trust_network_in_words(trajectory: Trajectory) -> str:
    """What :func:`trust_network` shows, for those who cannot see it."""
    members, closed = _members_and_closed(trajectory)
    ties = strongest_ties(trajectory.state.trust, np.flatnonzero(members & ~closed))
    return f"{_heading(trajectory)}. {_in_words(ties, members & ~closed, closed)}"


def _members_and_closed(trajectory: Trajectory) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    organizations = trajectory.state.organizations
    return np.asarray(organizations["member"]), ~np.asarray(organizations["active"])


def _heading(trajectory: Trajectory) -> str:
    arm, world = trajectory.arm, trajectory.world
    return f"Trust after {world.scenario.horizon.months} months: {arm.title or arm.name}, world {world.replication}"


def _circle(kinds: list[str]) -> Floats:
    """Places on the circle, clockwise from the top, with room between sectors."""
    order = sorted(range(len(kinds)), key=lambda n: list(KINDS).index(kinds[n]))
    present = [kind for kind in KINDS if kind in kinds]
    room = max(1.0, len(kinds) / 40) if len(present) > 1 else 0.0
    angles = np.empty(len(kinds))
    for place, n in enumerate(order):
        angles[n] = 2 * np.pi * (place + 0.5 + room * present.index(kinds[n])) / (len(kinds) + room * len(present))
    return RADIUS * np.column_stack([np.sin(angles), np.cos(angles)])


def strongest_ties(trust: Floats, members: Integers) -> Ties:
    """The pairs of members that are drawn, with their mutual trust: the mean of both directions."""
    first, second = np.triu_indices(len(members), 1)
    pairs = np.column_stack([members[first], members[second]])
    mutual = (trust[pairs[:, 0], pairs[:, 1]] + trust[pairs[:, 1], pairs[:, 0]]) / 2
    order = np.argsort(mutual, kind="stable")[-MOST_LINES:]
    return Ties(pairs[order], mutual[order], len(pairs))


def _weights(trust: Floats, count: int) -> tuple[Floats, list[tuple[str, float]]]:
    """Widths and colours of lines by trust, all lighter where there are many."""
    light = float(np.clip(np.sqrt(40 / max(1, count)), 0.3, 1))
    return 0.4 + 2.2 * light * trust**2, [(THREAD, float(0.15 + 0.75 * light * value**2)) for value in trust]


def _in_words(ties: Ties, members: NDArray[np.bool_], closed: NDArray[np.bool_]) -> str:
    organizations = "1 organization" if len(members) == 1 else f"{len(members):,} organizations"
    count = f"{organizations}, {members.sum():,} of them members, {closed.sum():,} closed."
    if ties.of == 0:
        return f"{count} No two members, hence no lines. One run, one possible history."
    cut = ties.of > len(ties.trust)
    shown = f"the {len(ties.trust):,} strongest of {ties.of:,}" if cut else f"all {ties.of:,}"
    rest = "; members without a line between them trust each other less than that" if cut else ""
    return (
        f"{count} Lines: {shown} pairs of members, by mutual trust (mean of both directions, 0 = none, 1 = full), "
        f"here {ties.trust[0]:.2f} to {ties.trust[-1]:.2f}{rest}. One run, one possible history."
    )


def _legend(kinds: list[str], count: int) -> list[tuple[Line2D, str]]:
    """Sectors, states and lines, a row of three each; no row where there is nothing to tell apart."""

    def marker(shape: str, colour: str, *, filled: bool) -> Line2D:
        face = colour if filled else "white"
        return Line2D([], [], linestyle="", marker=shape, markersize=8, color=colour, markerfacecolor=face)

    sectors = [(marker(*KINDS[kind], filled=True), kind) for kind in SECTORS if kind in kinds]
    sectors += [(Line2D([], [], linestyle=""), "")] * (-len(sectors) % 3)
    states = [
        (marker("o", INK, filled=True), "filled: member"),
        (marker("o", INK, filled=False), "hollow: not a member"),
        (marker("x", INK, filled=False), "crossed: closed"),
    ]
    widths, colours = _weights(np.array(SAMPLES), count)
    lines = [
        (Line2D([], [], linewidth=width, color=colour), f"mutual trust {value}")
        for width, colour, value in zip(widths, colours, SAMPLES, strict=True)
    ]
    return [*sectors, *states, *(lines if count else [])]


def _draw_organizations(
    axes: Axes, points: Floats, kinds: list[str], members: NDArray[np.bool_], closed: NDArray[np.bool_]
) -> None:
    between = 2 * np.pi * RADIUS / len(kinds)
    size = float(np.clip((0.65 * between) ** 2, 9, 150))
    for kind, (shape, colour) in KINDS.items():
        for member in (True, False):
            chosen = np.array([name == kind for name in kinds]) & (members == member)
            face = colour if member else "white"
            x, y = points[chosen].T
            axes.scatter(x, y, s=size, marker=shape, facecolor=face, edgecolor=colour, linewidth=1.2, zorder=2)
    x, y = points[closed].T
    axes.scatter(x, y, s=1.6 * size, marker="x", color=INK, linewidth=1.4, zorder=3)


def _names(trajectory: Trajectory) -> list[str]:
    """Group and number in it; the group alone where it has one organization only."""
    room = WIDTH / 2 - MARGIN - RADIUS - ASIDE
    names: list[str] = []
    scenario = trajectory.world.scenario
    counts = [(group.name, group.count) for group in scenario.groups]
    for group, count in counts or [("organization", scenario.organizations.count)]:
        name = group.replace("_", " ")
        numbers = [f" {n}" for n in range(1, count + 1)] if count > 1 else [""]
        names += [shorten(name, room - text_width(number, SMALL), SMALL) + number for number in numbers]
    return names


def _name(axes: Axes, points: Floats, names: list[str]) -> None:
    """Names in a column on each side, moved apart, each tied to its organization by a thin line."""
    threads = []
    for side, at in ((1, "left"), (-1, "right")):
        here = [n for n in range(len(names)) if (points[n, 0] >= 0) == (side > 0)]
        heights = [SMALL * LINE] * len(here)
        placed = lay_apart([points[n, 1] for n in here], heights, -HEIGHT / 2, HEIGHT / 2)
        for n, height in zip(here, placed, strict=True):
            x = side * (RADIUS + ASIDE)
            threads.append([tuple(points[n]), (x - side * 4, height)])
            text = axes.text(x, height, names[n], ha=at, va="center_baseline", size=SMALL, color=INK, parse_math=False)
            text.set_in_layout(False)  # its room is reckoned with: the axes are as wide as the figure
    axes.add_collection(LineCollection(threads, linewidths=0.6, colors="#8C8C8C", zorder=1), autolim=False)
