"""A plan changed: all at once, with other staff, with an end of the grant - and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim import Scenario, read_scenario
from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.plans import at_once, endable, ends_of_grant, full_staff, grant_ending, staffed, staffing
from ci_sim.kernel import Table
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario_file import parse_scenario, with_parameters
from ci_sim.schedule import build_schedule

PHASED = """
schema_version = 1
name = "phased"
[conditions]
shared_measurement = 0.2
[backbone]
staff = 1.0
[[events]]
kind = "turnover"
month = 5
share = 0.5
[[events]]
kind = "staff"
month = 13
staff = 4.0
[[events]]
kind = "condition"
condition = "shared_measurement"
month = 13
target = 0.8
[[events]]
kind = "staff"
month = 61
staff = 2.0
"""


@pytest.fixture
def phased() -> Scenario:
    return parse_scenario(PHASED)


def months_of(scenario: Scenario) -> Table:
    return build_schedule(scenario, STANDARD_ARMS["collective_impact"]).months


def test_all_at_once_begins_with_the_full_and_keeps_what_is_taken_away(phased: Scenario) -> None:
    changed = at_once(phased)
    months = months_of(changed)
    assert months["staff"].tolist() == [4.0] * 60 + [2.0] * 60
    assert (months["shared_measurement"] == 0.8).all()
    assert (months["common_agenda"] == 1.0).all()
    assert [event.kind for event in changed.events] == ["turnover", "staff"]


@pytest.mark.parametrize("variant", ["agenda_first", "backbone_first"])
def test_a_phased_variant_begun_at_once_plans_what_the_scenario_it_extends_does(variant: str) -> None:
    parent, changed = months_of(read_scenario("homelessness")), months_of(at_once(read_scenario(variant)))
    for control in (*CONDITIONS[:-1], "staff"):
        assert np.array_equal(parent[control], changed[control])


def test_a_scenario_without_phases_is_left_as_it_is() -> None:
    scenario = read_scenario("homelessness")
    assert np.array_equal(months_of(at_once(scenario)), months_of(scenario))


@pytest.mark.parametrize("level", [0.0, 1.0, 2.0, 8.0])
def test_staff_are_scaled_as_a_whole(phased: Scenario, level: float) -> None:
    changed = with_parameters(phased, staffing(phased, level))
    assert months_of(changed)["staff"] == pytest.approx(months_of(phased)["staff"] * level / 4)
    assert full_staff(changed) == level


def test_a_scenario_without_staff_is_given_those_of_the_default(phased: Scenario) -> None:
    none = with_parameters(phased, staffing(phased, 0.0))
    assert full_staff(none) == 0
    assert full_staff(staffed(none)) == 4.0
    assert staffed(phased) is phased


def test_a_grant_ends_when_it_is_told_to_and_never_otherwise(phased: Scenario) -> None:
    case = endable(phased)
    never = months_of(with_parameters(case, grant_ending(case, None)))["staff"]
    assert never.tolist() == [1.0] * 12 + [4.0] * 108
    ended = months_of(with_parameters(case, grant_ending(case, 37)))["staff"]
    assert np.array_equal(ended[:36], never[:36])
    assert (ended[36:] == 0).all()


def test_the_end_that_a_scenario_plans_for_gives_way_to_the_one_that_is_asked_for() -> None:
    case = endable(read_scenario("grant_ends"))
    later = months_of(with_parameters(case, grant_ending(case, 61)))["staff"]
    assert (later[:60] == 6).all()
    assert (later[60:] == 0).all()


def test_grants_fit_between_the_first_staff_and_the_horizon(phased: Scenario) -> None:
    assert ends_of_grant(phased) == {24: 25, 36: 37, 60: 61}
    short = parse_scenario('schema_version = 1\nname = "s"\n[horizon]\nmonths = 20')
    assert ends_of_grant(short) == {10: 11}
    assert ends_of_grant(with_parameters(short, {"backbone.staff": 0.0})) == {}
