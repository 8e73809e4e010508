"""Mutually reinforcing activities: who does what, and what is done together.

Claim
    Participant activities must be differentiated while still being coordinated through a mutually reinforcing plan of
    action (seed text; Kania & Kramer 2011).
Mechanism
    Plan: 0.1 * R * C * N random places a month are reviewed; where several programs duplicate one another, a member's
    one moves to an uncovered place inside its mandate (20 looks). Joint action: R * (3 * staff + 0.5 * volunteer *
    communication * members) proposals a month; each changes a lever and one it depends on, or takes over a
    better-reporting community's configuration; only levers all of whose providers are members change, and only if every
    provider concerned perceives a gain by its own weights and noise: consent, not command.
Off state
    R = 0 reviews nothing and proposes nothing.
Arrays
    Reads ``initiative`` (maturities R and C, ``members``), ``communities.attention``, ``organizations.member``;
    writes ``places`` (O, P), ``delivered`` (C, O), ``providers`` (C, N), ``communities.served``, ``practices`` (C,),
    ``pictures`` (O, C) int64, ``trust`` (O, O) float64, ``initiative.churn``.
Prior art
    Vertical coordination with veto in Rivkin & Siggelkow 2003; mis-partition in Ethiraj & Levinthal 2004.
"""

from __future__ import annotations

from ci_sim.kernel import Landscape, Row, State, Uniforms
from ci_sim.kernel.bits import bits, lowest
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.organizations import deliver, withdraw
from ci_sim.kernel.search import believed, perceived_gain

__all__ = ["agree", "draft_pair", "expected_proposals", "expected_reviews", "pick_community", "review_place"]


@compiled(inline=True)
def expected_reviews(rules: Row, state: State) -> float:
    """Places the plan reviews this month; a fraction is a chance of one more."""
    n_communities, n_levers = state.providers.shape
    return rules.plan_rate * state.initiative[0].mutually_reinforcing_activities * n_communities * n_levers


@compiled(inline=True)
def expected_proposals(rules: Row, state: State, staff: float) -> float:
    """Joint actions proposed this month, by staff and by volunteers; a fraction is a chance of one more."""
    initiative = state.initiative[0]
    volunteers = rules.volunteer_effectiveness * initiative.continuous_communication * initiative.members
    proposals = rules.proposals_per_staff * staff + rules.proposals_per_volunteer * volunteers
    return initiative.mutually_reinforcing_activities * proposals


@compiled(inline=True)
def pick_community(state: State, uniform: float) -> int:
    """Community that a review or a proposal turns to, by the attention its place gets (equity focus)."""
    # A binary search that always takes as many steps: the processor need not guess which way it goes.
    first, among = 0, state.communities.shape[0]
    while among > 1:
        half = among >> 1
        first += half if state.communities[first + half - 1].attention <= uniform else 0
        among -= half
    return first


@compiled(inline=True)
def review_place(state: State, uniforms: Uniforms, looks: Uniforms) -> bool:
    """Review one place; where programs duplicate one another, move a member's to an uncovered place it can serve.

    Parameters
    ----------
    uniforms : (3,) community, lever, which member's program.
    looks : (looks,) places looked at: the integer part of a draw times the levers of the mandate is the lever, its
        fraction the community.

    Returns
    -------
    Whether a program moved.
    """
    n_levers = state.providers.shape[1]
    community = pick_community(state, uniforms[0])
    lever = int(uniforms[1] * n_levers)
    if state.providers[community, lever] < 2:
        return False
    mover = _nth_member_at(state, community, lever, uniforms[2])
    if mover < 0:
        return False
    mandate = state.organizations[mover].mandate
    uncovered = 0
    for there in range(state.communities.shape[0]):
        uncovered |= mandate & ~state.communities[there].served
    if uncovered == 0:
        return False
    for look in range(looks.shape[0]):
        draw = looks[look] * bits(mandate)
        target = _nth_lever(mandate, int(draw))
        if (uncovered >> target) & 1 == 0:
            continue
        there = pick_community(state, draw - int(draw))
        if state.providers[there, target] == 0:
            _move(state, mover, community * n_levers + lever, there * n_levers + target)
            return True
    return False


@compiled(inline=True)
def _nth_member_at(state: State, community: int, lever: int, uniform: float) -> int:
    """One of the members that deliver a lever in a community, each as likely; -1 for none."""
    n_members, present = 0, state.present[community]
    for place in range(state.communities[community].present):
        organization = present[place]
        delivers = (state.delivered[community, organization] >> lever) & 1
        n_members += state.organizations[organization].member and delivers
    nth = int(uniform * n_members)
    for place in range(state.communities[community].present):
        organization = present[place]
        if state.organizations[organization].member and (state.delivered[community, organization] >> lever) & 1:
            if nth == 0:
                return organization
            nth -= 1
    return -1


@compiled(inline=True)
def _nth_lever(mandate: int, nth: int) -> int:
    """The n-th lever of a mandate, counted from 0."""
    for _ in range(nth):
        mandate &= mandate - 1
    return lowest(mandate)


@compiled(inline=True)
def _move(state: State, organization: int, old: int, new: int) -> None:
    """Move one program of an organization from place to place."""
    n_levers = state.providers.shape[1]
    for nth in range(state.organizations[organization].programs):
        if state.places[organization, nth] == old:
            state.places[organization, nth] = new
    withdraw(state, organization, old // n_levers, old % n_levers)
    deliver(state, organization, new // n_levers, new % n_levers)


@compiled(inline=True)
def draft_pair(landscape: Landscape, configuration: int, lever_draw: float, partner_draw: float) -> int:
    """A joint action on a lever and one that its outcome area depends on: both practices flipped."""
    n_levers = landscape.area_sizes.shape[0]
    lever = int(lever_draw * n_levers)
    new = configuration ^ (1 << lever)
    others = landscape.area_sizes[lever] - 1
    if others > 0:
        new ^= 1 << landscape.area_levers[lever, 1 + int(partner_draw * others)]
    return new


@compiled(inline=True)
def agree(
    landscape: Landscape,
    rules: Row,
    state: State,
    community: int,
    proposed: int,
    consents: Uniforms,
) -> bool:
    """Put a proposal to everyone concerned, and carry it out if every one of them perceives a gain.

    Parameters
    ----------
    proposed : configuration; only levers that are served, and by members alone, are changed towards it.
    consents : (min(O, 64),) evaluation noise of each provider, by its number modulo the length.

    Returns
    -------
    Whether the joint action was agreed.
    """
    current = state.practices[community]
    changed = (proposed ^ current) & state.communities[community].served
    n_present, present = state.communities[community].present, state.present[community]
    for nth in range(n_present):
        organization = present[nth]
        if not state.organizations[organization].member:
            changed &= ~state.delivered[community, organization]
    if changed == 0:
        return False
    new = current ^ changed
    for nth in range(n_present):
        organization = present[nth]
        if state.delivered[community, organization] & changed:
            now = believed(state, organization, community, current)
            now = (now & ~changed) | (current & changed)
            noise = consents[organization % consents.shape[0]]
            gain = perceived_gain(landscape, state, organization, community, now, now ^ changed, noise)
            if gain <= rules.acceptance_threshold:
                return False
    _carry_out(rules, state, community, changed, new)
    return True


@compiled(inline=True)
def _carry_out(rules: Row, state: State, community: int, changed: int, new: int) -> None:
    """Change the practices; the parties see the result, and trust one another more for it."""
    state.practices[community] = new
    state.initiative[0].churn += bits(changed)
    n_present, present = state.communities[community].present, state.present[community]
    for nth in range(n_present):
        party = present[nth]
        if not state.delivered[community, party] & changed:
            continue
        state.pictures[party, community] = (state.pictures[party, community] & ~changed) | (new & changed)
        for another in range(n_present):
            other = present[another]
            if other != party and state.delivered[community, other] & changed:
                state.trust[party, other] += rules.trust_from_joint_action * (1.0 - state.trust[party, other])
