"""The alternatives that cannot be told from the best, where worlds may be few."""

from __future__ import annotations

import pandas as pd

from ci_sim.analysis.regret import regret

__all__ = ["against_the_best"]


def against_the_best(values: pd.DataFrame) -> pd.DataFrame:
    """Regret, with a set of the best that also holds whatever the pointwise interval does not set apart.

    The set allows for all pairs by a bootstrap, which of a handful of worlds is too sure; a larger set never errs
    more often.

    Parameters
    ----------
    values : (worlds, alternatives), complete; more is better.

    Returns
    -------
    As :func:`ci_sim.analysis.regret.regret`.
    """
    table = regret(values)
    return table.assign(in_best_set=table["in_best_set"] | ~(table["regret_low"] > 0))
