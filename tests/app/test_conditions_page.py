"""Conditions: the numbers are those of the analyses, and the cards of the order lab obey keys."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import ipyvuetify
import numpy as np
import pandas as pd
import pytest
import solara

from ci_sim.analysis.contrasts import SUBSETS
from ci_sim.analysis.factorial import additivity, effects, shapley_values
from ci_sim.analysis.regret import regret
from ci_sim.app.charts.combinations import combination_table
from ci_sim.app.charts.contributions import contribution_table
from ci_sim.app.charts.orders import regrets
from ci_sim.app.condition_words import conditions_sentence, order_sentence, regret_sentence
from ci_sim.app.ensemble import OvertakenError
from ci_sim.app.order_lab import CHOICE, _Timeline, chosen_order, regret_table
from ci_sim.app.session import Session
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in
from ci_sim.app.trials import Request, digest_of, factorial_trial, order_trial, orders_trial
from ci_sim.arms import condition_subsets
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario_file import read_scenario
from ci_sim.simulate import simulate
from ci_sim.sweep.orders import all_orders, in_order, order_text

SMALL = (
    ("horizon.months", "24"), ("organizations.count", "8"), ("problem.communities", "4"),
    ("problem.interdependence", "3"), ("problem.levers", "6"),
)  # fmt: skip
QUERY = "?page=conditions&" + "&".join(f"{key}={value}" for key, value in SMALL)
AT_ONCE = {"tell": lambda _: None, "overtaken": lambda: False}


def session_of(language: str = "en", **view: object) -> Session:
    shown = replace(View(page="conditions", overrides=SMALL, language=language), **view)
    scenario = read_scenario(shown.scenario, [f"{key}={value}" for key, value in shown.overrides])
    nothing = lambda _: None  # noqa: E731
    return Session(shown, scenario, texts_in(language), 1180, nothing, nothing, nothing, nothing)


@pytest.fixture(scope="module")
def session():
    return session_of()


@pytest.fixture(scope="module")
def courses(session):
    return factorial_trial(session.scenario, 1).run(**AT_ONCE)


@pytest.fixture(scope="module")
def values(courses):
    return courses[:, :, -1]


@pytest.fixture(scope="module")
def ranks(session):
    return regret_table(orders_trial(session.scenario, 3, 1).run(**AT_ONCE)[:, :, -1], 3)


def test_a_factorial_is_the_very_runs_of_the_kernel(session, courses):
    trial = factorial_trial(session.scenario, 1)
    assert courses.shape == (trial.worlds, 32, 25)
    for place in (0, 13, 31):
        run = simulate(session.scenario, 2, condition_subsets()[place], seed=1)
        assert np.array_equal(courses[2, place], run.records["indicator"])


def test_orders_share_a_world_and_are_still_the_very_runs_of_the_kernel(session):
    trial = orders_trial(session.scenario, 3, 1)
    courses = trial.run(**AT_ONCE)
    assert courses.shape == (trial.worlds, 120, 25)
    for place in (0, 77):
        case = in_order(session.scenario, order_text(all_orders()[place], 3))
        assert np.array_equal(courses[4, place], simulate(case, 4).records["indicator"])
    pair = order_trial(session.scenario, all_orders()[77], 3, 1).run(**AT_ONCE)
    assert np.array_equal(pair[4, 1], courses[4, 77])
    assert np.array_equal(pair[4, 0], simulate(session.scenario, 4).records["indicator"])


def test_with_no_months_between_them_an_order_is_all_at_once(session):
    both = order_trial(session.scenario, CONDITIONS[::-1], 0, 1).run(**AT_ONCE)
    assert np.array_equal(both[:, 0], both[:, 1])


def test_results_are_kept_told_and_given_up(session):
    case = session.scenario
    told: list[float] = []
    trial = order_trial(case, CONDITIONS, 2, 7)
    with pytest.raises(OvertakenError):
        trial.run(told.append, lambda: True)
    assert trial.kept() is None
    first = trial.run(told.append, lambda: False)
    assert sorted(told)[-1] == 1.0
    assert trial.run(told.append, lambda: True) is first
    assert digest_of(first) == digest_of(first.copy()) != digest_of(first[:, ::-1] + 0.1)


def test_what_is_too_large_is_not_tried(session):
    raw = read_scenario("default", ["problem.communities=4000", "organizations.count=4000", "horizon.months=240"])
    assert factorial_trial(raw, 1).worlds == orders_trial(raw, 3, 1).worlds == 0
    assert factorial_trial(session.scenario, 1).worlds == 24
    assert isinstance(orders_trial(session.scenario, 3, 1), Request)


def test_the_matrix_holds_every_combination_with_its_mean(values):
    table = combination_table(values)
    assert sorted(table["arm"]) == sorted(SUBSETS)
    assert table["mean"].is_monotonic_decreasing
    for row in table.itertuples():
        assert [getattr(row, name) for name in CONDITIONS] == [int(digit) for digit in row.arm.removeprefix("subset_")]
        assert row.mean == pytest.approx(100 * values[:, SUBSETS.index(row.arm)].mean())
        assert row.low < row.mean < row.high


def test_contributions_are_those_of_the_analysis(values):
    table = contribution_table(values).set_index(["kind", "condition"])
    shapley = shapley_values(100 * values).set_index("condition")
    found = effects(100 * values).set_index(["coding", "term"])
    for name in CONDITIONS:
        assert table.loc[("shapley", name), "effect"] == shapley.loc[name, "shapley"]
        assert table.loc[("shapley", name), "effect_low"] == shapley.loc[name, "shapley_low"]
        for kind in ("alone", "last"):
            assert table.loc[(kind, name), "effect_high"] == found.loc[(kind, name), "effect_high"]
            assert table.loc[(kind, name), "clear"] == found.loc[(kind, name), "clear"]
    together = additivity(100 * values).iloc[0]["together"]
    assert table.loc["shapley", "effect"].sum() == pytest.approx(together)


def test_the_sentence_says_what_is_clear_and_is_silent_otherwise(session):
    draw = np.random.default_rng(1)
    noise = draw.normal(0, 0.1, (24, 1)) + draw.normal(0, 0.001, (24, 32))
    silent = conditions_sentence(noise[:, :1] + np.zeros((24, 32)), session)
    assert silent == ""
    agenda = np.array([place & 1 for place in range(32)])
    said = conditions_sentence(noise + 0.2 * agenda, session)
    assert re.search(r"all five conditions together change the indicator by \+20\.0 points", said)
    assert re.search(r"Alone, what is clear of zero: Common agenda \+(20\.0|19\.9|20\.1)", said)
    assert "more than the five alone" not in said
    together = conditions_sentence(noise + 0.3 * (np.arange(32) == 31), session)
    assert "none of the five makes a difference" in together
    assert "points more than the five alone add up to" in together
    less = conditions_sentence(noise + 0.2 * (np.arange(32) > 0), session)
    assert "points less than the five alone add up to (" in less
    assert "-" not in less.partition("less than")[2]


def test_the_set_that_cannot_be_told_from_the_best_is_that_of_the_analysis(session, ranks):
    trial = orders_trial(session.scenario, 3, 1)
    names = [order_text(order, 3) for order in all_orders()]
    expected = regret(pd.DataFrame(100 * trial.run(**AT_ONCE)[:, :, -1], columns=names))
    pd.testing.assert_frame_equal(ranks, expected)
    count, t = int(expected["in_best_set"].sum()), session.texts
    best, worst = expected.iloc[0], expected.iloc[-1]
    said = regret_sentence(ranks, best["alternative"], trial.worlds, session)
    assert said.startswith("Of all 120 orders this one has the best mean")
    assert f"{count} cannot be told apart" in said
    said = regret_sentence(ranks, worst["alternative"], trial.worlds, session)
    assert f"by {t.number(worst['regret'], 1)} points" in said
    assert ("among the" in said) == worst["in_best_set"]
    chart = regrets(ranks, worst["alternative"], trial.worlds, session, 500, 300)
    assert chart.svg.count("<circle") == 121
    assert "this order" in chart.svg


def test_an_order_is_told_from_all_at_once_only_where_it_can_be(session):
    draw = np.random.default_rng(1).normal(0.5, 0.1, (24, 1))
    assert "cannot be told apart" in order_sentence(np.hstack([draw, draw]), session)
    said = order_sentence(np.hstack([draw, draw - 0.1 + 0.01 * (draw - 0.5)]), session)
    assert "a difference of \u221210.0 points" in said


@pytest.mark.parametrize(
    "text", ["", "nonsense", "backbone@12", "@", ">".join(CONDITIONS), ">".join(CONDITIONS) + "@x"]
)
def test_an_order_that_is_none_is_the_usual_one(text):
    session = session_of(choices=((CHOICE, text),) if text else ())
    assert chosen_order(session) == (CONDITIONS, 5)


def test_months_between_beginnings_end_within_the_horizon():
    order = CONDITIONS[::-1]
    assert chosen_order(session_of(choices=((CHOICE, order_text(order, 500)),))) == (order, 5)
    assert chosen_order(session_of(choices=((CHOICE, order_text(order, 2)),))) == (order, 2)


def test_cards_move_and_say_where_they_are(session, ranks):
    views, said = [], []
    shown = replace(session, go=views.append, say=said.append)

    def look(cards):
        assert [card["name"] for card in cards.cards] == list(CONDITIONS)
        cards.vue_move({"name": "backbone", "to": 0})
        cards.vue_move({"name": "backbone", "to": 5})
        cards.vue_move({"name": "nobody", "to": 1})
        cards.vue_move({"name": "backbone", "to": "x"})
        cards.vue_space(4)
        cards.vue_space(999)
        cards.vue_put("best")

    _, rendering = solara.render(_Timeline(shown, CONDITIONS, 3, ranks), handle_error=False)
    look(rendering.find(ipyvuetify.VuetifyTemplate).widgets[0])
    rendering.close()
    orders = [view.choice(CHOICE) for view in views]
    assert orders == [
        order_text(("backbone", *CONDITIONS[:-1]), 3), order_text(CONDITIONS, 4), order_text(CONDITIONS, 5),
        ranks["alternative"].iloc[0],
    ]  # fmt: skip
    assert said[:2] == ["Backbone is number 1 of 5 now and begins in month 1.", "Backbone stays number 5 of 5."]


def downloaded(opened, chart, kind="CSV"):
    with opened.page.expect_download() as caught:
        opened.page.locator(f"#chart-{chart} .ci-save").get_by_role("button", name=re.compile(kind)).click()
    return caught.value.path().read_text()


@pytest.fixture(scope="module")
def page(open_for_all):
    opened = open_for_all(f"{QUERY}&{CHOICE}={order_text(CONDITIONS, 3)}")
    opened.page.locator("#chart-regret svg").wait_for(timeout=60_000)
    return opened


def test_the_page_shows_the_numbers_of_the_analysis(page, session, values, ranks):
    lead = page.page.locator(".ci-conditions .ci-sentence").first.inner_text()
    assert lead == (conditions_sentence(values, session) or session.texts("conditions.nothing_clear", worlds=24))
    text = downloaded(page, "contributions")
    assert "replications = 24" in text
    assert "# Worlds: 24" in text
    found = pd.read_csv(io.StringIO(text), comment="#")
    expected = contribution_table(values)
    assert np.allclose(found["effect"], expected["effect"])
    drawn = page.page.locator("#chart-contributions svg").text_content()
    for effect in expected["effect"]:
        assert session.texts.number(effect, 1, sign=True) in drawn
    drawn = page.page.locator("#chart-combinations svg").text_content()
    assert session.texts.number(combination_table(values)["mean"].iloc[0]) in drawn
    said = page.page.locator(".ci-order-said").inner_text()
    assert regret_sentence(ranks, order_text(CONDITIONS, 3), 10, session) in said


def test_a_key_moves_a_card_the_outcome_and_the_link(open_page, session, ranks):
    opened = open_page(f"{QUERY}&{CHOICE}={order_text(CONDITIONS, 3)}")
    opened.page.locator("#chart-regret svg").wait_for(timeout=60_000)
    said, before = opened.page.locator(".ci-order-said").inner_text(), opened.query()
    opened.page.locator("#order-earlier-backbone").focus()
    opened.page.keyboard.press("ArrowLeft")
    opened.settled(before)
    order = (*CONDITIONS[:3], "backbone", "continuous_communication")
    opened.page.wait_for_function("document.activeElement.id === 'order-earlier-backbone'", timeout=5000)
    opened.page.locator(".ci-toast").get_by_text("Backbone is number 4 of 5 now and begins in month 10.").wait_for()
    assert opened.page.locator(".ci-order-card").nth(3).get_attribute("data-condition") == "backbone"
    assert order_text(order, 3) in opened.page.evaluate("decodeURIComponent(location.search)")
    expected = regret_sentence(ranks, order_text(order, 3), 10, session)
    opened.page.wait_for_function("text => document.querySelector('.ci-order-said').innerText.includes(text)",
                                  arg=expected, timeout=20_000)  # fmt: skip
    assert opened.page.locator(".ci-order-said").inner_text() != said
    pair = order_trial(session.scenario, order, 3, 1).run(**AT_ONCE)
    assert order_sentence(pair[:, :, -1], session) in opened.page.locator(".ci-order-said").inner_text()
    again = open_page(opened.query())
    assert again.page.locator(".ci-order-card").nth(3).get_attribute("data-condition") == "backbone"


def test_a_card_is_dragged(open_page):
    opened = open_page(f"{QUERY}&{CHOICE}={order_text(CONDITIONS, 0)}")
    before = opened.query()
    opened.page.locator(".ci-order-card").nth(4).drag_to(opened.page.locator(".ci-order-card").nth(0))
    opened.settled(before)
    assert opened.page.locator(".ci-order-card").first.get_attribute("data-condition") == "backbone"
    assert "order does not matter" in opened.page.locator(".ci-order-said").inner_text()
