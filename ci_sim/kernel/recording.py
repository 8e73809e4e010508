"""Step 9: one row of every recorded outcome (explained in ``ci_sim.outcomes``)."""

from __future__ import annotations

import math

from ci_sim.kernel import Landscape, Row, State, Table
from ci_sim.kernel.bits import bits
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.landscape import outcome

__all__ = ["record"]


@compiled
def record(landscape: Landscape, rules: Row, staff: float, state: State, records: Table, row: int) -> None:
    """Write row ``row`` of the records, of :data:`ci_sim.kernel.RECORD`, from the state as it stands."""
    line = records[row]
    _record_communities(landscape, state, line)
    _record_places(state, line)
    _record_organizations(state, line)
    initiative = state.initiative[0]
    line.common_agenda = initiative.common_agenda
    line.shared_measurement = initiative.shared_measurement
    line.mutually_reinforcing_activities = initiative.mutually_reinforcing_activities
    line.continuous_communication = initiative.continuous_communication
    line.backbone = initiative.kept_up if staff > 0.0 else 0.0
    line.budget_carried = initiative.carried_by_staff
    line.churn = initiative.churn
    line.tries_lost = initiative.tries_lost
    line.joint_actions_proposed = initiative.joint_actions_proposed
    line.joint_actions_agreed = initiative.joint_actions_agreed
    line.spend = _programs_paid(state) * rules.cost_per_program + staff * rules.cost_per_staff


@compiled
def _record_communities(landscape: Landscape, state: State, line: Row) -> None:
    n_communities = state.practices.shape[0]
    total, priority, rest, n_priority = 0.0, 0.0, 0.0, 0
    for community in range(n_communities):
        total += outcome(landscape, community, state.practices[community])
        if state.communities[community].priority:
            n_priority += 1
            priority += state.communities[community].indicator
        else:
            rest += state.communities[community].indicator
    line.outcome = total / n_communities
    line.indicator = (priority + rest) / n_communities
    line.priority_indicator = priority / n_priority
    line.rest_indicator = rest / (n_communities - n_priority) if n_priority < n_communities else math.nan
    quarter = max(1, n_communities // 4)
    _rank(state)
    gap = 0.0
    for place in range(quarter):
        highest = state.communities[n_communities - 1 - place].rank
        lowest = state.communities[place].rank
        gap += state.communities[highest].indicator - state.communities[lowest].indicator
    line.equity_gap = gap / quarter


@compiled
def _rank(state: State) -> None:
    """Sort the communities by indicator, by insertion: last month's ranking is nearly this month's."""
    communities = state.communities
    for nth in range(1, communities.shape[0]):
        ranked, place = communities[nth].rank, nth
        while place > 0 and communities[communities[place - 1].rank].indicator > communities[ranked].indicator:
            communities[place].rank = communities[place - 1].rank
            place -= 1
        communities[place].rank = ranked


@compiled
def _record_places(state: State, line: Row) -> None:
    n_communities, n_levers = state.providers.shape
    maturity = state.initiative[0].shared_measurement
    served, programs, by_members = 0, 0, 0
    for organization in range(state.organizations.shape[0]):
        programs += state.organizations[organization].programs
    for community in range(n_communities):
        served += bits(state.communities[community].served)
        if maturity > 0.0:
            by_members += bits(_members_levers(state, community))
    line.programs = programs
    line.coverage = served / (n_communities * n_levers)
    line.duplication = (programs - served) / programs if programs > 0 else 0.0
    line.measured_together = maturity * by_members / (n_communities * n_levers)


@compiled(inline=True)
def _members_levers(state: State, community: int) -> int:
    """Levers that some member delivers in the community."""
    levers = 0
    for nth in range(state.communities[community].present):
        organization = state.present[community, nth]
        levers |= state.delivered[community, organization] if state.organizations[organization].member else 0
    return levers


@compiled
def _record_organizations(state: State, line: Row) -> None:
    members, active, trust, alignment = 0, 0, 0.0, 0.0
    for index in range(state.organizations.shape[0]):
        organization = state.organizations[index]
        active += organization.active
        if organization.member:
            members += 1
            trust += organization.mean_trust
            alignment += organization.alignment
    line.participation = members / max(1, active)
    line.trust = trust / max(1, members)
    line.alignment = alignment / max(1, members)


@compiled
def _programs_paid(state: State) -> int:
    paid = 0
    for index in range(state.organizations.shape[0]):
        paid += state.organizations[index].funded
    return paid
