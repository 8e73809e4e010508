"""Networks: they are what they are called, agents follow the rules, and the published table comes out."""

from __future__ import annotations

import networkx
import numpy as np
import pandas as pd
import pytest

from ci_sim.kernel.landscape import performance
from ci_sim.streams import Streams
from experiments.literature import networks
from experiments.literature.__main__ import RESULTS
from experiments.literature.landscapes import (
    SEED,
    Floats,
    Integers,
    built,
    loose_levers,
    random_partners,
    repeated_others,
    repeated_partners,
)
from experiments.literature.lazer_friedman import NETWORKS, PUBLISHED, ROUNDS, play, rows_of, solve, takeover, wins
from experiments.literature.networks import AGENTS, Links, neighbours_of

pytestmark = pytest.mark.slow

FRESH = 250
"""Worlds played anew; the stored table has 1,000."""


@pytest.fixture(scope="module")
def fresh() -> dict[str, Floats]:
    return play(NETWORKS, repeated_others, FRESH)


@pytest.fixture(scope="module")
def stored() -> dict[str, Floats]:
    table = pd.read_csv(RESULTS / "end-scores.csv")
    return {name: table[[name]].to_numpy() for name in NETWORKS}


def test_the_stored_worlds_are_what_the_code_plays(fresh: dict[str, Floats], stored: dict[str, Floats]) -> None:
    for name in NETWORKS:
        assert len(stored[name]) == 1000
        assert fresh[name][:, -1] == pytest.approx(stored[name][:FRESH, 0], abs=1e-4)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_thousand_worlds_are_won_as_often_as_published(name: str, stored: dict[str, Floats]) -> None:
    assert abs(wins(stored[name], stored["full"]).estimate - PUBLISHED[name]) <= 45


def test_fewer_worlds_say_the_same(fresh: dict[str, Floats]) -> None:
    for row in rows_of(fresh):
        # worlds differ widely: twice the interval, which is about four standard errors
        half = (row.high - row.low) / 2
        assert row._replace(low=row.low - half, high=row.high + half).in_reach, row


def test_slower_networks_end_higher_and_start_lower(fresh: dict[str, Floats]) -> None:
    slow_to_fast = ["line", "lattice", "small world", "random", "full"]
    ends = [fresh[name][:, -1].mean() for name in slow_to_fast]
    early = [fresh[name][:, 5].mean() for name in slow_to_fast]
    assert ends == sorted(ends, reverse=True)
    assert early == sorted(early)
    assert all((fresh[name][:, 0] == fresh["full"][:, 0]).all() for name in NETWORKS), "all start alike"


def test_the_takeover_is_the_round_from_which_it_lasts() -> None:
    full = np.zeros((4, ROUNDS + 1))
    ahead = np.full((4, ROUNDS + 1), -1.0)
    ahead[:, 3] = 1.0  # for one round only
    ahead[:, 30:] = 1.0
    assert tuple(takeover(ahead, full)) == (30.0, 30.0, 30.0)
    assert np.isnan(takeover(full - 1.0, full).estimate)


@pytest.mark.parametrize("simultaneous", [True, False])
def test_agents_copy_the_best_they_see_or_else_try_a_flip(simultaneous: bool) -> None:
    streams = Streams(SEED, 0)
    landscape = built(streams, random_partners(streams, 10, 4))
    generator = np.random.default_rng(5)
    start, flips = generator.integers(0, 1024, AGENTS), generator.integers(0, 10, (20, AGENTS))
    order = np.argsort(generator.random((20, AGENTS)), axis=1)
    links = networks.ring(2)
    solutions, heights, scores = np.zeros((2, AGENTS), np.int64), np.empty((2, AGENTS)), np.empty(21)
    solutions[0] = start
    solve(landscape, solutions, heights, neighbours_of(links), flips, order, simultaneous, scores)
    expected = by_hand(landscape.performance[:, 0], start, links, flips, order, simultaneous)
    assert scores == pytest.approx(expected / landscape.maximum[0] ** 8)
    assert performance(landscape, 0, int(start[0])) > 0


def by_hand(
    table: Floats, start: Integers, links: Links, flips: Integers, order: Integers, simultaneous: bool
) -> Floats:  # the same in plain Python
    now = [int(one) for one in start]
    scores = [(table[now] ** 8).mean()]
    for tried, turn in zip(flips, order, strict=True):
        seen = list(now) if simultaneous else now
        for agent in turn:
            best = max([agent, *np.flatnonzero(links[agent])], key=lambda one: table[seen[one]])
            flipped = seen[agent] ^ (1 << int(tried[agent]))
            copied = table[seen[best]] > table[seen[agent]]
            now[agent] = seen[best] if copied else max(seen[agent], flipped, key=lambda one: table[one])
        scores.append((table[now] ** 8).mean())
    return np.array(scores)


def test_networks_are_what_they_are_called() -> None:
    def same(links: Links, graph: networkx.Graph) -> bool:
        return bool((links == networkx.to_numpy_array(graph, nodelist=sorted(graph)).astype(bool)).all())

    assert same(networks.line(), networkx.path_graph(AGENTS))
    assert same(networks.ring(1), networkx.cycle_graph(AGENTS))
    assert same(networks.ring(2), networkx.circulant_graph(AGENTS, [1, 2]))
    assert same(networks.torus(), networkx.grid_2d_graph(10, 10, periodic=True))
    assert same(networks.full(), networkx.complete_graph(AGENTS))


def test_drawn_networks_have_the_links_they_should() -> None:
    draws = np.random.default_rng(6)
    random = np.array([networks.random_links(0.07, draws.random((AGENTS, AGENTS))).sum() / 2 for _ in range(200)])
    assert abs(random.mean() - 0.07 * 4950) < 4 * random.std() / np.sqrt(200)
    for rewired, low, high in ((0.0, 0, 0), (0.1, 8, 32), (1.0, 150, 200)):
        links = networks.small_world(2, rewired, draws.random((2, AGENTS, 2)))
        assert links.sum() == 4 * AGENTS, "rewiring keeps the number of links"
        assert (links == links.T).all()
        assert not links.diagonal().any()
        assert low <= (links & ~networks.ring(2)).sum() / 2 <= high


def test_neighbours_are_listed_once_each() -> None:
    links = networks.line()
    seen = neighbours_of(links)
    assert seen.shape == (AGENTS, 2)
    assert seen[0].tolist() == [1, -1]
    assert seen[50].tolist() == [49, 51]


def test_partners_drawn_with_replacement_count_once() -> None:
    sizes = []
    for wiring, others in ((repeated_partners, 19 / 20), (repeated_others, 18 / 19)):
        rows = np.concatenate([wiring(Streams(SEED, world), 20, 5) for world in range(200)])
        assert all(len(set(row[row >= 0])) == (row >= 0).sum() for row in rows)
        assert (rows.reshape(200, 20, 6)[:, :, 0] == np.arange(20)).all()
        found = (rows[:, 1:] >= 0).sum(axis=1)
        assert found.mean() == pytest.approx(19 * (1 - others**5), abs=0.05)
        sizes.append(found.mean())
    loose = np.concatenate([loose_levers(Streams(SEED, world), 20, 5) for world in range(50)])
    own = (loose.reshape(50, 20, 6) == np.arange(20)[:, None]).any(axis=2)
    assert own.mean() == pytest.approx(1 - (19 / 20) ** 6, abs=0.06)
    assert sizes[0] < sizes[1]
