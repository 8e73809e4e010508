"""Variants: what is merged, what is added, what is replaced; and whose fault it is when it does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ci_sim.arms import STANDARD_ARMS
from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.entries import StaffEvent
from ci_sim.extends import differences, merge
from ci_sim.scenario_file import (
    parent_name,
    parse_scenario,
    read_differences,
    read_scenario,
    with_parameters,
    write_scenario,
)
from ci_sim.simulate import simulate

OWN = 'schema_version = 1\nname = "{name}"\n'


def variant(text: str, name: str = "mine", extends: str = "homelessness") -> str:
    return OWN.format(name=name) + f'extends = "{extends}"\n{text}'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def file(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    return name


def refused(text: str, name: str = "mine.toml") -> str:
    result = CliRunner().invoke(main, ["validate", file(name, text)])
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    return result.stderr


# What comes out


def test_tables_are_merged_key_by_key() -> None:
    scenario, parent = parse_scenario(variant("[hazards]\nfunding_loss = 0.2\n")), read_scenario("homelessness")
    assert scenario.hazards.funding_loss == 0.2
    assert scenario.hazards.leader_turnover == parent.hazards.leader_turnover != 0
    assert scenario.backbone == parent.backbone
    assert scenario.groups == parent.groups


def test_named_entries_are_changed_in_place_and_others_added() -> None:
    text = '[[groups]]\nname = "shelters"\nprograms = 2\nlevers = ["outreach"]\n' + (
        '[[groups]]\nname = "choirs"\nsector = "civil society"\ncount = 2\nlevers = ["outreach"]\n'
    )
    scenario, parent = parse_scenario(variant(text)), read_scenario("homelessness")
    assert [group.name for group in scenario.groups] == [*(group.name for group in parent.groups), "choirs"]
    number = [group.name for group in parent.groups].index("shelters")
    shelters, before = scenario.groups[number], parent.groups[number]
    assert (shelters.programs, shelters.levers) == (2, ["outreach"])
    assert (shelters.count, shelters.title, shelters.sector) == (before.count, before.title, before.sector)
    assert scenario.organizations.count == parent.organizations.count + 2


def test_a_lever_keeps_its_links_unless_the_variant_lists_them() -> None:
    scenario = parse_scenario(variant('[[levers]]\nname = "outreach"\ntitle = "Walks"\n'))
    parent = read_scenario("homelessness")
    assert scenario.levers[4].title == "Walks"
    assert scenario.levers[4].depends_on == parent.levers[4].depends_on
    cut = parse_scenario(variant('[[levers]]\nname = "outreach"\ndepends_on = []\n'))
    assert cut.levers[4].depends_on == []
    assert cut.problem.levers == 12


def test_events_and_sources_are_added_and_evidence_is_changed_by_what_it_is_about() -> None:
    text = (
        'sources = ["Mine 2020", "Kania & Kramer 2011, Collective Impact, Stanford Social Innovation Review"]\n'
        '[[events]]\nmonth = 12\nkind = "staff"\nstaff = 1.0\n'
        '[[evidence]]\nwhat = "backbone.staff"\ngrade = "invented"\n'
    )
    scenario, parent = parse_scenario(variant(text)), read_scenario("homelessness")
    assert scenario.events[:-1] == parent.events
    assert isinstance(scenario.events[-1], StaffEvent)
    assert scenario.sources == [*parent.sources, "Mine 2020"]
    assert len(scenario.evidence) == len(parent.evidence)
    (staff,) = [evidence for evidence in scenario.evidence if evidence.what == "backbone.staff"]
    assert staff.grade == "invented"


def test_what_is_replaced_is_not_taken_over() -> None:
    text = 'replace = ["events", "hazards"]\n[hazards]\nclosure = 0.1\n'
    scenario = parse_scenario(variant(text))
    assert scenario.events == []
    assert scenario.hazards.closure == 0.1
    assert scenario.hazards.leader_turnover == 0.0


def test_a_files_own_words_are_not_inherited() -> None:
    scenario = parse_scenario(variant(""))
    assert (scenario.name, scenario.title, scenario.description) == ("mine", "", "")
    assert "schema_version: found nothing" in refused('name = "mine"\nextends = "homelessness"\n')
    assert "name: found nothing" in refused('schema_version = 1\nextends = "homelessness"\n')


def test_a_variant_that_changes_nothing_runs_like_its_parent() -> None:
    same = simulate(parse_scenario(variant("", extends="default")), arm=STANDARD_ARMS["collective_impact"])
    assert (same.records == simulate(read_scenario("default")).records).all()


def test_merging_changes_neither_side() -> None:
    parent = {"backbone": {"staff": 1.0}, "groups": [{"name": "a", "count": 1}], "sources": ["x"]}
    child = {"backbone": {"skill": 2.0}, "groups": [{"name": "a", "count": 2}], "sources": ["y"]}
    before = json.dumps([parent, child])
    merged = merge(parent, child)
    assert merged["backbone"] == {"staff": 1.0, "skill": 2.0}
    assert merged["groups"] == [{"name": "a", "count": 2}]
    assert json.dumps([parent, child]) == before


def test_chains_and_paths_from_the_folder_of_the_file() -> None:
    file("cases/base.toml", variant("[backbone]\nstaff = 3.0\nskill = 0.5\n", "base"))
    file("cases/deep/top.toml", variant("[backbone]\nstaff = 2.0\n", "top", "../base.toml"))
    scenario = read_scenario("cases/deep/top.toml")
    assert (scenario.backbone.staff, scenario.backbone.skill) == (2.0, 0.5)
    assert len(scenario.levers) == 12
    assert parent_name("cases/deep/top.toml") == "../base.toml"
    assert read_differences("cases/deep/top.toml") == ("../base.toml", ["backbone.staff 2.0 instead of 3.0"])


def test_overrides_work_on_top_and_reach_what_is_inherited() -> None:
    name = file("mine.toml", variant("[backbone]\nstaff = 3.0\n"))
    scenario = read_scenario(name, ["backbone.staff=1", "groups.shelters.count=9", "events.1.month=80"])
    assert scenario.backbone.staff == 1
    assert scenario.events[1].month == 80
    assert with_parameters(read_scenario(name), {"backbone.staff": 1}).backbone.staff == 1


def test_a_variant_is_written_whole(tmp_path: Path) -> None:
    scenario = parse_scenario(variant("[backbone]\nstaff = 3.0\n"))
    write_scenario(scenario, tmp_path / "whole.toml")
    text = (tmp_path / "whole.toml").read_text()
    assert "extends" not in text
    assert "coordinated_entry" in text
    assert read_scenario(str(tmp_path / "whole.toml")).hash == scenario.hash


def test_results_carry_the_whole_scenario() -> None:
    name = file("mine.toml", variant("[backbone]\nstaff = 3.0\n[horizon]\nmonths = 80\n"))
    command = ["compare", name, "--replications", "2", "--months", "2", "--arms", "isolated", "--out", "results"]
    assert CliRunner().invoke(main, command).exit_code == 0
    described = json.loads(Path("results/manifest.json").read_text())["design"]["scenario"]
    assert described["name"] == "mine"
    assert len(described["levers"]) == 12
    assert described["backbone"]["staff"] == 3.0
    assert "extends" not in described


# What is refused, and whose fault it is


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (variant("", extends="homelesness"), ["no scenario 'homelesness'", "Did you mean 'homelessness'?"]),
        (variant("", extends="base.toml"), ["extends: found no scenario 'base.toml'", "from this file's folder"]),
        (variant("", extends=""), ["extends: found no scenario ''"]),
        (variant("", extends="."), ["extends: found no scenario '.'"]),
        (variant("", extends="a\\u0000b"), ["extends: found no scenario"]),
        (OWN.format(name="mine") + "extends = 3\n", ["extends: found no text"]),
        (OWN.format(name="mine") + 'replace = ["events"]\n', ["replace: found nothing that is extended"]),
        (variant('replace = ["event"]\n'), ["replace: found 'event'", "Did you mean 'events'?"]),
        (variant("replace = 3\n"), ["replace: found no list of texts"]),
        (variant("[backbone]\nstaf = 3.0\n"), ["backbone.staf: found an unknown key", "Did you mean 'staff'?"]),
        (variant("[backbon]\nstaff = 3.0\n"), ["backbon: found an unknown key", "Did you mean 'backbone'?"]),
        (variant("[horizon]\nmonths = 60\n"), ["events.1.month: found 73; allowed: 1 to 60, the horizon"]),
        (variant("levers = 3\n"), ["levers: found 3; allowed: a list of tables"]),
        (variant("backbone = 3\n"), ["backbone: found 3; allowed: a table"]),
        (
            variant('[[groups]]\nname = "shelter"\nprograms = 2\n'),
            ["groups.shelter: found no such group to change", "Did you mean 'shelters'?"],
        ),
        (variant('[[groups]]\nname = "shelters"\ncount = 0\n'), ["groups.shelters.count: found 0"]),
    ],
)  # fmt: skip
def test_faults_of_the_variant_are_its_own(text: str, said: list[str]) -> None:
    message = refused(text)
    assert all(line.startswith(("Error: mine.toml: ", "mine.toml: ")) for line in message.strip().splitlines())
    for fragment in said:
        assert fragment in message


def test_faults_of_a_parent_are_the_parents() -> None:
    file("base.toml", variant("[backbone]\nstaf = 3.0\n", "base"))
    assert refused(variant("", extends="base.toml")).startswith("Error: base.toml: backbone.staf: found an unknown key")
    file("base.toml", "title = \n")
    assert refused(variant("", extends="base.toml")).startswith("Error: base.toml: found no valid TOML")
    file("base.toml", "")
    assert refused(variant("", extends="base.toml")).startswith("Error: base.toml: found an empty file")
    file("base.toml", variant("", "base", "nowhere.toml"))
    assert refused(variant("", extends="base.toml")).startswith("Error: base.toml: extends: found no scenario")


def test_circles_are_found() -> None:
    assert "extends: found a circle: mine.toml -> mine.toml" in refused(variant("", extends="mine.toml"))
    file("other.toml", variant("", "other", "mine.toml"))
    assert "a circle: other.toml -> mine.toml -> other.toml" in refused(variant("", extends="other.toml"))


def test_chains_end_somewhere() -> None:
    for number in range(9):
        file(f"c{number}.toml", variant("", f"c{number}", f"c{number + 1}.toml" if number < 8 else "default"))
    assert read_scenario("c1.toml").name == "c1"
    with pytest.raises(InputError, match="extends: found more than 8 files in a chain"):
        read_scenario("c0.toml")


def test_differences_are_said() -> None:
    parent = read_scenario("homelessness").model_dump(exclude_none=True)
    text = (
        'replace = ["arms"]\n[[events]]\nmonth = 5\nkind = "shock"\nshare = 0.5\n[backbone]\nstaff = 2.0\n'
        '[[arms]]\nname = "mine"\n[[levers]]\nname = "outreach"\ndepends_on = []\n'
    )
    other = parse_scenario(variant(text)).model_dump(exclude_none=True)
    assert list(differences(parent, other)) == [
        "backbone.staff 2.0 instead of 6.0",
        "levers.outreach.depends_on",
        "events: 1 added",
        "arms: 'mine' added",
        "arms: 'by_name_list_only' left out",
    ]
    assert list(differences(parent, parent)) == []
