"""Many futures of the same worlds - combinations of the conditions, orders of them - by the courses of their indicator.

Computed world by world beside the event loop, given up when nobody waits any more, and kept while there is room: all of
it results of pure functions.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

import numpy as np

from ci_sim.analysis.intervals import Floats
from ci_sim.app.ensemble import Kept, OvertakenError
from ci_sim.arms import condition_subsets, find_arm
from ci_sim.entries import CustomArm
from ci_sim.kernel import Schedule
from ci_sim.kernel.month import advance
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, stretches
from ci_sim.sweep.design import Design
from ci_sim.sweep.orders import all_orders, in_order, order_text
from ci_sim.world import World, build_rules, build_world, lanes_needed

__all__ = ["AT_ONCE", "Case", "Request", "digest_of", "factorial_trial", "order_trial", "orders_trial"]

ROOM = 64_000_000
"""Bytes of courses kept."""
LARGEST = 12_000.0
"""Runs of default size beyond which the command line is the better place: half a minute."""
FACTORIAL_WORLDS, ORDER_WORLDS, ALL_ORDERS_WORLDS = (8, 24), (8, 24), (8, 10)
"""Fewest and most worlds of each trial."""
QUICK = 1600.0
"""Runs of default size worth taking the most worlds for."""
FULL = "collective_impact"
AT_ONCE = 0
"""Months between beginnings where all conditions begin together."""

Case: TypeAlias = tuple[Scenario, tuple[CustomArm, ...]]
"""Arms of one scenario."""


@dataclass(frozen=True)
class Request:
    """Futures to try in the same worlds.

    Attributes
    ----------
    name : of the kind of trial.
    case : the scenario all of it is about; what else is tried follows from it and ``settings``.
    futures : how many there are.
    worlds : how many each is tried in; 0 where that would take too long here.
    make : the futures, grouped by scenario, in order; they differ in conditions and events of these alone.
    """

    name: str
    case: Scenario
    settings: tuple[object, ...]
    futures: int
    worlds: int
    seed: int
    make: Callable[[], Sequence[Case]]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal keys have equal results."""
        return (self.name, self.case.hash, *self.settings, self.worlds, self.seed)

    def kept(self) -> Floats | None:
        """The result, where it is there already."""
        return _kept.get(self.key)

    def run(self, tell: Callable[[float], None], overtaken: Callable[[], bool]) -> Floats:
        """Courses of the indicator, (worlds, futures, months + 1), 0..1. Call it from a thread that may wait.

        Parameters
        ----------
        tell : called with the share that is done.
        overtaken : asked now and then whether the result is still wanted.

        Raises
        ------
        OvertakenError : it is not.
        """
        found = self.kept()
        if found is not None:
            return found
        runs, done = [(case, build_schedule(case, arm)) for case, arms in self.make() for arm in arms], count(1)
        lanes = lanes_needed(self.case, [schedule for _, schedule in runs])

        def one(replication: int) -> Floats:
            world, courses = build_world(self.case, self.seed, replication, lanes), []
            for case, schedule in runs:
                if overtaken():
                    raise OvertakenError
                courses.append(_course(world, case, schedule))
                tell(next(done) / (self.worlds * len(runs)))
            return np.stack(courses)

        courses = np.stack(list(_workers.map(one, range(self.worlds))))
        courses.flags.writeable = False
        _kept.put(self.key, courses)
        return courses


def _course(world: World, case: Scenario, schedule: Schedule) -> Floats:
    """The indicator of a future; as :func:`ci_sim.simulate.simulate`, bit for bit.

    What is tried are conditions and their beginnings, and no world depends on them: one is enough for all.
    """
    rules = build_rules(case)
    state, records = open_arm(world, schedule, rules)
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        advance(landscape, rules, block, luck, state, records, start - first, stop - first, first)
    return np.asarray(records["indicator"], np.float64)


_kept = Kept(ROOM)
_workers = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="trial")


def factorial_trial(scenario: Scenario, seed: int) -> Request:
    """All 32 combinations of the five conditions, in the order of :func:`ci_sim.arms.condition_subsets`."""
    arms = tuple(condition_subsets())
    worlds = _worlds(scenario, len(arms), FACTORIAL_WORLDS)
    return Request("factorial", scenario, (), len(arms), worlds, seed, lambda: [(scenario, arms)])


def order_trial(scenario: Scenario, order: tuple[str, ...], interval: int, seed: int) -> Request:
    """All conditions at once, and put in place in an order, with these months between beginnings."""
    arms, text = (find_arm(scenario, FULL),), order_text(order, interval)
    worlds = _worlds(scenario, 2, ORDER_WORLDS)
    return Request(
        "order", scenario, (text,), 2, worlds, seed, lambda: [(scenario, arms), (in_order(scenario, text), arms)]
    )


def orders_trial(scenario: Scenario, interval: int, seed: int) -> Request:
    """All 120 orders, in that of :func:`ci_sim.sweep.orders.all_orders`."""
    arms, orders = (find_arm(scenario, FULL),), all_orders()
    worlds = _worlds(scenario, len(orders), ALL_ORDERS_WORLDS)
    return Request(
        "orders", scenario, (interval,), len(orders), worlds, seed,
        lambda: [(in_order(scenario, order_text(order, interval)), arms) for order in orders],
    )  # fmt: skip


def _worlds(scenario: Scenario, futures: int, bounds: tuple[int, int]) -> int:
    effort = Design(scenario, (find_arm(scenario, FULL),), 1, 0).effort * futures
    fewest, most = bounds
    return 0 if effort * fewest > LARGEST else max(fewest, min(most, int(QUICK / effort)))


def digest_of(courses: Floats) -> str:
    """First 12 hex digits of a hash of the mean courses, to four digits: what a citation vouches for."""
    return hashlib.sha256((np.round(courses.mean(axis=0), 4) + 0.0).astype("<f8").tobytes()).hexdigest()[:12]
