"""One month, in order, and the loop over months.

1 events (replication, funding, turnover, exits; a shock changes the landscape between blocks) - 2 the backbone keeps
the conditions up - 3 membership and trust - 4 agenda weights and pooled measurement - 5 pictures refreshed - 6
organizations act - 7 plan and joint action - 8 relapse - 9 outcomes and indicators recorded.
"""

from __future__ import annotations

from ci_sim.kernel import Landscape, Luck, Row, Schedule, State, Table
from ci_sim.kernel.bits import lowest
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.conditions.backbone import keep_up, meeting_loss, recruit
from ci_sim.kernel.conditions.common_agenda import align
from ci_sim.kernel.conditions.continuous_communication import (
    move_trust,
    peer_learning_probability,
    refresh_pictures,
)
from ci_sim.kernel.conditions.mutually_reinforcing_activities import (
    agree,
    draft_pair,
    expected_proposals,
    expected_reviews,
    pick_community,
    review_place,
)
from ci_sim.kernel.conditions.shared_measurement import pool_observations, reported_indicator
from ci_sim.kernel.landscape import outcome
from ci_sim.kernel.organizations import close, match_funding, replicate, tries_this_month
from ci_sim.kernel.recording import record
from ci_sim.kernel.search import adopt, believed, perceived_gain, practices_seen

__all__ = ["act", "advance", "convene", "live", "open_month", "order_acting", "prepare"]


@compiled
def advance(
    landscape: Landscape,
    rules: Row,
    schedule: Schedule,
    luck: Luck,
    state: State,
    records: Table,
    start: int,
    stop: int,
    offset: int,
) -> None:
    """Run the months ``start <= month < stop`` of a block, in the order of the module's list.

    Parameters
    ----------
    start, stop : rows of ``schedule`` and ``luck``.
    offset : month of the whole run that row 0 of the block stands for, minus 1; records are written at
        ``offset + month + 1``.
    """
    for month in range(start, stop):
        open_month(rules, schedule, luck, state, month)
        prepare(rules, schedule, luck, state, month)
        order_acting(luck, state, month)
        for turn in range(state.order.shape[0]):
            act(landscape, rules, luck, state, state.order[turn], month)
        convene(landscape, rules, schedule, luck, state, month)
        for community in range(state.practices.shape[0]):
            live(landscape, rules, luck, state, community, month)
        record(landscape, rules, schedule.months[month].staff, state, records, offset + month + 1)


@compiled
def open_month(rules: Row, schedule: Schedule, luck: Luck, state: State, month: int) -> None:
    """Step 1: what befalls organizations, and the money they have."""
    initiative = state.initiative[0]
    initiative.churn = 0
    initiative.tries_lost = 0
    initiative.joint_actions_proposed = 0
    initiative.joint_actions_agreed = 0
    if schedule.months[month].replication:
        replicate(state)
    for community in range(state.practices.shape[0]):
        state.communities[community].opening = state.practices[community]
    for organization in range(state.organizations.shape[0]):
        chances = schedule.fortune[month, organization]
        draws = luck.fortune[month, organization]
        if draws[0] < chances.turnover:
            state.trust[organization, :] = rules.initial_trust
            state.trust[:, organization] = rules.initial_trust
            for community in range(state.practices.shape[0]):
                state.pictures[organization, community] = state.communities[community].status_quo
        if draws[1] < chances.exit and state.organizations[organization].active:
            close(state, organization)
        if draws[2] < chances.funding_loss:
            state.organizations[organization].funding *= 1.0 - rules.funding_loss_share
    match_funding(schedule, luck, state, month)


@compiled
def prepare(rules: Row, schedule: Schedule, luck: Luck, state: State, month: int) -> None:
    """Steps 2 to 5: upkeep, membership and trust, weights and pooled measurement, pictures."""
    keep_up(rules, state, schedule.months[month])
    recruit(rules, state, schedule.months[month], luck.membership[month])
    move_trust(rules, state)
    align(state)
    pool_observations(state)
    refresh_pictures(rules, state, luck.pictures[month])


@compiled(inline=True)
def order_acting(luck: Luck, state: State, month: int) -> None:
    """Shuffle the order in which organizations act (Fisher & Yates)."""
    for organization in range(state.order.shape[0]):
        state.order[organization] = organization
    for last in range(state.order.shape[0] - 1, 0, -1):
        other = int(luck.order[month, last] * (last + 1))
        held = state.order[last]
        state.order[last] = state.order[other]
        state.order[other] = held


@compiled(inline=True)
def act(
    landscape: Landscape,
    rules: Row,
    luck: Luck,
    state: State,
    organization: int,
    month: int,
) -> None:
    """Step 6: one organization's tries. A try is lost to a meeting, or flips a practice, or learns from a peer."""
    programs = state.organizations[organization].programs
    if programs == 0:
        return
    n_communities, n_levers = state.providers.shape
    lost = meeting_loss(rules, state) if state.organizations[organization].member else 0.0
    learning = peer_learning_probability(rules, state, organization)
    for attempt in range(tries_this_month(luck, state, organization, month)):
        draws = luck.tries[attempt, month, organization]
        if draws[0] < lost:
            state.initiative[0].tries_lost += 1
            continue
        community, lever = divmod(state.places[organization, int(draws[1] * programs)], n_levers)
        current = practices_seen(rules, state, community)
        now = believed(state, organization, community, current)
        if draws[2] < learning and n_communities > 1:
            other = (community + 1 + int(draws[3] * (n_communities - 1))) % n_communities
            if reported_indicator(rules, state, other, draws[4]) <= state.communities[community].indicator:
                continue
            changed = (now ^ practices_seen(rules, state, other)) & state.delivered[community, organization]
        else:
            changed = 1 << lever
        if changed == 0:
            continue
        gain = perceived_gain(landscape, state, organization, community, now, now ^ changed, draws[5])
        if gain > rules.acceptance_threshold:
            adopt(rules, state, organization, community, changed, now ^ changed)


@compiled
def convene(
    landscape: Landscape,
    rules: Row,
    schedule: Schedule,
    luck: Luck,
    state: State,
    month: int,
) -> None:
    """Step 7: the backbone reviews the plan and puts joint actions to those concerned."""
    expected = expected_reviews(rules, state)
    reviews = min(int(expected + luck.rounding[month, 0]), luck.reviews.shape[0])
    for review in range(reviews):
        review_place(state, luck.reviews[review, month], luck.looks[review, month])

    expected = expected_proposals(rules, state, schedule.months[month].staff)
    proposals = min(int(expected + luck.rounding[month, 1]), luck.proposals.shape[0])
    n_communities = state.practices.shape[0]
    from_peers = min(1.0, 2.0 * rules.peer_learning * state.initiative[0].continuous_communication)
    for proposal in range(proposals):
        draws = luck.proposals[proposal, month]
        community = pick_community(state, draws[1])
        if draws[0] < from_peers and n_communities > 1:
            other = (community + 1 + int(draws[4] * (n_communities - 1))) % n_communities
            if reported_indicator(rules, state, other, draws[5]) <= state.communities[community].indicator:
                continue
            proposed = state.practices[other]
        else:
            proposed = draft_pair(landscape, state.practices[community], draws[2], draws[3])
        state.initiative[0].joint_actions_proposed += 1
        consents = luck.consents[proposal, month]
        state.initiative[0].joint_actions_agreed += agree(landscape, rules, state, community, proposed, consents)


@compiled(inline=True)
def live(landscape: Landscape, rules: Row, luck: Luck, state: State, community: int, month: int) -> None:
    """Steps 8 and 9 for one community: unserved practices relapse, the indicator follows the outcome."""
    deviating = state.practices[community] ^ state.communities[community].status_quo
    unserved = deviating & ~state.communities[community].served
    while unserved:
        lever = lowest(unserved)
        if luck.relapse[month, community, lever] < rules.relapse:
            state.practices[community] ^= 1 << lever
            state.initiative[0].churn += 1
        unserved &= unserved - 1
    gap = outcome(landscape, community, state.practices[community]) - state.communities[community].indicator
    state.communities[community].indicator += gap / rules.indicator_lag
