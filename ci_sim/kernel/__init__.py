"""The kernel: arrays and scalars, compiled, without objects; nothing in here draws a random number.

Every function takes what it needs as one or more of the groups below and writes only to :class:`State` or to the
records of a run. This page is the glossary of those arrays; the tables among them (structured arrays, a row per
organization, community or month) name their columns in the dtypes.

Letters in the shapes: C communities, N levers (and outcome areas), O organizations, T months of the block,
P most programs an organization can hold, S states of all contribution tables together.
A *configuration* is the N practices of a community as the bits of one integer: bit j is the practice at lever j.
A set of levers (a mandate, the levers an organization delivers) is a bit mask in the same way.
A *place* is one integer too: ``community * N + lever``.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "COMMUNITY", "FORTUNE", "INITIATIVE", "MONTH", "ORGANIZATION", "RECORD", "RULES",
    "Landscape", "Luck", "Schedule", "State",
]  # fmt: skip

Floats: TypeAlias = NDArray[np.float64]
Uniforms: TypeAlias = NDArray[np.float32]
Integers: TypeAlias = NDArray[np.int64]
Table: TypeAlias = Any
"""A structured array; inside the kernel its rows have the columns as attributes."""
Row: TypeAlias = Any
"""One row of a table."""

ORGANIZATION = np.dtype(
    [
        ("mandate", "i8"),  # bit mask of the levers it may work on; set once
        ("programs_each", "i8"),  # programs it is funded to run at the start; set once
        ("attempts", "f8"),  # tries a month at full funding; set once
        ("noise", "f8"),  # sd of the evaluation noise of one observation, units of performance; set once
        ("programs", "i8"),  # programs it runs
        ("funded", "i8"),  # programs it has the money for this month, extra money included
        ("funding", "f8"),  # share of its funding left after losses, 0..1
        ("mean_trust", "f8"),  # mean trust of a member in its fellow members, 0..1; 0 for others
        ("alignment", "f8"),  # weight of the common agenda in its decisions, 0..1
        ("active", "?"),  # False once it has closed
        ("member", "?"),  # takes part in the initiative
    ],
    align=True,
)
"""Columns of ``State.organizations``, a row per organization."""

COMMUNITY = np.dtype(
    [
        ("status_quo", "i8"),  # configuration at the start, to which unserved places relapse; set once
        ("opening", "i8"),  # configuration at the start of the month: what simultaneous deciders see
        ("indicator", "f8"),  # outcome as the public sees it, lagging
        ("served", "i8"),  # bit mask of the levers that someone delivers here
        ("present", "i8"),  # organizations that deliver anything here
        ("pull", "f8"),  # attraction to isolated programs, positive; set once
        ("attention", "f8"),  # cumulative probability that a review or proposal picks it or one before it; set once
        ("observation_sd", "f8"),  # factor on members' evaluation noise here: 1 / sqrt(observations pooled)
        ("rank", "i8"),  # the n-th row holds the community with the n-th lowest indicator
        ("priority", "?"),  # among those with the least pull; set once
    ],
    align=True,
)
"""Columns of ``State.communities``, a row per community."""

INITIATIVE = np.dtype(
    [
        ("common_agenda", "f8"),  # the four maturities, 0..1
        ("shared_measurement", "f8"),
        ("mutually_reinforcing_activities", "f8"),
        ("continuous_communication", "f8"),
        ("carried_by_staff", "f8"),  # share of the upkeep that staff carry (s), 0..1
        ("kept_up", "f8"),  # share carried by staff and volunteers together (r), 0..1
        ("members", "i8"),  # members this month
        ("churn", "i8"),  # practices changed this month
        ("tries_lost", "i8"),  # tries lost to meetings this month
        ("joint_actions_proposed", "i8"),  # this month
        ("joint_actions_agreed", "i8"),  # this month
    ]
)
"""Columns of ``State.initiative``, one row."""

MONTH = np.dtype(
    [
        ("common_agenda", "f8"),  # the four targets, 0..1
        ("shared_measurement", "f8"),
        ("mutually_reinforcing_activities", "f8"),
        ("continuous_communication", "f8"),
        ("staff", "f8"),  # backbone staff, full-time equivalents
        ("extra_programs", "i8"),  # programs (each with its share of tries) that the arm's extra money buys
        ("replication", "?"),  # whether the practices of the best community are replicated everywhere
    ]
)
"""Columns of ``Schedule.months``, a row per month of the block."""

FORTUNE = np.dtype(
    [
        ("funding", "f8"),  # factor on the organization's money; 1 = as at the start
        ("turnover", "f8"),  # probability that its leadership changes this month
        ("exit", "f8"),  # probability that it closes this month
        ("funding_loss", "f8"),  # probability that it loses a share of its funding this month
    ]
)
"""Columns of ``Schedule.fortune``, a row per month and organization."""

RECORDED = (
    "indicator", "outcome", "equity_gap", "priority_indicator", "rest_indicator", "coverage", "duplication",
    "common_agenda", "shared_measurement", "mutually_reinforcing_activities", "continuous_communication", "backbone",
    "participation", "trust", "alignment", "churn", "joint_actions_proposed", "joint_actions_agreed", "tries_lost",
    "measured_together", "budget_carried", "programs", "spend",
)  # fmt: skip
RECORD = np.dtype([(name, "f8") for name in RECORDED])
"""Columns of the records of a run, a row per month, month 0 first; explained in ``ci_sim.outcomes``."""

FLAGS_AND_COUNTS = {"simultaneous": "?", "priority_communities": "i8"}
RULE_NAMES = (
    "simultaneous", "acceptance_threshold", "picture_refresh", "relapse", "indicator_lag", "plan_rate",
    "proposals_per_staff", "proposals_per_volunteer", "peer_learning", "reporting_noise", "initial_trust", "trust_gain",
    "trust_decay", "trust_from_joint_action", "trust_lost_to_overwriting", "upkeep_per_staff", "skill", "base_work",
    "volunteer_effectiveness", "build_rate", "decay_rate", "hub_cost", "mesh_cost", "largest_meeting_loss",
    "recruiting", "leaving", "equity_focus", "priority_communities", "funding_loss_share", "cost_per_program",
    "cost_per_staff",
)  # fmt: skip
RULES = np.dtype([(name, FLAGS_AND_COUNTS.get(name, "f8")) for name in RULE_NAMES], align=True)
"""Every scalar of a scenario that the kernel reads, one row; the meanings stand in ``ci_sim.parameters``."""


class Landscape(NamedTuple):
    """The problem: an NK landscape per community. Written by :mod:`.landscape`, constant between shocks."""

    area_levers: Integers
    """(N, Kmax+1) levers outcome area l depends on, its own first; -1 where a row has fewer."""
    area_sizes: Integers
    """(N,) how many levers stand in each row of ``area_levers`` (K_l + 1)."""
    offsets: Integers
    """(N+1,) where the table of area l begins among the S states."""
    low_states: Integers
    """(2**H, N) int32: what the first H = N / 2 levers of a configuration add to the place of area l's entry in
    the table, its offset included; (0, N) above 20 levers."""
    high_states: Integers
    """(2**(N-H), N) int32: what the other levers of a configuration add."""
    contributions: Floats
    """(C, S) contribution of area l in community c in state s at ``[c, offsets[l] + s]``, in [0, 1)."""
    performance: Floats
    """(2**N, C) performance F of every configuration; (0, C) where it would not fit in memory."""
    mean: Floats
    """(C,) mean of F over all configurations: outcome 0."""
    maximum: Floats
    """(C,) maximum of F over all configurations (an estimate above 20 levers): outcome 1."""


class Schedule(NamedTuple):
    """What an arm does when. Written by ``ci_sim.schedule``, constant during a run."""

    months: Table
    """(T,) of :data:`MONTH`."""
    fortune: Table
    """(T, O) of :data:`FORTUNE`."""


class Luck(NamedTuple):
    """Uniform draws in [0, 1), float32, one array per decision, for one block of months (see ``ci_sim.streams``).

    Axes whose length depends on the arm (tries, reviews, proposals) come first, so that asking for more of
    them leaves the earlier ones as they were.
    """

    order: Uniforms
    """(T, O) the order in which organizations act."""
    attempt_rounding: Uniforms
    """(T, O) whether a fraction of a try becomes a try."""
    tries: Uniforms
    """(tries, T, O, 6) lost to a meeting, which program, learn from a peer, which peer, the peer's report,
    evaluation noise."""
    pictures: Uniforms
    """(T, O, C) whether i refreshes its picture of c."""
    membership: Uniforms
    """(T, O) joining or leaving."""
    relapse: Uniforms
    """(T, C, N) whether an unserved practice relapses."""
    reviews: Uniforms
    """(reviews, T, 3) community, lever, which program moves."""
    looks: Uniforms
    """(reviews, T, looks) place looked at for a move."""
    rounding: Uniforms
    """(T, 2) whether a fraction of a review, of a proposal, becomes one."""
    proposals: Uniforms
    """(proposals, T, 6) peer or pair, community, lever, partner lever, peer community, the peer's report."""
    consents: Uniforms
    """(proposals, T, min(O, 64)) evaluation noise of a provider asked to agree, by its number modulo the length."""
    fortune: Uniforms
    """(T, O, 3) turnover, exit, funding loss."""
    places: Uniforms
    """(P, O) where an organization's n-th program is placed."""
    grants: Uniforms
    """(O,) keys: extra money reaches the organization with the smallest first."""


class State(NamedTuple):
    """All that changes from month to month. Made by :func:`.organizations.open_state`."""

    practices: Integers
    """(C,) configuration in force."""
    organizations: Table
    """(O,) of :data:`ORGANIZATION`."""
    communities: Table
    """(C,) of :data:`COMMUNITY`."""
    initiative: Table
    """(1,) of :data:`INITIATIVE`."""
    pictures: Integers
    """(O, C) configuration of c as i last saw it."""
    delivered: Integers
    """(C, O) bit mask of the levers i delivers in c."""
    present: Integers
    """(C, O) int32: organizations that deliver anything in c, in the order of their numbers, the first
    ``communities[c].present`` of each row: loops over who is there, not over everyone."""
    providers: Integers
    """(C, N) number of programs at a place."""
    places: Integers
    """(O, P) places of i's programs, the first ``organizations[i].programs`` of each row."""
    trust: Floats
    """(O, O) trust of row in column, 0..1."""
    order: Integers
    """(O,) the order in which organizations act this month."""
