"""What a scenario may be, and what contradicts itself."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ci_sim.complaints import InputError
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, read_scenario, shipped_scenarios

HEAD = 'schema_version = 1\nname = "case"\n'
TWO_LEVERS = """
[organizations]
mandate = 2
[problem]
wiring = "explicit"
[[levers]]
name = "housing"
depends_on = [{ lever = "income", because = "rent is paid from it" }]
[[levers]]
name = "income"
"""


def parsed(text: str) -> Scenario:
    return parse_scenario(HEAD + text)


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parsed(text)
    return str(caught.value)


def test_what_is_listed_by_name_is_counted() -> None:
    groups = '[[groups]]\nname = "a"\nsector = "business"\ncount = 3\nlevers = ["income"]\n' + (
        '[[groups]]\nname = "b"\nsector = "government"\ncount = 4\nlevers = ["housing", "income"]\n'
    )
    scenario = parsed(TWO_LEVERS + groups + '[[communities]]\nname = "Old Town"\n')
    assert scenario.problem.levers == 2
    assert scenario.problem.communities == 1
    assert scenario.organizations.count == 7
    assert [group.name for group in scenario.group_of_organization if group] == ["a"] * 3 + ["b"] * 4
    assert scenario.lever_names == ["housing", "income"]
    assert scenario.community_names == ["Old Town"]


def test_names_are_made_where_none_are_listed() -> None:
    scenario = parsed("[problem]\nlevers = 7\ncommunities = 2\n[organizations]\ncount = 2\n")
    assert scenario.lever_names[0] == "lever_1"
    assert len(scenario.lever_names) == 7
    assert scenario.community_names == ["community 1", "community 2"]
    assert scenario.group_of_organization == [None, None]


def test_a_scenario_cannot_be_changed_and_equal_ones_hash_equally() -> None:
    one, other = parsed(TWO_LEVERS), parsed(TWO_LEVERS)
    assert one == other
    assert one.hash == other.hash
    assert len(one.hash) == 12
    assert parsed(TWO_LEVERS + "[horizon]\nmonths = 119\n").hash != one.hash
    with pytest.raises(ValidationError):
        one.name = "other"


def test_the_hash_is_of_the_content_not_of_what_is_spelt_out() -> None:
    assert parsed("[problem]\nlevers = 12\n").hash == parsed("").hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[problem]\ninterdependence = 12\n", "problem.interdependence: found 12; allowed: 0 to 11"),
        ("[problem]\nlevers = 2\ninterdependence = 1\n", "organizations.mandate: found 3; allowed: 1 to 2"),
        (TWO_LEVERS.replace("[problem]", "[problem]\nlevers = 3"), "problem.levers: found 3; allowed: 2"),
        (TWO_LEVERS.replace("[problem]", "[problem]\ninterdependence = 1"), "problem.interdependence: found 1"),
        (TWO_LEVERS.replace('lever = "income"', 'lever = "incom"'), "Did you mean 'income'?"),
        (TWO_LEVERS.replace('lever = "income"', 'lever = "housing"'), "'housing', the lever itself"),
        ('[problem]\nwiring = "explicit"\n', "problem.wiring: found 'explicit' without levers"),
        ("[problem]\ncommunities = 5000\nlevers = 20\ninterdependence = 15\n", "table entries"),
        ('[[events]]\nmonth = 121\nkind = "staff"\nstaff = 1.0\n', "events.0.month: found 121; allowed: 1 to 120"),
        ('[[events]]\nmonth = 9\nkind = "exit"\nshare = 0.1\ngroups = ["x"]\n', "unknown group 'x'"),
        (
            '[[groups]]\nname = "g"\nsector = "business"\ncount = 2\nlevers = ["lever_1", "lever_1"]\n',
            "groups.g.levers: found 'lever_1' 2 times; allowed: each lever once",
        ),
        ('[[communities]]\nname = "x"\n[[communities]]\nname = "x"\n', "communities.name: found 'x' 2 times"),
        ('[[arms]]\nname = "x"\n[[arms]]\nname = "x"\n', "arms.name: found 'x' 2 times"),
        (2 * '[[groups]]\nname = "x"\nsector = "business"\ncount = 1\n', "groups.name: found 'x' 2 times"),
    ],
)
def test_contradictions_are_named(text: str, said: str) -> None:
    assert said in refused(text)


def test_everything_that_contradicts_is_said_at_once() -> None:
    text = '[[events]]\nmonth = 500\nkind = "shock"\nshare = 0.5\n[problem]\ninterdependence = 15\n'
    assert len(refused(text).splitlines()) == 2


def test_events_of_every_kind() -> None:
    kinds = {
        "condition": 'condition = "common_agenda"\ntarget = 0.5',
        "staff": "staff = 0.0",
        "shock": "share = 0.5",
        "turnover": "share = 0.5",
        "exit": "share = 0.5",
        "funding": "factor = 0.5",
        "replication": "",
    }
    events = [f'[[events]]\nmonth = 3\nkind = "{kind}"\n{keys}\n' for kind, keys in kinds.items()]
    assert [event.kind for event in parsed("".join(events)).events] == list(kinds)


@pytest.mark.parametrize("name", ["default", "technical_problem", "homelessness"])
def test_the_promised_scenarios_are_shipped_and_say_that_they_are_illustrative(name: str) -> None:
    assert name in shipped_scenarios()
    scenario = read_scenario(name)
    assert scenario.name == name
    assert "llustrative" in scenario.description


def test_homelessness_is_a_real_domain() -> None:
    scenario = read_scenario("homelessness")
    assert scenario.problem.levers == len(scenario.levers) == 12
    assert scenario.problem.wiring == "explicit"
    links = [influence for lever in scenario.levers for influence in lever.depends_on]
    assert len(links) > 24
    assert all(influence.because for influence in links), "a reason for each link"
    assert {group.sector for group in scenario.groups} == {"government", "civil society", "business"}
    assert all(group.levers for group in scenario.groups)
    assert scenario.communities
    assert scenario.events
    assert scenario.evidence
    assert read_scenario("technical_problem").problem.interdependence == 0
