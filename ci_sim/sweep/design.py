"""What to run: arms of a scenario at the points of a design, over replications, and the batches they are run in.

A *point* is one combination of factor values; a comparison has a single one, without factors. A *unit* is a point in
one world: all its arms are run together. Units are counted replication by replication, point by point, so that more
replications come after those there are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from ci_sim.entries import CustomArm
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import with_parameters
from ci_sim.sweep.orders import ORDER, in_order

__all__ = ["Batch", "Design", "Unit", "case_at", "code_digest", "effort_of", "kept_months"]

BATCH = 100
"""Most units a worker runs at a time."""
BATCH_EFFORT = 200
"""Runs of default size a batch is worth at most: a fraction of a second, which is what an interrupt can lose."""
BATCH_ROWS = 50_000
"""Most rows of a batch's time series: some 10 MB, which every worker holds."""
SOME = 64
"""Points looked at to tell how much work a unit is."""
RESULTS_COME_FROM = ("kernel/**/*.py", "outcomes.py", "schedule.py", "simulate.py", "streams.py", "world.py")

Value = int | float | str | bool
"""Of a factor at a point."""


@cache
def code_digest() -> str:
    """First 12 hex digits of the SHA-256 of the code that makes results, so that old parts never mix with new ones."""
    package = Path(__file__).parent.parent
    sources = sorted(path for pattern in RESULTS_COME_FROM for path in package.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


class Unit(NamedTuple):
    """A point in one world."""

    number: int
    point: int
    replication: int


@dataclass(frozen=True)
class Batch:
    """Units of a design that are run and stored together. All a worker needs, wherever it is.

    Attributes
    ----------
    changes : factor values by point, of the points in the batch.
    every : months between the rows of the time series; the last month always has one.
    agents : whether a table of organizations is wanted.
    outcomes : derived outcomes to keep; empty for all.
    code : see :func:`code_digest`.
    """

    scenario: Scenario
    arms: tuple[CustomArm, ...]
    seed: int
    units: tuple[Unit, ...]
    changes: Mapping[int, Mapping[str, Value]]
    every: int = 1
    agents: bool = False
    outcomes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Design:
    """Arms of a scenario on the same worlds, at every point.

    Attributes
    ----------
    replications : number of worlds, >= 1.
    seed : >= 0.
    kind : how the points were chosen.
    points : factor values, a mapping a point, all with the same keys; one empty mapping for a comparison.
    settings : what analyses need to know of the choice of points (factors with their ranges, samples ...).
    every, agents, outcomes : see :class:`Batch`.
    """

    scenario: Scenario
    arms: tuple[CustomArm, ...]
    replications: int
    seed: int
    kind: str = "comparison"
    points: tuple[Mapping[str, Value], ...] = ({},)
    settings: Mapping[str, Any] | None = None
    every: int = 1
    agents: bool = False
    outcomes: tuple[str, ...] = ()

    def described(self) -> dict[str, Any]:
        """What defines the results, but for the number of replications, which may grow."""
        described: dict[str, Any] = {
            "kind": self.kind,
            "scenario": self.scenario.model_dump(mode="json"),
            "arms": [arm.model_dump(mode="json") for arm in self.arms],
            "seed": self.seed,
        }
        if self.kind != "comparison":
            listed = json.dumps(self.points, sort_keys=True)
            described |= {
                **(self.settings or {}),
                "points": len(self.points),
                "points_sha256": hashlib.sha256(listed.encode()).hexdigest(),
                "every": self.every,
                "agents": self.agents,
                "outcomes": list(self.outcomes),
            }
        return described | {"ci_sim": version("ci_sim"), "code": code_digest()}

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of what defines the results."""
        return hashlib.sha256(json.dumps(self.described(), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors: columns of the runs table."""
        return tuple(self.points[0])

    @property
    def n_units(self) -> int:
        """Points times replications."""
        return len(self.points) * self.replications

    @property
    def n_runs(self) -> int:
        """Units times arms."""
        return self.n_units * len(self.arms)

    @cached_property
    def effort(self) -> float:
        """What a unit takes at most, roughly, in runs of the default scenario: a few milliseconds each."""
        return max(effort_of(case, len(self.arms)) for case in self._some_cases)

    @cached_property
    def _some_cases(self) -> list[Scenario]:
        """The scenario at some of the points, evenly spread."""
        last = len(self.points) - 1
        some = sorted({round(n * last / (SOME - 1)) for n in range(SOME)})
        return [case_at(self.scenario, self.points[point]) for point in some]

    def batches(self, todo: Iterable[int]) -> list[Batch]:
        """Batches of units that are to be run, each without a gap."""
        months = max(case.horizon.months for case in self._some_cases)
        rows = len(self.arms) * len(kept_months(months, self.every))
        size = max(1, min(BATCH, round(BATCH_EFFORT / self.effort), BATCH_ROWS // rows))
        batches = []
        for _, run in groupby(enumerate(todo), key=lambda pair: pair[1] - pair[0]):
            stretch = [number for _, number in run]
            batches += [self.batch(stretch[n : n + size]) for n in range(0, len(stretch), size)]
        return batches

    def batch(self, numbers: Iterable[int]) -> Batch:
        """The batch of some units."""
        units = tuple(Unit(number, number % len(self.points), number // len(self.points)) for number in numbers)
        changes = {unit.point: self.points[unit.point] for unit in units}
        kept = (self.every, self.agents, self.outcomes)
        return Batch(self.scenario, self.arms, self.seed, units, changes, *kept, code_digest())


def effort_of(scenario: Scenario, n_arms: int) -> float:
    """What all arms of one world take, roughly, in runs of the default scenario: a few milliseconds each."""
    problem, organizations = scenario.problem, scenario.organizations
    size = (organizations.count / 24 + problem.communities / 20) / 2
    bounds = problem.communities / 20 * 2.0 ** (min(problem.levers, 20) - 14)  # the walk over all configurations
    return n_arms * scenario.horizon.months / 120 * size + bounds


def case_at(scenario: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The scenario at a point.

    Raises
    ------
    InputError : its values do not fit.
    """
    parameters = {key: value for key, value in changes.items() if key != ORDER}
    case = with_parameters(scenario, parameters) if parameters else scenario
    return in_order(case, str(changes[ORDER])) if ORDER in changes else case


def kept_months(last: int, every: int) -> tuple[int, ...]:
    """Months that a time series keeps: every n-th from 0, and the last."""
    return tuple(sorted({*range(0, last + 1, every), last}))
