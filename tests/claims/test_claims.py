"""Claims: verdicts follow from intervals by the stated rule, quotes are the source's, variants are what they say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from ci_sim.analysis.intervals import Interval
from ci_sim.claims.catalogue import CLAIMS, Measured, source_text
from ci_sim.claims.circumstances import AS_IT_IS, MADE, circumstances, grant_ends, variant
from ci_sim.claims.page import claims_page
from ci_sim.claims.trial import tried_table, try_claims
from ci_sim.claims.verdict import judgement
from ci_sim.cli import main
from ci_sim.scenario_file import read_scenario

FOR, AGAINST, UNCLEAR = Interval(0.2, 0.1, 0.3), Interval(-0.2, -0.3, -0.1), Interval(0.0, -0.1, 0.1)


@pytest.fixture(scope="module")
def tried() -> Any:
    return try_claims(read_scenario("default"), 3)


# Verdicts


@pytest.mark.parametrize(
    ("effects", "expected", "said"),
    [
        ({"here": FOR, "there": FOR}, "supported", "in all 2"),
        ({"here": AGAINST, "there": UNCLEAR}, "not supported", "the opposite: here; cannot be told: there"),
        ({"here": UNCLEAR}, "not supported", "cannot be told: here"),
        ({"here": FOR, "there": UNCLEAR}, "depends", "holds: here; cannot be told: there"),
        ({"here": FOR, "there": AGAINST}, "depends", "the opposite: there"),
        ({"here": Interval(0.5, float("nan"), float("nan"))}, "not supported", "cannot be told: here"),
    ],
)
def test_a_verdict_follows_from_the_intervals(effects: dict[str, Interval], expected: str, said: str) -> None:
    finding = judgement(effects)
    assert finding.judgement == expected
    assert said in finding.because


def test_effects_turn_with_the_numbers_they_are_computed_from() -> None:
    """Nothing is hard-coded: where all outcomes are equal no claim has an effect above 0 but by the threshold."""

    class Same(dict[Any, Any]):
        def __missing__(self, key: Any) -> Any:
            return np.full(4, 0.9)

    measured = Measured(Same(), threshold=0.5)
    for claim in CLAIMS:
        effect = float(np.mean(claim.effect(measured)))
        kept = 0.9 - 0.8 * 0.9 if claim.name == "lasting change" else 0
        expected = -0.4 if claim.said.startswith("threshold") else kept
        assert effect == pytest.approx(expected), claim.name


# Quotes


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_quotes_are_the_source_text_s(claim: Any) -> None:
    assert claim.quote in " ".join(source_text().split())


def test_the_source_is_named_and_every_sentence_with_a_testable_claim_is_quoted() -> None:
    assert "Intertwine" in source_text() and "FSG" in source_text()
    quoted = " ".join(claim.quote for claim in CLAIMS)
    parts = "silver bullet; scaling or replicating; necessary but not sufficient; rather than technical; more rigorous"
    for words in [*parts.split("; "), "five conditions", "Collecting data", "open communication", "staff", "lasting"]:
        assert words in quoted


# Circumstances and variants


@pytest.mark.parametrize("name", ["default", "homelessness", "technical_problem"])
def test_every_variant_of_every_circumstance_is_a_scenario(name: str) -> None:
    cases = circumstances(read_scenario(name))
    assert AS_IT_IS in cases and len(cases) >= 5
    for case in cases.values():
        for made in MADE:
            assert variant(case, made).hash != case.hash or made == "technical"
        assert 2 <= grant_ends(case) <= case.horizon.months


def test_variants_change_what_they_say() -> None:
    case = read_scenario("default")
    one = variant(case, "one scaled")
    assert [(group.name, group.count) for group in one.groups] == [("champion", 1), ("others", 23)]
    assert len(one.groups[0].levers) == case.problem.levers
    assert one.organizations.count == 24
    assert (one.events[0].kind, one.events[0].groups) == ("funding", ["champion"])
    weak = variant(case, "weak").organizations
    assert (weak.attempts, weak.evaluation_noise) == pytest.approx((0.3, 0.32))
    assert variant(case, "technical").problem.interdependence == 0
    assert [event.month for event in variant(case, "replicated").events] == [37, 49, 61, 73, 85, 97, 109]
    assert [event.month for event in variant(case, "grant over").events] == [grant_ends(case)] == [61]
    homeless = variant(read_scenario("homelessness"), "technical")
    assert not any(lever.depends_on for lever in homeless.levers)


# The trial and its page


def test_a_trial_judges_every_claim_in_every_circumstance(tried: Any) -> None:
    assert [one.claim for one in tried] == list(CLAIMS)
    for one in tried:
        assert list(one.effects) == list(circumstances(read_scenario("default")))
        assert one.finding == judgement(one.effects)
    table = tried_table(tried)
    assert len(table) == len(CLAIMS) * 6
    assert (table["effect_low"] <= table["effect"]).all()


def test_the_page_needs_nothing_else_and_says_everything(tried: Any) -> None:
    case = read_scenario("default")
    page = claims_page(tried, case, 3, 1)
    assert not re.search(r"(src|href)=\"(?!data:|#)", page)
    assert "Not a forecast" in page and '<html lang="en">' in page
    opened: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag == "img":
                assert len(dict(attrs)["alt"]) > 100
            if tag == "th":
                assert dict(attrs)["scope"] in {"row", "col"}
            if tag not in {"meta", "img"}:
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Checker().feed(page)
    assert opened == []
    for one in tried:
        assert f"{one.claim.name}: {one.finding.judgement}" in page


def test_the_command_prints_verdicts_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "claims.html"
    settings = ["--set", "horizon.months=24", "--set", "problem.communities=4", "--replications", "2"]
    result = CliRunner().invoke(main, ["claims", *settings, "--out", str(page)])
    assert result.exit_code == 0, result.output
    assert "no silver bullet" in result.output and "Not a forecast" in result.output
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["claims", "--scenario", "homelesness"], "Did you mean 'homelessness'"),
        (["claims", "--replications", "1"], "2 to 100,000"),
        (["experiment"], "--all, or one of 01_isolated_or_collective"),
        (["experiment", "13_luck"], "01_isolated_or_collective"),
        (["experiment", "03", "--all"], "--all and a name"),
        (["experiment", "03", "--record"], "--quick --record"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert "Traceback" not in result.output
