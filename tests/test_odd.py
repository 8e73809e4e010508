"""The ODD page and the code say the same: whatever is documented exists, whatever exists is documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import numpy as np
import pytest

import ci_sim
import ci_sim.kernel
from ci_sim.arms import STANDARD_ARMS
from ci_sim.entries import Event
from ci_sim.kernel import (
    COMMUNITY,
    FORTUNE,
    INITIATIVE,
    MONTH,
    ORGANIZATION,
    RECORD,
    RULES,
    Landscape,
    Luck,
    Schedule,
    State,
    month,
)
from ci_sim.outcomes import DERIVED_OUTCOMES, SCORECARD
from ci_sim.parameters import CONDITIONS, PARAMETERS, SECTIONS, Parameter
from ci_sim.schedule import build_schedule
from ci_sim.streams import Streams
from ci_sim.world import build_rules, build_world, lanes_needed

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")

ELEMENTS = (
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip
CONSTANTS = (
    "kernel.landscape.LARGEST_EXACT", "world.CLIMBS", "world.LARGEST_LANES", "streams.BLOCK", "streams.CONSENTS",
)  # fmt: skip
OTHER_SECTIONS = ("Choices this implementation makes", "Limits", "Parameters", "References")

CODE = re.compile(r"`([^`]+)`")
KERNEL_NAME = re.compile(r"\bkernel((?:\.\w+)+)")
KEY = re.compile(rf"(?<![\w.])((?:{'|'.join(SECTIONS)})\.[a-z_]\w*)")


# Reading the page


def headings(level: int, text: str = PAGE) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)


def section(heading: str) -> str:
    """What stands under a heading, down to the next one of its level or above."""
    marks = re.search(rf"^(#+) {re.escape(heading)}$", PAGE, re.MULTILINE)
    assert marks, f"no heading {heading!r}"
    rest = PAGE[marks.end() :]
    following = re.search(rf"^#{{1,{len(marks[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def table(after: str) -> list[list[str]]:
    """The rows, without head, of the first table after a line that begins so."""
    assert PAGE.count(f"\n{after}") == 1, f"{after!r} begins {PAGE.count(after)} lines"
    rows: list[list[str]] = []
    for line in PAGE[PAGE.index(f"\n{after}") + 1 :].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    assert len(rows) > 2, f"no table after {after!r}"
    assert {len(row) for row in rows} == {len(rows[0])}, f"a row of another length in the table after {after!r}"
    return rows[2:]


def named(after: str) -> list[str]:
    """The names in the first column of a table."""
    names = [CODE.fullmatch(row[0]) for row in table(after)]
    assert all(names), f"a row without a name in code after {after!r}"
    return [name[1] for name in names if name]


def submodels() -> dict[str, dict[str, str]]:
    """What every submodel lists of functions, parameters and draws."""
    listed = {}
    for heading in headings(3, section("7 Submodels")):
        lists = re.findall(r"^- (\w+): (.+(?:\n  .+)*)", section(heading), re.MULTILINE)
        listed[heading] = dict(lists)
    return listed


# Reading the code


@cache
def kernel_modules() -> dict[str, ModuleType]:
    """The modules of the kernel by their dotted name below it."""
    found = pkgutil.walk_packages(ci_sim.kernel.__path__, "ci_sim.kernel.")
    return {info.name.removeprefix("ci_sim.kernel."): importlib.import_module(info.name) for info in found}


@cache
def public_functions() -> dict[str, Any]:
    """The functions in ``__all__`` of the kernel's modules by the name under which the page should know them."""
    return {
        f"kernel.{name}.{public}": getattr(module, public)
        for name, module in kernel_modules().items()
        for public in getattr(module, "__all__", ())
        if is_function(getattr(module, public))
    }


def is_function(thing: Any) -> bool:
    return callable(thing) and not isinstance(thing, type)


def resolve(name: str) -> Any:
    """What a dotted name below the package stands for."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(f"ci_sim.{'.'.join(parts[:split])}")
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            thing = getattr(thing, part)
        return thing
    raise AttributeError(name)


@cache
def tree(function: Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(getattr(function, "py_func", function))))


def calls(function: Callable[..., Any]) -> Iterator[str]:
    """Names of the functions called, in the order of the text."""
    found = [
        node for node in ast.walk(tree(function)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    for call in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        yield call.func.id  # type: ignore[attr-defined]


def attributes(function: Any, of: str) -> set[str]:
    """Columns or fields of an argument that a function reads, by itself or in its module's private functions."""
    module = inspect.getmodule(getattr(function, "py_func", function))
    seen, waiting, read = set(), [function], set()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        for node in ast.walk(tree(one)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of:
                read.add(node.attr)
        private = [getattr(module, name, None) for name in calls(one) if name.startswith("_")]
        waiting += [other for other in private if other is not None and other not in seen]
    return read


@pytest.fixture(scope="module")
def keys_of_rules(case: Any) -> dict[str, set[str]]:
    """For each scalar of RULES the parameters it is made from: found by changing every parameter in turn."""
    made: dict[str, set[str]] = {name: set() for name in RULES.names or ()}
    default = build_rules(case())
    for key, parameter in PARAMETERS.items():
        changed = build_rules(case(f"{key}={another_value(parameter)}"))
        for name, keys in made.items():
            if changed[name] != default[name]:
                keys.add(key)
    assert all(made.values())
    return made


def another_value(parameter: Parameter) -> Any:
    if parameter.bounds is None:
        return parameter.choices[parameter.choices.index(str(parameter.default)) + 1]
    most = parameter.bounds[1]
    if parameter.kind == "integer":
        return int(min(most, 2 * int(parameter.default) + 1))
    return (float(parameter.default) + most) / 2


# The protocol


def test_the_summary_and_the_seven_elements_are_there_in_order() -> None:
    assert headings(2)[: len(ELEMENTS) + 1] == ["ODD summary", *ELEMENTS]
    assert headings(2)[len(ELEMENTS) + 1 :][:2] == list(OTHER_SECTIONS[:2])
    assert set(OTHER_SECTIONS) <= set(headings(2))


@pytest.mark.parametrize("heading", ["ODD summary", *ELEMENTS, *OTHER_SECTIONS])
def test_no_section_is_empty(heading: str) -> None:
    assert len(section(heading).split()) > 80


def test_the_eleven_design_concepts_are_there_in_order() -> None:
    assert headings(3, section("4 Design concepts")) == [f"4.{n} {name}" for n, name in enumerate(CONCEPTS, 1)]
    assert all(len(section(f"4.{n} {name}").split()) > 20 for n, name in enumerate(CONCEPTS, 1))


def test_sections_referred_to_exist_and_are_numbered_through() -> None:
    numbers = [heading.split()[0] for heading in headings(3)]
    submodel_numbers = [number for number in numbers if number.startswith("7.")]
    assert submodel_numbers == [f"7.{n}" for n in range(1, len(submodel_numbers) + 1)]
    assert set(re.findall(r"\b[47]\.\d+\b", PAGE)) <= set(numbers)
    choices = [int(n) for n in re.findall(r"^(\d+)\. ", section(OTHER_SECTIONS[0]), re.MULTILINE)]
    assert choices == list(range(1, len(choices) + 1))


def test_files_referred_to_exist() -> None:
    files = [name for name in CODE.findall(PAGE) if re.fullmatch(r"(?:docs|tests|ci_sim|benchmarks)/[\w/.]+", name)]
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []


# Functions


def test_every_function_named_exists() -> None:
    for name in sorted(set(KERNEL_NAME.findall(PAGE))):
        try:
            thing = resolve(f"kernel{name}")
        except AttributeError:
            pytest.fail(f"kernel{name} is named and does not exist")
        constant = name.rpartition(".")[2].isupper()
        assert constant or is_function(thing), f"kernel{name} cannot be called"
        assert constant or f"kernel{name}" in public_functions(), f"kernel{name} is not public"


def test_every_public_function_of_the_kernel_is_named() -> None:
    assert len(public_functions()) > 30
    named_in_page = {f"kernel{name}" for name in KERNEL_NAME.findall(PAGE)}
    assert sorted(set(public_functions()) - named_in_page) == []


def test_every_submodel_lists_its_functions_and_their_parameters() -> None:
    for heading, lists in submodels().items():
        assert set(lists) - {"Draws"} == {"Functions", "Parameters"}, heading
        assert KERNEL_NAME.search(lists["Functions"]), heading
        assert KEY.search(lists["Parameters"]) or lists["Parameters"] == "none", heading
        assert len(section(heading).split()) > 25, heading


def test_every_process_has_its_submodel() -> None:
    """Every public function that is compiled and acts on a state or landscape is listed by some submodel."""
    listed = {f"kernel{name}" for lists in submodels().values() for name in KERNEL_NAME.findall(lists["Functions"])}
    tools = {name for name in public_functions() if name.startswith(("kernel.bits.", "kernel.compiled."))}
    assert sorted(set(public_functions()) - tools - listed) == []


def test_submodels_list_the_parameters_their_functions_read(keys_of_rules: dict[str, set[str]]) -> None:
    read = 0
    for heading, lists in submodels().items():
        listed = set(KEY.findall(lists["Parameters"]))
        for name in KERNEL_NAME.findall(lists["Functions"]):
            for scalar in attributes(resolve(f"kernel{name}"), "rules"):
                read += 1
                assert keys_of_rules[scalar] <= listed, f"{heading}: kernel{name} reads {scalar}"
    assert read > 25


def test_submodels_list_the_draws_their_functions_read() -> None:
    read = set()
    for heading, lists in submodels().items():
        listed = set(CODE.findall(lists.get("Draws", "")))
        assert listed <= {*Luck._fields, *named("Streams of a world")}, heading
        for name in KERNEL_NAME.findall(lists["Functions"]):
            drawn = attributes(resolve(f"kernel{name}"), "luck")
            assert drawn <= listed, f"{heading}: kernel{name} reads {drawn - listed}"
            read |= drawn
    assert read == set(Luck._fields)


def test_every_stream_is_drawn_on_by_the_submodels_that_its_row_refers_to() -> None:
    lists = {heading.split()[0]: set(CODE.findall(listed.get("Draws", ""))) for heading, listed in submodels().items()}
    for after in ("Streams of a block of months", "Streams of a world"):
        for name, (_, _shape, decides) in zip(named(after), table(after), strict=True):
            referred = re.findall(r"7\.\d+", decides)
            assert referred or "not used" in decides, name
            assert [number for number in referred if name not in lists[number]] == [], name


# Parameters


def test_every_dotted_key_exists_and_every_parameter_is_read_somewhere() -> None:
    keys = set(KEY.findall(PAGE))
    assert sorted(keys - set(PARAMETERS)) == []
    before_the_table = PAGE[: PAGE.index("\n## Parameters\n")]
    assert sorted(set(PARAMETERS) - set(KEY.findall(before_the_table))) == []


def test_the_table_of_parameters_is_that_of_the_code(keys_of_rules: dict[str, set[str]]) -> None:
    rows = table("## Parameters")
    assert [row[0] for row in rows] == [f"`{key}`" for key in PARAMETERS]
    for parameter, (_, symbol, default, allowed, unit, scalars) in zip(PARAMETERS.values(), rows, strict=True):
        shown = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:.6g}"
        expected = (parameter.symbol, shown, parameter.allowed, parameter.unit)
        assert (symbol, default, allowed, unit) == expected, parameter.key
        made = {name for name, keys in keys_of_rules.items() if parameter.key in keys}
        assert set(CODE.findall(scalars)) == made, parameter.key


# State variables, draws, outcomes


@pytest.mark.parametrize(
    ("after", "names"),
    [
        pytest.param("Arrays of `State`", State._fields, id="State"),
        pytest.param("Arrays of `Landscape`", Landscape._fields, id="Landscape"),
        pytest.param("What an arm does when is its `Schedule`", Schedule._fields, id="Schedule"),
        pytest.param("Streams of a block of months, the fields of `Luck`", Luck._fields, id="Luck"),
        pytest.param("Columns of ORGANIZATION", ORGANIZATION.names, id="ORGANIZATION"),
        pytest.param("Columns of COMMUNITY", COMMUNITY.names, id="COMMUNITY"),
        pytest.param("Columns of INITIATIVE", INITIATIVE.names, id="INITIATIVE"),
        pytest.param("Columns of MONTH", MONTH.names, id="MONTH"),
        pytest.param("Columns of FORTUNE", FORTUNE.names, id="FORTUNE"),
        pytest.param("Recorded at month 0", RECORD.names, id="RECORD"),
        pytest.param("Derived once per run", tuple(DERIVED_OUTCOMES), id="derived outcomes"),
    ],
)
def test_tables_list_the_columns_and_fields_of_the_code_in_its_order(after: str, names: tuple[str, ...]) -> None:
    assert named(after) == list(names)
    assert all(all(row[1:3]) for row in table(after)), "a row without shape, unit or meaning"


def test_every_group_of_arrays_and_every_table_of_the_kernel_is_named() -> None:
    groups = [name for name in ci_sim.kernel.__all__ if not re.search(rf"\b{name}\b", PAGE)]
    assert groups == []


def test_shapes_of_the_draws_are_those_of_the_code(case: Any) -> None:
    """The number of axes, and the length of the last one where it is a number."""
    scenario = case()
    lanes = lanes_needed(scenario, [build_schedule(scenario, STANDARD_ARMS["collective_impact"])])
    luck = Streams(1, 0).luck(0, 5, 4, 3, lanes)
    for name, (_, shape, _meaning) in zip(Luck._fields, table("Streams of a block of months"), strict=True):
        axes = shape.strip("()").split(", ")
        drawn = getattr(luck, name).shape
        assert len(axes) == len(drawn), name
        assert not axes[-1].isdecimal() or int(axes[-1]) == drawn[-1], name


def test_every_stream_of_a_world_is_listed_and_no_other(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    names, generator = set(), Streams.generator

    def listening(self: Streams, name: str, block: int = 0) -> np.random.Generator:
        names.add(re.sub(r"shock \d+", "shock n", name))
        return generator(self, name, block)

    monkeypatch.setattr(Streams, "generator", listening)
    changes = ("problem.levers=21", "problem.interdependence=1", "problem.communities=2", 'problem.wiring="modular"')
    scenario = case(*changes, "horizon.months=12", more="[[events]]\nmonth = 3\nkind = 'shock'\nshare = 0.5\n")
    lanes = lanes_needed(scenario, [build_schedule(scenario, STANDARD_ARMS["isolated"])])
    build_world(scenario, 1, 0, lanes)
    listed = named("Streams of a world")
    assert len(set(listed)) == len(listed)
    assert set(listed) | set(Luck._fields) == names


def test_the_scorecard_is_that_of_the_code() -> None:
    told = re.search(r"The \*scorecard\*(.+?)\.\n", PAGE, re.DOTALL)
    assert told
    assert tuple(CODE.findall(told[1])) == SCORECARD


# Arms, events, constants


def test_arms_are_those_of_the_code() -> None:
    rows = table("**Arms.**")
    assert [row[0] for row in rows] == [f"`{name}`" for name in STANDARD_ARMS]
    for arm, (_, *factors, money) in zip(STANDARD_ARMS.values(), rows, strict=True):
        assert [float(factor) for factor in factors] == [getattr(arm, condition) for condition in CONDITIONS]
        assert arm.equal_spend == (money != "none")


def test_events_are_those_of_the_code() -> None:
    kinds = [get_args(model.model_fields["kind"].annotation) for model in get_args(get_args(Event)[0])]
    assert sorted(named("The model reads no external")) == sorted(kind for several in kinds for kind in several)


def test_constants_have_the_values_of_the_code() -> None:
    rows = table("These numbers are fixed in the code")
    assert named("These numbers are fixed in the code") == list(CONSTANTS)
    for name, value, _ in rows:
        assert resolve(name.strip("`")) == int(value), name
    stated = {row[0]: row[1] for row in rows}
    assert f"At most {stated['`world.LARGEST_LANES`']} tries" in PAGE
    assert f"Above {stated['`kernel.landscape.LARGEST_EXACT`']} levers" in PAGE
    assert f"Q = min(O, {stated['`streams.CONSENTS`']})" in PAGE


# The month


def scheduled() -> list[str]:
    """The items of the schedule, each on one line."""
    items = re.findall(r"^(\d+)\. (.+(?:\n   .+)*)", section("3 Process overview and scheduling"), re.MULTILINE)
    assert [int(number) for number, _ in items] == list(range(1, len(items) + 1))
    return [" ".join(item.split()) for _, item in items]


def steps_of_the_code() -> list[str]:
    """The steps that the docstring of the kernel's month numbers, each on one line."""
    text = " ".join((month.__doc__ or "").split("\n\n", 1)[1].split())
    steps = re.findall(r"(?:^|- )(\d+) (.+?)(?= - \d+ |\.?$)", text)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    return [step for _, step in steps]


def test_the_schedule_has_the_steps_of_the_kernels_month_in_its_words_and_order() -> None:
    told = [re.match(r"\*\*(.+?)\*\*", item) for item in scheduled()]
    assert all(told)
    assert [title[1] for title in told if title] == steps_of_the_code()
    assert len(told) == 9


def test_the_schedule_names_functions_in_the_order_in_which_the_month_calls_them() -> None:
    known = {name.rpartition(".")[2] for name in public_functions()}
    called = []
    for name in calls(month.advance):
        called += [name]
        if name in ("open_month", "prepare"):
            called += list(calls(getattr(month, name)))
    wanted = list(dict.fromkeys(name for name in called if name in known))
    told = [name.rpartition(".")[2] for item in scheduled() for name in KERNEL_NAME.findall(item)]
    assert list(dict.fromkeys(told)) == wanted


def test_functions_stand_at_the_steps_that_their_docstrings_say() -> None:
    items, found = scheduled(), 0
    for name in month.__all__:
        said = re.match(r"Steps? (\d)(?: (?:and|to) (\d))?", getattr(month, name).__doc__ or "")
        if said:
            found += 1
            at = [n for n, item in enumerate(items, 1) if f"`kernel.month.{name}`" in item]
            first, last = int(said[1]), int(said[2] or said[1])
            assert at == ([first, last] if "and" in said[0] else [first]), name
            assert "to" not in said[0] or name != "prepare" or f"runs steps {first} to {last}" in items[first - 1]
    assert found >= 5
