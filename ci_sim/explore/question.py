"""The skeleton of a question: its text, the studies it needs, and the answer from their runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ci_sim.analysis.findings import Finding
from ci_sim.arms import STANDARD_ARMS
from ci_sim.entries import CustomArm
from ci_sim.provenance import limit_notice
from ci_sim.scenario import Scenario
from ci_sim.sweep.design import Design, Value
from ci_sim.sweep.results import read_results

__all__ = ["ARM", "ISOLATED", "SAME_MONEY", "Answer", "Asked", "NotAskedError", "Question", "Study", "by_chance"]

ARM, ISOLATED, SAME_MONEY = "collective_impact", "isolated", "isolated_equal_spend"
FEWEST = 2
"""Worlds below which there are no intervals."""


class NotAskedError(Exception):
    """Why a question means nothing in this scenario."""


@dataclass(frozen=True)
class Asked:
    """The scenario that is asked about, and how much to run.

    Attributes
    ----------
    replications : worlds of the narrow questions; the wide ones have fewer at more points.
    """

    case: Scenario
    replications: int
    seed: int

    @property
    def note(self) -> str:
        """At the end of every caption."""
        return limit_notice(self.case)

    def share(self, of: float) -> int:
        """A share of the worlds, for wide questions."""
        return max(FEWEST, round(of * self.replications))

    def design(
        self,
        arms: Sequence[str | CustomArm],
        points: Sequence[Mapping[str, Value]] = ({},),
        *,
        scenario: Scenario | None = None,
        worlds: int | None = None,
        kind: str = "points",
        every: int = 12,
        settings: Mapping[str, Any] | None = None,
    ) -> Design:
        """A design on this scenario or a changed one, by default in all worlds."""
        chosen = tuple(STANDARD_ARMS[arm] if isinstance(arm, str) else arm for arm in arms)
        factors = [{"key": key, "values": list(dict.fromkeys(p[key] for p in points))} for key in points[0]]
        return Design(
            scenario or self.case, chosen, worlds or self.replications, self.seed, kind, tuple(points),
            {"factors": factors} | dict(settings or {}), every,
        )  # fmt: skip


@dataclass(frozen=True)
class Study:
    """A design that has been run."""

    design: Design
    folder: Path
    failed: int

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run."""
        return read_results(self.folder)

    @cached_property
    def series(self) -> pd.DataFrame:
        """One row per run and kept month."""
        return read_results(self.folder, "timeseries")

    @property
    def in_words(self) -> str:
        """How much was run."""
        design, points = self.design, len(self.design.points)
        arms = "; ".join(arm.title or arm.name for arm in design.arms)
        settings = f"{points:,} settings, each in " if points > 1 else ""
        lost = f"; {self.failed:,} of the worlds failed and are left out" if self.failed else ""
        return f"{settings}{design.replications:,} worlds ({arms}): {design.n_runs:,} runs{lost}"


@dataclass(frozen=True)
class Answer:
    """A finding, and its figure."""

    finding: Finding
    figure: Figure


@dataclass(frozen=True)
class Question:
    """A standing question.

    Attributes
    ----------
    place : among the questions; they are asked in this order.
    name : for ``--questions``, files and folders.
    text : as a strategist asks it.
    how : what is run to answer it.
    studies : the designs it needs, by the name of their folder; raises :class:`NotAskedError` where it means nothing.
    answer : from the same studies, run.
    """

    place: int
    name: str
    text: str
    how: str
    studies: Callable[[Asked], Mapping[str, Design]]
    answer: Callable[[Asked, Mapping[str, Study]], list[Answer]]


def by_chance(what: str, worlds: int) -> str:
    """What is said where evidence is weak."""
    return f"{what} cannot be told from chance with {worlds:,} worlds."
