"""What to run: arms of a scenario over replications, and the batches they are run in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from ci_sim.scenario import CustomArm, Scenario

__all__ = ["Batch", "Comparison"]

BATCH = 40
"""Replications a worker runs at a time: a fraction of a second."""


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
        }

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of what defines the results."""
        return hashlib.sha256(json.dumps(self.described(), sort_keys=True).encode()).hexdigest()[:12]

    def batches(self, done: set[int], size: int = BATCH) -> list[Batch]:
        """Batches of the replications that are not done yet, each without a gap, so that parts stay in order."""
        chunks: list[list[int]] = []
        for replication in range(self.replications):
            if replication in done:
                continue
            if not chunks or len(chunks[-1]) == size or chunks[-1][-1] != replication - 1:
                chunks.append([])
            chunks[-1].append(replication)
        return [Batch(self.scenario, self.arms, self.seed, tuple(chunk)) for chunk in chunks]
