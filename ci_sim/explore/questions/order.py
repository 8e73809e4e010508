"""Which condition first?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.regret import regret
from ci_sim.analysis.words import listed
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
MEASURES = {"at_the_end": "at the end", "on_the_way": "on average along the way"}
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
    measured = {"at_the_end": by_world.last(), "on_the_way": by_world.mean()}
    tables = [_told(values, measure) for measure, values in measured.items()]
    table = pd.concat(tables, ignore_index=True)
    _, interval = read_order(str(points[-1][ORDER]))
    lines = [_in_words(one, what) for one, what in zip(tables, MEASURES.values(), strict=True)]
    if all(one["in_best_set"].all() for one in tables):
        sentence = by_chance("Which condition comes first", study.design.replications)
    else:
        sentence = " ".join(lines)
    finding = Finding("order", QUESTION.text, table, sentence)
    how = (
        f"A row: that condition first, the others after it in their usual order, {interval} months apart; or all at "
        "once. Points of the indicator behind the best of them, in the same worlds; intervals pointwise, the set not "
        "told from the best allows for all pairs."
    )
    panels = {MEASURES[str(name)]: _rows(one, list(labels.values())) for name, one in table.groupby("measure")}
    caption = caption_of(sentence, how, study.in_words, asked.note)
    figure, _ = rows_page(panels, title=finding.title, axis="Points behind the best", caption=caption, meaning=MEANING)
    return [Answer(finding, figure)]


def _label(order: str) -> str:
    conditions, interval = read_order(order)
    return f"{conditions[0].replace('_', ' ')} first" if interval else TOGETHER


def _told(values: pd.Series[float], measure: str) -> pd.DataFrame:
    """Regret of the alternatives in the worlds that have all of them, in 0..1."""
    worlds = values.unstack("alternative").dropna()  # noqa: PD010 - nothing to aggregate
    return regret(worlds).assign(measure=measure)


def _rows(table: pd.DataFrame, labels: list[str]) -> list[Row]:
    by_label = table.set_index("alternative").loc[labels]
    return [
        Row(str(label), Interval(*(100 * bound for bound in Interval.of(row, "regret"))), bool(row["in_best_set"]))
        for label, row in by_label.iterrows()
    ]


def _in_words(table: pd.DataFrame, when: str) -> str:
    """The set of the best, and what the worst of the others falls short by."""
    best = [str(name) for name in table.loc[table["in_best_set"], "alternative"]]
    if len(best) == len(table):
        return f"Judged {when}, no beginning can be told from the best."
    worst = table.iloc[-1]
    behind = "{:.1f} [{:.1f}, {:.1f}]".format(*(100 * bound for bound in Interval.of(worst, "regret")))
    others = f"best is {best[0]}" if len(best) == 1 else f"best are {listed(best)}, which cannot be told apart"
    return f"Judged {when}, {others}; {worst['alternative']} is {behind} points behind."


QUESTION = Question(
    1,
    "order",
    "Which condition first?",
    "Each condition first with the others after it in the same order, and all at once, on the same worlds.",
    _studies,
    _answer,
)
