"""Which condition first?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.response import scale_of
from ci_sim.analysis.words import listed
from ci_sim.explore.best import against_the_best
from ci_sim.explore.plans import at_once, full_staff
from ci_sim.explore.question import ARM, Answer, Asked, NotAskedError, Question, Study, by_chance
from ci_sim.figures.estimates import Row, rows_page
from ci_sim.figures.page import caption_of
from ci_sim.outcomes import notable_month
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario
from ci_sim.sweep.design import Design
from ci_sim.sweep.orders import ORDER, order_text, read_order

__all__ = ["QUESTION"]

INTERVAL = 12
"""Months between two conditions, where the horizon and the grant leave so much time."""
TOGETHER = "all at once"
POINTS = scale_of("outcome")
MEANING = ("cannot be told from the best", "behind the best by more than chance")


def _studies(asked: Asked) -> Mapping[str, Design]:
    case = at_once(asked.case)
    wanted = _wanted(case)
    if len(wanted) < 2:
        raise NotAskedError("the scenario plans for fewer than two of the conditions")
    interval = _interval(case)
    if interval < 1:
        raise NotAskedError(f"{case.horizon.months} months are too few to begin with one condition after the other")
    points = [{ORDER: order_text(CONDITIONS, 0)}]
    for first in wanted:
        rest = [name for name in (*wanted, *CONDITIONS) if name != first]
        points.append({ORDER: order_text((first, *dict.fromkeys(rest)), interval)})
    return {"order": asked.design([ARM], points, scenario=case, every=3)}


def _wanted(case: Scenario) -> list[str]:
    """The conditions that the scenario plans for."""
    has = case.conditions.model_dump() | {"backbone": full_staff(case)}
    return [name for name in CONDITIONS if has[name] > 0]


def _interval(case: Scenario) -> int:
    """So that all is in place by the middle of the run, and before the grant ends."""
    falls = notable_month(case) or case.horizon.months
    return min(INTERVAL, (min(case.horizon.months // 2, falls - 1) - 1) // (len(CONDITIONS) - 1))


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study = studies["order"]
    points = study.design.points
    labels = {n: _label(str(point[ORDER])) for n, point in enumerate(points)}
    series = study.series.assign(alternative=study.series["point"].map(labels))
    by_world = series.groupby(["replication", "alternative"])["indicator"]
    tables = [_told(by_world.last(), "at the end"), _told(by_world.mean(), "on average along the way")]
    table = pd.concat(tables, ignore_index=True)
    _, interval = read_order(str(points[-1][ORDER]))
    begun = f"One after the other, {interval} month{'s' * (interval > 1)} apart"
    sentence = f"{begun}. {' '.join(map(_in_words, tables))}"
    finding = Finding("order", QUESTION.text, table, sentence)
    how = (
        "A row: that condition first, the others after it in their usual order; or all at once. Points of the "
        "indicator behind the best beginning, in the same worlds, below 0 ahead of it; intervals pointwise, the set "
        "not told from the best allows for all pairs."
    )
    panels = {f"Judged {name}": _rows(one, list(labels.values())) for name, one in table.groupby("measure", sort=False)}
    caption = caption_of(sentence, how, f"{study.in_words}.", asked.note)
    figure, _ = rows_page(
        panels, title=finding.title, axis="Points behind the best beginning", caption=caption, meaning=MEANING,
        own_scales=True,
    )  # fmt: skip
    return [Answer(finding, figure)]


def _label(order: str) -> str:
    conditions, interval = read_order(order)
    return f"{conditions[0].replace('_', ' ')} first" if interval else TOGETHER


def _told(values: pd.Series[float], measure: str) -> pd.DataFrame:
    """Regret of the beginnings in the worlds that have all of them, in 0..1; all at once is held against their best."""
    worlds = values.unstack("alternative").dropna()  # noqa: PD010 - nothing to aggregate
    table = against_the_best(worlds.drop(columns=TOGETHER))
    ahead = (worlds[table["alternative"].iloc[0]] - worlds[TOGETHER]).to_numpy()
    behind = mean_interval(ahead)
    row = {"alternative": TOGETHER, "mean": worlds[TOGETHER].mean(), **behind.columns("regret")}
    row["in_best_set"] = not standing(*behind[1:]) > 0
    return pd.concat([table, pd.DataFrame([row])], ignore_index=True).assign(measure=measure, worlds=len(worlds))


def _rows(table: pd.DataFrame, labels: list[str]) -> list[Row]:
    by_label = table.set_index("alternative").loc[labels]
    return [
        Row(str(label), Interval(*(100 * bound for bound in Interval.of(row, "regret"))), bool(row["in_best_set"]))
        for label, row in by_label.iterrows()
    ]


def _in_words(table: pd.DataFrame) -> str:
    """The set of the best, what the worst of the others falls short by, and what beginning with all at once adds."""
    beginnings, together = table.iloc[:-1], table.iloc[-1]
    best = [str(name) for name in beginnings.loc[beginnings["in_best_set"], "alternative"]]
    judged, behind_it = f"Judged {table['measure'].iloc[0]},", beginnings[~beginnings["in_best_set"].astype(bool)]
    if behind_it.empty:
        said = by_chance(f"{judged} which comes first", int(table["worlds"].iloc[0])).rstrip(".")
    else:
        others = f"best is {best[0]}" if len(best) == 1 else f"best are {listed(best)}, which cannot be told apart"
        worst = behind_it.iloc[-1]
        behind = POINTS.interval(Interval.of(worst, "regret"))
        said = f"{judged} {others}, and {worst['alternative']} is {behind} behind"
    ahead = Interval(*(-together[name] for name in ("regret", "regret_high", "regret_low")))
    if not standing(*ahead[1:]):
        return f"{said}; all at once cannot be told from the best of these."
    if ahead.estimate > 0:
        return f"{said}; all at once is {POINTS.interval(ahead)} ahead of the best of these."
    return f"{said}; all at once is {POINTS.interval(Interval.of(together, 'regret'))} behind the best of these."


QUESTION = Question(
    1,
    "order",
    "Which condition first?",
    "Each condition first with the others after it in the same order, and all at once, on the same worlds.",
    _studies,
    _answer,
)
