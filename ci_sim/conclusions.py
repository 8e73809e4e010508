"""What a folder of results says: every analysis that fits its design, as tables, figures and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
from matplotlib.figure import Figure

from ci_sim import figures
from ci_sim.analysis import (
    break_even,
    differences,
    discovery,
    factorial,
    hinges,
    horizons,
    replicates,
    screening,
    sensitivity,
    stability,
)
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.points import point_differences
from ci_sim.analysis.words import arm_words
from ci_sim.complaints import Complaint, InputError
from ci_sim.sweep.folder import cannot_write, replace_file
from ci_sim.sweep.results import read_manifest, read_results

__all__ = ["Conclusion", "Question", "conclude", "write_conclusions"]

FEW_POINTS = 3
"""Points for which the horizons are judged one by one."""


@dataclass(frozen=True)
class Question:
    """What to ask of results.

    Attributes
    ----------
    outcome : of the runs table.
    arm, reference : the arm in question, and the one it is held against in the same worlds.
    half_width, effect : for the advice on replications, in the outcome's unit.
    value_per_point : thousand that a point (of 100) is worth, for the break-even chart.
    level : scenario discovery looks for where the arm ends less than this above the reference, in the outcome's unit.
    """

    outcome: str = "outcome"
    arm: str = "collective_impact"
    reference: str = "isolated"
    half_width: float | None = None
    effect: float | None = None
    value_per_point: float | None = None
    level: float = 0.0


@dataclass(frozen=True)
class Conclusion:
    """A finding, and its figure."""

    finding: Finding
    figure: Figure


@dataclass(frozen=True)
class _Results:
    """All an analysis may need."""

    runs: pd.DataFrame
    series: pd.DataFrame
    design: dict[str, Any]
    asked: Question
    note: str

    def drawn(self, findings: list[Finding]) -> list[Conclusion]:
        """Findings whose figure has their name and takes their table."""
        shown = [finding for finding in findings if len(finding.table)]
        return [self.one(finding, getattr(figures, finding.name), finding.table) for finding in shown]

    def one(self, finding: Finding, draw: Callable[..., Figure], *data: Any, **more: Any) -> Conclusion:
        """A finding with the figure of other data."""
        return Conclusion(finding, draw(*data, title=finding.title, sentence=finding.sentence, note=self.note, **more))


Analysis: TypeAlias = Callable[[_Results], list[Conclusion]]


def conclude(folder: Path, asked: Question) -> list[Conclusion]:
    """Every analysis that fits the design of a folder's results.

    Raises
    ------
    InputError : no results there, or the question names an arm or outcome that they lack.
    """
    runs, series = read_results(folder), read_results(folder, "timeseries")
    design = runs.attrs["design"]
    if not len(runs):
        raise InputError(str(folder), [Complaint("", "results without a single run", "a sweep that has begun")])
    about = read_manifest(folder)
    if about["design"] != design:
        allowed = "one folder's results, as they were written"
        raise InputError(str(folder), [Complaint("", "a design.json that is not the manifest's", allowed)])
    if asked.arm == asked.reference:
        raise InputError("--reference", [Complaint("", repr(asked.reference), f"another arm than {asked.arm!r}")])
    note = about["limits"]
    results = _Results(runs, series, design, asked, note)
    return [conclusion for analysis in _fitting(results) for conclusion in analysis(results)]


def _fitting(results: _Results) -> Iterator[Analysis]:
    """The analyses that a design was made for, and those that fit any."""
    kind, arms = results.design["kind"], results.runs["arm"].nunique()
    factors = results.design.get("factors", [])
    if kind == "factorial":
        yield _factorial
    elif arms > 1 and kind not in {"sobol", "morris"}:
        yield _differences
    if arms > 1 and kind == "sobol":
        yield _sobol
    if arms > 1 and kind == "morris":
        yield _morris
    if arms > 1 and kind == "latin_hypercube":
        yield from (_discovery, _stability, _hinges)
    if arms > 1 and kind == "grid" and len(factors) == 2 and all(_ordered(results.runs[f["key"]]) for f in factors):
        yield _break_even
    if kind != "factorial" and arms > 1 and results.runs["replication"].max() > 0:
        yield _horizons
        yield _replicates


def _ordered(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _differences(results: _Results) -> list[Conclusion]:
    asked = results.asked
    found = differences.analyse(results.runs, results.design, outcome=asked.outcome, reference=asked.reference)
    return results.drawn(found)


def _factorial(results: _Results) -> list[Conclusion]:
    return results.drawn(factorial.analyse(results.runs, results.design, outcome=results.asked.outcome))


def _sobol(results: _Results) -> list[Conclusion]:
    ask, runs, design = results.asked, results.runs, results.design
    found = sensitivity.analyse(runs, design, outcome=ask.outcome, arm=ask.arm, reference=ask.reference)
    return results.drawn(found)


def _morris(results: _Results) -> list[Conclusion]:
    ask, runs, design = results.asked, results.runs, results.design
    return results.drawn(screening.analyse(runs, design, outcome=ask.outcome, arm=ask.arm, reference=ask.reference))


def _discovery(results: _Results) -> list[Conclusion]:
    ask, runs = results.asked, results.runs
    found = discovery.search(runs, arm=ask.arm, reference=ask.reference, outcome=ask.outcome, level=ask.level)
    return [results.one(discovery.finding(found), figures.scenario_discovery, found)]


def _stability(results: _Results) -> list[Conclusion]:
    ask = results.asked
    finding = stability.analyse(results.runs, ranking=(ask.arm, ask.reference), outcome=ask.outcome)
    points = {"": point_differences(results.runs, ask.arm, ask.reference, ask.outcome)}
    lead = f"{arm_words(ask.arm)} minus {arm_words(ask.reference)}"
    return [results.one(finding, figures.stability, points, lead=lead)]


def _hinges(results: _Results) -> list[Conclusion]:
    ask = results.asked
    found = hinges.analyse(results.runs, arm=ask.arm, reference=ask.reference, outcome=ask.outcome)
    return results.drawn([found])


def _break_even(results: _Results) -> list[Conclusion]:
    ask = results.asked
    return results.drawn([break_even.analyse(results.runs, arm=ask.arm, value_per_point=ask.value_per_point)])


def _horizons(results: _Results) -> list[Conclusion]:
    """At every point where there are few; nothing where runs are shorter than every horizon."""
    points = results.series["point"].unique().tolist()
    if len(points) > FEW_POINTS or results.series["month"].max() < min(horizons.MONTHS):
        return []
    ask, conclusions = results.asked, []
    goal = results.design["scenario"]["horizon"]["threshold"]
    for point in points:
        series = results.series[results.series["point"] == point]
        found = horizons.analyse(series, arm=ask.arm, reference=ask.reference, goal=goal)
        if len(points) > 1:
            found = replace(found, name=f"{found.name}_{point}", title=f"{found.title}, point {point}")
        draw = partial(figures.horizons, arm=ask.arm, reference=ask.reference)
        conclusions.append(results.one(found, draw, series, found.table))
    return conclusions


def _replicates(results: _Results) -> list[Conclusion]:
    ask, runs, design = results.asked, results.runs, results.design
    wanted = partial(replicates.analyse, half_width=ask.half_width, effect=ask.effect)
    return results.drawn(wanted(runs, design, outcome=ask.outcome, arm=ask.arm, reference=ask.reference))


def write_conclusions(conclusions: list[Conclusion], folder: Path, described: dict[str, str], note: str) -> None:
    """Write every table (CSV), figure (PNG, SVG) and sentence into a folder.

    Parameters
    ----------
    described : what the figures' files say of their origin.

    Raises
    ------
    InputError : the folder cannot be written.
    """
    lines = ["# What these results say", "", note, ""]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in conclusions:
            finding = one.finding
            figures.save(one.figure, folder / finding.name, described)
            with replace_file(folder / f"{finding.name}.csv") as temporary:
                finding.table.to_csv(temporary, index=False)
            said = finding.sentence or "Nothing that can be told from chance."
            lines += [f"## {finding.title}", "", said, "", f"![{said}]({finding.name}.png)", ""]
            lines += [f"Table: [{finding.name}.csv]({finding.name}.csv)", ""]
        with replace_file(folder / "README.md") as temporary:
            temporary.write_text("\n".join(lines), encoding="utf-8")
    except OSError as error:
        raise cannot_write(folder, error) from None
