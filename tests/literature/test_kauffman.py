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


@pytest.mark.parametrize(("size", "published"), PUBLISHED.items(), ids=str)
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
    # two levers and two peaks: from the lowest place both flips improve, and both lead to a peak
    for world in range(100):
        streams = Streams(SEED, world)
        landscape = built(streams, random_partners(streams, 2, 1))
        start, far = np.argsort(landscape.performance[:, 0])[:2]
        if start ^ far == 3:
            break
    places, heights = np.full(1000, start), np.empty(1000)
    draws = np.column_stack([(np.arange(1000) + 0.5) / 1000, np.zeros(1000)])
    walk_uphill(landscape, places, draws, heights)
    assert places[:500].tolist() == [start ^ 1] * 500
    assert places[500:].tolist() == [start ^ 2] * 500
