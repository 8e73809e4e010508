"""Partners from a CSV file: what is read is what is listed, what is wrong is said by row and column, all at once."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ci_sim.cli import main
from ci_sim.complaints import InputError
from ci_sim.partners import SECTOR_WORDS, PartnerCase, read_partners
from ci_sim.partners.organizations import name_from
from ci_sim.partners.sheet import LARGEST_FILE, MOST_ROWS
from ci_sim.scenario import SECTORS, Scenario
from ci_sim.scenario_file import parse_scenario, read_scenario

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")
HEAD = "organization,sector,levers,programs,attempts,member\n"
GOOD = HEAD + "City Hall,city,lever_1,3,2.5,yes\nShelter,NGO,lever_2;lever_3,,,no\n"


@pytest.fixture(scope="session")
def default() -> Scenario:
    return read_scenario("default")


@pytest.fixture
def read(tmp_path: Path, default: Scenario, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Partners from the text or bytes of a file, and of one with ties."""
    monkeypatch.chdir(tmp_path)

    def make(partners: str | bytes, ties: str | None = None, base: Scenario = default) -> PartnerCase:
        Path("list.csv").write_bytes(partners if isinstance(partners, bytes) else partners.encode())
        if ties is not None:
            Path("ties.csv").write_text(ties, encoding="utf-8")
        return read_partners(Path("list.csv"), base, None if ties is None else Path("ties.csv"))

    return make


def complaints(read: Any, *files: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(*files)
    return str(caught.value).splitlines()


# What is read


def test_a_list_becomes_groups_of_one(read: Any) -> None:
    first, second = read(GOOD).scenario.groups
    assert (first.name, first.title, first.sector, first.count) == ("city_hall", "City Hall", "government", 1)
    assert (first.levers, first.programs, first.attempts, first.member) == (["lever_1"], 3, 2.5, True)
    assert (second.sector, second.levers, second.member) == ("civil society", ["lever_2", "lever_3"], False)
    assert second.programs is None
    assert second.attempts is None


def test_everything_but_the_organizations_is_as_in_the_base(default: Scenario, read: Any) -> None:
    base = read_scenario("homelessness")
    made = read(GOOD.replace("lever_1", "outreach").replace("lever_2;lever_3", "Rapid rehousing"), None, base).scenario
    same = set(Scenario.model_fields) - {
        "name",
        "title",
        "description",
        "groups",
        "organizations",
        "events",
        "evidence",
    }
    assert [key for key in same if getattr(made, key) != getattr(base, key)] == []
    assert made.organizations.count == 2
    assert made.groups[1].levers == ["rapid_rehousing"]
    assert [event.month for event in made.events] == [73], "the event that names groups of the base is left out"
    assert not [evidence for evidence in made.evidence if "Continuum of Care (24 CFR 578.5" in evidence.source]
    assert any("2 partner organizations" in evidence.what for evidence in made.evidence)
    assert "Calder Falls" in made.description
    assert default.organizations.count == 24


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(GOOD.replace("2;l", "2|l").replace(",", ";"), id="semicolons"),
        pytest.param(GOOD.replace(",", ";").replace("lever_2;lever_3", '"lever_2;lever_3"').replace("2.5", "2,5"),
                     id="semicolons, quotes and a decimal comma"),
        pytest.param(GOOD.replace(",", "\t"), id="tabs"),
        pytest.param(GOOD.replace("City Hall", '"City  Hall\n"'), id="a line end within quotes"),
        pytest.param(GOOD.replace("\nShelter", "\n,,,,,\n\n Shelter "), id="blank rows and outer blanks"),
        pytest.param(GOOD.replace("organization,sector,levers", "Name,SECTOR, Works_On"), id="headings in other words"),
        pytest.param(GOOD.replace("lever_2;lever_3", "Lever 2; lever-3;;LEVER_2"), id="levers in other letters"),
        pytest.param(GOOD.replace(",no", ",").replace("yes", "x"), id="membership by crosses"),
    ],
)  # fmt: skip
def test_lists_of_any_spreadsheet_say_the_same(read: Any, text: str) -> None:
    assert read(text).scenario.groups == read(GOOD).scenario.groups


def test_without_a_word_on_membership_it_is_left_open(read: Any) -> None:
    for text in (GOOD.replace("yes", "").replace(",no", ","), "name,sector,levers\nCity Hall,city,\n"):
        made = read(text)
        assert [group.member for group in made.scenario.groups] == [None] * len(made.scenario.groups)
        assert any("participation.initial" in note for note in made.notes)


@pytest.mark.parametrize(
    ("word", "sector"), [(word, sector) for sector, words in SECTOR_WORDS.items() for word in words]
)
def test_every_word_for_a_sector_is_taken(read: Any, word: str, sector: str) -> None:
    text = HEAD + f"City Hall,{word.upper().replace(' ', '-')},,,,\n"
    assert read(text).scenario.groups[0].sector == sector


def test_notes_say_what_was_left_to_chance_and_out(read: Any) -> None:
    notes = " ".join(read(GOOD.replace(",member", ",member,phone").replace("lever_1", "")).notes)
    for said in (
        "2 organizations (1 government, 1 civil society), 0 ties.",
        "1 take part",
        "Levers of 1 are drawn",
        "phone",
    ):
        assert said in notes
    assert "Nobody works on: lever_4, lever_5" in " ".join(read(GOOD).notes)


def test_ties_are_read_with_their_direction(read: Any) -> None:
    ties = "From,To,Strength,Direction\ncity hall,SHELTER,.6,\n"
    (tie,) = read(GOOD, ties).scenario.ties
    assert (tie.between, tie.trust, tie.mutual) == (["city_hall", "shelter"], 0.6, True)
    ties = "from;to;strength;direction\nCity Hall;Shelter;0,6;directed\nShelter;City Hall;0;directed\n"
    first, second = read(GOOD, ties).scenario.ties
    assert (first.between, first.trust, first.mutual) == (["city_hall", "shelter"], 0.6, False)
    assert (second.between, second.trust, second.mutual) == (["shelter", "city_hall"], 0.0, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("City of Harbor (Housing)", "city_of_harbor_housing"),
        ("Škola Nová", "skola_nova"),
        ("東京", "partner_7"),
        ("3M", "partner_7_3m"),
        ("x" * 99, "x" * 60),
        ("taken", "taken_3"),
    ],
)
def test_names_of_scenarios_from_any_text(text: str, name: str) -> None:
    assert name_from(text, "partner_7", {"taken", "taken_2"}) == name


# What is wrong


ROWS = {
    "no organization": (",city,,,,", ["row 3, organization: found nothing"]),
    "the same organization again": ("CITY hall,city,,,,", ["row 3, organization: found 'CITY hall' again", "row 2"]),
    "a name too long": ("x" * 201 + ",city,,,,", ["row 3, organization: found 201 characters", "at most 200"]),
    "no sector": ("Shelter,,,,,", ["row 3, sector: found nothing", "civil society (nonprofit"]),
    "unknown sector": ("Shelter,goverment,,,,", ["row 3, sector: found 'goverment'", "Did you mean 'government'?"]),
    "unknown lever": (
        "Shelter,ngo,lever_1; lever_22,,,",
        ["row 3, levers: found unknown lever 'lever_22'", "levers of the scenario default", "Did you mean 'lever_2'?"],
    ),
    "words for a number": ("Shelter,ngo,,many,,", ["row 3, programs: found 'many'; allowed: an integer, 0 to 10,000"]),
    "a fraction of programs": ("Shelter,ngo,,2.5,,", ["row 3, programs: found 2.5; allowed: an integer"]),
    "too many programs": ("Shelter,ngo,,1e9,,", ["row 3, programs: found 1000000000"]),
    "not a number": ("Shelter,ngo,,,nan,", ["row 3, attempts: found nan; allowed: a number, 0 to 100"]),
    "infinite": ("Shelter,ngo,,inf,,", ["row 3, programs: found inf"]),
    "negative": ("Shelter,ngo,,,-1,", ["row 3, attempts: found -1"]),
    "neither yes nor no": ("Shelter,ngo,,,,maybe", ["row 3, member: found 'maybe'; allowed: yes or no"]),
    "too many cells": ("Shelter,ngo,,,,no,more", ["row 3: found 7 cells; allowed: 6", "put quotes"]),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_bad_rows(read: Any, what: str) -> None:
    row, said = ROWS[what]
    (line,) = complaints(read, HEAD + f"City Hall,city,,,,\n{row}\n")
    assert line.startswith("list.csv: ")
    for fragment in said:
        assert fragment in line


FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["an empty file"]),
    "blank": (" \n\n", ["an empty file"]),
    "no rows": (HEAD + ",,,,,\n", ["a heading and no rows"]),
    "binary": (bytes(range(256)), ["a binary file", "CSV UTF-8"]),
    "a spreadsheet": (b"PK\x03\x04" + bytes(90), ["a spreadsheet file", "save as 'CSV UTF-8'"]),
    "another encoding": ((HEAD + "Škola,ngo,,,,").encode("cp1250"), ["another encoding", "CSV UTF-8"]),
    "UTF-16": (GOOD.encode("utf-16"), ["text in UTF-16", "CSV UTF-8"]),
    "too large": (HEAD + "x" * LARGEST_FILE, ["more than 1,000,000 bytes"]),
    "too many rows": (HEAD + "x,ngo,,,,\n" * (MOST_ROWS + 1), ["5,001 rows; allowed: at most 5,000"]),
    "a missing column": ("name,sektor\nA,city\n", ["row 1: found no column 'sector'", "no column 'levers'"]),
    "two columns for one thing": ("name,partner,sector,levers\n", ["row 1: found two columns for organization"]),
    "open quotes": (HEAD + '"City Hall,city\n', ["quotes that do not fit"]),
}


@pytest.mark.parametrize("what", FILES)
def test_bad_files(read: Any, what: str) -> None:
    content, said = FILES[what]
    lines = complaints(read, content)
    assert all(line.startswith("list.csv: ") and len(line) < 700 for line in lines)
    for fragment in said:
        assert fragment in "\n".join(lines)


TIES = {
    "unknown organization": ("City Hal,Shelter,0.5", ["row 2, from: found unknown", "mean 'City Hall'?"]),
    "no organization": (",Shelter,0.5", ["row 2, from: found nothing"]),
    "itself": ("Shelter,shelter,0.5", ["row 2, to: found 'shelter', the organization itself"]),
    "too strong": ("City Hall,Shelter,1.5", ["row 2, strength: found 1.5; allowed: a number, 0 to 1"]),
    "negative": ("City Hall,Shelter,-0.1", ["row 2, strength: found -0.1"]),
    "words": ("City Hall,Shelter,strong", ["row 2, strength: found 'strong'; allowed: a number, 0 to 1"]),
    "nothing": ("City Hall,Shelter,", ["row 2, strength: found nothing; allowed: a number, 0 to 1"]),
    "a direction": ("City Hall,Shelter,0.5,mutal", ["row 2, direction: found 'mutal'", "Did you mean 'mutual'?"]),
    "twice": ("City Hall,Shelter,0.5\nShelter,City Hall,0.6", ["row 3: found the same tie again, as in row 2"]),
}  # fmt: skip


@pytest.mark.parametrize("what", TIES)
def test_bad_ties(read: Any, what: str) -> None:
    row, said = TIES[what]
    (line,) = complaints(read, GOOD, f"from,to,strength,direction\n{row}\n")
    assert line.startswith("ties.csv: ")
    for fragment in said:
        assert fragment in line


def test_everything_wrong_in_both_files_is_said_at_once(read: Any) -> None:
    partners = HEAD + "City Hall,town,lever_99,x,,\n\nShelter,ngo,,,,maybe\n"
    lines = complaints(read, partners, "from,to,strength\nCity Hall,Nobody,0.5\nShelter,City Hall,2\n")
    assert [line.split(": found")[0] for line in lines] == [
        "list.csv: row 2, sector", "list.csv: row 2, levers", "list.csv: row 2, programs", "list.csv: row 4, member",
        "ties.csv: row 2, to", "ties.csv: row 3, strength",
    ]  # fmt: skip
    lines = complaints(read, "name\n", "from\n")
    assert {line.partition(":")[0] for line in lines} == {"list.csv", "ties.csv"}


def ci_sim(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_overwrites_nothing_and_writes_nothing_on_bad_input(read: Any) -> None:
    read(GOOD)
    Path("mine.toml").write_text("mine")
    result = ci_sim("partners", "list.csv", "--out", "mine.toml")
    assert result.exit_code == 2
    assert "an existing file" in result.stderr
    assert Path("mine.toml").read_text() == "mine"
    Path("list.csv").write_text(HEAD + "A,nothing known,,,,\n")
    for arguments, said in (
        (("list.csv", "--out", "new.toml"), "Error: list.csv: row 2, sector: found 'nothing known'"),
        (("none.csv", "--out", "new.toml"), "none.csv: found no such file"),
        (("list.csv", "--base", "homelesness", "--out", "new.toml"), "Did you mean 'homelessness'?"),
        (("list.csv", "--ties", "none.csv", "--out", "new.toml"), "none.csv: found no such file"),
    ):
        result = ci_sim("partners", *arguments)
        assert result.exit_code == 2
        assert said in result.stderr
        assert "Traceback" not in result.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["list.csv", "mine.toml"]


def test_a_file_that_cannot_be_written_is_said(read: Any) -> None:
    read(GOOD)
    result = ci_sim("partners", "list.csv", "--out", "nowhere/mine.toml")
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr


# The page


def commands() -> list[str]:
    return re.findall(r"^ci-sim .+$", PAGE, re.MULTILINE)


def test_the_commands_of_the_page_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    said = []
    for command in commands():
        result = ci_sim(*shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"
        said.append(result.stdout)
    assert len(said) == 4
    assert "12 organizations" in said[0]
    assert "harbor is valid: 12 levers, 16 communities, 12 organizations" in said[1]
    assert "20 worlds" in said[2]
    assert (tmp_path / "harbor_map" / "blueprint.json").exists()
    scenario = parse_scenario((tmp_path / "harbor.toml").read_text(encoding="utf-8"))
    assert scenario.organization_names[2] == "Planning Office, City of Harbor"
    assert len(scenario.ties) == 8


def test_the_words_for_sectors_on_the_page_are_those_of_the_code() -> None:
    for sector in SECTORS:
        row = re.search(rf"^\| {sector} \| (.+) \|$", PAGE, re.MULTILINE)
        assert row
        assert tuple(row[1].split(", ")) == SECTOR_WORDS[sector][1:]
