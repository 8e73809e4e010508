"""Trying the claims: run what they need in every circumstance, and judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.arms import STANDARD_ARMS
from ci_sim.claims.catalogue import ALONE, CLAIMS, WITHOUT, Claim, Measured
from ci_sim.claims.circumstances import circumstances, grant_ends, variant
from ci_sim.claims.verdict import Finding, judgement
from ci_sim.entries import CustomArm
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.simulate import simulate_arms

__all__ = ["Tried", "tried_table", "try_claims"]

ALL_FIVE = dict.fromkeys(CONDITIONS, 1.0)
ARMS: dict[str, list[CustomArm]] = {
    "": [
        *STANDARD_ARMS.values(),
        *(CustomArm.model_validate({"name": name, condition: 1.0}) for condition, name in ALONE.items()),
        *(CustomArm.model_validate({"name": name, **ALL_FIVE, condition: 0.0}) for condition, name in WITHOUT.items()),
    ],
    "technical": [STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"]],
    "one scaled": [STANDARD_ARMS["isolated"]],
    "all scaled": [STANDARD_ARMS["isolated"]],
    "replicated": [STANDARD_ARMS["isolated"]],
    "grant over": [STANDARD_ARMS["collective_impact"]],
    "weak": [STANDARD_ARMS["collective_impact"]],
    "strong": [STANDARD_ARMS["isolated"]],
}
"""What is run of each variant."""


@dataclass(frozen=True)
class Tried:
    """A claim, its effect in every circumstance (0..1, oriented), and the verdict."""

    claim: Claim
    effects: dict[str, Interval]
    finding: Finding


def try_claims(
    scenario: Scenario,
    replications: int,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Tried]:
    """Try every claim on a scenario, in all circumstances, on the same worlds.

    Parameters
    ----------
    replications : worlds, at least 2 for intervals.
    progress : called with circumstances done and wanted.

    Raises
    ------
    InputError : the scenario cannot be varied so.
    """
    cases = circumstances(scenario)
    measured: dict[str, Measured] = {}
    for name, case in cases.items():
        progress(len(measured), len(cases))
        measured[name] = _measure(case, replications, seed)
    progress(len(cases), len(cases))
    tried = []
    for claim in CLAIMS:
        effects = {name: mean_interval(claim.effect(one)) for name, one in measured.items()}
        tried.append(Tried(claim, effects, judgement(effects)))
    return tried


def _measure(case: Scenario, replications: int, seed: int) -> Measured:
    values: dict[tuple[str, str, str], list[float]] = {}
    end = grant_ends(case) - 1
    for name, arms in ARMS.items():
        for trajectory in simulate_arms(variant(case, name), arms, range(replications), seed=seed):
            records, arm = trajectory.records, trajectory.arm.name
            for measure, value in (
                ("outcome", records["indicator"][-1]),
                ("trust", records["trust"][-1]),
                ("alignment", records["alignment"].mean()),
                ("at grant end", records["indicator"][end]),
            ):
                values.setdefault((name, arm, measure), []).append(float(value))
    return Measured({key: np.array(column) for key, column in values.items()}, case.horizon.threshold)


def tried_table(tried: list[Tried]) -> pd.DataFrame:
    """A row per claim and circumstance: claim, circumstance, effect with its interval (0..1), verdict."""
    rows = [
        {"claim": one.claim.name, "circumstance": name, **effect.columns("effect"), "verdict": one.finding.judgement}
        for one in tried
        for name, effect in one.effects.items()
    ]
    return pd.DataFrame(rows)
