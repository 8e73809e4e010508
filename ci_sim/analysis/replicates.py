"""Advice on replications from a pilot: for a wanted precision, and for the power to find a stated effect."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.power import (
    ALPHA,
    MOST,
    POWER,
    anova_power,
    paired_power,
    replications_for_anova,
    replications_for_difference,
    replications_for_half_width,
    spread_interval,
)
from ci_sim.analysis.response import Design, Response, Scale, arm_titles, factor_keys, point_labels, scale_of
from ci_sim.complaints import Complaint, InputError

__all__ = ["analyse", "power_table", "precision_table"]

COHEN = {"small": (0.2, 0.1), "medium": (0.5, 0.25), "large": (0.8, 0.4)}
"""Conventional sizes d of a difference and f of an analysis of variance (Cohen 1988)."""
LARGEST = 100.0
"""Standardised effect beyond which two replications show it."""
PAIRED, ANOVA = "paired difference", "analysis of variance"
COLUMNS = [
    "test", "size", "effect", "standardised", "points", "alpha", "power", "needed", "replications", "power_now",
]  # fmt: skip


def analyse(
    runs: pd.DataFrame,
    design: Design,
    *,
    outcome: str = "outcome",
    arm: str = "collective_impact",
    reference: str | None = "isolated",
    half_width: float | None = None,
    effect: float | None = None,
) -> list[Finding]:
    """How many replications are needed, judged by the spread in these runs.

    Parameters
    ----------
    runs : the pilot, at least two replications of a point.
    reference : arm whose value in the same world is subtracted; None analyses the arm's own outcome.
    half_width : wanted, in the outcome's unit, above 0; by default 0.01 of what lies in 0..1 (a point of 100), of other
        outcomes a tenth of the typical spread.
    effect : smallest effect to be found, in the outcome's unit, above 0; by default twice the half-width.

    Returns
    -------
    ``replicates_precision`` and ``replicates_power``; see :func:`precision_table` and :func:`power_table`.

    Raises
    ------
    InputError : unknown names, a half-width or effect not above 0, or no point with two replications.
    """
    response, titles = Response(outcome, arm, reference), arm_titles(design)
    cells = response.cells(runs)
    spreads = cells.std(axis=1, ddof=1).dropna()
    if spreads.empty:
        found = f"no point with two values of {outcome}"
        raise InputError("runs", [Complaint("", found, "a pilot of two replications at least")])
    scale, what = scale_of(outcome), response.title(titles)
    half_width = half_width if half_width is not None else _usual_half_width(scale, float(spreads.median()))
    effect = effect if effect is not None else 2 * half_width
    wrong = {name: value for name, value in (("half_width", half_width), ("effect", effect)) if not value > 0}
    if wrong:
        raise InputError("replicates", [Complaint(name, f"{v:g}", "a number above 0") for name, v in wrong.items()])
    precision = precision_table(runs, design, cells.loc[spreads.index], half_width)
    precision.insert(0, "outcome", outcome)
    powers = power_table(cells.loc[spreads.index], effect, paired=reference is not None)
    powers.insert(0, "outcome", outcome)
    return [
        Finding("replicates_precision", f"Replications for precision: {what}", precision,
                _precision_in_words(precision, what, scale)),
        Finding("replicates_power", f"Replications for power: {what}", powers, _power_in_words(powers, scale)),
    ]  # fmt: skip


def _usual_half_width(scale: Scale, spread: float) -> float:
    return 1 / scale.factor if scale.factor != 1 else spread / 10 or 1.0


def precision_table(runs: pd.DataFrame, design: Design, cells: pd.DataFrame, half_width: float) -> pd.DataFrame:
    """Replications for a 95 % interval of the mean of a wanted half-width, a row per point.

    Columns: ``point``, the factors, ``label``; the pilot's ``replications``, its standard deviation ``spread``
    (interval for normal values) and its ``half_width``; ``wanted``, and the replications ``needed``, whose bounds are
    those for the bounds of the spread.

    Parameters
    ----------
    cells : the response by point and replication.
    half_width : wanted, in the outcome's unit.
    """
    points = point_labels(runs, design)[[*factor_keys(runs, design), "label"]]
    rows = []
    for point, values in zip(cells.index, cells.to_numpy(float), strict=True):
        mean, n = mean_interval(values), int((~np.isnan(values)).sum())
        spread = spread_interval(float(np.nanstd(values, ddof=1)), n)
        needed = Interval(*(replications_for_half_width(one, half_width) for one in spread))
        row = {"point": point, **points.loc[point].to_dict(), "replications": n, **spread.columns("spread")}
        rows.append(row | {"half_width": mean.high - mean.estimate, "wanted": half_width, **needed.columns("needed")})
    return pd.DataFrame(rows)


def power_table(cells: pd.DataFrame, effect: float, *, paired: bool) -> pd.DataFrame:
    """Replications for power .95 at the .01 level (Secchi & Seri 2017), a row per test and size.

    Columns: ``test``: "paired difference" (t test, at the point with the largest spread) or "analysis of variance"
    (of all points, as if their luck were not common, hence rather too many); ``size``: "stated" or one of Cohen's;
    ``effect`` in the outcome's unit; ``standardised`` (Cohen's d_z or f); ``points``, ``alpha``, ``power``;
    replications ``needed``, the pilot's ``replications`` (the fewest of a point) and their ``power_now``.

    For the analysis of variance the stated effect is a difference between two points, all others lying midway: the
    least variance that goes with it, f = d / sqrt(2 G) (Cohen 1988, pattern 1).

    Parameters
    ----------
    cells : the response by point and replication.
    effect : in the outcome's unit.
    paired : whether the response is a difference, for which zero means something.
    """
    points, fewest = len(cells), int(cells.notna().sum(axis=1).min())
    variances = cells.var(axis=1, ddof=1)
    worst, pooled = math.sqrt(variances.max()), math.sqrt(variances.mean())
    sizes = {"stated": (_over(effect, worst), _over(effect, pooled) / math.sqrt(2 * points)), **COHEN}
    rows: list[dict[str, object]] = []
    for size, (d, f) in sizes.items():
        about = {"size": size, "alpha": ALPHA, "power": POWER, "replications": fewest}
        stated = {"effect": effect} if size == "stated" else {}
        if paired:
            of_t = {"test": PAIRED, "effect": d * worst, "standardised": d, "points": 1}
            found = {"needed": replications_for_difference(d), "power_now": paired_power(fewest, d)}
            rows.append(about | of_t | found | stated)
        if points > 1:
            of_f = {"test": ANOVA, "effect": f * math.sqrt(2 * points) * pooled, "standardised": f, "points": points}
            found = {"needed": replications_for_anova(f, points), "power_now": anova_power(fewest, f, points)}
            rows.append(about | of_f | found | stated)
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("test", ascending=False, kind="stable", ignore_index=True)


def _over(effect: float, spread: float) -> float:
    """A standardised effect; without any luck it is as large as can be reckoned with."""
    return min(effect / spread, LARGEST) if spread > 0 else LARGEST


def _precision_in_words(table: pd.DataFrame, what: str, scale: Scale) -> str:
    fewest, most = int(table["replications"].min()), int(table["replications"].max())
    pilot = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    if (table["spread"] == 0).all():
        return f"All replications agree on the {what}: luck does not move it, and one is enough."
    worst = table.sort_values("spread").iloc[-1]
    wanted = f"{scale.number(worst['wanted'])} {scale.unit}".rstrip()
    needed, low, high = (_count(worst[f"needed{end}"]) for end in ("", "_low", "_high"))
    at = f" at {worst['label']}, where luck is largest of {len(table)} points" if len(table) > 1 else ""
    said = (
        f"The pilot has {pilot} replications. For a 95 % interval of {wanted} to either side of the mean {what}, "
        f"{needed} are needed{at} ({low} to {high}, for the spread is itself an estimate)"
    )
    middle = f"; {_count(table['needed'].median())} at a middling point" if len(table) > 2 else ""
    enough = int((table["half_width"] <= table["wanted"]).sum())
    reached = "the pilot reaches it" if len(table) == 1 else f"the pilot reaches it at {enough} of {len(table)} points"
    return f"{said}{middle}{f'; {reached}' if enough else ''}."


def _power_in_words(table: pd.DataFrame, scale: Scale) -> str:
    stated = table[table["size"] == "stated"]
    if stated.empty:
        return "One arm at one point: there is no difference to test."
    effect = f"{scale.number(stated['effect'].iloc[0])} {scale.unit}".rstrip()
    said = [f"With power {POWER:g} at the {ALPHA:g} level, as Secchi & Seri (2017) recommend:"]
    for _, row in stated.iterrows():
        aim = (
            f"a mean paired difference of {effect} is found with"
            if row["test"] == PAIRED
            else f"that two of {row['points']} points differ by {effect} is found with"
        )
        now = f"the pilot's {row['replications']} have power {row['power_now']:.2f}"
        said.append(f"{aim} {_count(row['needed'])} replications ({now});")
    return " ".join(said).rstrip(";") + "."


def _count(number: float) -> str:
    if math.isnan(number):
        return "unknown"
    return f"{math.ceil(number):,}" if number < MOST else f"more than {MOST:,}"
