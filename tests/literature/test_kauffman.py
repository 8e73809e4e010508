"""Random adaptive walks: they end on optima, take any fitter neighbour alike, and end as high as published."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.analysis.intervals import mean_interval
from ci_sim.kernel.landscape import performance
from ci_sim.streams import Streams
from experiments.literature.kauffman import LANDSCAPES, PUBLISHED, TOLERANCE, local_optima, walk_uphill
from experiments.literature.landscapes import SEED, built, random_partners

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("size", "published"), PUBLISHED.items(), ids=lambda one: str(one))
def test_local_optima_are_as_high_as_published(size: tuple[int, int], published: float) -> None:
    found = mean_interval(local_optima(*size, LANDSCAPES[size] // 3))
    assert found.low - TOLERANCE <= published <= found.high + TOLERANCE
    assert abs(found.estimate - published) <= TOLERANCE + 0.003


def test_walks_end_where_no_flip_improves() -> None:
    streams = Streams(SEED, 3)
    landscape = built(streams, random_partners(streams, 10, 4))
    places, heights = np.arange(1024), np.empty(1024)
    walk_uphill(landscape, places, streams.fine_uniforms("test", 1024, 50), heights)
    table = landscape.performance[:, 0]
    assert heights == pytest.approx(table[places])
    assert all((table[places] > table[places ^ 1 << lever]).all() for lever in range(10))
    assert performance(landscape, 0, int(places[0])) == pytest.approx(heights[0])


def test_a_walk_takes_each_fitter_neighbour_as_often() -> None:
    streams = Streams(SEED, 4)
    landscape = built(streams, random_partners(streams, 2, 1))
    table = landscape.performance[:, 0]
    start = int(table.argmin())  # of two levers, both flips improve: two ways to go
    for draw, lever in ((0.2, 0), (0.8, 1)):
        places, heights = np.array([start]), np.empty(1)
        walk_uphill(landscape, places, np.array([[draw, 0.0, 0.0]]), heights)
        first = start ^ (1 << lever)
        second = first ^ (1 << (1 - lever))
        assert places[0] == (second if table[second] > table[first] else first)
