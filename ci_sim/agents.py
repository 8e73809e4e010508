"""The agents of the Mesa face: organizations, the backbone and the communities, as views of the kernel's rows.

An agent holds no state of its own but its row number: what it shows is read from the arrays of the run, and its step
calls the very function that the compiled loop calls for that row.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import mesa
from mesa.discrete_space import Cell, FixedAgent

from ci_sim.entries import Group
from ci_sim.kernel import Landscape, Luck, Row, Schedule, State
from ci_sim.kernel.landscape import outcome
from ci_sim.kernel.month import act, convene, live, prepare
from ci_sim.scenario import Scenario

__all__ = ["Backbone", "Community", "Organization", "Surroundings"]


class Surroundings(Protocol):
    """What agents read of their model: the arrays of the run, and where in them the month is that is being lived."""

    case: Scenario
    rules: Row
    state: State
    landscape: Landscape
    luck: Luck
    schedule: Schedule
    row: int
    """Of this month, in ``luck`` and ``schedule``."""
    staff: float
    """Of the backbone, this month; 0 before the first."""


class Organization(mesa.Agent):  # type: ignore[misc]
    """An actor of a sector, with programs in communities and a mandate of levers.

    Parameters
    ----------
    index : row of ``state.organizations``.
    """

    COLUMNS: ClassVar = ("member", "active", "programs", "mean_trust", "alignment")
    """Properties that are collected every month."""
    model: Surroundings

    def __init__(self, model: Surroundings, index: int) -> None:
        super().__init__(model)
        self.index = index

    def step(self) -> None:
        """Try this month's changes of practice."""
        model = self.model
        act(model.landscape, model.rules, model.luck, model.state, self.index, model.row)

    @property
    def group(self) -> str | None:
        """Name of its group; None where the scenario has no groups."""
        group = self._group
        return None if group is None else group.name

    @property
    def sector(self) -> str | None:
        """Government, civil society or business; None where the scenario has no groups."""
        group = self._group
        return None if group is None else group.sector

    @property
    def mandate(self) -> tuple[str, ...]:
        """Names of the levers it may work on."""
        return _names(self.model.case, int(self._row["mandate"]))

    @property
    def member(self) -> bool:
        """Whether it takes part in the initiative."""
        return bool(self._row["member"])

    @property
    def active(self) -> bool:
        """Whether it is still at work."""
        return bool(self._row["active"])

    @property
    def programs(self) -> int:
        """Programs it runs."""
        return int(self._row["programs"])

    @property
    def funded(self) -> int:
        """Programs it has the money for this month."""
        return int(self._row["funded"])

    @property
    def alignment(self) -> float:
        """Weight of the common agenda in its decisions, 0..1."""
        return float(self._row["alignment"])

    @property
    def mean_trust(self) -> float:
        """Mean trust of a member in its fellow members, 0..1; 0 for others."""
        return float(self._row["mean_trust"])

    def trust_in(self, other: Organization) -> float:
        """Trust in another organization, 0..1."""
        return float(self.model.state.trust[self.index, other.index])

    def delivers(self, community: Community) -> tuple[str, ...]:
        """Names of the levers it delivers in a community."""
        return _names(self.model.case, int(self.model.state.delivered[community.index, self.index]))

    @property
    def _row(self) -> Row:
        return self.model.state.organizations[self.index]

    @property
    def _group(self) -> Group | None:
        return self.model.case.group_of_organization[self.index]


class Backbone(mesa.Agent):  # type: ignore[misc]
    """The backbone organization and the initiative it keeps up; in arms without staff only what volunteers do."""

    COLUMNS: ClassVar = ("staff", "members", "carried_by_staff", "kept_up")
    """Properties that are collected every month."""
    model: Surroundings

    def keep_up(self) -> None:
        """Before anybody acts: upkeep of the conditions, membership and trust, weights, measurement, pictures."""
        model = self.model
        prepare(model.rules, model.schedule, model.luck, model.state, model.row)

    def convene(self) -> None:
        """After everybody has acted: review the plan, and put joint actions to those concerned."""
        model = self.model
        convene(model.landscape, model.rules, model.schedule, model.luck, model.state, model.row)

    def step(self) -> None:
        """Convene: its turn among the agents; :meth:`keep_up` comes before theirs."""
        self.convene()

    @property
    def staff(self) -> float:
        """Full-time equivalents paid this month; 0 before the first."""
        return float(self.model.staff)

    @property
    def members(self) -> int:
        """Organizations that take part in the initiative."""
        return int(self._row["members"])

    @property
    def common_agenda(self) -> float:
        """Maturity of common agenda, 0..1."""
        return float(self._row["common_agenda"])

    @property
    def shared_measurement(self) -> float:
        """Maturity of shared measurement, 0..1."""
        return float(self._row["shared_measurement"])

    @property
    def mutually_reinforcing_activities(self) -> float:
        """Maturity of mutually reinforcing activities, 0..1."""
        return float(self._row["mutually_reinforcing_activities"])

    @property
    def continuous_communication(self) -> float:
        """Maturity of continuous communication, 0..1."""
        return float(self._row["continuous_communication"])

    @property
    def carried_by_staff(self) -> float:
        """Share of the upkeep that staff carry, 0..1."""
        return float(self._row["carried_by_staff"])

    @property
    def kept_up(self) -> float:
        """Share of the upkeep that staff and volunteers carry together, 0..1."""
        return float(self._row["kept_up"])

    @property
    def _row(self) -> Row:
        return self.model.state.initiative[0]


class Community(FixedAgent):  # type: ignore[misc]
    """A place with practices and a population outcome of its own.

    Parameters
    ----------
    cell : where it is drawn; nothing in the model reads it, and neighbouring cells mean nothing.
    index : row of ``state.communities``.
    """

    COLUMNS: ClassVar = ("indicator", "outcome", "coverage", "programs")
    """Properties that are collected every month."""
    model: Surroundings

    def __init__(self, model: Surroundings, cell: Cell, index: int) -> None:
        super().__init__(model)
        self.cell = cell
        self.index = index

    def step(self) -> None:
        """Let unserved practices relapse, and the indicator follow the outcome."""
        model = self.model
        live(model.landscape, model.rules, model.luck, model.state, self.index, model.row)

    @property
    def name(self) -> str:
        """Its name in the scenario, or ``community 1`` ..."""
        return self.model.case.community_names[self.index]

    @property
    def practices(self) -> dict[str, int]:
        """The practice in force, 0 or 1, by the name of its lever."""
        configuration = int(self.model.state.practices[self.index])
        return {name: configuration >> lever & 1 for lever, name in enumerate(self.model.case.lever_names)}

    @property
    def indicator(self) -> float:
        """The outcome as the public sees it; it lags."""
        return float(self._row["indicator"])

    @property
    def outcome(self) -> float:
        """0 is what chance gives, 1 the best achievable."""
        model = self.model
        return float(outcome(model.landscape, self.index, model.state.practices[self.index]))

    @property
    def coverage(self) -> float:
        """Share of the levers that at least one program serves here."""
        return float((self.model.state.providers[self.index] > 0).mean())

    @property
    def programs(self) -> int:
        """Programs that run here."""
        return int(self.model.state.providers[self.index].sum())

    @property
    def pull(self) -> float:
        """Attraction to isolated programs."""
        return float(self._row["pull"])

    @property
    def priority(self) -> bool:
        """Whether it is of the priority group, the communities with the least pull."""
        return bool(self._row["priority"])

    @property
    def _row(self) -> Row:
        return self.model.state.communities[self.index]


def _names(case: Scenario, levers: int) -> tuple[str, ...]:
    """Names of the levers in a bit mask."""
    return tuple(name for lever, name in enumerate(case.lever_names) if levers >> lever & 1)
