"""The two headline tables of the model's specification (section 10), reproduced.

A number agrees if it lies within three standard errors of the specified one, where both are uncertain:
``|ours - theirs| <= 3 * sqrt(se(ours)**2 + 0.01**2)``; se(ours) is the standard error over 40 paired worlds, and 0.01
is what the specification states of its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

THEIRS = 0.01
"""Standard error of a number of the specification."""


def agrees(values: NDArray[np.float64], stated: float) -> bool:
    ours = values.std(ddof=1) / math.sqrt(len(values))
    print(f"stated {stated:.2f}, ours {values.mean():.3f} (standard error {ours:.3f})")
    return bool(abs(values.mean() - stated) <= 3 * math.sqrt(ours**2 + THEIRS**2))


@pytest.mark.parametrize(
    ("interdependence", "isolated", "collective"),
    [(0, 0.58, 0.86), (2, 0.33, 0.92), (5, 0.16, 0.87), (8, 0.11, 0.80), (11, 0.07, 0.75)],
)
def test_outcome_after_ten_years_by_interdependence(
    case: Any, run: Any, interdependence: int, isolated: float, collective: float
) -> None:
    records = run(case(f"problem.interdependence={interdependence}"))
    assert agrees(records["isolated"]["indicator"][:, 120], isolated)
    assert agrees(records["collective_impact"]["indicator"][:, 120], collective)


@pytest.mark.parametrize(
    ("month", "isolated", "collective"),
    [(6, 0.07, 0.08), (12, 0.10, 0.18), (24, 0.13, 0.40), (36, 0.15, 0.58), (60, 0.15, 0.76)],
)
def test_outcome_over_time(case: Any, run: Any, month: int, isolated: float, collective: float) -> None:
    records = run(case())
    assert agrees(records["isolated"]["indicator"][:, month], isolated)
    assert agrees(records["collective_impact"]["indicator"][:, month], collective)


def test_isolated_programs_leave_gaps_and_duplicate_one_another(case: Any, run: Any) -> None:
    """Section 3: about 68 % of places covered, 43 % of programs redundant."""
    opening = run(case())["isolated"][:, 0]
    assert opening["coverage"].mean() == pytest.approx(0.68, abs=0.015)
    assert opening["duplication"].mean() == pytest.approx(0.43, abs=0.015)


@pytest.mark.parametrize(
    ("staff", "stated"), [(0.0, 0.26), (0.5, 0.46), (1.0, 0.58), (2.0, 0.75), (4.0, 0.87), (8.0, 0.88)]
)
def test_outcome_by_backbone_staff(case: Any, run: Any, staff: float, stated: float) -> None:
    records = run(case(f"backbone.staff={staff}"))
    assert agrees(records["collective_impact"]["indicator"][:, 120], stated)


@pytest.mark.parametrize(("month", "stated"), [(48, 0.69), (120, 0.39), (150, 0.34)])
def test_outcome_when_the_backbones_funding_ends_at_month_48(case: Any, run: Any, month: int, stated: float) -> None:
    records = run(case("horizon.months=150", more="[[events]]\nmonth = 49\nkind = 'staff'\nstaff = 0.0\n"))
    assert agrees(records["collective_impact"]["indicator"][:, month], stated)


def test_outcome_where_the_backbone_does_not_grow_with_the_membership(case: Any, run: Any) -> None:
    assert agrees(run(case("organizations.count=96"))["collective_impact"]["indicator"][:, 120], 0.62)


def test_outcome_of_a_technical_problem_that_is_badly_measured(case: Any, run: Any) -> None:
    scenario = case("problem.interdependence=0", "organizations.evaluation_noise=0.16")
    assert agrees(run(scenario)["collective_impact"]["indicator"][:, 120], 0.66)


@pytest.mark.parametrize(("interdependence", "stated"), [(0, 0.81), (5, 0.12)])
def test_outcome_of_three_times_the_programs_in_isolation(
    case: Any, run: Any, interdependence: int, stated: float
) -> None:
    scenario = case(f"problem.interdependence={interdependence}", "organizations.resourcing=3.6")
    assert agrees(run(scenario, "isolated")["isolated"]["indicator"][:, 120], stated)
