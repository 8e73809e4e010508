"""Paired ensembles: arms of a scenario on the same simulated worlds, in the background, and kept while there is room.

What is kept are results of pure functions, the same for everybody who asks; nobody's view is among them.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.arms import STANDARD_ARMS, find_arm
from ci_sim.outcomes import derive
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, shorten
from ci_sim.simulate import simulate_arms

__all__ = ["REFERENCE", "Ensemble", "Kept", "OvertakenError", "run_ensemble", "warm_up"]

REFERENCE = "isolated"
"""The arm all others are held against; always run, shown or not."""
CHUNK = 10
"""Worlds between two looks at whether anybody still waits."""
ROOM = 96_000_000
"""Bytes of results kept."""

Records = NDArray[np.void]


class OvertakenError(Exception):
    """Nobody waits for this ensemble any more: the control has moved on."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Arms of one scenario on the same worlds.

    Attributes
    ----------
    records : by arm, (worlds, months + 1) of :data:`ci_sim.kernel.RECORD`, month 0 first.
    """

    scenario: Scenario
    seed: int
    worlds: int
    records: dict[str, Records] = field(repr=False)

    @property
    def months(self) -> int:
        """The horizon."""
        return self.scenario.horizon.months

    def values(self, arm: str, column: str = "indicator") -> NDArray[np.float64]:
        """A recorded outcome, (worlds, months + 1), in its own unit."""
        return np.asarray(self.records[arm][column], np.float64)

    def gap(self, arm: str) -> NDArray[np.float64]:
        """The other communities minus the priority group, (worlds, months + 1), 0..1."""
        return self.values(arm, "rest_indicator") - self.values(arm, "priority_indicator")

    def runs(self, month: int) -> pd.DataFrame:
        """What a run came to by a month: a row per arm and world, with all derived outcomes."""
        scenario = self.scenario if month == self.months else shorten(self.scenario, month)[0]
        reference = self.records.get(REFERENCE)
        rows = []
        for arm, records in self.records.items():
            for world in range(self.worlds):
                isolated = None if reference is None else reference[world, : month + 1]
                derived = derive(scenario, records[world, : month + 1], isolated)
                rows.append({"arm": arm, "replication": world, **derived})
        return pd.DataFrame(rows)

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of a hash of the mean indicators, to four digits: what a citation vouches for."""
        means = [np.round(self.values(arm).mean(axis=0), 4) + 0.0 for arm in sorted(self.records)]
        return hashlib.sha256(np.stack(means).astype("<f8").tobytes()).hexdigest()[:12]


class Kept:
    """Results by what they are of, the least used forgotten first."""

    def __init__(self, room: int) -> None:
        self._lock, self._room, self._bytes = Lock(), room, 0
        self._results: OrderedDict[tuple[object, ...], NDArray[Any]] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> NDArray[Any] | None:
        """A result, where it is kept."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key: tuple[object, ...], records: NDArray[Any]) -> None:
        """Keep a result."""
        with self._lock:
            if key not in self._results:
                self._results[key] = records
                self._bytes += records.nbytes
            while self._bytes > self._room and len(self._results) > 1:
                self._bytes -= self._results.popitem(last=False)[1].nbytes


_kept = Kept(ROOM)
_workers = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="ensemble")


def run_ensemble(
    scenario: Scenario,
    arms: Sequence[str],
    worlds: int,
    seed: int,
    overtaken: Callable[[], bool] = lambda: False,
) -> Ensemble:
    """Arms of a scenario, and always the isolated one, on the same worlds; taken from what is kept where it can be.

    Call it from a thread that may wait. All callers together keep as many cores busy as there are.

    Parameters
    ----------
    overtaken : asked now and then whether the result is still wanted.

    Raises
    ------
    OvertakenError : it is not.
    """
    names = list(dict.fromkeys((REFERENCE, *arms)))
    keys = {arm: (scenario.hash, find_arm(scenario, arm).model_dump_json(), worlds, seed) for arm in names}
    found = {arm: _kept.get(key) for arm, key in keys.items()}
    missing = [arm for arm, records in found.items() if records is None]
    if missing:
        chunks = [range(start, min(start + CHUNK, worlds)) for start in range(0, worlds, CHUNK)]
        parts = list(_workers.map(lambda chunk: _run(scenario, missing, chunk, seed, overtaken), chunks))
        for arm in missing:
            records = np.concatenate([part[arm] for part in parts])
            records.flags.writeable = False
            _kept.put(keys[arm], records)
            found[arm] = records
    return Ensemble(scenario, seed, worlds, {arm: records for arm, records in found.items() if records is not None})


def _run(
    scenario: Scenario, arms: list[str], chunk: range, seed: int, overtaken: Callable[[], bool]
) -> dict[str, Records]:
    if overtaken():
        raise OvertakenError
    runs = simulate_arms(scenario, [find_arm(scenario, arm) for arm in arms], chunk, seed=seed)
    made = [trajectory.records for trajectory in runs]
    return {arm: np.stack(made[number :: len(arms)]) for number, arm in enumerate(arms)}


def warm_up() -> None:
    """Load or compile the kernel before anybody waits for it."""
    small = parse_scenario('schema_version = 1\nname = "warm_up"\n[horizon]\nmonths = 2')
    run_ensemble(small, list(STANDARD_ARMS), 1, 0)
