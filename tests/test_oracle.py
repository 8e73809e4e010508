"""The kernel against an independent implementation in plain Mesa, written from the specification alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS
from ci_sim.kernel.organizations import copy_state
from ci_sim.scenario_file import read_scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, simulate
from ci_sim.world import build_rules, build_world, lanes_needed

PLAIN = Path(__file__).parents[1] / "benchmarks" / "plain_mesa.py"
HARD_TIMES = """
[[events]]
month = 5
kind = "condition"
condition = "shared_measurement"
target = 0.3
[[events]]
month = 9
kind = "staff"
staff = 1.0
[[events]]
month = 12
kind = "turnover"
share = 0.4
[[events]]
month = 15
kind = "exit"
share = 0.2
[[events]]
month = 18
kind = "funding"
factor = 0.5
[[events]]
month = 21
kind = "replication"
[[events]]
month = 24
kind = "funding"
factor = 1.7
"""
SMALL = ["problem.levers=4", "problem.interdependence=2", "problem.communities=1", "organizations.count=5"]
HAZARDS = ["hazards.leader_turnover=0.2", "hazards.closure=0.1", "hazards.funding_loss=0.3"]
ODD = ["organizations.acceptance_threshold=0.02", "problem.relapse=0.3", "participation.leaving=0.4"]
CASES = {
    "default": ([], ""),
    "technical": (["problem.interdependence=0"], ""),
    "everything connected": (["problem.interdependence=11", "problem.communities=5"], ""),
    "simultaneous": (['organizations.update="simultaneous"'], ""),
    "ring, 40 organizations": (['problem.wiring="ring"', "organizations.count=40", "organizations.attempts=2.4"], ""),
    "few and small": (SMALL, ""),
    "above twenty levers": (["problem.levers=22", "problem.interdependence=2", "problem.communities=4"], ""),
    "costly meetings": (["backbone.staff=0.3", "backbone.mesh_cost=0.1", "organizations.evaluation_noise=0.2"], ""),
    "for the underserved": (["equity.focus=1.0", "problem.pull_skew=1.5", "equity.priority_share=1.0"], ""),
    "hard times": (HAZARDS, HARD_TIMES),
    "odd rules": (ODD, HARD_TIMES),
}


@pytest.fixture(scope="module")
def run_plain() -> Any:
    spec = importlib.util.spec_from_file_location("plain_mesa", PLAIN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.run_plain


def assert_agree(run_plain: Any, scenario: Any, arm: str, replication: int) -> None:
    schedule, rules = build_schedule(scenario, STANDARD_ARMS[arm]), build_rules(scenario)
    world = build_world(scenario, 1, replication, lanes_needed(scenario, [schedule]))
    state, _ = open_arm(world, schedule, rules)
    before = copy_state(state)
    months = scenario.horizon.months
    plain = run_plain(world.landscapes[0][1], rules, schedule, world.luck[0], state, months)
    kernel = simulate(scenario, replication, arm).records
    assert all(np.array_equal(one, other) for one, other in zip(state, before, strict=True))
    assert len(plain) == len(kernel) == months + 1
    for name in kernel.dtype.names:
        np.testing.assert_allclose(plain[name][1:], kernel[name][1:], rtol=1e-9, atol=1e-9, err_msg=f"{arm}: {name}")


@pytest.mark.parametrize("name", list(CASES))
def test_kernel_and_plain_mesa_agree_to_nine_digits(case: Any, run_plain: Any, name: str) -> None:
    overrides, more = CASES[name]
    scenario = case("horizon.months=30", *overrides, more=more)
    for replication, arm in enumerate(STANDARD_ARMS):
        assert_agree(run_plain, scenario, arm, replication)


def test_they_agree_over_ten_years(case: Any, run_plain: Any) -> None:
    assert_agree(run_plain, case(), "collective_impact", 7)


def test_they_agree_on_a_scenario_drawn_from_life(run_plain: Any) -> None:
    scenario = read_scenario("homelessness")
    calm = scenario.model_copy(update={"events": [event for event in scenario.events if event.kind != "shock"]})
    assert_agree(run_plain, calm, "collective_impact", 0)
