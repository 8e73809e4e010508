"""Joint actions as those asked to agree saw them: :func:`ci_sim.kernel.month.convene`, told as it goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ci_sim.app.watch.decision import Decision, Moment, weigh
from ci_sim.kernel import Row
from ci_sim.kernel.conditions.mutually_reinforcing_activities import (
    agree,
    draft_pair,
    expected_proposals,
    expected_reviews,
    pick_community,
    review_place,
)
from ci_sim.kernel.conditions.shared_measurement import reported_indicator
from ci_sim.kernel.search import believed, perceived_gain

__all__ = ["convene_watched"]


def convene_watched(moment: Moment, watched: Collection[int]) -> list[Decision]:
    """Review the plan, and put joint actions to those concerned; tell what those watched thought of them."""
    _, rules, schedule, luck, state, row, _ = moment
    expected = expected_reviews(rules, state)
    for review in range(min(int(expected + luck.rounding[row, 0]), luck.reviews.shape[0])):
        review_place(state, luck.reviews[review, row], luck.looks[review, row])
    expected = expected_proposals(rules, state, float(schedule.months["staff"][row]))
    told: list[Decision] = []
    for proposal in range(min(int(expected + luck.rounding[row, 1]), luck.proposals.shape[0])):
        told += _propose(moment, watched, luck.proposals[proposal, row], luck.consents[proposal, row])
    return told


def _propose(moment: Moment, watched: Collection[int], draws: Row, consents: Row) -> list[Decision]:
    landscape, rules, _, _, state, _, _ = moment
    n_communities, initiative = len(state.practices), state.initiative[0]
    community, peer = int(pick_community(state, draws[1])), None
    if draws[0] < min(1.0, 2.0 * rules["peer_learning"] * initiative["continuous_communication"]) and n_communities > 1:
        peer = (community + 1 + int(draws[4] * (n_communities - 1))) % n_communities
        if reported_indicator(rules, state, peer, draws[5]) <= state.communities[community]["indicator"]:
            return []
        proposed = int(state.practices[peer])
    else:
        proposed = int(draft_pair(landscape, state.practices[community], draws[2], draws[3]))
    initiative["joint_actions_proposed"] += 1
    opinions = list(_opinions(moment, watched, community, proposed, consents))
    agreed = bool(agree(landscape, rules, state, community, proposed, consents))
    initiative["joint_actions_agreed"] += agreed
    return [
        Decision(moment.month, organization, "joint", community, peer, changed, gains, consented, agreed)
        for organization, changed, gains, consented in opinions
    ]


def _opinions(
    moment: Moment, watched: Collection[int], community: int, proposed: int, consents: Row
) -> Iterator[tuple[int, int, Row, bool]]:
    """What those watched think of a proposal that concerns them, before anything is changed."""
    landscape, rules, _, _, state, _, _ = moment
    current = int(state.practices[community])
    changed = (proposed ^ current) & int(state.communities[community]["served"])
    present = [int(one) for one in state.present[community, : state.communities[community]["present"]]]
    for organization in present:
        if not state.organizations[organization]["member"]:
            changed &= ~int(state.delivered[community, organization])
    for organization in present:
        if organization in watched and int(state.delivered[community, organization]) & changed:
            now = int(believed(state, organization, community, current))
            now = (now & ~changed) | (current & changed)
            noise = consents[organization % len(consents)]
            gain = perceived_gain(landscape, state, organization, community, now, now ^ changed, noise)
            consented = bool(gain > rules["acceptance_threshold"])
            yield organization, changed, weigh(moment, organization, community, now, changed, gain), consented
