"""Conclusion stability: in which share of plausible settings does what the screen shows still hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import share_interval
from ci_sim.analysis.points import paired, point_differences, standing
from ci_sim.analysis.words import arm_words, interval_of, listed, share_words
from ci_sim.complaints import Complaint, InputError

__all__ = ["analyse", "ranking_holds", "stability"]


def ranking_holds(runs: pd.DataFrame, ranking: Sequence[str], outcome: str = "outcome") -> pd.Series[bool]:
    """At which points the mean outcomes of arms stand in this order, best first; ties break it.

    Parameters
    ----------
    runs : a row per run; only worlds in which both of two neighbours in the ranking were run count.

    Raises
    ------
    InputError : fewer than two arms, or an arm that was not run.
    """
    if len(ranking) < 2:
        raise InputError("ranking", [Complaint("", f"{len(ranking)} arms", "two arms or more, best first")])
    by = ["point", "replication"]
    steps = [
        paired(runs, better, worse, [outcome], by)[outcome].groupby("point").mean() > 0
        for better, worse in pairwise(ranking)
    ]
    return pd.concat(steps, axis=1, join="inner").all(axis=1)


def stability(
    samples: Mapping[str, pd.DataFrame],
    ranking: Sequence[str] = ("collective_impact", "isolated"),
    outcome: str = "outcome",
) -> pd.DataFrame:
    """A row per sample: how often the ranking holds, and how often its first two are told apart.

    Parameters
    ----------
    samples : runs of a Latin hypercube over plausible ranges, by what varies in it.
    ranking : the order of arms on the screen, best first.

    Returns
    -------
    ``sample``, ``points``, ``worlds`` (mean number at a point), ``holds`` with Wilson's interval, ``clearly`` (share
    of points whose 95 % interval has the first ahead of the second), ``reversed`` (share where it has it behind).
    Intervals speak of the settings that were sampled, under the luck of the replications that were run.
    """
    rows = []
    for name, runs in samples.items():
        holds = ranking_holds(runs, ranking, outcome)
        points = point_differences(runs, ranking[0], ranking[1], outcome)
        sides = np.array(
            [standing(*bounds) for bounds in zip(points["difference_low"], points["difference_high"], strict=True)]
        )
        shares = [share_interval(int(np.count_nonzero(sides == side)), len(sides)) for side in (1, -1)]
        share = share_interval(int(holds.sum()), len(holds))
        rows.append((name, len(holds), float(points["worlds"].mean()), *share, *shares[0], *shares[1]))
    bounds = [f"{what}{end}" for what in ("holds", "clearly", "reversed") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["sample", "points", "worlds", *bounds])


def analyse(
    samples: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    ranking: Sequence[str] = ("collective_impact", "isolated"),
    outcome: str = "outcome",
) -> Finding:
    """Whether a conclusion survives when the numbers behind it are other ones that are plausible too.

    Parameters
    ----------
    samples : runs of one Latin hypercube, or of several by what varies in them ("well-founded parameters vary",
        "everything varies"); :func:`ci_sim.analysis.plausible.plausible_factors` gives their factors.
    ranking : the order of arms on the screen, best first.

    Raises
    ------
    InputError : an arm or outcome that is not there.
    """
    several = {"": samples} if isinstance(samples, pd.DataFrame) else samples
    table = stability(several, ranking, outcome)
    said = []
    for row in table.to_dict("records"):
        where = f" where {row['sample']}" if row["sample"] else ""
        said.append(f"in {share_words(interval_of(row, 'holds'))} of {row['points']:,} plausible settings{where}")
    order = f"{arm_words(ranking[0])} ends ahead of {', ahead of '.join(map(arm_words, ranking[1:]))}"
    return Finding("stability", f"How often {order}", table, f"{order} {listed(said)}.")
