"""What holds for every valid scenario, whatever it says (Hypothesis; the same examples every time)."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_sim.arms import STANDARD_ARMS, condition_subsets
from ci_sim.outcomes import DERIVED_OUTCOMES, derive
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule, has_initiative
from ci_sim.simulate import Trajectory, simulate_arms

SHARES = (
    "common_agenda", "shared_measurement", "mutually_reinforcing_activities", "continuous_communication", "backbone",
    "coverage", "duplication", "participation", "trust", "alignment", "measured_together", "budget_carried",
)  # fmt: skip
ARMS = list(STANDARD_ARMS.values())

share = st.floats(0, 1)
hazard = st.sampled_from([0.0, 0.0, 0.05, 0.6])
examples = settings(max_examples=100, deadline=None, derandomize=True, database=None)


@st.composite
def levers(draw: Any, count: int) -> list[dict[str, Any]]:
    """Levers with their wiring drawn one by one, as a scenario of a real domain has them."""
    names = [f"lever_{number + 1}" for number in range(count)]
    listed = []
    for name in names:
        others = draw(st.lists(st.sampled_from([n for n in names if n != name]), unique=True, max_size=count - 1))
        listed.append({"name": name, "depends_on": [{"lever": other} for other in others]})
    return listed


@st.composite
def groups(draw: Any, n_levers: int) -> list[dict[str, Any]]:
    """Up to three groups, some with a mandate, programs, tries or noise of their own."""
    listed = []
    for number in range(draw(st.integers(1, 3))):
        group = {
            "name": f"group_{number}",
            "sector": draw(st.sampled_from(["government", "civil society", "business"])),
            "count": draw(st.integers(1, 3)),
            "levers": [f"lever_{n + 1}" for n in draw(st.lists(st.integers(0, n_levers - 1), unique=True, max_size=4))],
        }
        optional = {"programs": st.integers(0, 9), "attempts": st.floats(0, 5), "evaluation_noise": st.floats(0, 0.5)}
        group |= {key: draw(values) for key, values in optional.items() if draw(st.booleans())}
        listed.append(group)
    return listed


@st.composite
def events(draw: Any, months: int, names: list[str], disruptive: bool) -> list[dict[str, Any]]:
    """Events of all kinds; those that open or close programs only where ``disruptive``."""
    concerned = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
    kinds = {
        "condition": {"condition": st.sampled_from(CONDITIONS[:4]), "target": share},
        "staff": {"staff": st.floats(0, 6)},
        "shock": {"share": share},
        "turnover": {"share": share, "groups": concerned},
        "replication": {},
    }
    if disruptive:
        kinds |= {"exit": {"share": share, "groups": concerned}}
        kinds |= {"funding": {"factor": st.floats(0, 3), "groups": concerned}}
    listed = []
    for kind in draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4)):
        listed.append({"month": draw(st.integers(1, months)), "kind": kind})
        listed[-1] |= {key: draw(values) for key, values in kinds[kind].items()}
    return listed


@st.composite
def scenarios(draw: Any, disruptive: bool = True) -> Scenario:
    """A small valid scenario; without ``disruptive`` nothing befalls anyone's money."""
    count, months = draw(st.integers(2, 8)), draw(st.sampled_from([1, 5, 18, 18, 18, 18]))
    wiring = draw(st.sampled_from(["random", "ring", "modular", "explicit"]))
    problem = {
        "levers": count,
        "wiring": wiring,
        "communities": draw(st.integers(1, 6)),
        "context_similarity": draw(share),
        "pull_skew": draw(st.sampled_from([0.0, 0.5, 2.0])),
        "relapse": draw(share),
        "indicator_lag": draw(st.floats(1, 12)),
        "modules": draw(st.integers(1, 4)),
        "modularity": draw(share),
    }
    if wiring != "explicit":
        problem["interdependence"] = draw(st.integers(0, count - 1))
    organizations = {
        "mandate": draw(st.integers(1, count)),
        "resourcing": draw(st.floats(0, 3)),
        "attempts": draw(st.floats(0, 5)),
        "evaluation_noise": draw(st.floats(0, 0.5)),
        "acceptance_threshold": draw(st.sampled_from([0.0, 0.0, -0.1, 0.05])),
        "picture_refresh": draw(share),
        "update": draw(st.sampled_from(["sequential", "simultaneous"])),
    }
    listed = draw(groups(count)) if draw(st.booleans()) else []
    if not listed:
        organizations["count"] = draw(st.integers(1, 10))
    hazards = ("funding_loss", "leader_turnover", "closure")
    harmless = {"leader_turnover": draw(hazard)}
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "name": "drawn",
            "problem": problem,
            "organizations": organizations,
            "conditions": {name: draw(st.sampled_from([0.0, 0.4, 1.0])) for name in CONDITIONS[:4]},
            "backbone": {
                "staff": draw(st.sampled_from([0.0, 0.5, 2.0, 7.3])),
                "skill": draw(st.floats(0, 3)),
                "build_rate": draw(share),
                "decay_rate": draw(share),
                "mesh_cost": draw(share),
                "largest_meeting_loss": draw(share),
            },
            "activities": {"plan_rate": draw(share), "proposals_per_staff": draw(st.floats(0, 10)), "looks": 3},
            "communication": {"peer_learning": draw(st.floats(0, 0.5)), "initial_trust": draw(share)},
            "participation": {"initial": draw(share), "recruiting": draw(share), "leaving": draw(share)},
            "equity": {"focus": draw(share), "priority_share": draw(st.sampled_from([0.01, 0.25, 0.5, 1.0]))},
            "costs": {
                "program": draw(st.floats(0.1, 50)),
                "staff": draw(st.floats(0, 50)),
                "envelope": draw(st.sampled_from([1e9, 1e9, 0.0, 40.0, 700.0])),
            },
            "hazards": {name: draw(hazard) for name in hazards} if disruptive else harmless,
            "horizon": {"months": months},
            "levers": draw(levers(count)) if wiring == "explicit" else [],
            "groups": listed,
            "events": draw(events(months, [group["name"] for group in listed], disruptive)),
        }
    )


def runs(scenario: Scenario, arms: Any = ARMS) -> list[Trajectory]:
    return list(simulate_arms(scenario, arms, [0]))


@examples
@given(scenario=scenarios())
def test_every_valid_scenario_runs_to_its_horizon_in_every_arm(scenario: Scenario, assert_consistent: Any) -> None:
    trajectories = runs(scenario)
    isolated = trajectories[0].records
    for trajectory in trajectories:
        assert len(trajectory.records) == scenario.horizon.months + 1
        assert_consistent(trajectory.state)
        derived = derive(scenario, trajectory.records, isolated)
        assert list(derived) == list(DERIVED_OUTCOMES)
        assert not any(np.isinf(value) for value in derived.values())


@examples
@given(scenario=scenarios())
def test_outcomes_are_finite_and_never_above_the_best_achievable(scenario: Scenario) -> None:
    for trajectory in runs(scenario):
        records = trajectory.records
        for name in records.dtype.names or ():
            rest = name == "rest_indicator" and scenario.equity.priority_share == 1
            assert rest or np.isfinite(records[name]).all() or scenario.problem.communities == 1, name
        for name in ("outcome", "indicator", "priority_indicator"):
            assert (records[name] <= 1 + 1e-12).all(), name
        for name in SHARES:
            assert (records[name] >= 0).all(), name
            assert (records[name] <= 1 + 1e-12).all(), name
        assert (records["equity_gap"] >= 0).all()
        assert (records["joint_actions_agreed"] <= records["joint_actions_proposed"]).all()


@examples
@given(scenario=scenarios())
def test_the_mean_indicator_is_that_of_the_two_groups_together(scenario: Scenario) -> None:
    for trajectory in runs(scenario):
        priority = trajectory.state.communities["priority"]
        records, first, count = trajectory.records, priority.sum(), len(priority)
        assert 1 <= first <= count
        rest = np.nan_to_num(records["rest_indicator"]) * (count - first)
        assert np.allclose(records["indicator"], (records["priority_indicator"] * first + rest) / count)


@examples
@given(scenario=scenarios(disruptive=False))
def test_without_loss_of_money_programs_are_conserved_and_cost_what_they_cost(scenario: Scenario) -> None:
    """The plan moves programs, but opens and closes none."""
    opening = None
    for trajectory in runs(scenario):
        records, months = trajectory.records, build_schedule(scenario, trajectory.arm).months
        opening = records["programs"][0] if opening is None else opening
        if not trajectory.arm.equal_spend:
            assert (records["programs"] == opening).all()
        assert (records["programs"] >= opening).all()
        paid = trajectory.world.state.organizations["programs_each"].sum() + months["extra_programs"]
        expected = paid * scenario.costs.program + months["staff"] * scenario.costs.staff
        assert np.allclose(records["spend"][1:], expected)
        assert records["spend"][0] == 0


@examples
@given(scenario=scenarios(disruptive=False))
def test_a_plan_never_uncovers_a_place(scenario: Scenario) -> None:
    for trajectory in runs(scenario, [arm for arm in ARMS if not arm.equal_spend]):
        assert (np.diff(trajectory.records["coverage"]) >= 0).all()
        assert (np.diff(trajectory.records["duplication"]) <= 0).all()


@examples
@given(scenario=scenarios(disruptive=False))
def test_equal_spend_is_within_half_a_program_month(scenario: Scenario) -> None:
    _, equal, _, collective = (trajectory.records["spend"].sum() for trajectory in runs(scenario))
    assert abs(equal - collective) <= scenario.costs.program / 2 + 1e-9 * collective


@examples
@given(scenario=scenarios())
def test_arms_of_a_world_start_alike_and_without_an_initiative_nobody_takes_part(scenario: Scenario) -> None:
    trajectories = runs(scenario)
    for trajectory in trajectories:
        for name in ("indicator", "outcome", "coverage", "programs"):
            assert trajectory.records[name][0] == trajectories[0].records[name][0], name
        if not has_initiative(build_schedule(scenario, trajectory.arm)):
            for name in ("participation", "trust", "alignment", "tries_lost", "joint_actions_proposed"):
                assert not trajectory.records[name].any(), name


@settings(examples, max_examples=15)
@given(scenario=scenarios())
def test_all_32_subsets_of_the_conditions_run_in_every_scenario(scenario: Scenario) -> None:
    trajectories = runs(scenario, condition_subsets())
    assert len(trajectories) == 32
    for trajectory in trajectories:
        wanted = build_schedule(scenario, trajectory.arm).months
        for condition in CONDITIONS[:4]:
            assert wanted[condition].any() or not trajectory.records[condition].any()
