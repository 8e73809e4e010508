"""Arms: the four of every scenario, a scenario's own, and those of the command line."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS, available_arms, choose_arms, condition_subsets, parse_arm
from ci_sim.complaints import InputError
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario_file import parse_scenario, read_scenario
from ci_sim.simulate import simulate, simulate_arms

SMALL = parse_scenario(
    'schema_version = 1\nname = "small"\n[problem]\nlevers = 6\ninterdependence = 2\ncommunities = 4\n'
    "[organizations]\ncount = 8\n[horizon]\nmonths = 24\n"
)


def test_four_standard_arms_with_their_conditions() -> None:
    factors = {name: [getattr(arm, condition) for condition in CONDITIONS] for name, arm in STANDARD_ARMS.items()}
    assert factors == {
        "isolated": [0, 0, 0, 0, 0],
        "isolated_equal_spend": [0, 0, 0, 0, 0],
        "ordinary_coalition": [0.5, 0, 0, 0.5, 0],
        "collective_impact": [1, 1, 1, 1, 1],
    }
    assert [name for name, arm in STANDARD_ARMS.items() if arm.equal_spend] == ["isolated_equal_spend"]


def test_every_scenario_has_them_first_and_its_own_after() -> None:
    assert list(available_arms(SMALL)) == list(STANDARD_ARMS)
    own = [arm.name for arm in read_scenario("homelessness").arms]
    assert own
    assert list(available_arms(read_scenario("homelessness"))) == [*STANDARD_ARMS, *own]


def test_all_32_subsets_of_the_conditions() -> None:
    subsets = condition_subsets()
    factors = {tuple(getattr(arm, condition) for condition in CONDITIONS) for arm in subsets}
    assert len(subsets) == len(factors) == len({arm.name for arm in subsets}) == 32
    assert {value for row in factors for value in row} == {0.0, 1.0}


def test_the_empty_and_the_full_subset_are_the_standard_arms() -> None:
    subsets = condition_subsets()
    for subset, standard in ((subsets[0], "isolated"), (subsets[-1], "collective_impact")):
        one, other = (run.records for run in simulate_arms(SMALL, [subset, STANDARD_ARMS[standard]], [3]))
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        ("one:common_agenda", {"common_agenda": 1.0}),
        ("two: common_agenda + backbone=0.5", {"common_agenda": 1.0, "backbone": 0.5}),
        ("none:", {}),
        ("money:equal_spend", {"equal_spend": True}),
    ],
)
def test_arms_of_the_command_line(text: str, factors: dict[str, float]) -> None:
    arm = parse_arm(text)
    assert arm.name == text.partition(":")[0]
    assert arm.model_dump(exclude={"name", "title"}, exclude_defaults=True) == factors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("common_agenda", "no colon"),
        ("x:common_agend", "Did you mean 'common_agenda'?"),
        ("x:backbone=many", "'many'"),
        ("x:backbone=nan", "nan"),
        ("x:backbone=11", "11"),
        ("x:backbone=-1", "-1"),
        ("x:common_agenda=1.1", "1.1"),
        ("Big Name:backbone", "Big Name"),
        (":backbone", "name"),
        ("", "no colon"),
    ],
)
def test_malformed_arms_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_arm(text)
    assert caught.value.source.startswith("--arm")
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_choosing_keeps_the_order_and_adds_custom_arms() -> None:
    chosen = choose_arms(SMALL, ["collective_impact", "isolated", "isolated"], ["half:backbone=0.5"])
    assert [arm.name for arm in chosen] == ["collective_impact", "isolated", "half"]
    assert [arm.name for arm in choose_arms(SMALL)] == list(STANDARD_ARMS)


def test_unknown_and_taken_names_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'isolated'") as caught:
        choose_arms(SMALL, ["isolatd", "nope"])
    assert len(str(caught.value).splitlines()) == 2
    with pytest.raises(InputError, match="name of another arm"):
        choose_arms(SMALL, custom=["isolated:backbone"])
    with pytest.raises(InputError, match="name of another arm"):
        choose_arms(SMALL, custom=["x:backbone", "x:common_agenda"])
    with pytest.raises(InputError, match=r"unknown arm 'colective_impact'.*Did you mean 'collective_impact'"):
        simulate(SMALL, arm="colective_impact")
