"""Write tests/published.toml anew: ``python tests/refresh_published.py``; the numbers that are told of every scenario.

For each standard arm of each shipped scenario means over worlds with 95 % intervals, and the paired difference to the
isolated arm. (``refresh_baseline.py`` beside holds every digit of a few worlds: it notices any change of results, and
this file says what a change does to what readers are told.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import pandas as pd

from ci_sim.arms import STANDARD_ARMS
from ci_sim.outcomes import derive
from ci_sim.results_diff import Number, numbers_of
from ci_sim.scenario_file import read_scenario, shipped_scenarios
from ci_sim.simulate import simulate_arms
from ci_sim.sweep.design import code_digest

PUBLISHED = Path(__file__).with_name("published.toml")
WORLDS = 20
SEED = 1
HEAD = f"""\
# Written by tests/refresh_published.py: what a change of the code must not move unnoticed (.ci/results.py).
# Worlds 0 to {WORLDS - 1} of seed {SEED}; low and high bound the 95 % interval.
# Not a forecast: the scenarios say which of their numbers are invented.
"""


def measured(scenarios: Iterable[str] | None = None) -> dict[str, Number]:
    """The numbers of shipped scenarios, all of them if none are named."""
    numbers: dict[str, Number] = {}
    for name in sorted(shipped_scenarios()) if scenarios is None else scenarios:
        numbers |= numbers_of(runs(name), name)
    return numbers


def runs(name: str) -> pd.DataFrame:
    """A row per run of a scenario's standard arms."""
    scenario, rows = read_scenario(name), []
    trajectories = simulate_arms(scenario, list(STANDARD_ARMS.values()), range(WORLDS), seed=SEED)
    for replication in range(WORLDS):
        records = {arm: next(trajectories).records for arm in STANDARD_ARMS}
        for arm, record in records.items():
            rows.append({"arm": arm, "replication": replication, **derive(scenario, record, records["isolated"])})
    return pd.DataFrame(rows)


def document(numbers: Mapping[str, Number]) -> str:
    """The file that holds numbers."""
    made = {"replications": WORLDS, "seed": SEED, "ci_sim": version("ci_sim"), "code": code_digest()}
    lines = [HEAD, "[made]", *(f"{key} = {value!r}".replace("'", '"') for key, value in made.items())]
    for table, names in groupby(numbers, key=lambda name: name.rpartition(".")[0]):
        lines += ["", f"[{table}]"]
        for name in names:
            number = numbers[name]
            bounds = f"low = {_short(number.low)}, high = {_short(number.high)}"
            estimate = f"estimate = {_short(number.estimate)}"
            lines.append(f"{name.rpartition('.')[2]} = {{ {estimate}, {bounds}, n = {number.n} }}")
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    """Six digits after the point, and at least one: TOML's floats."""
    return repr(round(value, 6) + 0.0)


if __name__ == "__main__":
    PUBLISHED.write_text(document(measured()), encoding="utf-8")
