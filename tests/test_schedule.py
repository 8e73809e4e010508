"""What an arm does when: start, strength and end of conditions (M6), hazards, and money that comes to the same (M3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS, condition_subsets
from ci_sim.entries import CustomArm
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario
from ci_sim.schedule import _programs_worth, build_schedule, has_initiative

FULL = STANDARD_ARMS["collective_impact"]
EQUAL = STANDARD_ARMS["isolated_equal_spend"]


def event(month: int, kind: str, **keys: object) -> str:
    lines = "".join(f"{key} = {value!r}\n" for key, value in keys.items())
    return f'[[events]]\nmonth = {month}\nkind = "{kind}"\n{lines}'


# Targets and staff


def test_a_condition_starts_changes_strength_and_ends_when_events_say_so(case: Any) -> None:
    agenda = {"condition": "common_agenda"}
    more = event(37, "condition", target=0.0, **agenda) + event(13, "condition", target=0.8, **agenda)
    months = build_schedule(case("conditions.common_agenda=0.0", "horizon.months=48", more=more), FULL).months
    assert months["common_agenda"].tolist() == [0.0] * 12 + [0.8] * 24 + [0.0] * 12
    for other in CONDITIONS[1:4]:
        assert (months[other] == 1.0).all()


def test_staff_come_and_go_when_events_say_so(case: Any) -> None:
    more = event(1, "staff", staff=1.5) + event(48, "staff", staff=0.0)
    months = build_schedule(case("horizon.months=48", more=more), FULL).months
    assert months["staff"].tolist() == [1.5] * 47 + [0.0]


def test_staff_end_when_the_envelope_is_spent_and_half_of_them_last_twice_as_long(case: Any) -> None:
    scenario = case("costs.envelope=100.0", "backbone.staff=4.0", "costs.staff=10.0", "horizon.months=6")
    assert build_schedule(scenario, FULL).months["staff"].tolist() == [4.0, 4.0, 2.0, 0.0, 0.0, 0.0]
    half = FULL.model_copy(update={"backbone": 0.5})
    assert build_schedule(scenario, half).months["staff"].tolist() == [2.0] * 5 + [0.0]
    equal = build_schedule(scenario, EQUAL).months["extra_programs"]
    assert equal.sum() == 100.0 / scenario.costs.program


def test_of_two_events_in_one_month_the_later_one_listed_holds(case: Any) -> None:
    more = event(5, "staff", staff=1.0) + event(5, "staff", staff=2.0)
    assert build_schedule(case(more=more), FULL).months["staff"][4] == 2.0


def test_an_arm_scales_targets_and_staff_of_every_month(case: Any) -> None:
    more = event(3, "condition", condition="continuous_communication", target=0.5) + event(3, "staff", staff=10.0)
    arm = CustomArm(name="part", continuous_communication=0.5, backbone=2.0)
    months = build_schedule(case("horizon.months=4", more=more), arm).months
    assert months["continuous_communication"].tolist() == [0.5, 0.5, 0.25, 0.25]
    assert months["staff"].tolist() == [8.0, 8.0, 20.0, 20.0]
    assert not months["common_agenda"].any()
    assert not months["extra_programs"].any()


def test_only_arms_with_a_condition_have_an_initiative(case: Any) -> None:
    initiatives = {name for name, arm in STANDARD_ARMS.items() if has_initiative(build_schedule(case(), arm))}
    assert initiatives == {"ordinary_coalition", "collective_impact"}
    assert [has_initiative(build_schedule(case(), arm)) for arm in condition_subsets()] == [False] + [True] * 31


# Hazards and dated misfortune


@pytest.mark.parametrize("yearly", [0.0, 0.09, 0.5, 0.99])
def test_monthly_probabilities_add_up_to_the_yearly_hazard(case: Any, yearly: float) -> None:
    overrides = [f"hazards.{name}={yearly}" for name in ("leader_turnover", "closure", "funding_loss")]
    fortune = build_schedule(case(*overrides), FULL).fortune
    for column in ("turnover", "exit", "funding_loss"):
        assert 1 - (1 - fortune[column][:12]).prod(axis=0) == pytest.approx(yearly)
        assert (fortune[column] == fortune[column][0, 0]).all()


def test_organizations_close_as_often_as_the_hazard_says(case: Any, run: Any) -> None:
    records = run(case("hazards.closure=0.2", "horizon.months=36"), "isolated", worlds=40)["isolated"]
    left = records["programs"][:, [12, 24, 36]].mean(axis=0) / 288  # 24 organizations with 12 programs each
    assert left == pytest.approx([0.8, 0.64, 0.512], abs=0.05)


def test_a_dated_misfortune_strikes_once_beside_the_hazard_and_only_the_groups_named(case: Any) -> None:
    group = "[[groups]]\nname = '{}'\nsector = 'business'\ncount = {}\n"
    more = group.format("few", 2) + group.format("many", 3)
    more += event(6, "turnover", share=0.5, groups=["many"]) + event(7, "exit", share=1.0)
    fortune = build_schedule(case("hazards.leader_turnover=0.2", "horizon.months=12", more=more), FULL).fortune
    hazard = 1 - 0.8 ** (1 / 12)
    assert fortune["turnover"][5] == pytest.approx([hazard] * 2 + [1 - (1 - hazard) * 0.5] * 3)
    assert np.delete(fortune["turnover"], 5, axis=0) == pytest.approx(hazard)
    assert fortune["exit"].sum(axis=1).tolist() == [0] * 6 + [5.0] + [0] * 5


def test_funding_holds_until_the_next_event_for_the_groups_named(case: Any) -> None:
    groups = "".join(f"[[groups]]\nname = '{n}'\nsector = 'business'\ncount = 1\n" for n in ("one", "two"))
    more = groups + event(2, "funding", factor=0.5) + event(3, "funding", factor=2.0, groups=["two"])
    fortune = build_schedule(case("horizon.months=4", more=more), FULL).fortune
    assert fortune["funding"].tolist() == [[1.0, 1.0], [0.5, 0.5], [0.5, 2.0], [0.5, 2.0]]


def test_a_replication_is_of_its_month_alone_in_every_arm(case: Any) -> None:
    for arm in STANDARD_ARMS.values():
        months = build_schedule(case("horizon.months=4", more=event(2, "replication")), arm).months
        assert months["replication"].tolist() == [False, True, False, False]


# Equal spend


@pytest.mark.parametrize(
    "worth",
    [
        [4.0] * 120,
        [0.3] * 120,
        [0.004] * 120,
        [2.7] * 48 + [0.0] * 72,
        [0.0] * 12 + [1.25] * 7 + [8.1] * 5,
        [0.5],
        list(np.random.default_rng(1).random(60) * 3),
    ],
)
def test_whole_programs_come_to_the_worth_within_half_a_program_month(worth: list[float]) -> None:
    programs = _programs_worth(np.array(worth))
    assert abs(programs.sum() - sum(worth)) <= 0.5 + 1e-9
    assert programs.min() >= 0
    assert (programs >= np.floor(worth) - 1).all()
    assert (programs <= np.ceil(worth) + 1).all()


def test_within_a_stretch_of_equal_worth_no_program_is_closed_again() -> None:
    programs = _programs_worth(np.array([2.3] * 50 + [1.1] * 50))
    assert (np.diff(programs[:50]) >= 0).all()
    assert (np.diff(programs[50:]) >= 0).all()
    assert programs[49] > programs[50]


ODD = [
    pytest.param(["costs.program=7.0", "costs.staff=12.9"], "", id="cheap programs"),
    pytest.param(["costs.program=333.0", "costs.staff=0.1"], "", id="dear programs"),
    pytest.param(["costs.program=0.01", "costs.staff=25.0", "backbone.staff=0.7"], "", id="nearly free programs"),
    pytest.param(["costs.staff=0.0"], "", id="staff who cost nothing"),
    pytest.param(["organizations.resourcing=0.1", "backbone.staff=13.3"], "", id="more backbone than programs"),
    pytest.param([], event(49, "staff", staff=0.0), id="staff end midway"),
    pytest.param([], event(13, "staff", staff=9.5) + event(61, "staff", staff=1.7), id="staff come and go"),
    pytest.param(["hazards.closure=0.15", "backbone.staff=8.0"], "", id="most organizations close"),
    pytest.param(["hazards.closure=0.1", "hazards.funding_loss=0.2"], event(30, "exit", share=0.5), id="closures"),
    pytest.param(["hazards.funding_loss=0.5"], event(20, "funding", factor=0.4), id="funding falls"),
    pytest.param(["horizon.months=1"], "", id="a single month"),
]


def assert_equal_spend(records: Any) -> None:
    collective, equal = (records[arm]["spend"].sum(axis=1) for arm in ("collective_impact", "isolated_equal_spend"))
    assert equal == pytest.approx(collective, rel=0.01)


@pytest.mark.parametrize(("overrides", "more"), ODD)
def test_equal_spend_is_equal_within_one_percent(case: Any, run: Any, overrides: list[str], more: str) -> None:
    scenario: Scenario = case(*overrides, more=more)
    records = run(scenario, "isolated", "isolated_equal_spend", "collective_impact", worlds=5)
    assert_equal_spend(records)
    backbone = build_schedule(scenario, FULL).months["staff"].sum() * scenario.costs.staff
    saved = records["collective_impact"]["spend"].sum(axis=1) - records["isolated"]["spend"].sum(axis=1)
    assert saved == pytest.approx(backbone)
    extra = records["isolated_equal_spend"]["spend"].sum(axis=1) - records["isolated"]["spend"].sum(axis=1)
    assert abs(extra - backbone).max() <= scenario.costs.program / 2 + 1e-6 * backbone


@pytest.mark.parametrize("name", ["default", "homelessness", "technical_problem"])
def test_equal_spend_is_equal_in_the_shipped_scenarios(run: Any, name: str) -> None:
    assert_equal_spend(run(read_scenario(name), "isolated_equal_spend", "collective_impact", worlds=5))


def test_equal_spend_buys_programs_for_the_full_backbone_whatever_the_arm(case: Any) -> None:
    months = build_schedule(case("costs.program=5.0"), EQUAL).months
    assert (months["extra_programs"] == 8).all()
    assert not months["staff"].any()
