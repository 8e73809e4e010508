"""Sets of levers as the bits of an integer."""

from __future__ import annotations

from ci_sim.kernel.compiled import compiled

__all__ = ["bits", "lowest"]


@compiled(inline=True)
def bits(mask: int) -> int:
    """Number of levers in a set (LLVM knows this loop, and makes one instruction of it)."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled(inline=True)
def lowest(mask: int) -> int:
    """First lever of a set that is not empty."""
    return bits((mask & -mask) - 1)
