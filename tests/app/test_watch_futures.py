"""What Watch sends to the browser: the kernel's numbers, packed, and places that stay where they are."""

from __future__ import annotations

import base64
import math

import numpy as np
import pytest

from ci_sim.app.texts import texts_in
from ci_sim.app.watch.account import misjudged_by
from ci_sim.app.watch.decision import Gains
from ci_sim.app.watch.futures import MOST_TIES, packed, run_futures, ties
from ci_sim.app.watch.places import EDGE, community_cells, organization_name, organization_places
from ci_sim.model import CollectiveImpactModel
from ci_sim.scenario_file import read_scenario
from ci_sim.simulate import simulate

ARMS = ("isolated", "collective_impact")
SMALL = ["problem.communities=6", "organizations.count=30", "horizon.months=14"]


@pytest.fixture(scope="module")
def futures():
    return run_futures(read_scenario("default", SMALL), ARMS, 2, 5)


def test_both_sides_are_the_runs_of_the_kernel(futures):
    for side, arm in zip(futures.sides, ARMS, strict=True):
        run = simulate(futures.world.scenario, 2, arm, seed=5)
        assert side.records.tobytes() == run.records.tobytes()
        np.testing.assert_array_equal(side.providers[-1], run.state.providers)
        np.testing.assert_array_equal(side.standing[-1] == 1, run.state.organizations["member"])
    assert futures.sides[0].indicators[0].tolist() == futures.sides[1].indicators[0].tolist()


def test_frames_come_back_as_they_were_packed(futures):
    side = futures.sides[1]
    frames = {name: base64.b64decode(text) for name, text in packed(side).items()}
    shape = side.indicators.shape
    np.testing.assert_array_equal(np.frombuffer(frames["indicators"], "<i2").reshape(shape), side.indicators)
    np.testing.assert_array_equal(np.frombuffer(frames["providers"], np.uint8), np.minimum(side.providers, 2).ravel())
    np.testing.assert_array_equal(np.frombuffer(frames["standing"], np.uint8), side.standing.ravel())


def test_ties_are_those_of_members_and_the_strongest_of_the_run(futures):
    pairs, trust = ties(futures.sides[1])
    assert pairs.shape == (MOST_TIES, 2)
    assert trust.shape == (15, MOST_TIES)
    member = futures.sides[1].standing == 1
    both = member[:, pairs[:, 0]] & member[:, pairs[:, 1]]
    assert not trust[~both].any()
    every = futures.sides[1].trust.mean(axis=0)
    assert trust.mean(axis=0).min() >= np.sort(every)[-MOST_TIES]
    assert not ties(futures.sides[0])[1].any()


def test_trust_is_none_where_nobody_takes_part(futures):
    isolated, collective = futures.numbers
    assert isolated["trust"] == [None] * 15
    assert None not in collective["trust"]


def test_communities_stand_in_the_cells_of_the_mesa_face():
    model = CollectiveImpactModel(communities=7, levers=4, interdependence=1, organizations=5, mandate=2, months=1)
    placed = community_cells(7)
    assert [tuple(cell) for cell in placed["cells"]] == [one.cell.coordinate for one in model.communities]
    assert (placed["columns"], placed["rows"]) == (3, 3)


@pytest.mark.parametrize("count", [2, 24, 200, 400])
def test_organizations_do_not_lie_on_one_another(count):
    places = organization_places(read_scenario("default", [f"organizations.count={count}"]))
    assert len(places) == count
    at = np.array([[place["x"], place["y"]] for place in places], float)
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + 1e9 * np.eye(count)
    assert apart.min() > 1.8 * places[0]["radius"]
    assert np.hypot(*at.T).max() + places[0]["radius"] < EDGE


def test_organizations_of_a_sector_stand_together_and_are_numbered_in_their_group():
    case, texts = read_scenario("homelessness"), texts_in("en")
    places = organization_places(case)
    around = sorted(range(len(places)), key=lambda n: math.atan2(places[n]["x"], -places[n]["y"]) % (2 * math.pi))
    sectors = [places[n]["sector"] for n in around]
    assert sectors == sorted(sectors)
    names = [organization_name(case, number, texts) for number in range(len(places))]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("gains", "cause"),
    [
        (Gains(3, 2, 2, 1, 4, 0), None),
        (Gains(3, -1, -1, -1, -4, 0), "noise"),
        (Gains(3, 3, -2, -2, -8, 5), "picture"),
        (Gains(3, 3, 3, -1, -4, 0), "measure"),
        (Gains(-3, 2, 2, 2, 8, 0), "noise"),
        (Gains(-3, -3, 4, 5, 9, 2), "picture"),
    ],
)
def test_what_misled_is_the_largest_step_between_what_was_seen_and_what_was(gains, cause):
    assert misjudged_by(gains) == cause
