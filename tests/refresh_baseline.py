"""Write tests/baseline.toml anew: ``python tests/refresh_baseline.py``; its diff records every change in results.

For every shipped scenario and each of its arms: figures of the first worlds, and a digest of every recorded number,
all rounded to 12 digits.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit

from ci_sim.arms import available_arms
from ci_sim.outcomes import derive
from ci_sim.scenario_file import read_scenario, shipped_scenarios
from ci_sim.simulate import simulate_arms

BASELINE = Path(__file__).with_name("baseline.toml")
WORLDS = 3
DIGITS = 12
FIGURES = ("outcome", "true_outcome", "priority_gap", "coverage", "participation", "joint_actions_agreed", "spend")


def measured() -> dict[str, dict[str, dict[str, Any]]]:
    """Figures by scenario and arm: a list with a number per world each, and the digest of all worlds."""
    return {name: _measured(name) for name in sorted(shipped_scenarios())}


def _measured(name: str) -> dict[str, dict[str, Any]]:
    scenario = read_scenario(name)
    arms = list(available_arms(scenario).values())
    runs = list(simulate_arms(scenario, arms, range(WORLDS)))
    by_arm = {arm.name: [run.records for run in runs[number :: len(arms)]] for number, arm in enumerate(arms)}
    figures: dict[str, dict[str, Any]] = {}
    for arm, worlds in by_arm.items():
        derived = [derive(scenario, *pair) for pair in zip(worlds, by_arm["isolated"], strict=True)]
        figures[arm] = {key: [round(one[key], DIGITS) for one in derived] for key in FIGURES}
        figures[arm]["sha256"] = digest(np.concatenate(worlds))
    return figures


def digest(records: np.ndarray[Any, Any]) -> str:
    """First 16 hex digits of the SHA-256 of all recorded numbers, rounded."""
    numbers = np.round(np.column_stack([records[name] for name in records.dtype.names or ()]), DIGITS)
    return hashlib.sha256((numbers + 0.0).tobytes()).hexdigest()[:16]


def kept() -> dict[str, dict[str, dict[str, Any]]]:
    """What the baseline says."""
    return tomllib.loads(BASELINE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    head = (
        "# Written by tests/refresh_baseline.py; the first worlds of seed 1, a number each, rounded to 12 digits.\n\n"
    )
    BASELINE.write_text(head + tomlkit.dumps(measured()), encoding="utf-8")
