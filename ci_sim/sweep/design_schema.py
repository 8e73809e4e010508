"""What may stand in a design file: its keys, their types and bounds, and which kind of design has a use for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from ci_sim.parameters import Section

__all__ = ["KINDS", "USES", "DesignFile", "FactorTable"]

KINDS = ("grid", "points", "latin_hypercube", "sobol", "morris", "factorial", "orders")


class FactorTable(Section):
    """One ``[[factors]]`` entry: values for a grid, or a range to sample from."""

    key: str
    values: list[Any] = Field(default=[])
    low: float | None = None
    high: float | None = None


class DesignFile(Section):
    """A design as a file states it. Keys that a kind has no use for are refused."""

    kind: Literal["grid", "points", "latin_hypercube", "sobol", "morris", "factorial", "orders"]
    title: str = Field(default="", max_length=200)
    scenario: str = "default"
    set: dict[str, Any] = Field(default={})
    """Parameters changed at every point."""
    months: int | None = Field(default=None, ge=1, le=1200)
    arms: list[str] = Field(default=["isolated", "collective_impact"], min_length=1)
    arm: list[str] = Field(default=[])
    """Further arms, ``name:condition+condition``."""
    replications: int = Field(default=100, ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    outcomes: list[str] = Field(default=[])
    """Derived outcomes to keep; all where none is named."""
    every: int = Field(default=12, ge=1, le=1200)
    agents: bool = False
    factors: list[FactorTable] = Field(default=[])
    points: str | list[dict[str, Any]] = Field(default=[])
    """Points one by one, or the name of a CSV file with a column per factor."""
    samples: int = Field(default=256, ge=1, le=1_000_000)
    trajectories: int = Field(default=20, ge=2, le=100_000)
    levels: int = Field(default=4, ge=2, le=100)
    orders: list[list[str]] = Field(default=[])
    """Orders of the five conditions; all 120 where none is listed."""
    interval: int = Field(default=12, ge=0, le=600)
    """Months between the beginnings of two conditions in an order."""


USES: Mapping[str, tuple[str, ...]] = {
    "grid": ("factors",),
    "points": ("points",),
    "latin_hypercube": ("factors", "samples"),
    "sobol": ("factors", "samples"),
    "morris": ("factors", "trajectories", "levels"),
    "factorial": ("factors",),
    "orders": ("factors", "orders", "interval"),
}
"""Keys that only some kinds have a use for."""
