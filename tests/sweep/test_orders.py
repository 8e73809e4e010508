"""Orders of the conditions: each begins in its turn, none before, and none is left out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario_file import read_scenario
from ci_sim.schedule import build_schedule
from ci_sim.sweep.orders import all_orders, in_order, order_text, read_order


def test_there_are_120_and_each_reads_back() -> None:
    orders = all_orders()
    assert len(set(orders)) == 120
    assert all(read_order(order_text(order, 9)) == (order, 9) for order in orders)


@pytest.mark.parametrize("name", ["default", "homelessness"])
@pytest.mark.parametrize("order", all_orders()[::37])
def test_each_condition_begins_in_its_turn_and_reaches_the_scenarios_target(name: str, order: tuple[str, ...]) -> None:
    scenario = read_scenario(name, ["events=[]"] if name == "homelessness" else [])
    months = build_schedule(in_order(scenario, order_text(order, 10)), STANDARD_ARMS["collective_impact"]).months
    whole = build_schedule(scenario, STANDARD_ARMS["collective_impact"]).months
    begins = []
    for condition in order:
        column = "staff" if condition == "backbone" else condition
        on = np.flatnonzero(months[column] > 0)
        begins.append(int(on[0]))
        assert np.array_equal(months[column][on[0] :], whole[column][on[0] :])
    assert begins == [0, 10, 20, 30, 40]
    assert all(later - sooner == 10 for sooner, later in pairwise(begins))


def test_all_at_once_is_the_scenario_itself() -> None:
    scenario = read_scenario("default")
    months = build_schedule(in_order(scenario, order_text(CONDITIONS, 0)), STANDARD_ARMS["collective_impact"]).months
    assert np.array_equal(months, build_schedule(scenario, STANDARD_ARMS["collective_impact"]).months)
