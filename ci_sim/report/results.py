"""The results a report is about: a folder that ``ci-sim compare`` wrote, read and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pydantic import ValidationError

from ci_sim.analysis.paired import ArmSummary, summarise, verdict
from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.entries import CustomArm
from ci_sim.outcomes import DERIVED_OUTCOMES, derive
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.simulate import Trajectory, simulate_arms

__all__ = ["Results", "read_comparison"]

ALLOWED = "a folder that 'ci-sim compare' has written to the end"
DRAWN = ("indicator", "priority_indicator", "rest_indicator", *CONDITIONS)
"""What figures show of the time series."""


@dataclass(frozen=True)
class Results:
    """A finished comparison.

    Attributes
    ----------
    manifest : as :func:`ci_sim.provenance.manifest` wrote it.
    runs : one row per run, the derived outcomes.
    timeseries : arm, replication, month and what figures show.
    """

    folder: Path
    scenario: Scenario
    arms: tuple[CustomArm, ...]
    seed: int
    manifest: dict[str, Any]
    runs: pd.DataFrame
    timeseries: pd.DataFrame

    @property
    def title(self) -> str:
        """What the comparison is about."""
        return self.scenario.title or self.scenario.name

    @property
    def years(self) -> float:
        """The horizon."""
        return round(self.scenario.horizon.months / 12, 1)

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the arms by name."""
        return {arm.name: arm.title or arm.name.replace("_", " ") for arm in self.arms}

    @cached_property
    def summaries(self) -> dict[str, ArmSummary]:
        """Every arm over all worlds."""
        return {summary.arm: summary for summary in summarise(self.runs, self.titles)}

    @property
    def sentence(self) -> str:
        """What it comes to."""
        return verdict([*self.summaries.values()], self.title, self.years)

    @property
    def subject(self) -> CustomArm:
        """The arm the sentence is about: Collective Impact, else the first that is held against the isolated arm."""
        others = [arm for arm in self.arms if arm.name != "isolated"]
        return next((arm for arm in others if arm.name == "collective_impact"), [*others, *self.arms][0])

    @property
    def compared(self) -> bool:
        """Whether the isolated arm was run, to hold the subject against."""
        return self.subject.name != "isolated" and "isolated" in self.titles

    @property
    def worlds(self) -> int:
        """Replications."""
        return int(self.runs["replication"].nunique())

    def outcomes(self, arm: str, column: str) -> pd.Series[float]:
        """A derived outcome of an arm, by replication."""
        return self.runs[self.runs["arm"] == arm].set_index("replication")[column].sort_index()

    @cached_property
    def typical(self) -> int:
        """The world in the middle: by how far the subject ends above the isolated arm, or by where it ends."""
        measure = self.outcomes(self.subject.name, "outcome")
        if self.compared:
            measure = measure - self.outcomes("isolated", "outcome")
        order = measure.sort_values(kind="stable").index
        return int(order[(len(order) - 1) // 2])

    def replay(self, arms: Sequence[CustomArm]) -> list[Trajectory]:
        """The typical world run again; none where this version of the model does not give the stored outcomes."""
        made = list(simulate_arms(self.scenario, arms, [self.typical], seed=self.seed))
        same = all(
            derive(self.scenario, one.records, None)["outcome"] == self.outcomes(one.arm.name, "outcome")[self.typical]
            for one in made
        )
        return made if same else []


def read_comparison(folder: Path) -> Results:
    """Read what a comparison wrote.

    Raises
    ------
    InputError : the folder holds no comparison, an unfinished one, or damaged files.
    """
    design, manifest = _design(folder), _json(folder, "manifest.json")
    try:
        scenario = _scenario(design["scenario"])
        arms = tuple(CustomArm.model_validate(arm) for arm in design["arms"])
        runs = pd.read_parquet(folder / "runs.parquet", columns=["arm", "replication", *DERIVED_OUTCOMES])
        series = pd.read_parquet(folder / "timeseries.parquet", columns=["arm", "replication", "month", *DRAWN])
        read = Results(folder, scenario, arms, int(design["seed"]), manifest, runs, series)
        complete = set(runs["arm"].astype(str)) == set(read.titles) and len(series) == _rows(read)
    except (OSError, ValueError, TypeError, KeyError, ValidationError, pa.ArrowException) as error:
        raise _refused(folder, f"damaged results ({_first_line(error)})") from None
    if not complete:
        raise _refused(folder, "results that do not fit their design")
    return read


def _rows(read: Results) -> int:
    return len(read.arms) * read.worlds * (read.scenario.horizon.months + 1)


def _design(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise _refused(folder, "no folder")
    if not (folder / "design.json").is_file():
        raise _refused(folder, "no results (it has no design.json)")
    design = _json(folder, "design.json")
    if design.get("kind") != "comparison":
        raise _refused(folder, f"results of kind {design.get('kind')!r}, not 'comparison'")
    missing = [n for n in ("runs.parquet", "timeseries.parquet", "manifest.json") if not (folder / n).is_file()]
    if missing:
        raise _refused(
            folder, f"an unfinished comparison (it has no {missing[0]})", "; the same compare goes on from it"
        )
    return design


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        read = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(folder / name, reason(error)) from None
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _refused(folder / name, "a damaged file")
    return read


def _scenario(described: dict[str, Any]) -> Scenario:
    """A scenario as a design describes it, every default spelt out; under explicit wiring one of them may not be."""
    problem = dict(described["problem"])
    if problem.get("wiring") == "explicit":
        problem.pop("interdependence", None)
    return Scenario.model_validate({**described, "problem": problem})


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _refused(where: Path, found: str, more: str = "") -> InputError:
    return InputError("results", [Complaint(str(where), found, ALLOWED + more)])
