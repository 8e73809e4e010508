"""What a result hangs on: each assumption changed by itself, on the same worlds, and what is clearly felt is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.complaints import InputError
from ci_sim.parameters import PARAMETERS, Parameter
from ci_sim.report.assumptions import set_value
from ci_sim.report.results import Results
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import with_parameters
from ci_sim.simulate import simulate_arms
from ci_sim.sweep.design import Design

__all__ = ["WORLDS", "Influence", "influences"]

WORLDS = 12
FACTORS = (0.5, 1.5)
LEFT_OUT = ("costs.", "horizon.")
"""Money and the question itself change what is reported, not what happens."""
SMALLEST = 0.02
"""Two points of 100: less is no news."""
FALSE_DISCOVERIES = 0.05
"""Share of what is told that may be chance. Dozens are tried: of so many, some look clear without being so."""
LARGEST_EFFORT = 20_000.0
"""In runs of default size; beyond it the answer would take longer than anyone waits for a page."""


class Influence(NamedTuple):
    """One assumption, changed by itself.

    Attributes
    ----------
    low, high : half of the scenario's value and one and a half of it, within the parameter's bounds.
    at_low, at_high : the result there, 0..1: outcome minus the isolated arm's, or the outcome where that was not run.
    effect : the second minus the first, world by world.
    """

    parameter: Parameter
    low: float
    high: float
    at_low: float
    at_high: float
    effect: Interval


def influences(
    results: Results, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Influence] | None:
    """The assumptions whose change is clearly felt, the strongest first; None where the scenario is too large.

    One at a time: what two assumptions do together is not seen. Which effects count is decided for all of them at once
    (Benjamini & Hochberg 1995), from paired t tests.
    """
    varied = [found for one in PARAMETERS.values() if (found := _ends(results.scenario, one)) is not None]
    effort = Design(results.scenario, results.arms, 1, results.seed).effort / len(results.arms)
    if 2 * 2 * WORLDS * len(varied) * effort > LARGEST_EFFORT:
        return None
    tried, chances = [], []
    for done, (parameter, (low, below), (high, above)) in enumerate(varied):
        progress(done, len(varied))
        at_low, at_high = _measure(results, below), _measure(results, above)
        effect = mean_interval(at_high - at_low)
        tried.append(Influence(parameter, low, high, float(at_low.mean()), float(at_high.mean()), effect))
        chances.append(_chance(at_high - at_low))
    progress(len(varied), len(varied))
    told = _discoveries(np.array(chances))
    felt = [one for one, clear in zip(tried, told, strict=True) if clear and abs(one.effect.estimate) >= SMALLEST]
    return sorted(felt, key=lambda one: -abs(one.effect.estimate))


def _chance(differences: NDArray[np.float64]) -> float:
    """Two-sided p value of a paired t test."""
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    if error == 0:
        return float(differences[0] == 0)
    return float(2 * stdtr(len(differences) - 1, -abs(float(differences.mean())) / error))


def _discoveries(chances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of many tests count, with so many false among them as is allowed (Benjamini & Hochberg 1995)."""
    allowed = FALSE_DISCOVERIES * np.arange(1, len(chances) + 1) / max(1, len(chances))
    passed = np.flatnonzero(np.sort(chances) <= allowed)
    return chances <= (np.sort(chances)[passed[-1]] if len(passed) else -1.0)


Changed = tuple[float, Scenario]


def _ends(scenario: Scenario, parameter: Parameter) -> tuple[Parameter, Changed, Changed] | None:
    """The scenario with less and with more of a parameter; None where it cannot be changed by itself."""
    value = set_value(scenario, parameter)
    if parameter.bounds is None or isinstance(value, str) or value == 0 or parameter.key.startswith(LEFT_OUT):
        return None
    least, most = parameter.bounds
    ends = [min(most, max(least, value * factor)) for factor in FACTORS]
    if parameter.kind == "integer":
        ends = [round(end) for end in ends]
    if ends[0] == ends[1]:
        return None
    try:
        below, above = ((end, with_parameters(scenario, {parameter.key: end})) for end in ends)
    except InputError:  # counted from what the scenario lists, or bound to another parameter
        return None
    return parameter, below, above


def _measure(results: Results, scenario: Scenario) -> NDArray[np.float64]:
    """(WORLDS,) by how far the subject ends above the isolated arm."""
    isolated = [arm for arm in results.arms if arm.name == "isolated" and results.compared]
    arms = [results.subject, *isolated]
    runs = simulate_arms(scenario, arms, range(WORLDS), seed=results.seed)
    ends = np.array([float(run.records["indicator"][-1]) for run in runs]).reshape(WORLDS, len(arms))
    return ends[:, 0] - ends[:, 1] if isolated else ends[:, 0]
