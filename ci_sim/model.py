"""The Mesa face: one arm of one world as a :class:`mesa.Model`, month by month, with the bits of ``simulate``.

Works on Mesa 3.3.1 to 3.5. Mesa owns ``scenario``, ``time``, ``steps``, ``random``, ``rng`` and ``agents`` of a model:
here a scenario is a ``case`` and time is ``month``. Mesa's own generators are seeded and not used, every draw comes
from :mod:`ci_sim.streams`.
"""

from __future__ import annotations

import math
from functools import partial
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import mesa
from mesa.discrete_space import OrthogonalMooreGrid

from ci_sim.agents import Backbone, Community, Organization
from ci_sim.arms import find_arm
from ci_sim.complaints import Complaint, InputError
from ci_sim.entries import CustomArm
from ci_sim.kernel import RECORDED
from ci_sim.kernel.month import open_month, order_acting
from ci_sim.kernel.recording import record
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, with_overrides
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, stretches
from ci_sim.world import build_rules, build_world, lanes_needed

__all__ = ["KEYWORDS", "CollectiveImpactModel", "community_grid"]

KEYWORDS = {
    "levers": "problem.levers",
    "interdependence": "problem.interdependence",
    "wiring": "problem.wiring",
    "communities": "problem.communities",
    "context_similarity": "problem.context_similarity",
    "organizations": "organizations.count",
    "mandate": "organizations.mandate",
    "resourcing": "organizations.resourcing",
    "attempts": "organizations.attempts",
    "evaluation_noise": "organizations.evaluation_noise",
    "update": "organizations.update",
    "common_agenda": "conditions.common_agenda",
    "shared_measurement": "conditions.shared_measurement",
    "mutually_reinforcing_activities": "conditions.mutually_reinforcing_activities",
    "continuous_communication": "conditions.continuous_communication",
    "backbone_staff": "backbone.staff",
    "initial_participation": "participation.initial",
    "equity_focus": "equity.focus",
    "months": "horizon.months",
}
"""Keywords of the model that change a parameter of its case, and the dotted key of that parameter."""


class CollectiveImpactModel(mesa.Model):  # type: ignore[misc]
    """One arm of one replication of a scenario; its records are those of :func:`ci_sim.simulate.simulate`, bit for bit.

    Parameters
    ----------
    case : a scenario, the name of a shipped one, or a path. (``mesa.batch_run`` takes anything iterable for a list of
        values: give it a scenario as ``[scenario]``.)
    arm : the name of a standard arm or of one of the scenario's, or an arm.
    replication : which world, >= 0. Runs with the same ``rng`` and ``replication`` share world and luck, whatever the
        arm: to replicate, vary this one.
    rng : the seed, >= 0, as in ``simulate``; None is 1, so that a model is never unseeded.
    collect_agents : whether the agents' columns are collected too. ``mesa.batch_run`` of Mesa 3.5 then gives a row per
        agent instead of one per run.
    **keywords : the parameters of :data:`KEYWORDS`; None leaves a parameter as the scenario says.

    Attributes
    ----------
    month : months lived, 0 to the horizon.
    records : (horizon + 1,) of :data:`ci_sim.kernel.RECORD`; rows after ``month`` are still 0.
    state, rules, world : the kernel's arrays.
    organizations, backbone, communities : the agents, in the order of their rows.
    grid : a cell for every community, for drawing.
    datacollector : every recorded outcome, from month 0; per agent type (``get_agenttype_vars_dataframe``) its
        ``COLUMNS`` with the type before the name, since ``batch_run`` puts agents' columns over the model's.

    Raises
    ------
    InputError : a case, arm or value that does not fit.

    Notes
    -----
    ``mesa.batch_run`` of Mesa 3.3 reports the month before the last as a run's end; that of 3.5 the last one.
    """

    def __init__(
        self,
        case: str | Path | Scenario = "default",
        arm: str | CustomArm = "collective_impact",
        replication: int = 0,
        rng: int | None = 1,
        *,
        levers: int | None = None,
        interdependence: int | None = None,
        wiring: str | None = None,
        communities: int | None = None,
        context_similarity: float | None = None,
        organizations: int | None = None,
        mandate: int | None = None,
        resourcing: float | None = None,
        attempts: float | None = None,
        evaluation_noise: float | None = None,
        update: str | None = None,
        common_agenda: float | None = None,
        shared_measurement: float | None = None,
        mutually_reinforcing_activities: float | None = None,
        continuous_communication: float | None = None,
        backbone_staff: float | None = None,
        initial_participation: float | None = None,
        equity_focus: float | None = None,
        months: int | None = None,
        collect_agents: bool = True,
    ) -> None:
        given = locals()  # taken first: nothing but the arguments is local yet
        changes = {key: given[name] for name, key in KEYWORDS.items() if given[name] is not None}
        seed = _whole("rng", 1 if rng is None else rng)
        super().__init__(rng=seed)
        self.case = _changed(case, changes)
        self.arm = find_arm(self.case, arm)
        self.replication = _whole("replication", replication)
        self.rules = build_rules(self.case)
        self._whole_schedule = build_schedule(self.case, self.arm)
        lanes = lanes_needed(self.case, [self._whole_schedule])
        self.world = build_world(self.case, seed, self.replication, lanes)
        self.state, self.records = open_arm(self.world, self._whole_schedule, self.rules)
        self.month, self.row, self.staff = 0, 0, 0.0
        self.luck, self.landscape, self.schedule = self.world.luck[0], self.world.landscapes[0][1], self._whole_schedule

        n_communities = self.case.problem.communities
        self.grid = community_grid(n_communities, self.random)
        self.organizations = [Organization(self, index) for index in range(self.case.organizations.count)]
        self.backbone = Backbone(self)
        self.communities = [
            Community(self, cell, index) for cell, index in zip(self.grid, range(n_communities), strict=False)
        ]
        self.datacollector = _data_collector(collect_agents)
        self.datacollector.collect(self)

    def step(self) -> None:
        """Live a month, in the order of :func:`ci_sim.kernel.month.advance`; at the horizon, do nothing."""
        if self.month == self.case.horizon.months:
            return
        self._open_next()
        open_month(self.rules, self.schedule, self.luck, self.state, self.row)
        self.backbone.keep_up()
        order_acting(self.luck, self.state, self.row)
        for index in self.state.order:
            self.organizations[index].step()
        self.backbone.convene()
        for community in self.communities:
            community.step()
        self.month += 1
        record(self.landscape, self.rules, self.staff, self.state, self.records, self.month)
        self.datacollector.collect(self)
        if self.month == self.case.horizon.months:
            self.running = False
            self.close()

    def close(self) -> None:
        """Let Mesa forget a model that will get no more agents, so that it can be freed; it stays readable.

        Mesa before 3.4.2 keeps every model for ever, in the counters of ``Agent._ids``. A run that reaches its horizon
        is closed already; close one that is given up before (``with contextlib.closing(model): ...``).
        """
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def _open_next(self) -> None:
        """Turn to the luck, the landscape and the schedule of the coming month."""
        all_of_them = stretches(self.world, self._whole_schedule)
        so_far = [stretch for stretch in all_of_them if stretch[4] <= self.month]
        self.landscape, self.schedule, self.luck, first, _, _ = so_far[-1]
        self.row = self.month - first
        self.staff = float(self.schedule.months["staff"][self.row])


def community_grid(n_communities: int, random: Random) -> OrthogonalMooreGrid:
    """A cell for every community, in their order, in a grid as square as can be; neighbouring cells mean nothing."""
    width = math.ceil(math.sqrt(n_communities))
    return OrthogonalMooreGrid((width, math.ceil(n_communities / width)), capacity=1, random=random)


def _changed(case: object, changes: dict[str, Any]) -> Scenario:
    """The scenario meant, with parameters changed, validated as a whole."""
    if isinstance(case, str | Path):
        case = read_scenario(str(case))
    if not isinstance(case, Scenario):
        allowed = "a Scenario, a name or a path (in mesa.batch_run a Scenario in a list)"
        raise InputError("case", [Complaint("", repr(case), allowed)])
    return with_overrides(case, [f"{key}={value}" for key, value in changes.items()]) if changes else case


def _whole(name: str, value: object) -> int:
    """A whole number, >= 0, as a plain int: Mesa 3.5 refuses numpy's, and text fields of SolaraViz give strings."""
    text = str(value)
    if not text.isdecimal():
        raise InputError(name, [Complaint("", repr(value), "a whole number, 0 or more")])
    return int(text)


def _data_collector(collect_agents: bool) -> Any:
    types = (Organization, Backbone, Community) if collect_agents else ()
    return mesa.DataCollector(
        model_reporters={name: partial(_latest, name=name) for name in RECORDED},
        agenttype_reporters={
            kind: {f"{kind.__name__.lower()}_{column}": attrgetter(column) for column in kind.COLUMNS} for kind in types
        },
    )


def _latest(model: CollectiveImpactModel, name: str) -> float:
    """A recorded outcome of the latest month."""
    return float(model.records[name][model.month])
