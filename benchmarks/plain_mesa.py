"""The model as plain Mesa: agents, lists, dicts and sets, nothing compiled.

Written from the specification, without a call into :mod:`ci_sim.kernel` (only its array layouts are imported), for two
purposes: what a run costs without the kernel, and an independent oracle. It reads the same world and the same draws at
the same indices as the compiled months, so its records must be theirs.

A configuration is an integer whose bit j is the practice at lever j; a set of levers is a bit mask in the same way.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, TypeAlias

import mesa
import numpy as np

from ci_sim.kernel import RECORD, Landscape, Luck, Schedule, State

__all__ = ["PlainBackbone", "PlainCommunity", "PlainModel", "PlainOrganization", "normal_quantile", "run_plain"]

Draws: TypeAlias = list[float]
Row: TypeAlias = Any
"""One row of a structured array."""
CONDITIONS = (
    "common_agenda",
    "shared_measurement",
    "mutually_reinforcing_activities",
    "continuous_communication",
)


def run_plain(
    landscape: Landscape,
    rules: Row,
    schedule: Schedule,
    luck: Luck,
    state: State,
    months: int,
    *,
    remember: bool = False,
) -> np.ndarray:
    """Run an arm from its opening state.

    Parameters
    ----------
    landscape : the problem.
    rules : a row of :data:`ci_sim.kernel.RULES`.
    schedule, luck : what happens when, and the draws; at least ``months`` months of each.
    state : the opening state, left as it is.
    months : months to run.
    remember : whether what a configuration is worth is looked up once and remembered (a tuning beyond the plain way).

    Returns
    -------
    (months + 1,) records of :data:`ci_sim.kernel.RECORD`; row 0, the opening, is left zero.
    """
    model = PlainModel(landscape, rules, schedule, luck, state, remember)
    records = np.zeros(months + 1, RECORD)
    for month in range(months):
        model.step()
        for name, value in model.outcomes().items():
            records[month + 1][name] = value
    return records


def normal_quantile(uniform: float) -> float:
    """Standard normal quantile of a uniform in [0, 1) (Wichura 1988, algorithm AS 241, PPND7).

    The uniforms are multiples of 2**-24; half a step is added to keep them off 0 and 1.
    """
    centred = uniform + 2.0**-25 - 0.5
    if abs(centred) <= 0.425:
        r = 0.180625 - centred * centred
        numerator = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        denominator = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0
        return centred * numerator / denominator
    r = math.sqrt(-math.log(0.5 - abs(centred)))
    if r <= 5.0:
        r -= 1.6
        numerator = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        denominator = (0.12021132975 * r + 0.73700164250) * r + 1.0
    else:
        r -= 5.0
        numerator = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        denominator = (0.012258202635 * r + 0.24197894225) * r + 1.0
    return math.copysign(numerator / denominator, centred)


def levers_in(mask: int) -> list[int]:
    """Levers of a bit mask, in ascending order."""
    return [lever for lever in range(mask.bit_length()) if mask >> lever & 1]


def mean(values: list[float]) -> float:
    """Mean, not a number where there is nothing to average."""
    return sum(values) / len(values) if values else math.nan


def draws_of_month(luck: Luck, month: int) -> SimpleNamespace:
    """One month's draws as Python lists, under the names they have in :class:`ci_sim.kernel.Luck`."""
    by_month_first = ("order", "attempt_rounding", "pictures", "membership", "relapse", "rounding", "fortune")
    by_month_second = ("tries", "reviews", "looks", "proposals", "consents")
    draws = {name: getattr(luck, name)[month].tolist() for name in by_month_first}
    draws |= {name: getattr(luck, name)[:, month].tolist() for name in by_month_second}
    return SimpleNamespace(**draws)


class PlainCommunity(mesa.Agent):
    """A place with its practices, the organizations that deliver them, and an indicator."""

    model: PlainModel

    def __init__(self, model: PlainModel, index: int, row: Row, practices: int, landscape: Landscape) -> None:
        super().__init__(model)
        self.index = index
        self.practices = practices
        self.opening = practices
        self.status_quo = int(row["status_quo"])
        self.indicator = float(row["indicator"])
        self.pull = float(row["pull"])
        self.priority = bool(row["priority"])
        self.observation_sd = float(row["observation_sd"])
        self.providers: list[set[PlainOrganization]] = [set() for _ in range(model.n_levers)]
        self.average = float(landscape.mean[index])
        self.best = float(landscape.maximum[index])
        self.table: list[float] = landscape.contributions[index].tolist()
        self._contributions: dict[int, list[float]] = {}

    def contributions(self, configuration: int) -> list[float]:
        """Contribution of every outcome area under a configuration."""
        if not self.model.remember or configuration not in self._contributions:
            table = self.table
            self._contributions[configuration] = [table[entry] for entry in self.model.entries(configuration)]
        return self._contributions[configuration]

    def outcome(self) -> float:
        """Where the practices in force stand between what chance gives (0) and the best achievable (1)."""
        performance = mean(self.contributions(self.practices))
        return (performance - self.average) / (self.best - self.average)

    def seen(self) -> int:
        """Practices that organizations decide on: today's, or the month's opening ones."""
        return self.opening if self.model.rules.simultaneous else self.practices

    def parties(self, levers: int) -> set[PlainOrganization]:
        """Organizations that deliver any of the levers here."""
        return set().union(*(self.providers[lever] for lever in levers_in(levers)))

    def better_peer(self, which: float, report: float) -> PlainCommunity | None:
        """Another community, if the indicator it reports is better than this one's."""
        communities = self.model.communities
        steps = 1 + int(which * (len(communities) - 1))
        peer = communities[(self.index + steps) % len(communities)]
        noise = self.model.rules.reporting_noise * (1.0 - self.model.backbone.maturity["shared_measurement"])
        return peer if peer.indicator + noise * normal_quantile(report) > self.indicator else None

    def change(self, levers: int, target: int) -> int:
        """Put the levers in force as in the target configuration; which of them that changed."""
        changed = (self.practices ^ target) & levers
        self.practices ^= changed
        self.model.churn += changed.bit_count()
        return changed

    def relapse(self) -> None:
        """Let practices that nobody delivers return to the status quo."""
        draws = self.model.draws.relapse[self.index]
        for lever in levers_in(self.practices ^ self.status_quo):
            if not self.providers[lever] and draws[lever] < self.model.rules.relapse:
                self.change(1 << lever, self.status_quo)

    def report(self) -> None:
        """Let the indicator follow the outcome with inertia."""
        self.indicator += (self.outcome() - self.indicator) / self.model.rules.indicator_lag


class PlainOrganization(mesa.Agent):
    """An actor that improves the practices it delivers, as it sees and weighs them."""

    model: PlainModel

    def __init__(self, model: PlainModel, index: int, row: Row, state: State) -> None:
        super().__init__(model)
        self.index = index
        self.mandate = levers_in(int(row["mandate"]))
        self.programs_each = int(row["programs_each"])
        self.attempts = float(row["attempts"])
        self.noise = float(row["noise"])
        self.funded = int(row["funded"])
        self.funding = float(row["funding"])
        self.mean_trust = float(row["mean_trust"])
        self.alignment = float(row["alignment"])
        self.active = bool(row["active"])
        self.member = bool(row["member"])
        self.pictures: list[int] = state.pictures[index].tolist()
        self.trust: list[float] = state.trust[index].tolist()
        self.programs: list[tuple[PlainCommunity, int]] = []
        self.delivered = [0] * len(model.communities)
        for place in state.places[index, : row["programs"]].tolist():
            community, lever = divmod(place, model.n_levers)
            self.start_program(model.communities[community], lever)

    # Programs and money.

    def start_program(self, community: PlainCommunity, lever: int) -> None:
        """Deliver a lever in a community from now on."""
        self.programs.append((community, lever))
        self._begin(community, lever)

    def stop_program(self) -> None:
        """End the program started last."""
        self._end(*self.programs.pop())

    def move_program(self, old: tuple[PlainCommunity, int], new: tuple[PlainCommunity, int]) -> None:
        """Deliver a program somewhere else."""
        self.programs[self.programs.index(old)] = new
        self._end(*old)
        self._begin(*new)

    def _begin(self, community: PlainCommunity, lever: int) -> None:
        self.delivered[community.index] |= 1 << lever
        community.providers[lever].add(self)

    def _end(self, community: PlainCommunity, lever: int) -> None:
        self.delivered[community.index] &= ~(1 << lever)
        community.providers[lever].remove(self)

    def place_program(self, uniform: float) -> bool:
        """Start a program in a community by its pull, on a lever of the mandate; False where none is left.

        Nobody looks at what others run there; only one's own programs are not started twice.
        """
        free = []
        for community, delivered in zip(self.model.communities, self.delivered, strict=True):
            free.append((community, [lever for lever in self.mandate if not delivered >> lever & 1]))
        rest = uniform * sum(community.pull * len(levers) for community, levers in free)
        for community, levers in free:
            if levers and rest < community.pull * len(levers):
                self.start_program(community, levers[min(int(rest / community.pull), len(levers) - 1)])
                return True
            rest -= community.pull * len(levers)
        return False

    def match_funding(self) -> None:
        """Start and stop programs until those that run are those the money pays for."""
        draws = self.model.place_draws[self.index]
        while len(self.programs) > self.funded:
            self.stop_program()
        while len(self.programs) < min(self.funded, len(draws)):
            if not self.place_program(draws[len(self.programs)]):
                break

    def suffer(self, fortune: tuple[float, ...], draws: Draws) -> None:
        """Lose leadership, close, or lose funding, as chance has it this month."""
        _, turnover, closing, funding_loss = fortune
        if draws[0] < turnover:
            self.change_leader()
        if draws[1] < closing and self.active:
            self.close()
        if draws[2] < funding_loss:
            self.funding *= 1.0 - self.model.rules.funding_loss_share

    def change_leader(self) -> None:
        """Start over: nobody is known here, nobody knows the new leader, no community has been seen."""
        self.trust = [self.model.rules.initial_trust] * len(self.trust)
        for other in self.model.organizations:
            other.trust[self.index] = self.model.rules.initial_trust
        self.pictures = [community.status_quo for community in self.model.communities]

    def close(self) -> None:
        """End every program and act no more."""
        while self.programs:
            self.stop_program()
        self.model.backbone.n_members -= self.member
        self.active = self.member = False

    # What it sees, weighs and does.

    def look_around(self) -> None:
        """Refresh the picture of the communities it happens to look at this month."""
        refresh = self.model.rules.picture_refresh
        if self.member:
            refresh += (1.0 - refresh) * self.model.backbone.maturity["continuous_communication"]
        looks = zip(self.model.communities, self.model.draws.pictures[self.index], self.pictures, strict=True)
        self.pictures = [community.practices if draw < refresh else old for community, draw, old in looks]

    def believed(self, community: PlainCommunity, current: int) -> int:
        """Configuration as it believes it to be: its own levers as they are, the others' as last seen."""
        own = self.delivered[community.index]
        return current & own | self.pictures[community.index] & ~own

    def wants(self, community: PlainCommunity, now: int, new: int, uniform: float) -> bool:
        """Whether it perceives enough of a gain, by its own weights and with evaluation noise."""
        before, after = community.contributions(now), community.contributions(new)
        own = sum([after[area] - before[area] for area in self.mandate]) / len(self.mandate)
        shared = (sum(after) - sum(before)) / len(after)
        gain = (1.0 - self.alignment) * own + self.alignment * shared
        sd = self.noise * community.observation_sd if self.member else self.noise
        return gain + sd * normal_quantile(uniform) > self.model.rules.acceptance_threshold

    def act(self) -> None:
        """Spend the month's tries, as many as its money buys; meetings cost members some of them."""
        if not self.programs:
            return
        lost = self.model.backbone.meeting_loss() if self.member else 0.0
        tries = self.attempts * self.funded / max(1, self.programs_each)
        tries = int(tries + self.model.draws.attempt_rounding[self.index])
        for draws in self.model.draws.tries[:tries]:
            meeting, *others = draws[self.index]
            if meeting < lost:
                self.model.tries_lost += 1
            else:
                self.attempt(*others)

    def attempt(self, which: float, learn: float, peer: float, report: float, noise: float) -> None:
        """Imagine one of its practices flipped, or a peer's practices taken over, and adopt what looks better."""
        community, lever = self.programs[int(which * len(self.programs))]
        now = self.believed(community, community.seen())
        changed = 1 << lever
        if self.member and learn < self.model.backbone.peer_learning():
            example = community.better_peer(peer, report)
            changed = (now ^ example.seen()) & self.delivered[community.index] if example else 0
        if changed and self.wants(community, now, now ^ changed, noise):
            overwritten = community.change(changed, now ^ changed)
            for other in community.parties(overwritten) - {self} if self.member else ():
                if other.member:
                    other.trust[self.index] *= 1.0 - self.model.rules.trust_lost_to_overwriting


class PlainBackbone(mesa.Agent):
    """Who keeps the conditions up, reviews the plan and brings joint actions about."""

    model: PlainModel

    def __init__(self, model: PlainModel, row: Row, attention: list[float]) -> None:
        super().__init__(model)
        self.maturity = {name: float(row[name]) for name in CONDITIONS}
        self.carried_by_staff = float(row["carried_by_staff"])
        self.kept_up = float(row["kept_up"])
        self.n_members = int(row["members"])
        self.attention = attention

    # Upkeep, membership and trust.

    def mean_maturity(self) -> float:
        """Mean of the four maturities."""
        return sum(self.maturity.values()) / len(self.maturity)

    def keep_up(self) -> None:
        """Share the upkeep between staff and volunteers, and move the maturities towards their targets."""
        rules, month = self.model.rules, self.model.month
        work = self.n_members * (self.mean_maturity() + rules.base_work)
        capacity = rules.upkeep_per_staff * month.staff * rules.skill
        self.carried_by_staff = min(1.0, capacity / work) if work > 0.0 else float(capacity > 0.0)
        self.kept_up = self.carried_by_staff + (1.0 - self.carried_by_staff) * rules.volunteer_effectiveness
        for name, maturity in self.maturity.items():
            built = rules.build_rate * self.kept_up * (month.targets[name] - maturity)
            decayed = rules.decay_rate * (1.0 - self.kept_up) * maturity
            self.maturity[name] = maturity + built - decayed

    def recruit(self) -> None:
        """Let organizations join what is kept up, and members leave what they do not trust."""
        rules, month = self.model.rules, self.model.month
        anything = month.staff > 0.0 or any(month.targets.values())
        joining = rules.recruiting * self.kept_up if anything else 0.0
        for organization, draw in zip(self.model.organizations, self.model.draws.membership, strict=True):
            if organization.member:
                organization.member = draw >= rules.leaving * (1.0 - organization.mean_trust)
            elif organization.active:
                organization.member = draw < joining
        self.n_members = len(self.model.members())

    def move_trust(self) -> None:
        """Let trust between members grow with communication and fade without it; take each member's mean."""
        rules, communication = self.model.rules, self.maturity["continuous_communication"]
        gain, decay = rules.trust_gain * communication, rules.trust_decay * (1.0 - communication)
        members = [organization.index for organization in self.model.members()]
        for organization in self.model.organizations:
            organization.mean_trust = 0.0
            if organization.member and len(members) > 1:
                trust, total = organization.trust, 0.0
                for other in members:
                    if other != organization.index:
                        trust[other] += gain * (1.0 - trust[other]) - decay * trust[other]
                        total += trust[other]
                organization.mean_trust = total / (len(members) - 1)

    def align(self) -> None:
        """Set the weight of the common agenda: members follow it as far as they trust or can be held to account."""
        unaccountable = 1.0 - self.maturity["shared_measurement"]
        for organization in self.model.organizations:
            followed = 1.0 - (1.0 - organization.mean_trust) * unaccountable
            organization.alignment = self.maturity["common_agenda"] * followed if organization.member else 0.0

    def pool_observations(self) -> None:
        """Shrink members' evaluation noise where several of their programs measure together."""
        programs = [0] * len(self.model.communities)
        for organization in self.model.members():
            for community, _ in organization.programs:
                programs[community.index] += 1
        for community, count in zip(self.model.communities, programs, strict=True):
            pooled = 1.0 + self.maturity["shared_measurement"] * max(0, count - 1)
            community.observation_sd = 1.0 / math.sqrt(pooled)

    # What members' tries meet.

    def meeting_loss(self) -> float:
        """Probability that a member loses a try to meetings: a hub is cheap, a mesh is not."""
        rules = self.model.rules
        mesh = (1.0 - self.carried_by_staff) * rules.mesh_cost * (self.n_members - 1)
        return min(rules.largest_meeting_loss, self.mean_maturity() * (rules.hub_cost + mesh))

    def peer_learning(self) -> float:
        """Probability that a member's try is learning from a peer place; none is without another place."""
        if len(self.model.communities) < 2:
            return 0.0
        return self.model.rules.peer_learning * self.maturity["continuous_communication"]

    # Plan and joint action.

    def convene(self) -> None:
        """Review the plan and put joint actions to those concerned."""
        rules, draws = self.model.rules, self.model.draws
        n_places = len(self.model.communities) * self.model.n_levers
        reviews = rules.plan_rate * self.maturity["mutually_reinforcing_activities"] * n_places
        for nth in range(min(int(reviews + draws.rounding[0]), len(draws.reviews))):
            self.review(draws.reviews[nth], draws.looks[nth])
        volunteers = rules.volunteer_effectiveness * self.maturity["continuous_communication"] * self.n_members
        proposals = rules.proposals_per_staff * self.model.month.staff + rules.proposals_per_volunteer * volunteers
        proposals *= self.maturity["mutually_reinforcing_activities"]
        for nth in range(min(int(proposals + draws.rounding[1]), len(draws.proposals))):
            self.propose(draws.proposals[nth], draws.consents[nth])

    def pick_community(self, uniform: float) -> PlainCommunity:
        """Community that a review or a proposal turns to, by the attention its place gets."""
        nth = bisect_right(self.attention, uniform)
        return self.model.communities[min(nth, len(self.attention) - 1)]

    def review(self, draws: Draws, looks: Draws) -> None:
        """Where programs duplicate one another, move a member's one to an uncovered place of its mandate."""
        community = self.pick_community(draws[0])
        lever = int(draws[1] * self.model.n_levers)
        providers = community.providers[lever]
        movable = sorted((other for other in providers if other.member), key=lambda other: other.index)
        if len(providers) < 2 or not movable:
            return
        mover = movable[int(draws[2] * len(movable))]
        for look in looks:
            which, where = divmod(look * len(mover.mandate), 1.0)
            there = self.pick_community(where)
            target = mover.mandate[int(which)]
            if not there.providers[target]:
                mover.move_program((community, lever), (there, target))
                return

    def propose(self, draws: Draws, consents: Draws) -> None:
        """Propose a lever and one it depends on, or the practices of a better-reporting community."""
        imitate, where, which, partner, peer, report = draws
        community = self.pick_community(where)
        if imitate < 2.0 * self.peer_learning():
            example = community.better_peer(peer, report)
            if example is None:
                return
            proposed = example.practices ^ community.practices
        else:
            proposed = self.pair(which, partner)
        self.model.joint_actions_proposed += 1
        changed = sum(1 << lever for lever in levers_in(proposed) if self.served_by_members(community, lever))
        if changed and self.all_agree(community, changed, consents):
            self.carry_out(community, changed)

    def pair(self, which: float, partner: float) -> int:
        """A lever and one that its outcome area depends on, if there is one, as a bit mask."""
        lever, *others = self.model.area_levers[int(which * self.model.n_levers)]
        return 1 << lever | (1 << others[int(partner * len(others))] if others else 0)

    def served_by_members(self, community: PlainCommunity, lever: int) -> bool:
        """Whether the lever is delivered there, and by members alone."""
        providers = community.providers[lever]
        return bool(providers) and all(provider.member for provider in providers)

    def all_agree(self, community: PlainCommunity, changed: int, consents: Draws) -> bool:
        """Whether every provider concerned, told how the levers stand today, perceives a gain in flipping them."""
        for party in community.parties(changed):
            now = party.believed(community, community.practices)
            now = now & ~changed | community.practices & changed
            if not party.wants(community, now, now ^ changed, consents[party.index % len(consents)]):
                return False
        return True

    def carry_out(self, community: PlainCommunity, changed: int) -> None:
        """Flip the levers; the parties see the result, and trust one another more for it."""
        community.change(changed, community.practices ^ changed)
        self.model.joint_actions_agreed += 1
        parties = community.parties(changed)
        for party in parties:
            picture = party.pictures[community.index]
            party.pictures[community.index] = picture & ~changed | community.practices & changed
            for other in parties - {party}:
                party.trust[other.index] += self.model.rules.trust_from_joint_action * (1.0 - party.trust[other.index])


class PlainModel(mesa.Model):
    """A world of communities, organizations and a backbone.

    Parameters
    ----------
    landscape, rules, schedule, luck, state : see :func:`run_plain`.
    """

    def __init__(
        self, landscape: Landscape, rules: Row, schedule: Schedule, luck: Luck, state: State, remember: bool
    ) -> None:
        super().__init__(rng=0)  # Mesa's own generator is not used: every draw comes from `luck`
        self.rules = SimpleNamespace(**{name: rules[name].item() for name in rules.dtype.names})
        self.schedule, self.luck = schedule, luck
        self.grant_draws: Draws = luck.grants.tolist()
        self.place_draws: list[Draws] = luck.places.T.tolist()
        self.draws = self.month = SimpleNamespace()
        self.churn = self.tries_lost = self.joint_actions_proposed = self.joint_actions_agreed = 0

        sizes = landscape.area_sizes.tolist()
        self.n_levers = len(sizes)
        self.area_levers = [landscape.area_levers[area, :size].tolist() for area, size in enumerate(sizes)]
        self.offsets: list[int] = landscape.offsets[:-1].tolist()
        self.remember = remember
        self._entries: dict[int, list[int]] = {}

        self.communities = [
            PlainCommunity(self, index, row, int(state.practices[index]), landscape)
            for index, row in enumerate(state.communities)
        ]
        self.organizations = [
            PlainOrganization(self, index, row, state) for index, row in enumerate(state.organizations)
        ]
        self.backbone = PlainBackbone(self, state.initiative[0], state.communities["attention"].tolist())

    def entries(self, configuration: int) -> list[int]:
        """Where each area's contribution stands in a community's table."""
        if not self.remember or configuration not in self._entries:
            entries = []
            for offset, levers in zip(self.offsets, self.area_levers, strict=True):
                entry = offset
                for position, lever in enumerate(levers):
                    entry += (configuration >> lever & 1) << position
                entries.append(entry)
            self._entries[configuration] = entries
        return self._entries[configuration]

    def members(self) -> list[PlainOrganization]:
        """Organizations that take part in the initiative."""
        return [organization for organization in self.organizations if organization.member]

    def step(self) -> None:
        """One month, in order."""
        self.open_month(self.steps - 1)
        self.backbone.keep_up()
        self.backbone.recruit()
        self.backbone.move_trust()
        self.backbone.align()
        self.backbone.pool_observations()
        self.agents_by_type[PlainOrganization].do("look_around")
        for organization in self.acting_order():
            organization.act()
        self.backbone.convene()
        self.agents_by_type[PlainCommunity].do("relapse")
        self.agents_by_type[PlainCommunity].do("report")

    def open_month(self, month: int) -> None:
        """Turn to a month: its draws and targets, what befalls organizations, and the money they have."""
        row = self.schedule.months[month]
        targets = {name: float(row[name]) for name in CONDITIONS}
        self.month = SimpleNamespace(
            targets=targets, staff=float(row["staff"]), extra_programs=int(row["extra_programs"])
        )
        self.draws = draws_of_month(self.luck, month)
        self.churn = self.tries_lost = self.joint_actions_proposed = self.joint_actions_agreed = 0
        if row["replication"]:
            self.replicate()
        for community in self.communities:
            community.opening = community.practices
        fortunes = self.schedule.fortune[month].tolist()
        for organization, fortune in zip(self.organizations, fortunes, strict=True):
            organization.suffer(fortune, self.draws.fortune[organization.index])
        self.pay(fortunes)

    def replicate(self) -> None:
        """Put the practices of the best community in place everywhere, and let everybody know."""
        practices = max(self.communities, key=lambda community: community.indicator).practices
        for community in self.communities:
            served = sum(1 << lever for lever, providers in enumerate(community.providers) if providers)
            community.change(served, practices)
            for organization in self.organizations:
                organization.pictures[community.index] &= ~served
                organization.pictures[community.index] |= practices & served

    def pay(self, fortunes: Iterable[tuple[float, ...]]) -> None:
        """Share out the month's money; an arm's extra programs reach the active organizations in turn."""
        for organization, (funding, *_) in zip(self.organizations, fortunes, strict=True):
            money = organization.programs_each * (funding * organization.funding)
            organization.funded = round(money) if organization.active else 0
        queue = [organization for organization in self.organizations if organization.active]
        queue.sort(key=lambda organization: self.grant_draws[organization.index])
        for turn, organization in enumerate(queue):
            each, left_over = divmod(self.month.extra_programs, len(queue))
            organization.funded += each + (turn < left_over)
        self.agents_by_type[PlainOrganization].do("match_funding")

    def acting_order(self) -> list[PlainOrganization]:
        """Organizations in this month's random order (Fisher & Yates)."""
        order = self.organizations.copy()
        for last in range(len(order) - 1, 0, -1):
            other = int(self.draws.order[last] * (last + 1))
            order[last], order[other] = order[other], order[last]
        return order

    def outcomes(self) -> dict[str, float]:
        """Everything recorded of the month, by the columns of :data:`ci_sim.kernel.RECORD`."""
        backbone, staff = self.backbone, self.month.staff
        paid = sum(organization.funded for organization in self.organizations)
        return {
            **self._of_communities(),
            **self._of_programs(),
            **self._of_members(),
            **backbone.maturity,
            "backbone": backbone.kept_up if staff > 0.0 else 0.0,
            "budget_carried": backbone.carried_by_staff,
            "churn": self.churn,
            "tries_lost": self.tries_lost,
            "joint_actions_proposed": self.joint_actions_proposed,
            "joint_actions_agreed": self.joint_actions_agreed,
            "spend": paid * self.rules.cost_per_program + staff * self.rules.cost_per_staff,
        }

    def _of_communities(self) -> dict[str, float]:
        ranked = sorted(community.indicator for community in self.communities)
        quarter = max(1, len(ranked) // 4)
        return {
            "indicator": mean(ranked),
            "outcome": mean([community.outcome() for community in self.communities]),
            "equity_gap": mean(ranked[-quarter:]) - mean(ranked[:quarter]),
            "priority_indicator": mean([community.indicator for community in self.communities if community.priority]),
            "rest_indicator": mean([community.indicator for community in self.communities if not community.priority]),
        }

    def _of_programs(self) -> dict[str, float]:
        n_places = len(self.communities) * self.n_levers
        programs = [program for organization in self.organizations for program in organization.programs]
        served = len(set(programs))
        measured = len({program for organization in self.members() for program in organization.programs})
        return {
            "programs": len(programs),
            "coverage": served / n_places,
            "duplication": (len(programs) - served) / len(programs) if programs else 0.0,
            "measured_together": self.backbone.maturity["shared_measurement"] * measured / n_places,
        }

    def _of_members(self) -> dict[str, float]:
        members = self.members()
        active = sum(organization.active for organization in self.organizations)
        return {
            "participation": len(members) / max(1, active),
            "trust": sum(member.mean_trust for member in members) / max(1, len(members)),
            "alignment": sum(member.alignment for member in members) / max(1, len(members)),
        }
