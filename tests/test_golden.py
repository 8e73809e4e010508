"""Golden results: nothing changes unnoticed. A wanted change is recorded by ``python tests/refresh_baseline.py``."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ci_sim.arms import available_arms
from ci_sim.scenario_file import read_scenario, shipped_scenarios

SCRIPT = runpy.run_path(str(Path(__file__).with_name("refresh_baseline.py")))


@pytest.fixture(scope="module")
def measured() -> Any:
    return SCRIPT["measured"]()


def test_the_baseline_holds_every_arm_of_every_shipped_scenario() -> None:
    arms = {name: list(available_arms(read_scenario(name))) for name in shipped_scenarios()}
    assert {name: list(figures) for name, figures in SCRIPT["kept"]().items()} == arms


@pytest.mark.parametrize("scenario", sorted(shipped_scenarios()))
def test_results_are_those_of_the_baseline(measured: Any, scenario: str) -> None:
    kept = SCRIPT["kept"]()
    for arm, figures in measured[scenario].items():
        assert figures == kept[scenario][arm], f"{scenario}, {arm}: run tests/refresh_baseline.py if this is wanted"


def test_the_digest_sees_every_number_and_only_twelve_digits(run: Any) -> None:
    records = run(read_scenario("default"), "isolated", worlds=1)["isolated"][0]
    for name in records.dtype.names:
        changed, nearly = records.copy(), records.copy()
        changed[name][7] += 1e-6
        nearly[name][7] += 1e-15
        assert SCRIPT["digest"](changed) != SCRIPT["digest"](records), name
        assert np.array_equal(np.round(nearly[name], 12), np.round(records[name], 12)), name
