"""Named streams of random numbers, one per decision.

A stream is seeded from (seed, replication, name, block) through :class:`numpy.random.SeedSequence`, and its draws are
indexed by what they decide: switching a condition on shifts no other draw, and all arms of a replication share world
and luck (common random numbers; L'Ecuyer 1999). Months come in blocks of :data:`BLOCK`, so that a longer horizon
leaves the earlier months as they were.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ci_sim.kernel import Luck

__all__ = ["BLOCK", "Lanes", "Streams"]

BLOCK = 120
"""Months of draws made at a time: ten years."""


CONSENTS = 64
"""Organizations with a draw of their own per proposal; the 65th shares the first's, and so on. Hardly ever are two of
them asked about the same proposal, and draws for everyone would make cost grow with organizations times staff."""


class Lanes(NamedTuple):
    """How many draws are needed along the axes whose length depends on the arm. More of them shift no other draw."""

    tries: int
    reviews: int
    looks: int
    proposals: int
    programs: int


@dataclass(frozen=True)
class Streams:
    """All randomness of one replication.

    Attributes
    ----------
    seed : the user's seed, >= 0.
    replication : which world, >= 0.
    """

    seed: int
    replication: int

    def generator(self, name: str, block: int = 0) -> np.random.Generator:
        """The generator of a named stream; numpy's PCG64, seeded by what the stream is called."""
        key = zlib.crc32(name.encode())
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence((self.seed, self.replication, key, block))))

    def uniforms(self, name: str, *shape: int, block: int = 0) -> NDArray[np.float32]:
        """Uniform draws in [0, 1), float32."""
        return self.generator(name, block).random(shape, dtype=np.float32)

    def fine_uniforms(self, name: str, *shape: int, block: int = 0) -> NDArray[np.float64]:
        """Uniform draws in [0, 1), float64, where ties would matter."""
        return self.generator(name, block).random(shape)

    def luck(self, block: int, n_organizations: int, n_communities: int, n_levers: int, lanes: Lanes) -> Luck:
        """The draws of one block of months (shapes: :class:`ci_sim.kernel.Luck`)."""
        tries, reviews, looks, proposals, programs = lanes

        def draw(name: str, *shape: int) -> NDArray[np.float32]:
            return self.uniforms(name, *shape, block=block)

        return Luck(
            order=draw("order", BLOCK, n_organizations),
            attempt_rounding=draw("attempt_rounding", BLOCK, n_organizations),
            tries=draw("tries", tries, BLOCK, n_organizations, 6),
            pictures=draw("pictures", BLOCK, n_organizations, n_communities),
            membership=draw("membership", BLOCK, n_organizations),
            relapse=draw("relapse", BLOCK, n_communities, n_levers),
            reviews=draw("reviews", reviews, BLOCK, 3),
            looks=draw("looks", reviews, BLOCK, looks),
            rounding=draw("rounding", BLOCK, 2),
            proposals=draw("proposals", proposals, BLOCK, 6),
            consents=draw("consents", proposals, BLOCK, min(n_organizations, CONSENTS)),
            fortune=draw("fortune", BLOCK, n_organizations, 3),
            places=self.uniforms("places", programs, n_organizations),
            grants=self.uniforms("grants", n_organizations),
        )
