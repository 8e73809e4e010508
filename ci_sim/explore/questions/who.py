"""Who benefits? Mean and gap, never the one without the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.words import interval_of, listed, signed_points
from ci_sim.explore.question import ARM, ISOLATED, Answer, Asked, NotAskedError, Question, Study, by_chance
from ci_sim.figures.estimates import Row, rows_page
from ci_sim.figures.page import caption_of
from ci_sim.sweep.design import Design

__all__ = ["QUESTION"]

FOCUS = "equity.focus"
TRIED = (0.0, 0.5, 1.0)
MEANS = {0.0: "follows the crowd", 0.5: "even", 1.0: "turns to the underserved"}
PANELS = {
    "lead": "Mean: lead over isolated impact",
    "gap_lead": "Gap: the rest minus priority group, change against isolated impact",
    "widening": "Gap: change since the start",
}


def _studies(asked: Asked) -> Mapping[str, Design]:
    equity, communities = asked.case.equity, asked.case.problem.communities
    if communities < 2 or round(equity.priority_share * communities) >= communities:
        raise NotAskedError("every community belongs to the priority group")
    points = [{FOCUS: focus} for focus in sorted({*TRIED, equity.focus})]
    return {"who": asked.design([ARM, ISOLATED], points)}


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study, own = studies["who"], asked.case.equity.focus
    table = pd.DataFrame([_row(focus, runs) for focus, runs in study.runs.groupby(FOCUS)])
    sentence = " ".join(_in_words(row, own) for row in table.to_dict("records"))
    finding = Finding("who", QUESTION.text, table, sentence)
    panels = {head: [_drawn(row, name, own) for _, row in table.iterrows()] for name, head in PANELS.items()}
    how = "Paired differences of Collective Impact in the same worlds, at the horizon. Of a gap, below 0 is narrower."
    caption = caption_of(sentence, how, f"{study.in_words}.", asked.note)
    figure, _ = rows_page(panels, title=finding.title, axis="Points", caption=caption, own_scales=True)
    return [Answer(finding, figure)]


def _row(focus: object, runs: pd.DataFrame) -> dict[str, object]:
    """What Collective Impact changes in the mean, in both groups and in the gap between them."""
    arms = {str(arm): one.set_index("replication").sort_index() for arm, one in runs.groupby("arm")}
    own, other = arms[ARM], arms[ISOLATED]
    row: dict[str, object] = {FOCUS: focus, "worlds": len(own)}
    for name, values in (
        ("lead", own["outcome"] - other["outcome"]),
        ("priority_lead", own["priority_outcome"] - other["priority_outcome"]),
        ("rest_lead", own["rest_outcome"] - other["rest_outcome"]),
        ("gap", own["priority_gap"]),
        ("gap_lead", own["priority_gap"] - other["priority_gap"]),
        ("widening", own["priority_gap"] - own["priority_gap_start"]),
    ):
        row |= mean_interval(values.to_numpy(float)).columns(name)
    flagged = [standing(*interval_of(row, name)[1:]) > 0 for name in ("gap_lead", "widening")]
    named = [what for what, on in zip(("isolated impact", "the start"), flagged, strict=True) if on]
    return row | {"flag": listed(named)}


def _in_words(row: Mapping[Any, Any], own: float) -> str:
    lead, gap = (interval_of(row, name) for name in ("lead", "gap_lead"))
    where = f"At equity focus {row[FOCUS]:g}" + " (the scenario's)" * (row[FOCUS] == own)
    if not standing(*lead[1:]) and not standing(*gap[1:]):
        said = by_chance(f"{where} what it changes in mean and gap", row["worlds"])
    else:
        said = f"{where} it moves the mean by {_told(lead)} and the gap to the priority group by {_told(gap)}."
    return f"{said} Flag: the gap widens against {row['flag']}." if row["flag"] else said


def _told(interval: Interval) -> str:
    unclear = "" if standing(*interval[1:]) else " (cannot be told from chance)"
    return f"{signed_points(interval)} points{unclear}"


def _drawn(row: pd.Series[float], name: str, own: float) -> Row:
    focus, interval = float(row[FOCUS]), Interval.of(row, name)
    label = f"focus {focus:g}: {MEANS[focus]}" if focus in MEANS else f"focus {focus:g}"
    scaled = Interval(*(100 * bound for bound in interval))
    return Row(label + " (the scenario's)" * (focus == own), scaled, bool(standing(*interval[1:])))


QUESTION = Question(
    5,
    "who",
    "Who benefits?",
    "Equity focus from following the crowd to turning to the underserved, with and without Collective Impact, on the "
    "same worlds.",
    _studies,
    _answer,
)
