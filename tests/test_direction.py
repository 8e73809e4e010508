"""Direction: turn this up, that must rise (section 10). Common random numbers, margins in standard errors."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.analysis.intervals import mean_interval
from ci_sim.arms import condition_subsets
from ci_sim.parameters import CONDITIONS

Floats = NDArray[np.float64]

CLEARLY = 5.0
"""Standard errors by which an effect the study found must show."""

STAFF_ENDS = "[[events]]\nmonth = 49\nkind = 'staff'\nstaff = 0.0\n"
COLLECTIVE, ISOLATED = "collective_impact", "isolated"


@pytest.fixture(scope="module")
def after_ten_years(run: Any) -> Any:
    """Indicator at the horizon of an arm, one value per world."""

    def measure(scenario: Any, arm: str = COLLECTIVE) -> Floats:
        return run(scenario, arm)[arm]["indicator"][:, -1]  # type: ignore[no-any-return]

    return measure


# The problem


def test_isolated_impact_suffices_for_technical_problems_only(
    case: Any, after_ten_years: Any, errors_above: Any
) -> None:
    technical, complex_ = (after_ten_years(case(f"problem.interdependence={k}"), ISOLATED) for k in (0, 5))
    assert errors_above(technical - complex_, 0.3) > CLEARLY


def test_what_coordination_adds_grows_with_interdependence(case: Any, run: Any, errors_above: Any) -> None:
    gains = []
    for interdependence in (0, 2, 5):
        records = run(case(f"problem.interdependence={interdependence}"))
        gains.append(records[COLLECTIVE]["indicator"][:, -1] - records[ISOLATED]["indicator"][:, -1])
    assert errors_above(gains[0], 0.15) > CLEARLY
    assert errors_above(gains[1] - gains[0], 0.1) > CLEARLY
    assert errors_above(gains[2] - gains[1], 0.02) > CLEARLY


# Scaling does not replace coordination


@pytest.mark.parametrize("tries", [3.0, 9.0], ids=["programs", "programs and tries"])
def test_three_times_the_programs_help_a_technical_problem_and_not_a_complex_one(
    case: Any, after_ten_years: Any, errors_above: Any, tries: float
) -> None:
    scaled_up = ("organizations.resourcing=3.6", f"organizations.attempts={tries}")
    gains = []
    for interdependence in ("problem.interdependence=0", "problem.interdependence=5"):
        scaled = after_ten_years(case(interdependence, *scaled_up), ISOLATED)
        gains.append(scaled - after_ten_years(case(interdependence), ISOLATED))
    assert errors_above(gains[0], 0.15) > CLEARLY
    assert errors_above(gains[1]) < 0


def test_one_organization_grown_64_fold_changes_little(case: Any, after_ten_years: Any) -> None:
    groups = "[[groups]]\nname = 'giant'\nsector = 'business'\ncount = 1\n"
    groups += "[[groups]]\nname = 'others'\nsector = 'civil society'\ncount = 23\n"
    grown = groups + "[[events]]\nmonth = 1\nkind = 'funding'\nfactor = 64.0\ngroups = ['giant']\n"
    gain = after_ten_years(case(more=grown), ISOLATED) - after_ten_years(case(more=groups), ISOLATED)
    assert abs(gain).max() > 0
    assert -0.05 < mean_interval(gain).low < mean_interval(gain).high < 0.05


@pytest.mark.parametrize("attempts", [2.0, 5.0, 10.0])
def test_more_tries_do_not_help_alone(case: Any, after_ten_years: Any, attempts: float) -> None:
    gain = after_ten_years(case(f"organizations.attempts={attempts}"), ISOLATED)
    gain = gain - after_ten_years(case("organizations.attempts=1.0"), ISOLATED)
    assert abs(gain).max() > 0
    assert -0.1 < mean_interval(gain).low < mean_interval(gain).high < 0.04


def test_the_backbones_money_spent_on_programs_does_not_replace_it(case: Any, run: Any, errors_above: Any) -> None:
    records = run(case(), ISOLATED, "isolated_equal_spend", "ordinary_coalition", COLLECTIVE)
    collective = records[COLLECTIVE]["indicator"][:, -1]
    for arm in (ISOLATED, "isolated_equal_spend", "ordinary_coalition"):
        assert errors_above(collective - records[arm]["indicator"][:, -1], 0.5) > CLEARLY, arm


# The conditions together


@pytest.fixture(scope="module")
def subsets(case: Any, run: Any) -> Any:
    """Indicator at the horizon by the set of conditions that are in place, for some K."""

    def measure(interdependence: int) -> dict[frozenset[str], Floats]:
        arms = condition_subsets()
        records = run(case(f"problem.interdependence={interdependence}"), *arms)
        on = [frozenset(name for name in CONDITIONS if getattr(arm, name) > 0) for arm in arms]
        return {names: records[arm.name]["indicator"][:, -1] for names, arm in zip(on, arms, strict=True)}

    return measure


ALL = frozenset(CONDITIONS)


def test_the_32_subsets_of_the_conditions_are_all_there_once(subsets: Any) -> None:
    every = {frozenset(chosen) for size in range(6) for chosen in combinations(CONDITIONS, size)}
    assert len(condition_subsets()) == 32
    assert set(subsets(5)) == every


def test_in_a_complex_problem_the_whole_is_far_more_than_its_parts(subsets: Any, errors_above: Any) -> None:
    outcome = subsets(5)
    alone = outcome[frozenset()]
    whole, singles = outcome[ALL] - alone, [outcome[frozenset([name])] - alone for name in CONDITIONS]
    print(f"whole {whole.mean():+.3f}, sum of singles {sum(singles).mean():+.3f}")
    assert errors_above(whole, 0.6) > CLEARLY
    assert errors_above(whole - sum(singles), 0.5) > CLEARLY
    assert all(mean_interval(single).high < 0.07 for single in singles)


def test_in_a_complex_problem_no_condition_can_be_left_out(subsets: Any, errors_above: Any) -> None:
    outcome = subsets(5)
    costs = {name: outcome[ALL] - outcome[ALL - {name}] for name in CONDITIONS}
    print({name: f"{cost.mean():.3f}" for name, cost in costs.items()})
    assert all(errors_above(cost, 0.15) > CLEARLY for cost in costs.values())
    others = [cost for name, cost in costs.items() if name != "backbone"]
    assert all(errors_above(costs["backbone"] - cost) > CLEARLY for cost in others)


def test_in_a_technical_problem_the_parts_nearly_add_up(subsets: Any, errors_above: Any) -> None:
    outcome = subsets(0)
    alone = outcome[frozenset()]
    whole = outcome[ALL] - alone
    singles = {name: outcome[frozenset([name])] - alone for name in CONDITIONS}
    print(f"whole {whole.mean():+.3f}, sum of singles {sum(singles.values()).mean():+.3f}")
    assert errors_above(whole, 0.2) > CLEARLY
    assert abs(mean_interval(whole - sum(singles.values())).estimate) < 0.05
    assert errors_above(singles["mutually_reinforcing_activities"] - 0.75 * whole) > 3


# The backbone


def test_more_staff_achieve_more_and_less_and_less_more(case: Any, after_ten_years: Any, errors_above: Any) -> None:
    outcome = [after_ten_years(case(f"backbone.staff={staff}")) for staff in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)]
    rises = [more - less for less, more in pairwise(outcome)]
    assert all(errors_above(rise) > CLEARLY for rise in rises[:-1])
    assert errors_above(rises[-1]) > 0
    assert errors_above((outcome[2] - outcome[0]) - (outcome[3] - outcome[2])) > CLEARLY  # the first, the second
    assert errors_above(rises[3] - rises[4]) > CLEARLY


def test_what_was_built_falls_apart_when_the_funding_ends(case: Any, run: Any, errors_above: Any) -> None:
    ended = run(case("horizon.months=150", more=STAFF_ENDS))
    collective, isolated = ended[COLLECTIVE]["indicator"], ended[ISOLATED]["indicator"]
    assert errors_above(collective[:, 48] - collective[:, 120], 0.15) > CLEARLY
    assert errors_above(collective[:, 120] - collective[:, 150]) > 2
    assert errors_above(collective[:, 150] - isolated[:, 150], 0.05) > CLEARLY
    kept = run(case())[COLLECTIVE]["indicator"]
    assert np.array_equal(kept[:, :49], collective[:, :49])


def test_a_larger_membership_needs_a_larger_backbone(case: Any, after_ten_years: Any, errors_above: Any) -> None:
    small, large = after_ten_years(case()), after_ten_years(case("organizations.count=96"))
    staffed = after_ten_years(case("organizations.count=96", "backbone.staff=16.0"))
    assert errors_above(small - large, 0.1) > CLEARLY
    assert errors_above(staffed - large, 0.1) > CLEARLY


def test_a_skilled_backbone_achieves_more_than_a_weak_one(case: Any, after_ten_years: Any, errors_above: Any) -> None:
    weak, skilled = (after_ten_years(case("backbone.staff=1.0", f"backbone.skill={skill}")) for skill in (0.5, 2.0))
    assert errors_above(skilled - weak, 0.1) > CLEARLY


def test_what_nobody_delivers_any_more_is_lost(case: Any, after_ten_years: Any, errors_above: Any) -> None:
    cut = "[[events]]\nmonth = 61\nkind = 'funding'\nfactor = 0.1\n"
    lasting, fading = (
        after_ten_years(case("problem.interdependence=0", f"problem.relapse={relapse}", more=cut), ISOLATED)
        for relapse in (0.0, 0.1)
    )
    assert errors_above(lasting - fading, 0.2) > CLEARLY


# Knowing, trusting, talking


@pytest.mark.parametrize("interdependence", [0, 5])
def test_noise_harms_and_shared_measurement_mends(
    case: Any, after_ten_years: Any, errors_above: Any, interdependence: int
) -> None:
    problem, noisy = f"problem.interdependence={interdependence}", "organizations.evaluation_noise=0.16"
    for arm in (ISOLATED, COLLECTIVE):
        clear = after_ten_years(case(problem), arm)
        assert errors_above(clear - after_ten_years(case(problem, noisy), arm)) > CLEARLY, arm
    unshared = after_ten_years(case(problem, noisy, "conditions.shared_measurement=0.0"))
    assert errors_above(after_ten_years(case(problem, noisy)) - unshared, 0.1) > CLEARLY


@pytest.mark.parametrize("condition", CONDITIONS[:4])
def test_a_quarter_of_a_condition_is_less_than_a_whole_one(
    case: Any, after_ten_years: Any, errors_above: Any, condition: str
) -> None:
    quarter, whole = after_ten_years(case(f"conditions.{condition}=0.25")), after_ten_years(case())
    assert errors_above(whole - quarter) > CLEARLY


@pytest.mark.parametrize(
    ("turned_up", "column", "month"),
    [
        pytest.param("communication.initial_trust=0.8", "trust", 6, id="trust"),
        pytest.param("communication.trust_gain=0.2", "trust", 24, id="trust gain"),
        pytest.param("communication.initial_trust=0.8", "alignment", 12, id="trust aligns"),
        pytest.param("backbone.build_rate=0.3", "alignment", 12, id="building"),
        pytest.param("participation.initial=1.0", "participation", 6, id="participation"),
        pytest.param("participation.recruiting=0.5", "participation", 12, id="recruiting"),
        pytest.param("activities.plan_rate=0.5", "coverage", 24, id="plan"),
        pytest.param("activities.proposals_per_staff=9.0", "joint_actions_agreed", 60, id="proposals"),
        pytest.param("backbone.hub_cost=0.5", "tries_lost", 60, id="meetings"),
        pytest.param("organizations.resourcing=3.6", "duplication", 120, id="resourcing"),
        pytest.param("problem.pull_skew=1.5", "duplication", 0, id="pull"),
        pytest.param("backbone.staff=8.0", "spend", 120, id="staff"),
    ],
)
def test_what_is_turned_up_raises_what_it_must(
    case: Any, run: Any, errors_above: Any, turned_up: str, column: str, month: int
) -> None:
    scenario, default = case(turned_up), case()
    more, less = (run(one, COLLECTIVE)[COLLECTIVE][column][:, : month + 1] for one in (scenario, default))
    difference = (more - less).sum(axis=1) if column != "spend" else (more - less)[:, 1:].sum(axis=1)
    assert difference.std() == 0 < difference[0] or errors_above(difference) > CLEARLY


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("common_agenda", "alignment"),
        ("shared_measurement", "measured_together"),
        ("mutually_reinforcing_activities", "joint_actions_proposed"),
        ("mutually_reinforcing_activities", "coverage"),
        ("continuous_communication", "trust"),
    ],
)
def test_every_condition_shows_in_what_a_backbone_reports_of_itself(
    case: Any, run: Any, errors_above: Any, condition: str, column: str
) -> None:
    quarter, whole = (
        run(case(f"conditions.{condition}={target}"), COLLECTIVE)[COLLECTIVE][column] for target in (0.25, 1.0)
    )
    assert errors_above((whole - quarter)[:, 12:61].mean(axis=1)) > CLEARLY


def test_shared_measurement_aligns_before_trust_is_built(case: Any, run: Any, errors_above: Any) -> None:
    measured, trusting = (
        run(case(f"conditions.shared_measurement={target}"), COLLECTIVE)[COLLECTIVE] for target in (1.0, 0.0)
    )
    assert errors_above((measured["alignment"] - trusting["alignment"])[:, 24], 0.1) > CLEARLY


def test_fresh_pictures_help_alone(case: Any, after_ten_years: Any, errors_above: Any) -> None:
    stale, fresh = (after_ten_years(case(f"organizations.picture_refresh={p}"), ISOLATED) for p in (0.01, 1.0))
    assert errors_above(fresh - stale) > CLEARLY


# Equity


def test_a_crowd_following_plan_raises_the_mean_and_widens_the_gap(case: Any, run: Any, errors_above: Any) -> None:
    crowd, even = (
        run(case("problem.pull_skew=1.5", "horizon.months=60", f"equity.focus={focus}"), COLLECTIVE)[COLLECTIVE]
        for focus in (0.0, 0.5)
    )

    def gap(records: Any, month: int) -> Floats:
        return (records["rest_indicator"] - records["priority_indicator"])[:, month]  # type: ignore[no-any-return]

    assert errors_above(crowd["indicator"][:, -1] - crowd["indicator"][:, 0], 0.2) > CLEARLY
    assert errors_above(gap(crowd, -1) - gap(crowd, 0)) > 3
    assert errors_above(gap(crowd, -1) - gap(even, -1)) > 3
    assert mean_interval(gap(even, -1) - gap(even, 0)).low < 0.05
