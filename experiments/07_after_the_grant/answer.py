"""The answer to 07: what is retained one, three and five years after the staff's funding ends."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.worlds import in_points, of_worlds
from ci_sim.experiments.answer import Answer, Check, Picture, Sweeps, check

END, VOLUNTEERS = "events.0.month", "backbone.volunteer_effectiveness"
RETAINED = {"retained_1_year": "after 1 year", "retained_3_years": "after 3 years", "retained_5_years": "after 5 years"}
CI = "collective_impact"


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    sweep = sweeps["design"]
    table = _retained(sweep.runs)
    later = _five_years_after(sweep.timeseries(), sweep.runs)
    own, usual = table[table[VOLUNTEERS] == 0.2], 49
    at = {name: own[(own["year"] == 4) & (own["after"] == text)].iloc[0] for name, text in RETAINED.items()}
    sentence = (
        f"After a grant of four years {_row(at['retained_1_year'])} % of the outcome is retained a year later, "
        f"{_row(at['retained_3_years'])} % after three years and {_row(at['retained_5_years'])} % after five, when it "
        f"is {in_points(_mean(later[(usual, 0.2)]), signed=True)} points above isolated impact."
    )
    names = {v: f"volunteers {v:g} as effective as staff" for v in table[VOLUNTEERS].unique()}
    return Answer(
        sentence,
        _table(table, later),
        _checks(sweep.runs, later),
        {
            "retained": Picture(
                lambda note: figures.profiles(
                    table,
                    x="year",
                    series="after",
                    panel=VOLUNTEERS,
                    names=names,
                    note=note,
                    title="After the grant: what is retained, by the year the funding of staff ended",
                    axis="Retained of the outcome when funding ended (%)",
                    across="years of funding",
                ),
                table,
                "Share of the outcome retained one, three and five years after funding ends, by its year.",
            )
        },
    )


def _mean(values) -> Interval:
    return mean_interval(values.to_numpy(float))


def _row(row) -> str:
    return in_points(Interval(row["estimate"], row["low"], row["high"]))


def _retained(runs: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (end, volunteers), table in runs[runs["arm"] == CI].groupby([END, VOLUNTEERS]):
        for name, text in RETAINED.items():
            values = table[name].to_numpy(float)
            about = {"year": (int(end) - 1) // 12, VOLUNTEERS: volunteers, "after": text, "worlds": len(values)}
            rows.append(about | mean_interval(values)._asdict())
    return pd.DataFrame(rows)


def _five_years_after(series: pd.DataFrame, runs: pd.DataFrame) -> dict[tuple[int, float], pd.Series]:
    """Collective minus isolated indicator five years after the end, by world."""
    points = runs.drop_duplicates("point").set_index("point")
    found = {}
    for point, table in series.groupby("point"):
        end, volunteers = int(points[END][point]), float(points[VOLUNTEERS][point])
        then = table[table["month"] == end - 1 + 60]
        own, other = (then[then["arm"] == arm].set_index("replication")["indicator"] for arm in (CI, "isolated"))
        found[(end, volunteers)] = (own - other).sort_index()
    return found


def _checks(runs: pd.DataFrame, later) -> list[Check]:
    ends = sorted(runs[END].unique())
    kept = {(end, name): of_worlds(runs, CI, {END: end, VOLUNTEERS: 0.2}, name) for end in ends for name in RETAINED}
    lowest = min((_mean(kept[(end, "retained_1_year")]) for end in ends), key=lambda interval: interval.low)
    highest = max((_mean(kept[(end, "retained_5_years")]) for end in ends), key=lambda interval: interval.high)
    longer = _mean(kept[(97, "retained_5_years")] - kept[(49, "retained_5_years")])
    size = longer if longer.estimate >= 0 else Interval(-longer.estimate, -longer.high, -longer.low)
    longer_told = check(
        3, size, "size of the difference between ends in year 8 and 4, after five years", below=0.1, unit="%"
    )
    if longer.low <= 0 <= longer.high:
        longer_told = Check(3, "held", longer_told.because)
    least = min((_mean(values) for (_, v), values in later.items() if v == 0.2), key=lambda interval: interval.low)
    better = of_worlds(runs, CI, {END: 49, VOLUNTEERS: 0.5}, "retained_5_years") - kept[(49, "retained_5_years")]
    return [
        check(1, lowest, "lowest share retained after one year", above=0.8, unit="%"),
        check(2, highest, "highest share retained after five years", below=0.75, unit="%"),
        longer_told,
        check(4, least, "least lead over isolated impact five years after", above=0),
        check(5, _mean(better), "more retained with volunteers of 0.5 than of 0.2, end in year 4", above=0, unit="%"),
    ]


def _table(table: pd.DataFrame, later) -> pd.DataFrame:
    rows = []
    for (year, volunteers), cells in table.groupby(["year", VOLUNTEERS]):
        row = {"years of funding": year, "volunteers": f"{volunteers:g}"}
        row |= {f"% retained {cell['after']}": _row(cell) for _, cell in cells.iterrows()}
        lead = _mean(later[(12 * year + 1, volunteers)])
        rows.append(row | {"points above isolated, 5 years after": in_points(lead, signed=True)})
    return pd.DataFrame(rows)
