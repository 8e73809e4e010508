"""Who takes part at the start, who trusts whom; and that nothing changes where a scenario says neither."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from ci_sim.complaints import InputError
from ci_sim.model import CollectiveImpactModel
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, template
from ci_sim.simulate import simulate

PARTNERS = """
[problem]
levers = 5
interdependence = 2
communities = 4
[horizon]
months = 12
[[groups]]
name = "a"
sector = "government"
count = 1
member = true
[[groups]]
name = "b"
sector = "business"
count = 1
member = true
[[groups]]
name = "c"
sector = "civil society"
count = 2
member = false
[[groups]]
name = "d"
sector = "civil society"
count = 4
"""


@pytest.fixture(scope="module")
def partners(case: Any) -> Any:
    def make(*ties: str, overrides: tuple[str, ...] = ()) -> Scenario:
        made = case(*overrides, more=PARTNERS + "".join(f"[[ties]]\n{tie}\n" for tie in ties))
        assert isinstance(made, Scenario)
        return made

    return make


def opening(opened: Any, scenario: Scenario, arm: str = "collective_impact", replication: int = 0) -> Any:
    return opened(scenario, arm, replication).state


def test_groups_say_who_takes_part_and_chance_decides_of_the_others(partners: Any, opened: Any) -> None:
    seen = set()
    for replication in range(6):
        member = opening(opened, partners(), replication=replication).organizations["member"]
        assert member[:4].tolist() == [True, True, False, False]
        assert member[4:].sum() == 2, "participation.initial of the four that are left open"
        seen.add(tuple(member[4:]))
    assert len(seen) > 1
    everyone = opening(opened, partners(overrides=("participation.initial=1.0",))).organizations["member"]
    assert everyone.tolist() == [True, True, False, False, True, True, True, True]
    assert not opening(opened, partners(), "isolated").organizations["member"].any()


def test_without_a_word_on_membership_members_are_drawn_as_before(opened: Any, case: Any) -> None:
    silent = case(more=PARTNERS.replace("member = true", "").replace("member = false", ""))
    plain = case("problem.levers=5", "problem.interdependence=2", "problem.communities=4", "organizations.count=8")
    member = opening(opened, silent).organizations["member"]
    assert np.array_equal(member, opening(opened, plain).organizations["member"])


def test_a_tie_is_trust_both_ways_or_one_way(partners: Any, opened: Any) -> None:
    ties = (
        'between = ["a", "b"]\ntrust = 0.6',
        'between = ["b", "c"]\ntrust = 0.9\nmutual = false',
        'between = ["d", "d"]\ntrust = 0.0',
    )
    trust = opening(opened, partners(*ties)).trust
    expected = np.full((8, 8), 0.2)
    expected[0, 1] = expected[1, 0] = 0.6
    expected[1, 2:4] = 0.9
    expected[4:, 4:] = 0.0
    np.fill_diagonal(expected, 0.2)
    assert np.array_equal(trust, expected)


def test_mean_trust_at_the_start_is_that_in_fellow_members(partners: Any, opened: Any) -> None:
    ties = ('between = ["a", "b"]\ntrust = 0.8', 'between = ["a", "c"]\ntrust = 1.0')
    state = opening(opened, partners(*ties, overrides=("participation.initial=0.5",)))
    assert state.initiative["members"][0] == 4
    mean = state.organizations["mean_trust"]
    assert mean[0] == mean[1] == pytest.approx((0.8 + 0.2 + 0.2) / 3)
    assert (mean[2:4] == 0).all(), "c is no member"
    others = np.flatnonzero(state.organizations["member"])[2:]
    assert (mean[others] == 0.2).all()


def test_a_tie_at_the_initial_trust_changes_no_bit(partners: Any) -> None:
    tied = simulate(partners('between = ["a", "b"]\ntrust = 0.2'))
    assert np.array_equal(tied.records, simulate(partners()).records)


def test_ties_move_what_members_weigh_and_nothing_in_isolation(partners: Any) -> None:
    groups = ("a", "b", "d")
    ties = [f'between = ["{one}", "{other}"]\ntrust = 0.9' for one in groups for other in groups if one < other]
    tied, plain = partners(*ties, 'between = ["d", "d"]\ntrust = 0.9'), partners()
    assert np.array_equal(simulate(tied, arm="isolated").records, simulate(plain, arm="isolated").records)
    together, apart = simulate(tied).table, simulate(plain).table
    assert together["trust"][0] == pytest.approx(0.9)
    assert apart["trust"][0] == 0.2
    assert (together["alignment"][1:] > apart["alignment"][1:]).all()


def test_the_mesa_face_knows_members_and_ties(partners: Any) -> None:
    scenario = partners('between = ["a", "b"]\ntrust = 0.6')
    model = CollectiveImpactModel(case=scenario, collect_agents=False)
    assert model.organizations[0].trust_in(model.organizations[1]) == 0.6
    while model.running:
        model.step()
    assert np.array_equal(model.records, simulate(scenario).records)


def test_hashes_of_scenarios_that_say_neither_are_what_they_were(partners: Any) -> None:
    silent = parse_scenario('schema_version = 1\nname = "default"\n')
    content = silent.model_dump_json()
    before = content.replace('"ties":[],', "")
    assert before != content
    assert silent.hash == hashlib.sha256(before.encode()).hexdigest()[:12]
    tied = partners('between = ["a", "b"]\ntrust = 0.6')
    changed = partners('between = ["a", "b"]\ntrust = 0.7')
    one_way = partners('between = ["a", "b"]\ntrust = 0.6\nmutual = false')
    assert len({partners().hash, tied.hash, changed.hash, one_way.hash}) == 4


def test_overrides_reach_ties_and_membership(partners: Any) -> None:
    overrides = ("ties.0.trust=0.7", "groups.c.member=true")
    scenario = partners('between = ["a", "b"]\ntrust = 0.6', overrides=overrides)
    assert scenario.ties[0].trust == 0.7
    assert scenario.groups[2].member


@pytest.mark.parametrize(
    ("tie", "said"),
    [
        ('between = ["a", "e"]\ntrust = 0.6', "ties.0.between: found unknown group 'e'; allowed: a group"),
        ('between = ["a", "a"]\ntrust = 0.6', "ties.0.between: found 'a' and itself; allowed: two groups"),
        ('between = ["a"]\ntrust = 0.6', "ties.0.between"),
        ('between = ["a", "b"]\ntrust = 1.5', "ties.0.trust: found 1.5; allowed: a number, 0 to 1"),
        ('between = ["a", "b"]\ntrust = 0.5\n[[ties]]\nbetween = ["b", "a"]\ntrust = 0.6', "found a second"),
        ('between = ["a", "b"]\ntrust = 0.6\nmutal = true', "Did you mean 'mutual'?"),
    ],
)  # fmt: skip
def test_bad_ties(partners: Any, tie: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        partners(tie)
    assert said in str(caught.value)


def test_two_one_way_ties_may_differ_by_direction(partners: Any, opened: Any) -> None:
    ties = [f'between = ["{one}", "{other}"]\ntrust = {trust}\nmutual = false' for one, other, trust in
            (("a", "b", 0.6), ("b", "a", 0.1))]  # fmt: skip
    trust = opening(opened, partners(*ties)).trust
    assert (trust[0, 1], trust[1, 0]) == (0.6, 0.1)


def test_names_of_organizations_are_their_own(case: Any, partners: Any) -> None:
    assert partners().organization_names == ["a", "b", "c 1", "c 2", "d 1", "d 2", "d 3", "d 4"]
    assert case("organizations.count=2").organization_names == ["organization 1", "organization 2"]
    group = '[[groups]]\nname = "{}"\ntitle = "The Council"\nsector = "government"\ncount = 1\n'
    names = case(more=group.format("one") + group.format("two")).organization_names
    assert names == ["The Council (one)", "The Council (two)"]


def test_the_template_shows_ties() -> None:
    assert "# [[ties]]" in template("mine")
    assert "# member = true" in template("mine")


def test_an_initiative_may_begin_with_nobody(partners: Any) -> None:
    nobody = ("groups.a.member=false", "groups.b.member=false", "groups.d.member=false", "participation.recruiting=1.0")
    table = simulate(partners(overrides=nobody)).table
    assert table["participation"][0] == 0.0
    assert table["trust"][0] == 0.0
    assert table["participation"][1] > 0.0, "staff recruits"
