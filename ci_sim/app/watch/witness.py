"""What an organization considered in a month, and why: the month lived again with the kernel's own functions.

The kernel keeps no account of decisions. Here a month goes through the same functions in the same order, for those
watched one try at a time, so that what they saw can be written down; the state that comes out is that of
:func:`ci_sim.kernel.month.advance`, bit for bit (a test holds it to that), so nothing is altered by being watched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ci_sim.app.watch.decision import Decision, Kind, Moment, weigh
from ci_sim.app.watch.joint import convene_watched
from ci_sim.entries import CustomArm
from ci_sim.kernel import Row, State
from ci_sim.kernel.conditions.backbone import meeting_loss
from ci_sim.kernel.conditions.continuous_communication import peer_learning_probability
from ci_sim.kernel.conditions.shared_measurement import reported_indicator
from ci_sim.kernel.month import act, advance, live, open_month, order_acting, prepare
from ci_sim.kernel.organizations import tries_this_month
from ci_sim.kernel.search import adopt, believed, perceived_gain, practices_seen
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, stretches
from ci_sim.world import World, build_rules

__all__ = ["Account", "live_watched", "witness"]


class Account(NamedTuple):
    """What a witness has to tell: the state after the last month, and the decisions in the order they were taken."""

    state: State
    decisions: list[Decision]


def witness(world: World, arm: CustomArm, watched: Collection[int], since: int, month: int) -> Account:
    """Live an arm of a world up to a month, and write down what some organizations decide from a month on.

    Parameters
    ----------
    watched : numbers of organizations.
    since, month : the first and the last month written down, from 1; month 0 has no decisions.
    """
    rules, schedule = build_rules(world.scenario), build_schedule(world.scenario, arm)
    state, records = open_arm(world, schedule, rules)
    told: list[Decision] = []
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        unseen = min(stop, max(start, since - 1), month)
        if unseen > start:
            advance(landscape, rules, block, luck, state, records, start - first, unseen - first, first)
        for now in range(max(start, unseen), min(stop, month)):
            told += live_watched(Moment(landscape, rules, block, luck, state, now - first, now + 1), watched)
    return Account(state, told)


def live_watched(moment: Moment, watched: Collection[int]) -> list[Decision]:
    """Live a month as :func:`ci_sim.kernel.month.advance` does, but for the records; tell what those watched decide."""
    landscape, rules, schedule, luck, state, row, _ = moment
    open_month(rules, schedule, luck, state, row)
    prepare(rules, schedule, luck, state, row)
    order_acting(luck, state, row)
    told: list[Decision] = []
    for organization in map(int, state.order):
        if organization in watched:
            told += _tries(moment, organization)
        else:
            act(landscape, rules, luck, state, organization, row)
    told += convene_watched(moment, watched)
    for community in range(len(state.practices)):
        live(landscape, rules, luck, state, community, row)
    return told


def _tries(moment: Moment, organization: int) -> Iterator[Decision]:
    """:func:`ci_sim.kernel.month.act`, told as it goes."""
    _, rules, _, luck, state, row, month = moment
    actor = state.organizations[organization]
    if actor["programs"] == 0:
        return
    lost = meeting_loss(rules, state) if actor["member"] else 0.0
    learning = peer_learning_probability(rules, state, organization)
    for attempt in range(tries_this_month(luck, state, organization, row)):
        draws = luck.tries[attempt, row, organization]
        if draws[0] < lost:
            state.initiative[0]["tries_lost"] += 1
            yield Decision(month, organization, "meeting")
        else:
            yield _try(moment, organization, draws, learning)


def _try(moment: Moment, organization: int, draws: Row, learning: float) -> Decision:
    landscape, rules, _, _, state, _, month = moment
    n_communities, n_levers = state.providers.shape
    programs = int(state.organizations[organization]["programs"])
    community, lever = divmod(int(state.places[organization, int(draws[1] * programs)]), n_levers)
    current = practices_seen(rules, state, community)
    now = believed(state, organization, community, current)
    kind: Kind = "flip"
    peer, changed = None, 1 << lever
    if draws[2] < learning and n_communities > 1:
        kind = "peer"
        peer = (community + 1 + int(draws[3] * (n_communities - 1))) % n_communities
        better = reported_indicator(rules, state, peer, draws[4]) > state.communities[community]["indicator"]
        delivered = int(state.delivered[community, organization])
        changed = (now ^ practices_seen(rules, state, peer)) & delivered if better else 0
    if changed == 0:
        return Decision(month, organization, kind, community, peer)
    gain = perceived_gain(landscape, state, organization, community, now, now ^ changed, draws[5])
    gains = weigh(moment, organization, community, now, changed, gain)
    adopted = bool(gain > rules["acceptance_threshold"])
    if adopted:
        adopt(rules, state, organization, community, changed, now ^ changed)
    return Decision(month, organization, kind, community, peer, changed, gains, adopted, adopted)
