"""Texts: every language complete, the same placeholders, nothing said in code that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import ci_sim.app
from ci_sim.app.pages import pages
from ci_sim.app.session import limits
from ci_sim.app.texts import FOLDER, LANGUAGES, texts_in
from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.parameters import PARAMETERS
from ci_sim.provenance import limit_notice
from ci_sim.scenario_file import read_scenario, shipped_scenarios

OTHERS = LANGUAGES[1:]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_everything(language):
    first, other = texts_in(LANGUAGES[0]).entries, texts_in(language).entries
    assert sorted(first) == sorted(other)
    written = [f"{key}: {text}" for key, text in first.items() if not key.startswith(("parameters.", "outcomes."))]
    assert len(written) > 100
    differing = [key for key in first if placeholders(first[key]) != placeholders(other[key])]
    assert differing == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_was_left_in_the_first_language(language):
    first, other = texts_in(LANGUAGES[0]).entries, texts_in(language).entries
    same = [key for key, text in first.items() if len(text) > 25 and text == other[key]]
    assert same == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_parameters_and_outcomes_have_words(language):
    texts = texts_in(language)
    for key, parameter in PARAMETERS.items():
        assert texts.parameter(key, "label")
        assert texts.parameter(key, "meaning")
        assert bool(texts.parameter(key, "low")) == bool(parameter.low)
        assert bool(texts.parameter(key, "unit")) == bool(parameter.unit)
    assert all(texts.outcome(name) for name in RECORDED_OUTCOMES)
    assert all(texts.outcome(name, "derived") for name in DERIVED_OUTCOMES)
    assert all(texts(f"{page}.title") for page in pages())


def test_every_text_named_in_code_is_there():
    known = texts_in(LANGUAGES[0]).entries
    files = {path.stem for path in (FOLDER / LANGUAGES[0]).glob("*.toml")}
    named = set()
    for path in Path(ci_sim.app.__file__).parent.rglob("*.py"):
        found = re.findall(r"""(?:\bt|texts)\(\s*"([a-z_]+\.[a-z_.]+)\"""", path.read_text(encoding="utf-8"))
        named |= {key for key in found if key.partition(".")[0] in files}
    assert len(named) > 50
    assert sorted(named - set(known)) == []


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_a_preset_is_called_as_its_scenario_is(name):
    title = read_scenario(name).title
    assert texts_in("en").get(f"presets.{name}", title) == title


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_the_limit_notice_is_that_of_every_export(name):
    scenario = read_scenario(name)
    assert limits(scenario, texts_in("en")) == limit_notice(scenario)


def test_numbers_are_written_as_the_language_does():
    english, spanish = texts_in("en"), texts_in("es")
    assert english.number(-1234.56, 1) == "\u22121,234.6"
    assert spanish.number(-1234.56, 1) == "\u22121.234,6"
    assert english.number(-0.04, 1) == "0.0"
    assert english.number(3, sign=True) == "+3"
    assert english.number(float("nan")) == "unknown"
