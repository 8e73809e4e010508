"""Scenario files: what is read, written and overridden comes out as it went in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_sim.complaints import InputError, nearest
from ci_sim.entries import Community, Lever, StaffEvent
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import (
    find_scenario,
    parse_scenario,
    read_scenario,
    shipped_scenarios,
    shorten,
    template,
    with_parameters,
    write_scenario,
)

EXAMPLES = "# Levers by name"
HEAD = 'schema_version = 1\nname = "case"\n'


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_survive_writing_and_reading(name: str, tmp_path: Path) -> None:
    scenario = read_scenario(name)
    write_scenario(scenario, tmp_path / "copy.toml")
    copy = read_scenario(str(tmp_path / "copy.toml"))
    assert copy == scenario
    assert copy.hash == scenario.hash
    assert copy.model_fields_set == scenario.model_fields_set


texts = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(title=texts, sources=st.lists(texts, max_size=3), place=texts.filter(bool), pull=st.floats(1e-9, 1e3))
def test_any_text_and_number_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, title: str, sources: list[str], place: str, pull: float
) -> None:
    scenario = Scenario.model_validate(
        {
            "schema_version": 1,
            "name": "case",
            "title": title,
            "sources": sources,
            "communities": [{"name": place, "pull": pull}],
            "costs": {"program": pull + 1},
        }
    )
    path = tmp_path_factory.mktemp("any") / "case.toml"
    write_scenario(scenario, path)
    assert read_scenario(str(path)) == scenario


def test_scenarios_made_in_python_can_be_written(tmp_path: Path) -> None:
    scenario = Scenario(
        schema_version=1,
        name="made",
        levers=[Lever(name=f"l{n}") for n in range(6)],
        communities=[Community(name="Old Town", pull=None)],
        events=[StaffEvent(kind="staff", month=3, staff=0.0)],
    )
    write_scenario(scenario, tmp_path / "made.toml")
    assert read_scenario(str(tmp_path / "made.toml")).hash == scenario.hash


def test_shipped_scenarios_are_found_by_name_and_files_by_path(tmp_path: Path) -> None:
    assert find_scenario("homelessness").name == "homelessness.toml"
    (tmp_path / "mine").write_text(HEAD)
    assert read_scenario(str(tmp_path / "mine")).name == "case"
    assert find_scenario("not_there.toml") == Path("not_there.toml")


@pytest.mark.parametrize("start", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_files_of_other_editors_are_read(start: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_bytes((start + HEAD.replace("\n", end)).encode())
    assert read_scenario(str(path)) == parse_scenario(HEAD)


# The template


def test_the_template_is_the_default_scenario() -> None:
    description = 'description="Numbers are illustrative."'
    assert parse_scenario(template("case")).hash == parse_scenario(HEAD, overrides=[description]).hash


def test_the_template_lists_every_parameter_with_its_default_range_and_meaning() -> None:
    text, section, seen = template("mine").partition(EXAMPLES)[0], "", []
    for line in text.splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.fullmatch(r"# (\w+) = (\S+)  # (.+)", line):
            key = f"{section}.{match[1]}"
            seen.append(key)
            assert PARAMETERS[key].allowed in match[3]
            assert PARAMETERS[key].meaning in match[3]
    assert seen == list(PARAMETERS)


def test_every_line_of_the_template_may_be_taken_in() -> None:
    text = template("mine").partition(EXAMPLES)[0]
    taken_in, lines = re.subn(r"(?m)^# (\w+ = \S+  # )", r"\1", text)
    assert lines == len(PARAMETERS)
    assert parse_scenario(taken_in).hash == parse_scenario(text).hash


def test_the_examples_of_the_template_are_valid_together() -> None:
    before, _, after = template("mine").partition(EXAMPLES)
    examples = [line.removeprefix("# ") for line in after.splitlines() if re.match(r"# (\[\[|\w+ = )", line)]
    explicit = before.replace('# wiring = "random"', 'wiring = "explicit"')
    scenario = parse_scenario(explicit + "\n".join(examples))
    assert scenario.levers
    assert scenario.groups
    assert scenario.communities
    assert scenario.events
    assert scenario.arms


# Overrides


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("problem.levers=9", lambda s: s.problem.levers == 9),
        (" problem . levers = 9 ", lambda s: s.problem.levers == 9),
        ("problem.wiring=ring", lambda s: s.problem.wiring == "ring"),
        ('problem.wiring="ring"', lambda s: s.problem.wiring == "ring"),
        ("backbone.staff=2", lambda s: s.backbone.staff == 2),
        ("title=Half = done", lambda s: s.title == "Half = done"),
        ('sources=["a", "b"]', lambda s: s.sources == ["a", "b"]),
    ],
)
def test_overrides_of_keys(override: str, read: Callable[[Scenario], bool]) -> None:
    assert read(parse_scenario(HEAD, overrides=[override]))


def test_overrides_reach_list_entries_by_name_and_by_number() -> None:
    overrides = ["groups.shelters.count=9", "events.1.month=80", "communities.0.pull=2.5", "levers.0.title=Homes"]
    scenario = read_scenario("homelessness", overrides)
    assert next(group.count for group in scenario.groups if group.name == "shelters") == 9
    assert scenario.events[1].month == 80
    assert scenario.communities[0].pull == 2.5
    assert scenario.levers[0].title == "Homes"
    plain = read_scenario("homelessness")
    shelters = next(group.count for group in plain.groups if group.name == "shelters")
    assert scenario.organizations.count == plain.organizations.count + 9 - shelters


def test_the_last_override_of_a_key_holds() -> None:
    assert parse_scenario(HEAD, overrides=["problem.levers=9", "problem.levers=8"]).problem.levers == 8


def test_an_override_sets_one_key_whatever_its_text() -> None:
    with pytest.raises(InputError, match=r"problem.levers: found '9\\nname"):
        parse_scenario(HEAD, overrides=['problem.levers=9\nname="other"'])


def test_parameters_of_a_scenario_are_changed_as_by_overrides() -> None:
    changed = with_parameters(read_scenario("homelessness"), {"backbone.staff": 2, "groups.shelters.count": 9})
    assert changed.hash == read_scenario("homelessness", ["backbone.staff=2", "groups.shelters.count=9"]).hash
    with pytest.raises(InputError, match=r"problem.levrs.*Did you mean 'levers'"):
        with_parameters(changed, {"problem.levrs": 3})


def test_a_shorter_horizon_leaves_later_events_out() -> None:
    scenario = read_scenario("homelessness")
    months = [event.month for event in scenario.events]
    shortened, left_out = shorten(scenario, months[0])
    assert shortened.horizon.months == months[0]
    assert [event.month for event in shortened.events] == months[:1]
    assert left_out == len(months) - 1
    same, none = shorten(scenario, 120)
    assert none == 0
    assert same.events == scenario.events
    assert shorten(parse_scenario(HEAD), 24)[0].hash == parse_scenario(HEAD, overrides=["horizon.months=24"]).hash


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("problem.levrs", PARAMETERS, "problem.levers"),
        ("levrs", PARAMETERS, "problem.levers"),
        ("conditions.staff", PARAMETERS, "backbone.staff"),
        ("homelesness", ["default", "homelessness"], "homelessness"),
        ("zzz", PARAMETERS, ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_name(name: str, known: list[str], near: str) -> None:
    assert nearest(name, known) == near
