"""The scenario library and its questions: each keeps what it promises, and says what it says now."""

from __future__ import annotations

import re
import runpy

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS, available_arms
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario import SECTORS, Scenario
from ci_sim.scenario_file import (
    find_scenario,
    parent_name,
    read_differences,
    read_scenario,
    shipped_questions,
    shipped_scenarios,
)
from ci_sim.simulate import simulate, simulate_arms

FOLDER = find_scenario("homelessness").parent
PROBLEMS = ["community_development", "community_health", "education", "homelessness", "urban_nature"]
QUESTIONS = shipped_questions()
CITED = re.compile(r"([A-Z][a-z]+)(?: et al\.|(?:, | & |[A-Za-z])*) (\d{4})\b")
"""First author and year."""
CRITICS = {
    "excluded_residents": "McAfee, Blackwell & Bell 2015",
    "services_crowded_out": "Wolff 2016",
    "top_down_agenda": "Wolff 2016",
}


@pytest.fixture(scope="module", params=PROBLEMS)
def problem(request: pytest.FixtureRequest) -> Scenario:
    return read_scenario(request.param)


def test_problems_and_questions_are_shipped_problems_first() -> None:
    names = list(shipped_scenarios())
    assert set(PROBLEMS) | {"default", "technical_problem"} == set(names) - set(QUESTIONS)
    assert names[-len(QUESTIONS) :] == QUESTIONS
    assert len(QUESTIONS) >= 11
    assert len(set(names)) == len(list(FOLDER.glob("**/*.toml")))
    assert all(read_scenario(name).name == name for name in names)


# Problems


def test_a_problem_has_named_levers_with_two_ways_and_a_reason_for_each_link(problem: Scenario) -> None:
    assert problem.problem.wiring == "explicit"
    assert 10 <= len(problem.levers) <= 14
    assert all(lever.title and len(set(lever.ways)) == 2 for lever in problem.levers)
    links = [link for lever in problem.levers for link in lever.depends_on]
    assert len({link.because for link in links}) == len(links), "a reason of its own for each link"
    assert all(len(link.because) > 30 for link in links)


def test_rows_of_the_wiring_differ_in_k_and_every_lever_drives_another(problem: Scenario) -> None:
    assert len({len(lever.depends_on) for lever in problem.levers}) >= 4
    assert {link.lever for lever in problem.levers for link in lever.depends_on} == set(problem.lever_names)


def test_organizations_are_of_all_sectors_and_can_serve_every_lever(problem: Scenario) -> None:
    assert {group.sector for group in problem.groups} == set(SECTORS)
    assert all(group.title and group.levers and group.programs for group in problem.groups)
    mandates = [lever for group in problem.groups for lever in group.levers for _ in range(group.count)]
    fewest = min(mandates.count(lever) for lever in problem.lever_names)
    assert fewest >= 3, "an Intertwine Project needs three lead organizations; so can every lever have here"
    programs = sum(group.count * (group.programs or 0) for group in problem.groups)
    assert 1.1 <= programs / (len(problem.levers) * len(problem.communities)) <= 1.5
    assert len(problem.communities) <= 24


def test_numbers_are_graded_and_sources_given(problem: Scenario) -> None:
    assert "illustrative" in problem.description
    assert "no forecast" in problem.description
    told = " ".join(evidence.what for evidence in problem.evidence)
    changed = [key for key in PARAMETERS if _set(problem, key) and not key.endswith((".levers", ".communities"))]
    for key in changed:
        section, name = key.split(".")
        assert key in told or (section in told and name in told), key
    for listed in ("levers", "communities", "groups", "events", "wiring", "contribution tables", "costs"):
        assert listed in told, listed
    assert all(evidence.source for evidence in problem.evidence)
    assert "invented" in {evidence.grade for evidence in problem.evidence}


def _set(scenario: Scenario, key: str) -> bool:
    section, name = key.split(".")
    return name in getattr(scenario, section).model_fields_set and key not in ("problem.wiring", "organizations.count")


def test_what_is_cited_is_among_the_sources(problem: Scenario) -> None:
    reasons = [link.because for lever in problem.levers for link in lever.depends_on]
    texts = [*reasons, problem.description, *(evidence.source for evidence in problem.evidence)]
    cited = {match for text in texts for match in CITED.findall(text)}
    assert len(cited) >= 8
    sources = " | ".join(problem.sources)
    for name, year in cited:
        assert re.search(rf"{name}[^|]*{year}", sources), f"{name} {year} is cited but not among the sources"


def test_urban_nature_grows_as_the_alliance_did() -> None:
    scenario = read_scenario("urban_nature", ["horizon.months=24", "events.0.month=1", "events.1.month=1"])
    count = scenario.organizations.count
    members = [simulate(scenario, world).table["participation"] * count for world in range(6)]
    assert all(round(course[0]) == 28 for course in members)
    assert 90 <= np.mean([course[24] for course in members]) <= 112
    assert np.mean([course[24] for course in members]) > 100 - 5


# Questions


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_asks_changes_something_and_says_how_well_it_is_founded(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.title.endswith("?")
    assert "llustrative" in scenario.description
    parent, changes = read_differences(name)
    assert parent in {*PROBLEMS, "default"}
    assert changes
    told = " ".join(evidence.what for evidence in scenario.evidence)
    for change in changes:
        table, key, *_ = re.split(r"[ .:]+", change)
        assert table in told, change
        assert table in ("events", "groups", "arms", "conditions") or key in told, change
    whole = find_scenario(name).read_text()
    assert len(whole) < 4000, "a question states its difference only"


@pytest.mark.parametrize("name", CRITICS)
def test_devils_advocates_are_linked_to_their_critics(name: str) -> None:
    scenario = read_scenario(name)
    critic, year = CRITICS[name].rsplit(" ", 1)
    assert CRITICS[name] in scenario.description
    assert any(critic in source and year in source for source in scenario.sources)
    assert "is a judgement" in " ".join(scenario.description.split())


def test_the_money_of_the_crowded_out_services_is_the_backbones() -> None:
    scenario, parent = read_scenario("services_crowded_out"), read_scenario(parent_name("services_crowded_out"))

    def programs(case: Scenario) -> int:
        return sum(group.count * (group.programs or 0) for group in case.groups)

    closed = (programs(parent) - programs(scenario)) * scenario.costs.program
    assert closed == scenario.backbone.staff * scenario.costs.staff


def test_numbers_of_partners_leave_the_tries_in_all_the_same() -> None:
    tries = [
        case.organizations.count * case.organizations.attempts
        for case in map(read_scenario, ("default", "five_partners", "fifteen_partners", "forty_partners"))
    ]
    assert tries == pytest.approx([72.0] * 4)


def test_twins_have_the_same_conditions_in_the_end_and_the_same_isolated_world() -> None:
    backbone, agenda = (read_scenario(f"{first}_first", ["horizon.months=75"]) for first in ("backbone", "agenda"))
    arms = [STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"]]
    first, second = (list(simulate_arms(case, arms, [0])) for case in (backbone, agenda))
    assert (first[0].records == second[0].records).all()
    before = [run.table["common_agenda"].iloc[24] for run in (first[1], second[1])]
    assert before[0] == 0 < before[1]
    assert first[1].table["budget_carried"].iloc[24] > 0 == second[1].table["budget_carried"].iloc[24]
    for run in (first[1], second[1]):
        assert (
            (run.table[["common_agenda", "shared_measurement", "continuous_communication"]].iloc[-1] > 0.5).all().all()
        )


# All


@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_scenario_runs(name: str) -> None:
    scenario = read_scenario(name)
    table = simulate(scenario).table
    assert len(table) == scenario.horizon.months + 1
    assert np.isfinite(table.to_numpy(float)).all()
    assert table["indicator"].iloc[-1] != table["indicator"].iloc[0]


@pytest.mark.parametrize("name", shipped_scenarios())
def test_equal_spend_is_equal(name: str) -> None:
    scenario = read_scenario(name)
    arms = [arm for arm in available_arms(scenario).values() if arm.equal_spend]
    *equal, collective = simulate_arms(scenario, [*arms, STANDARD_ARMS["collective_impact"]], [0])
    for run in equal:
        assert run.records["spend"].sum() == pytest.approx(collective.records["spend"].sum(), rel=0.01)


def test_the_sentences_of_the_readme_are_what_the_model_says_now() -> None:
    script = runpy.run_path(str(FOLDER / "refresh_readme.py"))
    assert script["README"].read_text(encoding="utf-8") == script["readme"](), "run scenarios/refresh_readme.py"
