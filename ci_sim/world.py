"""A world: one replication's landscape, organizations, opening state and luck, shared by all its arms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_sim.entries import ShockEvent
from ci_sim.kernel import ORGANIZATION, RULES, Landscape, Luck, Row, Schedule, State, Table
from ci_sim.kernel.landscape import (
    EXPLICIT,
    LARGEST_EXACT,
    MODULAR,
    RANDOM,
    RING,
    LandscapeDraws,
    build_landscape,
    wire,
)
from ci_sim.kernel.organizations import deal_mandates, open_state
from ci_sim.scenario import Scenario
from ci_sim.streams import BLOCK, Lanes, Streams

__all__ = ["World", "build_rules", "build_world", "lanes_needed"]

WIRINGS = {"random": RANDOM, "ring": RING, "modular": MODULAR, "explicit": EXPLICIT}
CLIMBS = 100
"""Climbs that estimate the best outcome above the number of levers that can be walked."""
LARGEST_LANES = 2000
"""Most tries of an organization, and proposals of the initiative, a month; what would buy more buys no more."""


@dataclass(frozen=True)
class World:
    """What the arms of one replication have in common. Never changed by a run.

    Attributes
    ----------
    landscapes : (month, landscape) from that month on, the first from month 1; each shock adds one.
    state : the opening state, with the members of an initiative in place.
    luck : the draws, block of months by block.
    """

    scenario: Scenario
    seed: int
    replication: int
    landscapes: tuple[tuple[int, Landscape], ...]
    state: State
    luck: tuple[Luck, ...]


def build_rules(scenario: Scenario) -> Row:
    """The scenario's scalars as a row of :data:`ci_sim.kernel.RULES`."""
    organizations, activities, communication = scenario.organizations, scenario.activities, scenario.communication
    backbone, participation = scenario.backbone, scenario.participation
    values = {
        "simultaneous": organizations.update == "simultaneous",
        "acceptance_threshold": organizations.acceptance_threshold,
        "picture_refresh": organizations.picture_refresh,
        "relapse": scenario.problem.relapse,
        "indicator_lag": scenario.problem.indicator_lag,
        "plan_rate": activities.plan_rate,
        "proposals_per_staff": activities.proposals_per_staff,
        "proposals_per_volunteer": activities.proposals_per_volunteer,
        "peer_learning": communication.peer_learning,
        "reporting_noise": scenario.measurement.reporting_noise,
        "initial_trust": communication.initial_trust,
        "trust_gain": communication.trust_gain,
        "trust_decay": communication.trust_decay,
        "trust_from_joint_action": communication.trust_from_joint_action,
        "trust_lost_to_overwriting": communication.trust_lost_to_overwriting,
        "upkeep_per_staff": backbone.upkeep_per_staff,
        "skill": backbone.skill,
        "base_work": backbone.base_work,
        "volunteer_effectiveness": backbone.volunteer_effectiveness,
        "build_rate": backbone.build_rate,
        "decay_rate": backbone.decay_rate,
        "hub_cost": backbone.hub_cost,
        "mesh_cost": backbone.mesh_cost,
        "largest_meeting_loss": backbone.largest_meeting_loss,
        "recruiting": participation.recruiting,
        "leaving": participation.leaving,
        "equity_focus": scenario.equity.focus,
        "priority_communities": priority_communities(scenario),
        "funding_loss_share": scenario.hazards.funding_loss_share,
        "cost_per_program": scenario.costs.program,
        "cost_per_staff": scenario.costs.staff,
    }
    return np.array([tuple(values[name] for name in RULES.names or ())], RULES)[0]


def priority_communities(scenario: Scenario) -> int:
    """How many communities form the priority group."""
    return max(1, round(scenario.equity.priority_share * scenario.problem.communities))


def lanes_needed(scenario: Scenario, schedules: Sequence[Schedule]) -> Lanes:
    """Draws needed so that no arm runs out of them."""
    organizations = _organizations(scenario)
    count, n_communities, n_levers = len(organizations), scenario.problem.communities, scenario.problem.levers
    staff = max(float(schedule.months["staff"].max()) for schedule in schedules)
    extra = max(int(schedule.months["extra_programs"].max()) for schedule in schedules)
    fortune = schedules[0].fortune
    closing = bool((fortune["exit"] > 0).any())
    # Where organizations close, the others share the extra money: provide for three in four closing.
    extra_each = math.ceil(extra / max(1, count // 4 if closing else count))
    programs = np.round(organizations["programs_each"] * float(fortune["funding"].max())) + extra_each
    tries = organizations["attempts"] * programs / np.maximum(1, organizations["programs_each"])
    volunteers = scenario.activities.proposals_per_volunteer * scenario.backbone.volunteer_effectiveness * count
    proposals = math.ceil(scenario.activities.proposals_per_staff * staff + volunteers)
    return Lanes(
        tries=min(LARGEST_LANES, math.ceil(float(tries.max(initial=0.0)))),
        reviews=math.ceil(scenario.activities.plan_rate * n_communities * n_levers),
        looks=scenario.activities.looks,
        proposals=min(LARGEST_LANES, proposals),
        programs=int(min(n_communities * n_levers, programs.max(initial=0.0))),
    )


def build_world(scenario: Scenario, seed: int, replication: int, lanes: Lanes) -> World:
    """Draw and build everything the arms of a replication share.

    Parameters
    ----------
    seed, replication : >= 0; the same pair always gives the same world.
    lanes : see :func:`lanes_needed`; more lanes change nothing but memory.
    """
    streams = Streams(seed, replication)
    landscapes = _landscapes(scenario, streams)
    organizations = _organizations(scenario)
    undecided = organizations["mandate"] == 0
    if undecided.any():
        n_levers = scenario.problem.levers
        keys = streams.uniforms("mandates", len(organizations) + 1, n_levers)
        dealt = deal_mandates(len(organizations), n_levers, scenario.organizations.mandate, keys)
        organizations["mandate"] = np.where(undecided, dealt, organizations["mandate"])
    _take_part(scenario, organizations["member"], streams.uniforms("members", len(organizations)))
    status_quo = streams.uniforms("status_quo", scenario.problem.communities, scenario.problem.levers) < 0.5
    blocks = range(math.ceil(scenario.horizon.months / BLOCK))
    size = (len(organizations), scenario.problem.communities, scenario.problem.levers)
    luck = tuple(streams.luck(block, *size, lanes) for block in blocks)
    state = open_state(
        landscapes[0][1],
        organizations,
        status_quo @ (1 << np.arange(scenario.problem.levers)),
        _pull(scenario, streams),
        scenario.equity.focus,
        priority_communities(scenario),
        scenario.communication.initial_trust,
        luck[0].places,
    )
    _tie(scenario, state.trust)
    return World(scenario, seed, replication, landscapes, state, luck)


def _take_part(scenario: Scenario, members: NDArray[np.bool_], keys: NDArray[np.float32]) -> None:
    """Mark (O,) who takes part at the start: as the group says; of the others a share, those with the smallest keys."""
    said = [None if group is None else group.member for group in scenario.group_of_organization]
    members[:] = [member is True for member in said]
    open_to_chance = [n for n in np.argsort(keys) if said[n] is None]
    members[open_to_chance[: round(scenario.participation.initial * len(open_to_chance))]] = True


def _tie(scenario: Scenario, trust: NDArray[np.float64]) -> None:
    """Write the scenario's ties into the (O, O) trust of row in column; the diagonal means nothing and stays."""
    numbers: dict[str, list[int]] = {group.name: [] for group in scenario.groups}
    for number, group in enumerate(scenario.group_of_organization):
        if group is not None:
            numbers[group.name].append(number)
    for tie in scenario.ties:
        first, second = (numbers[name] for name in tie.between)
        trust[np.ix_(first, second)] = tie.trust
        if tie.mutual:
            trust[np.ix_(second, first)] = tie.trust
    np.fill_diagonal(trust, scenario.communication.initial_trust)


def _landscapes(scenario: Scenario, streams: Streams) -> tuple[tuple[int, Landscape], ...]:
    """The landscape of the start, and one after every shock."""
    problem = scenario.problem
    area_levers = _wiring(scenario, streams)
    sizes = (area_levers >= 0).sum(axis=1)
    n_states = int((1 << sizes).sum())
    draws = _landscape_draws(streams, "landscape", problem.communities, n_states, problem.levers)
    landscapes = [(1, build_landscape(area_levers, problem.context_similarity, draws))]
    area_of_state = np.repeat(np.arange(problem.levers), 1 << sizes)
    shocks = sorted((event for event in scenario.events if isinstance(event, ShockEvent)), key=lambda e: e.month)
    for number, shock in enumerate(shocks):
        fresh = _landscape_draws(streams, f"shock {number}", problem.communities, n_states, problem.levers)
        struck = _struck(scenario, shock, streams.uniforms(f"shock {number} areas", problem.levers))[area_of_state]
        draws = LandscapeDraws(
            np.where(struck, fresh.common, draws.common),
            np.where(struck, fresh.local, draws.local),
            np.where(struck, fresh.sharing, draws.sharing),
            draws.climbs,
        )
        landscapes.append((shock.month, build_landscape(area_levers, problem.context_similarity, draws)))
    return tuple(landscapes)


def _struck(scenario: Scenario, shock: ShockEvent, keys: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(N,) which outcome areas a shock redraws: those it names, or its share of them, by the smallest keys."""
    if shock.share is None:
        return np.array([name in shock.levers for name in scenario.lever_names])
    struck = np.zeros(scenario.problem.levers, np.bool_)
    struck[np.argsort(keys)[: round(shock.share * scenario.problem.levers)]] = True
    return struck


def _landscape_draws(streams: Streams, name: str, communities: int, n_states: int, n_levers: int) -> LandscapeDraws:
    climbs = CLIMBS if n_levers > LARGEST_EXACT else 0
    return LandscapeDraws(
        common=streams.fine_uniforms(f"{name}: common", n_states),
        local=streams.fine_uniforms(f"{name}: local", communities, n_states),
        sharing=streams.uniforms(f"{name}: sharing", communities, n_states),
        climbs=streams.uniforms(f"{name}: climbs", climbs, n_levers),
    )


def _wiring(scenario: Scenario, streams: Streams) -> NDArray[np.int64]:
    """(N, Kmax+1) levers each outcome area depends on, its own first, -1 for none."""
    problem = scenario.problem
    if problem.wiring == "explicit":
        number = {name: n for n, name in enumerate(scenario.lever_names)}
        rows = [[n, *(number[i.lever] for i in lever.depends_on)] for n, lever in enumerate(scenario.levers)]
        widest = max(len(row) for row in rows)
        return np.array([row + [-1] * (widest - len(row)) for row in rows], np.int64)
    keys = streams.uniforms("wiring", problem.levers, problem.levers)
    coins = streams.uniforms("wiring: modules", problem.levers, problem.levers)
    kind = WIRINGS[problem.wiring]
    return wire(kind, problem.levers, problem.interdependence, problem.modules, problem.modularity, keys, coins)


def _organizations(scenario: Scenario) -> Table:
    """The organizations' table, with what the scenario says of them; mandates 0 where they are to be drawn."""
    rules, problem = scenario.organizations, scenario.problem
    table = np.zeros(rules.count, ORGANIZATION)
    share = rules.resourcing * problem.communities * problem.levers / rules.count
    number = {name: n for n, name in enumerate(scenario.lever_names)}
    for row, group in zip(table, scenario.group_of_organization, strict=True):
        row["programs_each"] = round(share) if group is None or group.programs is None else group.programs
        row["attempts"] = rules.attempts if group is None or group.attempts is None else group.attempts
        noise = None if group is None else group.evaluation_noise
        row["noise"] = rules.evaluation_noise if noise is None else noise
        row["mandate"] = sum(1 << number[name] for name in group.levers) if group is not None else 0
    return table


def _pull(scenario: Scenario, streams: Streams) -> NDArray[np.float64]:
    """Attraction of the communities: as given, else log-normal."""
    draws = streams.generator("pull").standard_normal(scenario.problem.communities)
    pull = np.exp(scenario.problem.pull_skew * draws)
    for number, community in enumerate(scenario.communities):
        if community.pull is not None:
            pull[number] = community.pull
    return pull
