"""The answer to 10: base rates of imperfect initiatives against published ones, and what would have to be true."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ci_sim import figures
from ci_sim.analysis.discovery import box_words, columns_of, describe, discover
from ci_sim.analysis.intervals import Interval, mean_interval, share_interval
from ci_sim.analysis.points import factors_of, point_differences
from ci_sim.analysis.worlds import in_points
from ci_sim.experiments.answer import Answer, Check, Picture, Sweep, Sweeps
from ci_sim.figures.estimates import Row, rows_page

CI, AFTER, END = "collective_impact", 60, 48
NEEDLE, THRESHOLD, ALIVE = 0.10, 0.5, 3
GAINS = (0.035, 0.061)
NEAR = (0.0, 0.10)
SHUFFLES = 39


class Rate(NamedTuple):
    """A published record and the model's, both of 0..1, with intervals."""

    what: str
    record: Interval
    model: Interval


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    rates = _rates(sweeps)
    found, inside = _search(sweeps["design_search"])
    rosy = [rate.what for rate in rates if rate.model.low > rate.record.high]
    gain = rates[2].model
    bleak = [rate.what for rate in rates if rate.model.high < rate.record.low]
    sentence = " ".join(
        filter(
            None,
            (
                f"Imperfect initiatives gain {in_points(gain)} points on isolated impact after five years; the trial "
                f"found {100 * GAINS[0]:g} to {100 * GAINS[1]:g}.",
                f"The model is too rosy on {len(rosy)} of {len(rates)} records ({'; '.join(rosy)})." if rosy else "",
                f"It is too bleak on {len(bleak)} ({'; '.join(bleak)})." if bleak else "",
                _dissolution(rates[3]),
                _would(found, inside),
            ),
        )
    )
    table = _table(rates, inside)
    numbers = pd.DataFrame(
        [
            {"record": r.what, **r.record._asdict(), **{f"model_{k}": v for k, v in r.model._asdict().items()}}
            for r in rates
        ]
    )
    boxes = pd.DataFrame(
        [
            {"factor": name, "from": low, "to": high}
            for name, (low, high) in (found.box.limits if found.box else {}).items()
        ]
    )
    boxes = boxes.assign(coverage=found.box.coverage, density=found.box.density) if found.box else boxes
    return Answer(
        sentence,
        table,
        _checks(rates, found),
        {
            "base_rates": Picture(
                lambda note: _draw(rates, note),
                numbers,
                "Published records beside what the model's imperfect initiatives come to.",
            ),
            "what_would_match": Picture(
                lambda note: figures.scenario_discovery(
                    found,
                    title="What would have to be true: settings with gains of 0 to 10 points",
                    note=note,
                    sentence=describe(found),
                ),
                boxes,
                "Settings with gains of 0 to 10 points (marked) among all that were tried, and the box found for them.",
            ),
        },
    )


def _at(sweep: Sweep, month: int) -> pd.DataFrame:
    """Collective Impact at a month, a row per initiative, with the isolated indicator of its world beside."""
    series = sweep.timeseries()
    then = series[series["month"] == month]
    own, other = (then[then["arm"] == arm].set_index(["point", "replication"]) for arm in (CI, "isolated"))
    return own.assign(gain=own["indicator"] - other["indicator"])


def _rates(sweeps: Sweeps) -> list[Rate]:
    then = _at(sweeps["design"], AFTER)
    later = _at(sweeps["design_after"], END + 60)
    members = (later["participation"] * 24).round()
    middle = sum(GAINS) / 2
    return [
        Rate("communities at proof point", share_interval(5, 70), _share(then["indicator"] >= THRESHOLD)),
        Rate("needle moved by 10", share_interval(12, 600), _share(then["gain"] >= NEEDLE)),
        Rate("mean gain", Interval(middle, *GAINS), _over_worlds(then["gain"])),
        Rate("alive five years after funding", share_interval(113, 165), _share(members >= ALIVE)),
    ]


def _share(hits: pd.Series) -> Interval:
    """A share of initiatives."""
    return Interval(*(min(1.0, max(0.0, value)) for value in _over_worlds(hits.astype(float))))


def _over_worlds(values: pd.Series) -> Interval:
    """A mean whose interval is over worlds: initiatives of one world are no independent evidence."""
    return mean_interval(values.groupby("replication").mean().to_numpy())


def _search(sweep: Sweep):
    """The box for gains of 0 to 10 points, and the gains of the points inside it."""
    points = point_differences(sweep.runs)
    gain = points["difference"].to_numpy()
    cases = (gain >= NEAR[0]) & (gain <= NEAR[1])
    columns = columns_of(points, factors_of(points))
    found = discover(columns, cases, "Gains of 0 to 10 points come about", shuffles=SHUFFLES)
    inside = gain[_within(columns, found)] if found.box else np.array([])
    return found, inside


def _within(columns, found) -> np.ndarray:
    mask = np.ones(len(found.cases), bool)
    for name, (low, high) in found.box.limits.items():
        mask &= (columns[name] >= low) & (columns[name] <= high)
    return mask


def _dissolution(alive: Rate) -> str:
    """The yearly hazard by which initiatives would have to dissolve for the record of survival to be met."""
    if not alive.model.low > alive.record.high:
        return ""
    low, middle, high = (
        1 - (share / alive.model.estimate) ** (1 / 5)
        for share in (alive.record.high, alive.record.estimate, alive.record.low)
    )
    return (
        f"Nothing in the model dissolves an initiative: {100 * alive.model.estimate:.0f} % are alive five years after "
        f"funding against {100 * alive.record.estimate:.0f} %; to match, {in_points(Interval(middle, low, high))} % "
        "would have to dissolve a year."
    )


def _would(found, inside: np.ndarray) -> str:
    share = f"{100 * found.cases.mean():.0f} % of the {len(found.cases):,} settings tried gain 0 to 10 points"
    if found.box is None:
        return f"{share}; no box of settings was found for them that chance would not give as well."
    return (
        f"{share}; what would have to be true is mostly {box_words(found.x, found.box)}: there the mean gain is "
        f"{in_points(mean_interval(inside))} points and {100 * (inside >= NEEDLE).mean():.0f} % move the needle by 10."
    )


def _checks(rates: list[Rate], found) -> list[Check]:
    checks = []
    for number, rate in enumerate(rates, 1):
        held, failed = rate.model.low > rate.record.high, rate.model.high < rate.record.low
        verdict = "held" if held else "failed" if failed else "cannot be told"
        told = f"{rate.what}: model {in_points(rate.model)}, record {in_points(rate.record)} of 100"
        checks.append(Check(number, verdict, told))
    limits = set(found.box.limits) if found.box else set()
    expected = {
        "backbone.staff",
        "backbone.upkeep_per_staff",
        "activities.proposals_per_staff",
        "participation.initial",
        "participation.recruiting",
        "participation.leaving",
    }
    said = f"box restricts {', '.join(sorted(limits)) or 'nothing'}"
    return [*checks, Check(5, "held" if limits & expected else "failed", said)]


def _table(rates: list[Rate], inside: np.ndarray) -> pd.DataFrame:
    rows = []
    for rate in rates:
        higher, lower = rate.model.low > rate.record.high, rate.model.high < rate.record.low
        verdict = "too rosy" if higher else "too bleak" if lower else "cannot be told apart"
        rows.append(
            {
                "record": rate.what,
                "published (of 100)": in_points(rate.record),
                "model (of 100)": in_points(rate.model),
                "verdict": verdict,
            }
        )
    if len(inside):
        boxed = {
            "mean gain": mean_interval(inside),
            "needle moved by 10": share_interval(int((inside >= NEEDLE).sum()), len(inside)),
        }
        for row in rows:
            row["model, in the box found"] = in_points(boxed[row["record"]]) if row["record"] in boxed else ""
    return pd.DataFrame(rows)


def _draw(rates: list[Rate], note: str):
    rows = []
    for rate in rates:
        for who, interval, own in (("published", rate.record, False), ("model", rate.model, True)):
            rows.append(Row(f"{rate.what}: {who}", Interval(*(100 * value for value in interval)), own))
    return rows_page(
        {"": rows},
        title="Imperfect initiatives against published records",
        axis="of 100: per cent of initiatives; for the gain, points",
        caption=f"The trial's gain is drawn as the range of its results.\n{note}",
        meaning=("model", "published record"),
    )[0]
