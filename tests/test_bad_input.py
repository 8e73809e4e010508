"""Bad input: one clear message that names file, key, what was found and what is allowed; status 2, nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_sim.cli import main
from ci_sim.complaints import Complaint, InputError
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parse_scenario, shipped_scenarios, template

HEAD = 'schema_version = 1\nname = "case"\n'
WIRED = """
[problem]
wiring = "explicit"
[[levers]]
name = "housing"
depends_on = [{ lever = "OTHER" }]
[[levers]]
name = "income"
"""
GROUP = '[[groups]]\nname = "g"\nsector = "business"\ncount = 3\n'

FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "unknown key": (HEAD + "[problem]\nlevrs = 3\n", ["problem.levrs", "unknown key", "Did you mean 'levers'?"]),
    "unknown section": (HEAD + "[problems]\nlevers = 3\n", ["problems", "unknown key", "Did you mean 'problem'?"]),
    "key in the wrong section": (HEAD + "[conditions]\nstaff = 3\n", ["Did you mean 'backbone.staff'?"]),
    "key at the top": (HEAD + "interdependence = 3\n", ["Did you mean 'problem.interdependence'?"]),
    "wrong type": (HEAD + '[problem]\nlevers = "many"\n', ["problem.levers: found 'many'", "an integer, 2 to 60"]),
    "fraction for an integer": (HEAD + "[problem]\nlevers = 12.5\n", ["problem.levers: found 12.5", "an integer"]),
    "truth for a number": (HEAD + "[problem]\nrelapse = true\n", ["problem.relapse: found true", "a number, 0 to 1"]),
    "number for truth": (HEAD + '[[arms]]\nname = "x"\nequal_spend = 1\n', ["arms.x.equal_spend", "true or false"]),
    "list for a table": (HEAD + "problem = [1]\n", ["problem: found a list; allowed: a table"]),
    "table for a list": (HEAD + '[levers]\nname = "x"\n', ["levers: found a table; allowed: a list of tables"]),
    "number for a table in a list": (HEAD + "groups = [3]\n", ["groups.0: found 3; allowed: a table"]),
    "date for a number": (HEAD + "[problem]\nlevers = 1979-05-27\n", ["problem.levers: found 1979-05-27"]),
    "out of bounds": (HEAD + "[problem]\nlevers = 100\n", ["problem.levers: found 100", "2 to 60"]),
    "at an open bound": (HEAD + "[equity]\npriority_share = 0\n", ["above 0 and at most 1"]),
    "not a number": (HEAD + "[problem]\nrelapse = nan\n", ["problem.relapse: found nan"]),
    "infinite": (HEAD + "[costs]\nprogram = inf\n", ["costs.program: found inf", "0.001 to 1,000,000"]),
    "beyond floats": (HEAD + "[costs]\nprogram = 1e999\n", ["costs.program: found inf"]),
    "huge integer": (HEAD + f"[problem]\nlevers = {'9' * 50}\n", ["problem.levers: found 999"]),
    "hexadecimal giant": (HEAD + f"[problem]\nlevers = 0x{'f' * 9000}\n", ["an integer of about 10,"]),
    "integer of thousands of digits": (HEAD + f"[problem]\nlevers = {'9' * 5000}\n", ["thousands of digits"]),
    "unknown word": (HEAD + '[problem]\nwiring = "rnadom"\n', ["random, ring, modular, explicit", "'random'?"]),
    "unknown sector": (HEAD + GROUP.replace("business", "busines"), ["groups.g.sector", "Did you mean 'business'?"]),
    "unknown event": (HEAD + '[[events]]\nmonth = 1\nkind = "staf"\n', ["events.0.kind: found 'staf'", "'staff'?"]),
    "event without a kind": (HEAD + "[[events]]\nmonth = 1\n", ["events.0.kind: found nothing"]),
    "key of another event": (
        HEAD + '[[events]]\nmonth = 1\nkind = "shock"\nshare = 0.5\nstaff = 1\n',
        ["events.0.staff", "unknown key", "month, note, kind, share"],
    ),
    "event after the horizon": (
        HEAD + '[[events]]\nmonth = 121\nkind = "shock"\nshare = 0.5\n',
        ["events.0.month: found 121; allowed: 1 to 120, the horizon"],
    ),
    "event that names an unknown group": (
        HEAD + GROUP + '[[events]]\nmonth = 1\nkind = "exit"\nshare = 0.5\ngroups = ["h"]\n',
        ["events.0.groups: found unknown group 'h'"],
    ),
    "lever that depends on an unknown one": (
        HEAD + WIRED.replace("OTHER", "incom"),
        ["levers.housing.depends_on: found unknown lever 'incom'", "housing, income", "Did you mean 'income'?"],
    ),
    "lever that depends on itself": (HEAD + WIRED.replace("OTHER", "housing"), ["the lever itself"]),
    "mandate that names an unknown lever": (
        HEAD + WIRED.replace("OTHER", "income") + GROUP + 'levers = ["housin"]\n',
        ["groups.g.levers: found unknown lever 'housin'", "Did you mean 'housing'?"],
    ),
    "duplicate names": (HEAD + 2 * '[[communities]]\nname = "x"\n', ["communities.name: found 'x' 2 times"]),
    "missing key": (
        HEAD + "[[groups]]\nname = 'x'\nsector = 'business'\n",
        ["groups.x.count: found nothing", "needed"],
    ),
    "name with capitals": (HEAD.replace("case", "Case"), ["name: found 'Case'", "small letters, digits and _"]),
    "long text": (HEAD + f'title = "{"x" * 300}"\n', ["title: found 300 characters", "at most 200 characters"]),
    "no version": ('name = "case"\n', ["schema_version: found nothing", "1, the version this ci_sim reads"]),
    "another version": (HEAD.replace("= 1", "= 2"), ["schema_version: found 2", "1, the version this ci_sim reads"]),
    "broken TOML": (HEAD + "title = \n", ["no valid TOML", "line 3"]),
    "a key twice": (HEAD + 'name = "other"\n', ["a key given twice", "line 3"]),
    "deep nesting": (HEAD + "sources = " + "[" * 5000, ["nested too deeply"]),
    "deep keys": (HEAD + "a." * 5000 + "b = 1\n", ["dots"]),
    "control letters in a key": (HEAD + '"a\\u001b[31m\\nb" = 1\n', [r"a\x1b[31m\nb"]),
    "too large a problem": (
        HEAD + "[problem]\ncommunities = 5000\nlevers = 20\ninterdependence = 19\n",
        ["table entries"],
    ),
    "empty": ("", ["an empty file", "ci-sim new"]),
    "blank": (" \n\t\n", ["an empty file"]),
    "binary": (bytes(range(256)) * 9, ["a binary file", "UTF-8"]),
    "another encoding": ((HEAD + 'title = "é"\n').encode("latin-1"), ["a binary file", "UTF-8"]),
    "UTF-16": (HEAD.encode("utf-16"), ["a binary file", "UTF-8"]),
    "two megabytes": (HEAD + "# " + "x" * 2_000_000, ["more than 1,000,000 bytes"]),
}


def ci_sim(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def complaint_of(result: Result) -> str:
    """What was said of bad input, with all that must hold of it."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.stderr
    for clumsy in ("Input should", "String should", "validation error", "pydantic", "None", "regex"):
        assert clumsy not in result.stderr
    return result.stderr


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("what", FILES)
def test_bad_files(what: str) -> None:
    content, said = FILES[what]
    path = Path("mine.toml")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    message = complaint_of(ci_sim("validate", path))
    for fragment in ["Error: mine.toml: ", "found ", "allowed: ", *said]:
        assert fragment in message
    lines = message.strip().splitlines()
    assert all(len(line) < 700 and line.isprintable() for line in lines)
    assert [line for line in lines if "mine.toml: " not in line] == []
    assert path.read_bytes() == before
    assert [entry.name for entry in Path().iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("command", ["run", "compare", "validate"])
def test_every_command_that_reads_a_scenario_refuses_it_alike(command: str) -> None:
    Path("mine.toml").write_text(HEAD + "[problem]\nlevers = 100\n")
    expected = "Error: mine.toml: problem.levers: found 100; allowed: an integer, 2 to 60 (levers).\n"
    assert complaint_of(ci_sim(command, "mine.toml")) == expected


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.toml", "missing.toml: found no such file or folder"),
        ("folder/missing", "found no such file or folder"),
        (".", ".: found "),
        ("homelesness", "unknown scenario 'homelesness'; allowed: a path to a .toml file, one of"),
        ("homelesness.toml", "Did you mean 'homelessness'?"),
        ("", "unknown scenario ''"),
        ("x" * 300, "unknown scenario"),
        ("x" * 300 + ".toml", "a name that is too long"),
        ("x/" * 3000 + "x.toml", "found"),
        ("a\nb", r"unknown scenario 'a\nb'"),
        ("a\0b/x.toml", "a name no file can have"),
    ],
)
def test_scenarios_that_are_not_there(name: str, said: str) -> None:
    message = complaint_of(ci_sim("validate", name))
    assert said in message
    assert len(message.splitlines()) == 1
    assert len(message) < 500


def test_folders_and_files_under_files_are_no_scenarios() -> None:
    Path("folder").mkdir()
    Path("file").touch()
    Path("loop.toml").symlink_to("loop.toml")
    assert "folder: found a folder; allowed: a scenario file" in complaint_of(ci_sim("validate", "folder"))
    assert "found a file in place of a folder" in complaint_of(ci_sim("validate", "file/x.toml"))
    assert "loop.toml: found" in complaint_of(ci_sim("validate", "loop.toml"))


def test_folders_that_cannot_be_read_are_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    message = complaint_of(ci_sim("validate", "locked/x.toml"))
    assert "locked/x.toml: found no permission; allowed: a scenario file (.toml) that can be read" in message


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("problem.levers", "--set: found 'problem.levers'; allowed: key=value"),
        ("=3", "--set: found '=3'; allowed: key=value"),
        ("problem.levers=", "allowed: key=value"),
        ("", "allowed: key=value"),
        ("problem=3", "--set: problem: found a whole section; allowed: a key of it, as in problem.levers"),
        ("problem.levrs=3", "Did you mean 'levers'?"),
        ("problm.levers=3", "Did you mean 'problem.levers'?"),
        ("conditions.staff=3", "Did you mean 'backbone.staff'?"),
        ("a.b.c.d=3", "--set: a.b.c.d: found an unknown key"),
        ("problem.levers=x", "problem.levers: found 'x'; allowed: an integer, 2 to 60"),
        ("problem.levers=nan", "problem.levers: found nan"),
        ("problem.levers=-3", "problem.levers: found -3"),
        ("problem.levers={a=1}", "problem.levers: found a table"),
        ("problem.levers=0x" + "f" * 9000, "an integer of about"),
        ("problem.levers=" + "9" * 5000, "problem.levers: found '999"),
        ("problem.levers=" + "[" * 5000, "problem.levers: found '[[["),
        ("problem.levers.a=3", "problem.levers: found a table; allowed: an integer"),
        ("levers=3", "levers: found 3; allowed: a list of tables"),
        ("groups.shelter.count=3", "--set: groups.shelter.count: found no 'shelter' among groups"),
        ("groups.shelter.count=3", "Did you mean 'shelters'?"),
        ("groups.shelters=3", "a whole list entry; allowed: a key of it"),
        ("groups.shelters.count=0", "groups.shelters.count: found 0; allowed: an integer, 1 to 5,000"),
        ("groups.99.count=3", "no '99' among groups"),
        ("events.9.month=3", "--set: events.9.month: found no '9' among events; allowed: 0 to 1"),
        ("events.0.month=300", "events.0.month: found 300; allowed: 1 to 120, the horizon"),
        ("arms.x.backbone=1", "no 'x' among arms"),
        ("levers.outreach.name=x", "unknown lever 'outreach'"),
    ],
)
def test_bad_overrides(override: str, said: str) -> None:
    message = complaint_of(ci_sim("validate", "homelessness", "--set", override))
    assert said in message
    assert all(len(line) < 700 for line in message.splitlines())


def test_overrides_of_lists_that_the_scenario_has_not() -> None:
    for override in ("events.0.month=3", "groups.x.count=3", "levers.x.title=y"):
        message = complaint_of(ci_sim("validate", "default", "--set", override))
        assert f"found no {override.partition('.')[0]} in this scenario" in message


def test_a_long_list_of_overrides_stays_readable() -> None:
    overrides = [word for n in range(40) for word in ("--set", f"problem.unknown_{n}={'x' * 50}")]
    lines = complaint_of(ci_sim("validate", "default", *overrides)).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 20 more."
    assert all(len(line) < 700 for line in lines)
    assert sum("allowed: as above" in line for line in lines) == 19


OPTIONS: list[tuple[list[str], str]] = [
    (["--arms", "isolatd"], "--arms: found unknown arm 'isolatd'"),
    (["--arms", "isolatd"], "Did you mean 'isolated'?"),
    (["--arms", ","], "--arms: found ','; allowed: names from isolated"),
    (["--arms", ""], "--arms: found ''"),
    (["--arm", "backbone"], "--arm: backbone: found no colon; allowed: name:condition"),
    (["--arm", "x:backbon"], "Did you mean 'backbone'?"),
    (["--arm", "x:backbone=much"], "'much'; allowed: a number"),
    (["--arm", "x:backbone=nan"], "found nan"),
    (["--arm", "isolated:backbone"], "the name of another arm"),
    (["--replications", "0"], "found '0'; allowed: an integer, 1 to 1,000,000"),
    (["--replications", "1e3"], "found '1e3'; allowed: an integer"),
    (["--replications", "9" * 5000], "allowed: an integer"),
    (["--months", "0"], "found '0'; allowed: an integer, 1 to 1,200"),
    (["--months", "1201"], "found '1201'"),
    (["--months", "nan"], "found 'nan'"),
    (["--seed", "-1"], "found '-1'; allowed: an integer, 0 to"),
    (["--seed", "1.5"], "found '1.5'"),
    (["--seed", str(2**63)], "allowed: an integer, 0 to"),
    (["--workers", "0"], "found '0'; allowed: an integer, 1 to 1,024"),
    (["--workers", "two"], "found 'two'"),
    (["--worker", "2", "--nope"], "No such option"),
]


@pytest.mark.parametrize(("options", "said"), OPTIONS)
def test_bad_options_of_compare(options: list[str], said: str) -> None:
    assert said in complaint_of(ci_sim("compare", "default", *options))
    assert list(Path().iterdir()) == [], "nothing was begun"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--arm", "isolatd"], "arm: found unknown arm 'isolatd'"),
        (["--arm", "isolatd"], "Did you mean 'isolated'?"),
        (["--arm", "x:backbon"], "Did you mean 'backbone'?"),
        (["--replication", "-1"], "found '-1'; allowed: an integer, 0 to"),
        (["--months", "0"], "allowed: an integer, 1 to 1,200"),
    ],
)
def test_bad_options_of_run(options: list[str], said: str) -> None:
    assert said in complaint_of(ci_sim("run", "default", "--out", "there", *options))
    assert list(Path().iterdir()) == [], "nothing was begun"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compar", "default"], "No such command 'compar'"),
        (["validate"], "Missing argument 'SCENARIO'"),
        (["list", "more"], "unexpected extra argument"),
        (
            ["parameters", "levrs"],
            "no parameter named like 'levrs'; allowed: part of a name. Did you mean 'problem.levers'?",
        ),
    ],
)
def test_bad_commands(arguments: list[str], said: str) -> None:
    assert said in complaint_of(ci_sim(*arguments))


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


COMMANDS: dict[str, Callable[[object], Result]] = {
    "run": lambda out: ci_sim("run", "default", "--months", 1, "--out", out),
    "compare": lambda out: ci_sim("compare", "default", "--months", 1, "--replications", 1, "--out", out),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_folders_that_cannot_be_written(command: str) -> None:
    Path("file").write_text("mine")
    for out, found in (
        ("file", "a file of that name"),
        ("file/x", "a file in place of a folder"),
        ("x" * 300, "too long"),
    ):
        message = complaint_of(COMMANDS[command](out))
        assert message.startswith("Error: --out: ")
        assert found in message
        assert "allowed: a folder that can be written" in message
    assert Path("file").read_text() == "mine"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("number", [13, 30])
def test_folders_without_permission(command: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the system's answer, as root may write anywhere."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(Path, "mkdir", refuse)
    message = complaint_of(COMMANDS[command]("locked"))
    assert ("no permission" if number == 13 else "read-only") in message


@pytest.mark.parametrize("command", COMMANDS)
def test_foreign_files_are_left_alone(command: str) -> None:
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    assert "files in it; allowed: an empty folder" in complaint_of(COMMANDS[command]("out"))
    assert snapshot(Path("out")) == {"notes.txt": b"mine"}


def test_templates_overwrite_nothing() -> None:
    Path("mine.toml").write_text("mine")
    assert "an existing file; allowed: a new name; nothing was overwritten" in complaint_of(ci_sim("new", "mine.toml"))
    assert Path("mine.toml").read_text() == "mine"
    Path("folder").mkdir()
    assert "folder: found a folder" in complaint_of(ci_sim("new", "folder"))
    assert "no such file or folder" in complaint_of(ci_sim("new", "none/mine.toml"))
    assert "a file in place of a folder" in complaint_of(ci_sim("new", "mine.toml/mine.toml"))


def test_complaints_say_everything_once_and_survive_pickling() -> None:
    complaints = [Complaint("a.b", "'x'", "y", "z"), Complaint("", "n" * 900, "y")]
    error = InputError("file.toml", complaints)
    first, second = str(error).splitlines()
    assert first == "file.toml: a.b: found 'x'; allowed: y. Did you mean 'z'?"
    assert len(second) < 200
    kind, arguments = error.__reduce__()
    assert str(kind(*arguments)) == str(error)


# Fuzzing: whatever stands in a file, the answer is a scenario or complaints

TEXTS = [path.read_text(encoding="utf-8") for path in shipped_scenarios().values()]
TEXTS.append(re.sub(r"(?m)^# (\w+ = )", r"\1", template("mine").partition("# Levers by name")[0]))
VALUES = [
    "3", "-1", "0", "1e9", "nan", "-inf", "true", "'x'", "''", "[]", "{}", "[1]", "[[1]]", "[{}]", "{a = 1}",
    "[{name = 'a'}]", "1979-05-27", "07:32:00", "0xffffffffffffffffffff", "9" * 30, "1e400", "-0.0", "12.0",
    '"\\u0000"', '"\\n"', "9" * 5000, "[" * 2000, "0x" + "f" * 9000, "",
]  # fmt: skip
LINES = [
    "[[levers]]", "[[groups]]", "[[events]]", "[[arms]]", "[[communities]]", "[problem]", "[x]", "name = 'a'",
    "kind = 'staff'", "kind = 'turnover'", "month = 3", "groups = ['a']", "depends_on = [{lever = 'a'}]",
    "depends_on = ['a']", "wiring = 'explicit'", "a.b.c = 1", "\x00", "[", "=", "'''",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(lines) - 1)) if lines else 0
        match draw(st.sampled_from(["value", "value", "value", "cut", "double", "line", "letter"])):
            case "value" if lines:
                keyed = [number for number, line in enumerate(lines) if "=" in line]
                if keyed:
                    number = draw(st.sampled_from(keyed))
                    lines[number] = f"{lines[number].partition('=')[0]}= {draw(st.sampled_from(VALUES))}"
            case "cut":
                del lines[place : place + draw(st.integers(1, 30))]
            case "double":
                lines[place:place] = lines[place : place + draw(st.integers(1, 5))]
            case "line":
                lines.insert(place, draw(st.sampled_from(LINES)))
            case "letter" if lines:
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.characters()) + lines[place][at + draw(st.integers(0, 1)) :]
    return "\n".join(lines)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(mutated())
def test_whatever_stands_in_a_file(text: str) -> None:
    try:
        scenario = parse_scenario(text, "mine.toml")
    except InputError as error:
        lines = str(error).splitlines()
        assert lines
        assert all(line.startswith(("mine.toml: ", "... and ")) and line.isprintable() for line in lines)
    else:
        assert isinstance(scenario, Scenario)
        assert parse_scenario(text).hash == scenario.hash


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.text(max_size=60),
    st.sampled_from(["", "problem.", "problem.levers=", "groups.", "groups.shelters.", "events.0."]),
)
def test_whatever_stands_in_an_override(text: str, start: str) -> None:
    homelessness = TEXTS[list(shipped_scenarios()).index("homelessness")]
    try:
        assert isinstance(parse_scenario(homelessness, overrides=[start + text]), Scenario)
    except InputError as error:
        assert all(line.isprintable() for line in str(error).splitlines())
