"""Closed forms of NK landscapes (Kauffman & Weinberger 1989), a case by hand, and the walk against brute force."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.kernel import Landscape
from ci_sim.kernel.landscape import (
    MODULAR,
    RANDOM,
    RING,
    LandscapeDraws,
    build_landscape,
    contribution,
    outcome,
    performance,
    wire,
)
from ci_sim.kernel.search import true_gain

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RAGGED = np.array([[0, 3, 1, -1], [1, -1, -1, -1], [2, 0, 4, 5], [3, 4, -1, -1], [4, 2, 1, 0], [5, 0, -1, -1]])
"""Areas that depend on 0 to 3 other levers, as a scenario may draw them."""


def wired(kind: int, n_levers: int, n_dependencies: int, modularity: float = 0.9, seed: int = 1) -> Integers:
    keys, coins = np.random.default_rng(seed).random((2, n_levers, n_levers), dtype=np.float32)
    return wire(kind, n_levers, n_dependencies, 3, modularity, keys, coins)


def built(area_levers: Integers, communities: int, similarity: float = 0.0, climbs: int = 0) -> Landscape:
    draw = np.random.default_rng(1)
    n_states = int((1 << (area_levers >= 0).sum(axis=1)).sum())
    draws = LandscapeDraws(
        common=draw.random(n_states),
        local=draw.random((communities, n_states)),
        sharing=draw.random((communities, n_states), dtype=np.float32),
        climbs=draw.random((climbs, len(area_levers)), dtype=np.float32),
    )
    return build_landscape(area_levers, similarity, draws)


def brute_force(landscape: Landscape, community: int) -> Floats:
    """Performance of every configuration, straight from the definition."""
    n_levers = len(landscape.area_sizes)
    bits = np.arange(1 << n_levers)[:, None] >> np.arange(n_levers) & 1
    total = np.zeros(1 << n_levers)
    for area, levers in enumerate(landscape.area_levers):
        own = [lever for lever in levers if lever >= 0]
        total += landscape.contributions[community, landscape.offsets[area] + bits[:, own] @ (1 << np.arange(len(own)))]
    return total / n_levers


@numba.njit
def everything(landscape: Landscape) -> Floats:
    """(C, 2**N) performance of every configuration, as the kernel tells it."""
    n_configurations = 1 << len(landscape.area_sizes)
    table = np.empty((len(landscape.mean), n_configurations))
    for community in range(table.shape[0]):
        for configuration in range(n_configurations):
            table[community, configuration] = performance(landscape, community, configuration)
    return table


def neighbours(table: Floats) -> Floats:
    """(N, C, 2**N) performance after flipping each lever."""
    configurations = np.arange(table.shape[1])
    return np.stack([table[:, configurations ^ 1 << lever] for lever in range(table.shape[1].bit_length() - 1)])


def local_optima(landscape: Landscape) -> Floats:
    """(C,) configurations that no single flip improves."""
    table = everything(landscape)
    return (table > neighbours(table)).all(axis=0).sum(axis=1).astype(float)


def within(samples: Floats, expected: float, errors: float = 4.0) -> bool:
    """Whether the mean of independent samples is within some standard errors of what it should be."""
    return bool(abs(samples.mean() - expected) < errors * samples.std(ddof=1) / math.sqrt(len(samples)))


def test_a_technical_problem_has_one_local_optimum_everywhere() -> None:
    assert (local_optima(built(wired(RANDOM, 10, 0), 200)) == 1).all()


def test_the_best_of_a_technical_problem_is_two_thirds_on_average() -> None:
    assert within(built(wired(RANDOM, 10, 0), 4000).maximum, 2 / 3)


def test_a_fully_connected_problem_has_as_many_optima_as_theory_says() -> None:
    assert within(local_optima(built(wired(RANDOM, 8, 7), 1500)), 2**8 / 9)


@pytest.mark.parametrize("kind", [RANDOM, RING, MODULAR])
@pytest.mark.parametrize("n_dependencies", [0, 2, 5, 8])
def test_one_flip_leaves_the_correlation_theory_says(kind: int, n_dependencies: int) -> None:
    centred = everything(built(wired(kind, 9, n_dependencies), 1500)) - 0.5
    together = (neighbours(centred) * centred).mean(axis=(0, 2))  # a sample per community
    assert within(together, (1 - (n_dependencies + 1) / 9) / (12 * 9))


@pytest.mark.parametrize("n_dependencies", [0, 4, 8])
def test_performance_varies_as_a_mean_of_uniforms_does(n_dependencies: int) -> None:
    table = everything(built(wired(RANDOM, 9, n_dependencies), 1500))
    assert within(table.mean(axis=1), 0.5)
    assert within(((table - 0.5) ** 2).mean(axis=1), 1 / (12 * 9))


def test_a_case_of_three_levers_agrees_with_paper_and_pencil() -> None:
    # area 0 depends on levers 0 and 1, area 1 on itself, area 2 on levers 2 and 0; own lever is the low bit
    tables = [0.1, 0.5, 0.3, 0.9, 0.2, 0.6, 0.4, 0.8, 0.7, 0.0]
    area_levers = np.array([[0, 1], [1, -1], [2, 0]])
    local, sharing, climbs = np.zeros((1, 10)), np.zeros((1, 10), np.float32), np.zeros((0, 3), np.float32)
    landscape = build_landscape(area_levers, 1.0, LandscapeDraws(np.array(tables), local, sharing, climbs))
    by_hand = np.array([0.7, 1.4, 1.3, 2.2, 1.1, 0.7, 1.7, 1.5]) / 3
    assert landscape.area_sizes.tolist() == [2, 1, 2]
    assert landscape.offsets.tolist() == [0, 4, 6, 10]
    assert everything(landscape)[0] == pytest.approx(by_hand)
    assert [contribution(landscape, 0, area, 0b101) for area in range(3)] == [0.5, 0.2, 0.0]
    assert landscape.mean[0] == pytest.approx(10.6 / 24)
    assert landscape.maximum[0] == pytest.approx(2.2 / 3)
    assert outcome(landscape, 0, 0b011) == pytest.approx(1.0)
    assert outcome(landscape, 0, 0b000) == pytest.approx(-5 / 7)
    # flipping lever 0: area 0 gains .4, area 2 gains .3, area 1 nothing
    assert true_gain(landscape, 0b101, 0.0, 0, 0b000, 0b001) == pytest.approx(0.35)
    assert true_gain(landscape, 0b101, 1.0, 0, 0b000, 0b001) == pytest.approx(0.7 / 3)
    assert true_gain(landscape, 0b101, 0.25, 0, 0b000, 0b001) == pytest.approx(0.75 * 0.35 + 0.25 * 0.7 / 3)
    assert true_gain(landscape, 0b010, 0.0, 0, 0b000, 0b001) == 0.0


@pytest.mark.parametrize(
    "area_levers",
    [wired(RANDOM, 9, 4), wired(RING, 10, 3), wired(MODULAR, 9, 2), wired(RANDOM, 7, 6), wired(RANDOM, 2, 1), RAGGED],
    ids=["random", "ring", "modular", "full", "two levers", "explicit"],
)
def test_the_walk_finds_what_brute_force_finds(area_levers: Integers) -> None:
    landscape = built(area_levers, 3, similarity=0.5)
    assert landscape.performance.size == 3 << len(area_levers)
    for community, found in enumerate(everything(landscape)):
        table = brute_force(landscape, community)
        assert found == pytest.approx(table, abs=1e-12)
        assert landscape.mean[community] == pytest.approx(table.mean(), abs=1e-12)
        assert landscape.maximum[community] == pytest.approx(table.max(), abs=1e-12)
        best, worst = int(table.argmax()), int(table.argmin())
        assert outcome(landscape, community, best) == pytest.approx(1.0)
        assert outcome(landscape, community, worst) < 0


def test_without_the_kept_table_everything_is_the_same() -> None:
    kept = built(RAGGED, 3, similarity=0.5)
    bare = kept._replace(performance=np.empty((0, 0)))
    for configuration in range(64):
        assert performance(bare, 2, configuration) == pytest.approx(performance(kept, 2, configuration), abs=1e-12)
        assert outcome(bare, 2, configuration) == pytest.approx(outcome(kept, 2, configuration), abs=1e-12)
        gain = true_gain(kept, 0b011010, 0.3, 2, configuration, 5)
        assert true_gain(bare, 0b011010, 0.3, 2, configuration, 5) == pytest.approx(gain, abs=1e-12)


def test_bounds_are_exact_where_the_table_would_not_fit() -> None:
    landscape = built(wired(RANDOM, 13, 0), 4097)  # one community more than are kept
    areas = landscape.contributions.reshape(4097, 13, 2)  # without dependencies the best is the best of each area
    assert landscape.performance.size == 0
    assert landscape.mean == pytest.approx(areas.mean(axis=(1, 2)), abs=1e-12)
    assert landscape.maximum == pytest.approx(areas.max(axis=2).mean(axis=1), abs=1e-12)


def test_twenty_levers_are_still_walked() -> None:
    landscape = built(wired(RING, 20, 1), 1)
    table = brute_force(landscape, 0)
    assert landscape.mean[0] == pytest.approx(table.mean(), abs=1e-12)
    assert landscape.maximum[0] == pytest.approx(table.max(), abs=1e-12)


def test_above_twenty_levers_the_maximum_is_an_estimate_from_below() -> None:
    landscape = built(wired(RING, 21, 3), 2, climbs=100)
    for community in range(2):
        table = brute_force(landscape, community)
        assert landscape.mean[community] == pytest.approx(table.mean(), abs=1e-12)
        assert landscape.maximum[community] <= table.max() + 1e-12
        assert landscape.maximum[community] > np.quantile(table, 0.9999)


def test_above_twenty_levers_the_estimate_is_right_for_technical_problems() -> None:
    landscape = built(wired(RANDOM, 40, 0), 5, climbs=1)
    areas = landscape.contributions.reshape(5, 40, 2)
    assert landscape.mean == pytest.approx(areas.mean(axis=(1, 2)), abs=1e-12)
    assert landscape.maximum == pytest.approx(areas.max(axis=2).mean(axis=1), abs=1e-12)


@pytest.mark.parametrize("kind", [RANDOM, RING, MODULAR])
@pytest.mark.parametrize(("n_levers", "n_dependencies"), [(2, 0), (2, 1), (12, 5), (12, 11), (60, 19)])
def test_every_area_depends_on_itself_first_and_on_distinct_others(
    kind: int, n_levers: int, n_dependencies: int
) -> None:
    area_levers = wired(kind, n_levers, n_dependencies)
    assert area_levers.shape == (n_levers, n_dependencies + 1)
    assert area_levers[:, 0].tolist() == list(range(n_levers))
    assert all(len(set(row)) == n_dependencies + 1 for row in area_levers.tolist())
    assert area_levers.min() >= 0
    assert area_levers.max() < n_levers


def test_ring_wiring_takes_the_next_levers_in_order() -> None:
    assert wired(RING, 7, 3)[5].tolist() == [5, 6, 0, 1]


def test_random_wiring_reaches_every_other_lever_alike() -> None:
    links = np.zeros((10, 10))
    for seed in range(400):
        for area, others in enumerate(wired(RANDOM, 10, 3, seed=seed)[:, 1:]):
            links[area, others] += 1
    off_diagonal = links[~np.eye(10, dtype=bool)]
    spread = math.sqrt(400 * (1 / 3) * (2 / 3))
    assert not links.diagonal().any()
    assert abs(off_diagonal - 400 / 3).max() < 4.5 * spread


@pytest.mark.parametrize(("modularity", "low", "high"), [(1.0, 1.0, 1.0), (0.9, 0.88, 0.97), (0.0, 0.22, 0.32)])
def test_modular_wiring_stays_inside_its_blocks_as_often_as_asked(modularity: float, low: float, high: float) -> None:
    inside = []
    for seed in range(50):
        area_levers = wired(MODULAR, 12, 3, modularity, seed)  # three blocks of four: three others in each
        inside.append((area_levers[:, 1:] // 4 == area_levers[:, :1] // 4).mean())
    assert low <= np.mean(inside) <= high


def test_modular_wiring_leaves_a_block_only_when_it_is_used_up() -> None:
    area_levers = wired(MODULAR, 12, 5, modularity=1.0)
    assert ((area_levers[:, 1:4] // 4) == area_levers[:, :1] // 4).all()
    assert ((area_levers[:, 4:] // 4) != area_levers[:, :1] // 4).all()


@pytest.mark.parametrize(("similarity", "expected"), [(0.0, 0.0), (0.7, 0.49), (1.0, 1.0)])
def test_communities_have_as_much_in_common_as_context_similarity_says(similarity: float, expected: float) -> None:
    contributions = built(wired(RANDOM, 12, 5), 2, similarity).contributions
    equal = (contributions[0] == contributions[1]).mean()
    spread = math.sqrt(expected * (1 - expected) / contributions.shape[1])
    assert abs(equal - expected) <= 4 * spread
