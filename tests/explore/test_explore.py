"""The standing questions on a small scenario: answered in full, sentences as the tables, resumed, refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ci_sim import InputError, Scenario
from ci_sim.cli import main
from ci_sim.explore import Exploration, choose_questions, explore, running
from ci_sim.explore.best import against_the_best
from ci_sim.explore.question import Asked, Study
from ci_sim.explore.questions import grant, money, order, partners, staff, standing_questions, when, who
from ci_sim.explore.running import run_studies
from ci_sim.provenance import limit_notice
from ci_sim.scenario_file import parse_scenario, read_scenario

SMALL = """
schema_version = 1
name = "small"
title = "A small case"
[problem]
levers = 6
communities = 5
interdependence = 2
[organizations]
count = 8
[backbone]
staff = 2.0
[horizon]
months = 48
threshold = 0.4
[[events]]
kind = "turnover"
month = 20
share = 0.3
note = "Elections."
"""
WORLDS = 6
FINDINGS = {
    "order": ["order"],
    "staff": ["staff", "staff_break_even"],
    "when": ["when_threshold", "when_horizons"],
    "grant": ["grant"],
    "who": ["who"],
    "money": ["money"],
    "partners": ["partners"],
    "hinges": ["hinges", "stability"],
}


def told(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


@pytest.fixture(scope="session")
def small() -> Scenario:
    return parse_scenario(SMALL)


@pytest.fixture(scope="session")
def asked(small: Scenario) -> Asked:
    return Asked(small, WORLDS, 1)


@pytest.fixture(scope="session")
def whole(asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> Exploration:
    """All questions, asked once."""
    return explore(asked, choose_questions(), tmp_path_factory.mktemp("explore") / "whole", workers=1)


@pytest.fixture(scope="session")
def sentences(whole: Exploration) -> Mapping[str, str]:
    """By name of the finding."""
    answers = [answer.finding for one in whole.answered for answer in one.answers]
    return {finding.name: finding.sentence for finding in answers}


# All questions


def test_every_question_is_answered_with_a_sentence_a_figure_and_a_table(whole: Exploration) -> None:
    found = {one.question.name: [answer.finding.name for answer in one.answers] for one in whole.answered}
    assert found == FINDINGS
    assert whole.failed == 0
    readme = (whole.folder / "README.md").read_text(encoding="utf-8")
    for one in whole.answered:
        assert f"## {one.question.text}" in readme
        assert all(sentence and sentence in readme for sentence in one.sentences)
        for answer in one.answers:
            assert len(told(whole.folder, answer.finding.name)) == len(answer.finding.table) > 0
            assert (whole.folder / f"{answer.finding.name}.png").read_bytes().startswith(b"\x89PNG")
            assert "</svg>" in (whole.folder / f"{answer.finding.name}.svg").read_text(encoding="utf-8")
            assert f"({answer.finding.name}.png)" in readme


def test_the_folder_says_its_limits_and_how_much_was_run(whole: Exploration, asked: Asked) -> None:
    readme = (whole.folder / "README.md").read_text(encoding="utf-8")
    assert limit_notice(asked.case) in readme
    about = json.loads((whole.folder / "manifest.json").read_text(encoding="utf-8"))
    assert about["limits"] == limit_notice(asked.case)
    assert about["sentences"] == {one.question.name: one.sentences for one in whole.answered}
    for name in about["design"]["studies"]:
        assert f"worlds/{name}`: " in readme
        design = json.loads((whole.folder / "worlds" / name / "design.json").read_text(encoding="utf-8"))
        assert design["seed"] == asked.seed
    assert f"{WORLDS} worlds (Isolated impact, Isolated, equal spend, Ordinary coalition, Collective Impact)" in readme


def test_questions_that_need_the_same_runs_share_them(whole: Exploration) -> None:
    by_name = {one.question.name: one for one in whole.answered}
    assert by_name["when"].studies == by_name["money"].studies


def test_the_command_names_every_question_in_order() -> None:
    questions = list(standing_questions().values())
    assert [question.place for question in questions] == list(range(1, len(questions) + 1))
    assert [question.name for question in questions] == list(FINDINGS)
    help_text = " ".join(CliRunner().invoke(main, ["explore", "--help"]).output.split())
    assert f"Questions: {', '.join(FINDINGS)}." in help_text


# Sentences agree with their tables


def test_of_orders_the_best_and_the_worst_are_named(whole: Exploration, sentences: Mapping[str, str]) -> None:
    table = told(whole.folder, "order")
    assert set(table["measure"]) == {"at the end", "on average along the way"}
    for measure, one in table.groupby("measure"):
        said = next(part for part in sentences["order"].split("Judged ") if part.startswith(str(measure)))
        beginnings = one[one["alternative"] != order.TOGETHER]
        assert len(beginnings) == 5
        best, beaten = beginnings.iloc[0], beginnings[~beginnings["in_best_set"].astype(bool)]
        assert best["regret"] == 0
        assert (beaten["regret_low"] > 0).all()
        if beaten.empty:
            assert "which comes first cannot be told from chance" in said
        else:
            worst = beaten.loc[beaten["regret"].idxmax()]
            assert best["alternative"] in said
            assert f"{worst['alternative']} is {100 * worst['regret']:.1f} points" in said
        together = one[one["alternative"] == order.TOGETHER].iloc[0]
        clear = together["regret_low"] > 0 or together["regret_high"] < 0
        assert ("all at once cannot be told" in said) is not clear


def test_all_at_once_is_the_scenario_itself(whole: Exploration) -> None:
    """Where a scenario has everything from month 1, as an order without months between it is the collective arm."""
    standard = next(study for one in whole.answered if one.question.name == "money" for study in one.studies)
    own = standard.runs.loc[standard.runs["arm"] == "collective_impact", "outcome"].mean()
    table = told(whole.folder, "order").set_index(["measure", "alternative"])
    assert table.loc[("at the end", order.TOGETHER), "mean"] == pytest.approx(own)


def test_staff_of_the_scenario_are_the_collective_arm(whole: Exploration, sentences: Mapping[str, str]) -> None:
    standard = next(study for one in whole.answered if one.question.name == "money" for study in one.studies)
    own = standard.runs.loc[standard.runs["arm"] == "collective_impact", "outcome"].mean()
    table = told(whole.folder, "staff").set_index("staff")
    assert table.loc[2.0, "outcome"] == pytest.approx(own)
    assert table.index.tolist() == [0, 1, 2, 3, 4, 6]
    steps = table["outcome"].diff() / np.diff(table.index, prepend=np.nan)
    assert table["per_member"].iloc[1:].to_numpy() == pytest.approx(steps.iloc[1:].to_numpy())
    assert table["money_per_member"].iloc[1:].to_numpy() == pytest.approx(10 * 48, rel=0.2)
    enough = table.index[table["in_best_set"]][0]
    if not table["in_best_set"].all() and enough not in (0, 6) and table["in_best_set"].sum() > 1:
        assert f"Beyond {enough:g} staff nothing more can be told" in sentences["staff"]


def test_the_grid_of_staff_has_every_cell_once(whole: Exploration) -> None:
    table = told(whole.folder, "staff_break_even")
    cells = table[["reference", "backbone.staff", "problem.interdependence"]]
    assert not cells.duplicated().any()
    assert set(table["problem.interdependence"]) == {0, 2, 5}
    assert (table["worlds"] == 2).all()


def test_how_many_never_reach_it_is_said_first(whole: Exploration, sentences: Mapping[str, str]) -> None:
    table = told(whole.folder, "when_threshold").set_index("arm")
    own, other = table.loc["collective_impact"], table.loc["isolated"]
    assert f"reaches 40 points never in {100 * own['never']:.0f} %" in sentences["when_threshold"]
    assert f"isolated impact never in {100 * other['never']:.0f} %" in sentences["when_threshold"]


def test_horizons_fit_the_run_and_leading_indicators_are_dated(
    whole: Exploration, sentences: Mapping[str, str]
) -> None:
    table = told(whole.folder, "when_horizons")
    assert set(table.loc[table["kind"] == "difference", "month"]) == {36}
    rises = table[table["kind"] == "half of its rise"].set_index("measure")
    assert set(rises.index) == {"indicator", "alignment", "shared_measurement", "trust", "joint_actions_agreed"}
    assert (rises["value_low"] <= rises["value"]).all()
    assert f"alignment {rises.loc['alignment', 'value']:.0f} [" in sentences["when_horizons"]
    clear = table.loc[table["kind"] == "first clear month", "value"].iloc[0]
    if not np.isnan(clear):
        assert f"from month {clear:.0f} on" in sentences["when_horizons"]


def test_what_is_retained_is_a_ratio_of_means(whole: Exploration, sentences: Mapping[str, str]) -> None:
    study = next(study for one in whole.answered if one.question.name == "grant" for study in one.studies)
    table = told(whole.folder, "grant")
    assert set(table["grant_months"]) == {24, 36}
    kept = table[(table["grant_months"] == 24) & (table["years_after"] == 1)].iloc[0]
    runs = study.series[study.series["point"] == 1]
    means = runs.groupby("month")["indicator"].mean()
    assert kept["value"] == pytest.approx(means[36] / means[24])
    assert f"{100 * kept['value']:.0f} % [" in sentences["grant"]
    assert "2-year grant, then nothing" in sentences["grant"]
    series = study.series.pivot(index=["replication", "month"], columns="point", values="indicator")  # noqa: PD010
    before = series.index.get_level_values("month") <= 24
    assert np.array_equal(series[0][before], series[1][before])
    assert not np.array_equal(series[0], series[1])


def test_mean_and_gap_are_told_together(whole: Exploration, sentences: Mapping[str, str]) -> None:
    table = told(whole.folder, "who")
    assert table["equity.focus"].tolist() == [0.0, 0.5, 1.0]
    assert (table["gap"] - table["gap_lead"]).to_numpy() == pytest.approx((table["gap"] - table["gap_lead"]).iloc[0])
    difference = (table["rest_lead"] - table["priority_lead"]).to_numpy()
    assert table["gap_lead"].to_numpy() == pytest.approx(difference)
    parts = sentences["who"].split("At equity focus ")[1:]
    for row, part in zip(table.to_dict("records"), parts, strict=True):
        assert part.startswith(f"{row['equity.focus']:g}")
        assert ("mean" in part) and ("gap" in part)
        assert ("Flag" in part) is isinstance(row["flag"], str)


def test_money_is_that_of_the_runs(whole: Exploration, sentences: Mapping[str, str]) -> None:
    table = told(whole.folder, "money").set_index(["arm", "reference"])
    same = table.loc[("collective_impact", "isolated_equal_spend")]
    own = table.loc[("collective_impact", "isolated")]
    assert abs(same["extra_spend"]) < 0.01 * own["extra_spend"]
    assert own["extra_spend"] == pytest.approx(2 * 10 * 48, rel=0.2)
    if not np.isnan(own["money_per_point"]):
        ratio = own["extra_spend"] / (100 * own["difference"])
        assert own["money_per_point"] == pytest.approx(ratio)
        assert f"{ratio:,.0f} [" in sentences["money"]


def test_partners_are_the_organizations_there_are(whole: Exploration, sentences: Mapping[str, str]) -> None:
    table = told(whole.folder, "partners")
    assert table["partners"].tolist() == [2, 4, 8, 12, 16]
    best = table.loc[table["lead"].idxmax()]
    assert best["in_best_set"]
    assert best["regret"] == 0
    if not table["in_best_set"].all():
        assert f"leads by most with {best['partners']:g}" in sentences["partners"]


# Other scenarios, weak evidence


def studies_of(asked: Asked, name: str, folder: Path) -> Mapping[str, Study]:
    studies, _ = run_studies(standing_questions()[name].studies(asked), folder, 1, lambda *_: None)
    return studies


GROUPS = (
    SMALL
    + """
[[groups]]
name = "shelters"
sector = "civil society"
count = 3
[[groups]]
name = "agencies"
sector = "government"
count = 2
{member}
"""
)


@pytest.mark.parametrize(
    ("member", "factors"),
    [
        ("", ["participation.initial"]),
        ("member = true", ["participation.initial"]),
    ],
)
def test_with_groups_partners_are_those_at_the_table(member: str, factors: list[str]) -> None:
    case = parse_scenario(GROUPS.format(member=member).replace("count = 8\n", ""))
    design = partners.QUESTION.studies(Asked(case, 2, 1))["partners"]
    assert list(design.factors) == factors


def test_groups_that_say_whether_they_take_part_are_scaled() -> None:
    text = (
        GROUPS.format(member="member = true")
        .replace("count = 8\n", "")
        .replace("count = 3", "count = 3\nmember = true")
    )
    design = partners.QUESTION.studies(Asked(parse_scenario(text), 2, 1))["partners"]
    assert list(design.factors) == ["groups.shelters.count", "groups.agencies.count"]
    assert {"groups.shelters.count": 3, "groups.agencies.count": 2} in design.points


def test_a_scenario_with_phases_groups_and_wiring_answers_everything(tmp_path: Path) -> None:
    case = read_scenario("agenda_first")
    asked = Asked(case, 2, 3)
    for name, question in standing_questions().items():
        if name != "hinges":
            answers = question.answer(asked, studies_of(asked, name, tmp_path))
            assert [answer.finding.name for answer in answers] == FINDINGS[name]
            assert all(answer.finding.sentence for answer in answers)


def test_what_means_nothing_is_not_asked_and_said_so(tmp_path: Path) -> None:
    nobody = ["equity.priority_share=1.0", "backbone.staff=0.0"]
    nobody += [f"conditions.{name}=0.0" for name in ("common_agenda", "shared_measurement", "continuous_communication")]
    case = parse_scenario(SMALL, overrides=nobody)
    found = explore(Asked(case, 2, 1), choose_questions(["order", "grant", "who"]), tmp_path / "out", workers=1)
    assert [one.sentences for one in found.answered] == [
        ["Not asked: the scenario plans for fewer than two of the conditions."],
        ["Not asked: the scenario has no paid staff whose grant could end before the horizon."],
        ["Not asked: every community belongs to the priority group."],
    ]
    assert "Not asked: every community" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_where_nothing_can_be_told_nothing_is_claimed() -> None:
    draw = np.random.default_rng(1)
    values = pd.DataFrame(draw.normal(0.5, 0.1, (30, 4)), columns=[0.0, 1.0, 2.0, 4.0])
    table = staff._by_level(values, values)
    assert staff._in_words(table) == "What staff change cannot be told from chance with 30 worlds."
    best = table["in_best_set"].all()
    assert best


def test_staff_that_stop_paying_are_found_and_harm_is_said() -> None:
    luck = np.random.default_rng(1).normal(0, 0.02, (40, 1))
    level = np.random.default_rng(2).normal(0, 0.005, (40, 4))
    columns = [0.0, 2.0, 4.0, 8.0]
    rises = pd.DataFrame(luck + level + [0.1, 0.3, 0.4, 0.4], columns=columns)
    spend = pd.DataFrame(np.tile([0.0, 200.0, 400.0, 800.0], (40, 1)), columns=columns)
    said = staff._in_words(staff._by_level(rises, spend))
    assert "Beyond 4 staff nothing more can be told from chance." in said
    assert "+10.0 points" in said
    assert "up to 2 staff, for 100 thousand over the run" in said
    harms = pd.DataFrame(luck + level + [0.1, 0.3, 0.4, 0.2], columns=columns)
    assert staff._in_words(staff._by_level(harms, spend)).endswith(
        "Of the levels that were tried 4 is best; more is worse."
    )
    grows = pd.DataFrame(luck + level + [0.1, 0.3, 0.4, 0.6], columns=columns)
    assert "up to the most that was tried, 8." in staff._in_words(staff._by_level(grows, spend))


def test_of_few_worlds_the_set_of_the_best_holds_what_its_own_interval_does_not_exclude() -> None:
    values = pd.DataFrame(np.random.default_rng(3).normal(0.5, 0.1, (3, 5)), columns=list("abcde"))
    table = against_the_best(values)
    assert (table["regret_low"] > 0)[~table["in_best_set"]].all()
    assert table["in_best_set"].iloc[0]


def test_a_gap_that_widens_is_flagged() -> None:
    draw = np.random.default_rng(1)
    worlds = [{"replication": n, "outcome": 0.5, "priority_outcome": 0.4, "rest_outcome": 0.5, "priority_gap": 0.1,
               "priority_gap_start": 0.1} for n in range(20)]  # fmt: skip
    isolated = pd.DataFrame(worlds).assign(arm="isolated")
    own = isolated.assign(arm="collective_impact", outcome=0.7 + draw.normal(0, 0.01, 20))
    own["priority_gap"] = 0.3 + draw.normal(0, 0.01, 20)
    row = who._row(0.0, pd.concat([isolated, own]))
    said = who._in_words({who.FOCUS: 0.0, **row}, 0.5)
    assert row["flag"] == "isolated impact and the start"
    assert said.startswith("At equity focus 0 it moves the mean by +20 [")
    assert said.endswith("Flag: the gap widens against isolated impact and the start.")
    same = who._in_words(who._row(0.5, pd.concat([isolated, isolated.assign(arm="collective_impact")])), 0.5)
    assert same.startswith("At equity focus 0.5 (the scenario's) what it changes in mean and gap cannot be told from")


def test_losing_to_the_same_money_is_said_too() -> None:
    def row(arm: str, other: str, low: float, high: float) -> dict[str, Any]:
        bounds = {"difference": (low + high) / 2, "difference_low": low, "difference_high": high}
        price = dict.fromkeys(("money_per_point", "money_per_point_low", "money_per_point_high"), float("nan"))
        return {"arm": arm, "reference": other, "worlds": 20, **bounds, **price}

    ends = [(-0.2, -0.1), (0.1, 0.2), (0.0, 0.1), (-0.3, -0.2)]
    table = pd.DataFrame([row(*pair, *end) for pair, end in zip(money.PAIRS, ends, strict=True)])
    said = money._in_words(table)
    assert said.startswith(
        "At the same money Collective Impact ends below more services instead: -25 [-30, -20] points."
    )
    assert "no clear gain for Collective Impact" in said
    unclear = pd.DataFrame([row(*pair, -0.1, 0.1) for pair in money.PAIRS])
    assert "cannot be told from chance with 20 worlds" in money._in_words(unclear)


def test_a_grant_whose_end_changes_nothing_is_not_given_a_sign() -> None:
    table = pd.DataFrame([{"grant_months": 24, "measure": grant.LOST, "value": 0.01,
                           "value_low": -0.02, "value_high": 0.04, "worlds": 9}])  # fmt: skip
    assert grant._in_words(table, 24) == (
        "2-year grant, then nothing: at the horizon it cannot be told from staff that stay with 9 worlds."
    )


def test_nothing_is_retained_of_an_indicator_that_was_not_there() -> None:
    draw = np.random.default_rng(1)
    worlds = pd.DataFrame(draw.normal(0, 0.1, (9, 49)))
    rows = pd.DataFrame(grant._rows(worlds, worlds, 24))
    assert rows.loc[rows["measure"] == grant.RETAINED, "value"].isna().all()
    assert "last month with staff" not in grant._in_words(rows, 24)


def test_a_level_that_half_the_worlds_never_reach_has_no_median_month() -> None:
    row = {"never": 0.6, "never_low": 0.4, "never_high": 0.8, "q10": 30.0, "median": np.inf}
    assert when._reached(row) == (
        "never in 60 % [40, 80] of worlds; a tenth of all worlds are there by month 30, half never"
    )
    assert when._reached(row | {"q10": np.inf}) == "never in 60 % [40, 80] of worlds"


# Interrupted, continued, refused


def test_interrupted_it_goes_on_from_what_is_finished(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    designs = {**order.QUESTION.studies(asked), **money.QUESTION.studies(asked)}
    _, once = run_studies(designs, tmp_path / "once", 1, lambda *_: None)
    monkeypatch.setattr("ci_sim.sweep.design.BATCH", 5)
    seen: list[int] = []

    def stop(done: int, _failed: int, _of: int) -> None:
        seen.append(done)
        if done >= 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_studies(designs, tmp_path / "twice", 1, stop)
    ran: list[int] = []
    original = running.run_numbered

    def counted(batches: Any, workers: int) -> Any:
        ran.append(sum(len(batch.units) for batch in batches))
        return original(batches, workers)

    monkeypatch.setattr(running, "run_numbered", counted)
    _, again = run_studies(designs, tmp_path / "twice", 1, lambda *_: None)
    wanted = sum(design.n_units for design in designs.values())
    assert again == once
    assert ran == [wanted - max(seen)]
    _, more = run_studies(designs, tmp_path / "twice", 1, lambda *_: None)
    assert (more, ran[-1]) == (once, 0)


def test_more_replications_add_to_what_is_there(small: Scenario, tmp_path: Path) -> None:
    few, many = (Asked(small, worlds, 1) for worlds in (2, 4))
    first = studies_of(few, "money", tmp_path)["standard_arms"]
    runs = first.runs
    second = studies_of(many, "money", tmp_path)["standard_arms"]
    assert first.folder == second.folder
    assert len(second.runs) == 16
    shared = second.runs[second.runs["replication"] < 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(runs, shared, check_dtype=True)


def test_workers_make_no_difference(asked: Asked, tmp_path: Path) -> None:
    designs = order.QUESTION.studies(asked)
    digests = [run_studies(designs, tmp_path / str(n), n, lambda *_: None)[1] for n in (1, 2)]
    assert digests[0] == digests[1]


@pytest.fixture
def case_path(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--questions", "ordr"], "no question 'ordr'"),
        (["--questions", "ordr"], "'order'"),
        (["--questions", ","], "names from order, staff"),
        (["--replications", "1"], "2 to 100,000"),
        (["--set", "problem.lever=3"], "Did you mean 'levers'"),
        (["--workers", "0"], "1 to 1,024"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    case_path: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["explore", str(case_path), "--out", str(out), *options])
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert not out.exists()


def test_a_folder_of_something_else_is_refused_and_left_alone(case_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine", encoding="utf-8")
    asking = ["explore", str(case_path), "--questions", "money", "--replications", "2", "--workers", "1", "--out"]
    result = CliRunner().invoke(main, [*asking, str(out)])
    assert result.exit_code == 2
    assert "other files in it" in result.output
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_folder_of_another_seed_is_refused_and_one_of_the_same_is_continued(case_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asking = ["explore", str(case_path), "--replications", "2", "--workers", "1", "--out", str(out), "--questions"]
    first = CliRunner().invoke(main, [*asking, "money"])
    assert first.exit_code == 0, first.output
    assert "What would the same money do" in first.output
    assert "Not a forecast" in first.output
    refused = CliRunner().invoke(main, [*asking, "money", "--seed", "2"])
    assert refused.exit_code == 2
    assert "answers for another scenario or seed" in refused.output
    again = CliRunner().invoke(main, [*asking, "money"])
    assert again.output == first.output
    (out / "explore.json").write_text("{", encoding="utf-8")
    damaged = CliRunner().invoke(main, [*asking, "money"])
    assert damaged.exit_code == 2
    assert "a damaged file" in damaged.output


def test_worlds_that_fail_are_counted_and_the_others_answer(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ci_sim.sweep.run as run_module  # noqa: PLC0415

    original = run_module.derive
    calls = {"n": 0}

    def failing(*arguments: Any) -> Any:
        calls["n"] += 1
        if calls["n"] == 3:
            raise RuntimeError("no luck")
        return original(*arguments)

    monkeypatch.setattr(run_module, "derive", failing)
    found = explore(asked, choose_questions(["money"]), tmp_path / "out", workers=1)
    assert found.failed == 1
    assert "1 of the worlds failed" in found.answered[0].studies[0].in_words
    assert len(told(tmp_path / "out", "money")) == len(money.PAIRS)
    assert (told(tmp_path / "out", "money")["worlds"] == WORLDS - 1).all()


def test_an_unknown_question_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="staf"):
        choose_questions(["staf"])
