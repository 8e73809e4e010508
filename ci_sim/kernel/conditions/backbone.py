"""Backbone organization: who keeps the conditions up, who joins and leaves, and what that costs members.

Claim
    Creating and managing collective impact requires a separate organization with staff and a specific set of skills
    to serve as the backbone for the entire initiative (seed text; Kania & Kramer 2011).
Mechanism
    Work W = members * (mean maturity + 0.1); staff carry s = min(1, 6 * staff * skill / W), volunteers the rest at
    effectiveness 0.2: r = s + (1 - s) * 0.2. A maturity moves by 0.08 * r * (target - m) - 0.04 * (1 - r) * m a month.
    A try is lost to meetings with probability min(0.9, mean maturity * (0.1 + (1 - s) * 0.02 * (members - 1))).
    A non-member joins with probability 0.08 * r, a member leaves with probability 0.01 * (1 - trust_i).
Off state
    Targets 0 and staff 0: nothing to keep up, no meetings, nobody to join.
Arrays
    Reads targets and staff of a row of ``Schedule.months``; writes ``initiative`` (four maturities,
    ``carried_by_staff``, ``kept_up`` float64 0..1, ``members`` int64) and ``organizations.member`` bool.
Prior art
    Coordination cost of a hub against a mesh; facilitation by a coordinator (Rivkin & Siggelkow 2003).
"""

from __future__ import annotations

from ci_sim.kernel import Row, State, Uniforms
from ci_sim.kernel.compiled import compiled

__all__ = ["keep_up", "mean_maturity", "meeting_loss", "recruit"]


@compiled(inline=True)
def mean_maturity(state: State) -> float:
    """Mean of the four maturities, 0..1."""
    initiative = state.initiative[0]
    first = initiative.common_agenda + initiative.shared_measurement
    return (first + initiative.mutually_reinforcing_activities + initiative.continuous_communication) / 4.0


@compiled
def keep_up(rules: Row, state: State, month: Row) -> None:
    """Share the upkeep between staff and volunteers, and move the maturities towards the month's targets."""
    initiative = state.initiative[0]
    work = initiative.members * (mean_maturity(state) + rules.base_work)
    carried = rules.upkeep_per_staff * month.staff * rules.skill
    by_staff = 0.0 if carried == 0.0 else 1.0 if carried >= work else carried / work
    kept = by_staff + (1.0 - by_staff) * rules.volunteer_effectiveness
    initiative.carried_by_staff, initiative.kept_up = by_staff, kept
    initiative.common_agenda = _kept(rules, kept, initiative.common_agenda, month.common_agenda)
    initiative.shared_measurement = _kept(rules, kept, initiative.shared_measurement, month.shared_measurement)
    initiative.mutually_reinforcing_activities = _kept(
        rules, kept, initiative.mutually_reinforcing_activities, month.mutually_reinforcing_activities
    )
    initiative.continuous_communication = _kept(
        rules, kept, initiative.continuous_communication, month.continuous_communication
    )


@compiled(inline=True)
def _kept(rules: Row, kept: float, maturity: float, target: float) -> float:
    """A maturity a month later: built as far as the work is done, decaying as far as it is not."""
    return maturity + rules.build_rate * kept * (target - maturity) - rules.decay_rate * (1.0 - kept) * maturity


@compiled
def recruit(rules: Row, state: State, month: Row, uniforms: Uniforms) -> None:
    """Let organizations join what is kept up, and members leave what they do not trust; then count the members.

    Parameters
    ----------
    uniforms : (O,) draws.
    """
    targets = month.common_agenda + month.shared_measurement
    targets += month.mutually_reinforcing_activities + month.continuous_communication
    joining = rules.recruiting * state.initiative[0].kept_up if month.staff + targets > 0.0 else 0.0
    members = 0
    for index in range(state.organizations.shape[0]):
        organization = state.organizations[index]
        if organization.member:
            organization.member = uniforms[index] >= rules.leaving * (1.0 - organization.mean_trust)
        elif organization.active:
            organization.member = uniforms[index] < joining
        members += organization.member
    state.initiative[0].members = members


@compiled(inline=True)
def meeting_loss(rules: Row, state: State) -> float:
    """Probability that a member loses a try to meetings: a hub is cheap, a mesh is not."""
    initiative = state.initiative[0]
    mesh = (1.0 - initiative.carried_by_staff) * rules.mesh_cost * (initiative.members - 1)
    return min(rules.largest_meeting_loss, mean_maturity(state) * (rules.hub_cost + mesh))
