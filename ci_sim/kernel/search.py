"""What every organization always does: imagine a change where it works, judge it as it sees things, adopt it.

Search is decentralised (Rivkin & Siggelkow 2003). The conditions reach it only through arrays: what a member
weighs (``alignment``), how well it knows (``observation_sd``) and how fresh its pictures are.
"""

from __future__ import annotations

from ci_sim.kernel import Landscape, Row, State
from ci_sim.kernel.bits import bits, lowest
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.landscape import contribution, performance
from ci_sim.kernel.normal import normal_quantile

__all__ = ["adopt", "believed", "perceived_gain", "practices_seen", "true_gain"]


@compiled(inline=True)
def practices_seen(rules: Row, state: State, community: int) -> int:
    """Configuration that decisions of this month rest on: today's, or the month's opening one."""
    return state.communities[community].opening if rules.simultaneous else state.practices[community]


@compiled(inline=True)
def believed(state: State, organization: int, community: int, current: int) -> int:
    """Configuration as the organization believes it: its own levers as they are, the others' as last seen."""
    own = state.delivered[community, organization]
    return (current & own) | (state.pictures[organization, community] & ~own)


@compiled(inline=True)
def true_gain(landscape: Landscape, mandate: int, alignment: float, community: int, now: int, new: int) -> float:
    """Gain of a change by an organization's own weights, without noise.

    ``sum over l of w[l] * (f[l, new] - f[l, now])`` with ``w = (1 - alignment) * own mandate equally
    + alignment * all areas equally``. Units of performance, in (-1, 1).
    """
    own, rest = 0.0, mandate
    while rest:
        area = lowest(rest)
        own += contribution(landscape, community, area, new) - contribution(landscape, community, area, now)
        rest &= rest - 1
    gain = (1.0 - alignment) * own / bits(mandate)
    if alignment > 0.0:
        shared = performance(landscape, community, new) - performance(landscape, community, now)
        gain += alignment * shared
    return gain


@compiled(inline=True)
def perceived_gain(
    landscape: Landscape,
    state: State,
    organization: int,
    community: int,
    now: int,
    new: int,
    uniform: float,
) -> float:
    """True gain between two believed configurations plus evaluation noise (one uniform draw)."""
    actor = state.organizations[organization]
    gain = true_gain(landscape, actor.mandate, actor.alignment, community, now, new)
    sd = actor.noise
    if actor.member:
        sd *= state.communities[community].observation_sd
    return gain + sd * normal_quantile(uniform)


@compiled(inline=True)
def adopt(rules: Row, state: State, organization: int, community: int, changed: int, new: int) -> None:
    """Put the changed levers in force as in ``new``; fellow members who deliver them there lose trust in a member."""
    before = state.practices[community]
    after = (before & ~changed) | (new & changed)
    if after == before:
        return
    state.practices[community] = after
    overwritten = before ^ after
    state.initiative[0].churn += bits(overwritten)
    if not state.organizations[organization].member:
        return
    for nth in range(state.communities[community].present):
        other = state.present[community, nth]
        concerned = state.organizations[other].member and state.delivered[community, other] & overwritten
        if concerned and other != organization:
            state.trust[other, organization] *= 1.0 - rules.trust_lost_to_overwriting
