"""What to run: arms of a scenario over replications, and the batches they are run in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ci_sim.scenario import CustomArm, Scenario

__all__ = ["Batch", "Comparison", "code_digest"]

BATCH = 40
"""Most replications a worker runs at a time."""
BATCH_EFFORT = 160
"""Runs of default size a batch is worth at most: a fraction of a second, which is what an interrupt can lose."""
BATCH_ROWS = 50_000
"""Most rows of a batch's time series: some 10 MB, which every worker holds."""
RESULTS_COME_FROM = ("kernel/**/*.py", "outcomes.py", "schedule.py", "simulate.py", "streams.py", "world.py")


@cache
def code_digest() -> str:
    """First 12 hex digits of the SHA-256 of the code that makes results, so that old parts never mix with new ones."""
    package = Path(__file__).parent.parent
    sources = sorted(path for pattern in RESULTS_COME_FROM for path in package.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


@dataclass(frozen=True)
class Batch:
    """Replications of a comparison that are run and stored together."""

    scenario: Scenario
    arms: tuple[CustomArm, ...]
    seed: int
    replications: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """Arms of one scenario on the same worlds.

    Attributes
    ----------
    replications : number of worlds, >= 1.
    seed : >= 0.
    """

    scenario: Scenario
    arms: tuple[CustomArm, ...]
    replications: int
    seed: int

    def described(self) -> dict[str, Any]:
        """What defines the results, but for the number of replications, which may grow."""
        return {
            "kind": "comparison",
            "scenario": self.scenario.model_dump(mode="json"),
            "arms": [arm.model_dump(mode="json") for arm in self.arms],
            "seed": self.seed,
            "ci_sim": version("ci_sim"),
            "code": code_digest(),
        }

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of what defines the results."""
        return hashlib.sha256(json.dumps(self.described(), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def effort(self) -> float:
        """What a replication takes, roughly, in runs of the default scenario: a few milliseconds each."""
        problem, organizations = self.scenario.problem, self.scenario.organizations
        size = (organizations.count / 24 + problem.communities / 20) / 2
        bounds = problem.communities / 20 * 2.0 ** (min(problem.levers, 20) - 14)  # the walk over all configurations
        return len(self.arms) * self.scenario.horizon.months / 120 * size + bounds

    def batches(self, done: set[int]) -> list[Batch]:
        """Batches of the replications that are not done yet, each without a gap, so that parts stay in order."""
        rows = len(self.arms) * (self.scenario.horizon.months + 1)
        size = max(1, min(BATCH, round(BATCH_EFFORT / self.effort), BATCH_ROWS // rows))
        chunks: list[list[int]] = []
        for replication in range(self.replications):
            if replication in done:
                continue
            if not chunks or len(chunks[-1]) == size or chunks[-1][-1] != replication - 1:
                chunks.append([])
            chunks[-1].append(replication)
        return [Batch(self.scenario, self.arms, self.seed, tuple(chunk)) for chunk in chunks]
