"""The parameter table: complete, consistent, and the same in code, docs and template."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ci_sim.parameters import CONDITIONS, GRADES, PARAMETERS, SECTIONS, Parameter
from ci_sim.reference import parameters_as_markdown, parameters_as_text
from ci_sim.scenario import Scenario

DOCS = Path(__file__).parent.parent / "docs" / "parameters.md"
RELIED_ON = (
    "problem.levers", "problem.interdependence", "problem.wiring", "problem.communities", "problem.context_similarity",
    "organizations.count", "organizations.mandate", "organizations.resourcing", "organizations.attempts",
    "organizations.evaluation_noise", "organizations.update", "conditions.common_agenda",
    "conditions.shared_measurement", "conditions.mutually_reinforcing_activities",
    "conditions.continuous_communication", "backbone.staff", "participation.initial", "horizon.months",
)  # fmt: skip

every_parameter = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda parameter: parameter.key)
every_number = pytest.mark.parametrize(
    "parameter", [p for p in PARAMETERS.values() if p.bounds], ids=lambda parameter: parameter.key
)


def test_docs_are_what_the_command_writes() -> None:
    assert DOCS.read_text(encoding="utf-8") == parameters_as_markdown(), (
        "run: ci-sim parameters --markdown > docs/parameters.md"
    )


@pytest.mark.parametrize("key", RELIED_ON)
def test_names_that_scripts_rely_on_exist(key: str) -> None:
    assert key in PARAMETERS


@every_parameter
def test_every_parameter_says_what_it_is_and_how_well_it_is_founded(parameter: Parameter) -> None:
    assert parameter.grade in GRADES
    assert parameter.source.strip()
    assert parameter.meaning.strip().endswith(".")
    assert parameter.allowed
    for told in (parameter.symbol, parameter.unit, parameter.meaning, parameter.low, parameter.high, parameter.source):
        assert "|" not in told, "it would break the table of the docs"
        assert "\n" not in told


@every_number
def test_every_number_has_a_unit_and_a_meaning_of_low_and_high(parameter: Parameter) -> None:
    assert parameter.unit
    assert parameter.low
    assert parameter.high
    assert parameter.kind in {"integer", "number"}


@every_number
def test_defaults_and_bounds_are_values_a_scenario_takes(parameter: Parameter) -> None:
    assert parameter.bounds is not None
    low, high = parameter.bounds
    assert isinstance(parameter.default, int | float)
    assert low <= parameter.default <= high
    section, name = parameter.key.split(".")
    number = int if parameter.kind == "integer" else float
    assert getattr(SECTIONS[section].model_validate({name: number(high)}), name) == high
    for beyond in (high + 1, low - 1):
        with pytest.raises(ValidationError):
            SECTIONS[section].model_validate({name: number(beyond)})


def test_choices_hold_their_default() -> None:
    choices = {key: parameter for key, parameter in PARAMETERS.items() if parameter.kind == "choice"}
    assert set(choices) == {"problem.wiring", "organizations.update"}
    assert all(parameter.default in parameter.choices for parameter in choices.values())


def test_the_table_is_the_scenario() -> None:
    """Every field of every section is a parameter, and the scenario's defaults are the table's."""
    scenario = Scenario(schema_version=1, name="default")
    fields = {f"{section}.{name}" for section, model in SECTIONS.items() for name in model.model_fields}
    assert fields == set(PARAMETERS)
    for key, parameter in PARAMETERS.items():
        section, name = key.split(".")
        assert getattr(getattr(scenario, section), name) == parameter.default


def test_four_conditions_have_a_target_and_the_backbone_has_staff() -> None:
    targets = [key.split(".")[1] for key in PARAMETERS if key.startswith("conditions.")]
    assert [*targets, "backbone"] == list(CONDITIONS)


def test_text_has_a_paragraph_per_parameter() -> None:
    paragraphs = parameters_as_text(PARAMETERS.values()).strip().split("\n\n")
    assert [paragraph.split()[0] for paragraph in paragraphs] == list(PARAMETERS)
    assert all("evidence: " in paragraph and "source: " in paragraph for paragraph in paragraphs)


def test_markdown_has_a_row_of_ten_cells_per_parameter() -> None:
    rows = [line for line in parameters_as_markdown().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(PARAMETERS)
    assert {row.count("|") for row in rows} == {11}
