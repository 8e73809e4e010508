"""What an ensemble says, in a sentence and a table: computed, and silent on what cannot be told apart."""

from __future__ import annotations

import math
from collections.abc import Callable

import solara

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.paired import ArmSummary
from ci_sim.app.charts.courses import when
from ci_sim.app.ensemble import REFERENCE
from ci_sim.app.results import Results
from ci_sim.app.session import Session
from ci_sim.app.tables import table
from ci_sim.app.texts import Texts

__all__ = ["Findings", "headline", "table_rows"]


def _summaries(results: Results, session: Session) -> list[ArmSummary]:
    titles = {arm: session.arm_title(arm) for arm in results.now.records if arm in (*results.arms, REFERENCE)}
    return results.summaries(min(session.month, results.now.months), titles)


def headline(results: Results, session: Session) -> str:
    """One sentence: the subject against the isolated arm, the same money spent otherwise, the gap, the baseline."""
    by_arm = {summary.arm: summary for summary in _summaries(results, session)}
    t, subject = session.texts, by_arm[results.subject]
    points = t.number(100 * subject.outcome.estimate)
    if subject.difference is None or subject.won is None:
        return t("findings.alone", when=when(session), arm=subject.title, points=points, worlds=subject.worlds)
    gained, low, high = subject.difference
    kind = "same" if low <= 0 <= high else "above" if gained > 0 else "below"
    sentence = t(
        f"findings.{kind}", when=when(session), arm=subject.title, points=points,
        isolated=t.number(100 * by_arm[REFERENCE].outcome.estimate), difference=t.number(abs(100 * gained)),
        low=t.number(100 * low, sign=True), high=t.number(100 * high, sign=True),
        won=t.number(10 * subject.won.estimate), worlds=subject.worlds,
    )  # fmt: skip
    return " ".join([sentence, *_same_money(by_arm, subject, t), *_gap(subject, t), *_since(results, session)])


def _same_money(by_arm: dict[str, ArmSummary], subject: ArmSummary, t: Texts) -> list[str]:
    equal = by_arm.get("isolated_equal_spend")
    if equal is None or equal.difference is None or equal is subject or math.isnan(equal.difference.low):
        return []
    if equal.difference.low <= 0 <= equal.difference.high:
        return [t("findings.same_money_same")]
    return [t("findings.same_money", difference=t.number(100 * equal.difference.estimate, sign=True))]


def _gap(subject: ArmSummary, t: Texts) -> list[str]:
    """The equity flag: the gap to the priority group clearly widens."""
    if math.isnan(subject.gap_change.low) or subject.gap_change.low <= 0:
        return []
    return [t("findings.gap_widens", points=t.number(100 * subject.gap_change.estimate))]


def _since(results: Results, session: Session) -> list[str]:
    """Against the baseline, in the same worlds."""
    if results.baseline is None:
        return []
    month = min(session.month, results.now.months, results.baseline.months)
    now, before = (e.values(results.subject)[:, month] for e in (results.now, results.baseline))
    found, t = mean_interval(100 * (now - before)), session.texts
    if found.low <= 0 <= found.high:
        return [t("findings.baseline_same")]
    numbers = {name: t.number(value, sign=True) for name, value in found._asdict().items()}
    return [t("findings.baseline_moved", **numbers)]


Cell = Callable[[ArmSummary, Texts], str]

COLUMNS: dict[str, Cell] = {
    "outcome": lambda s, t: _points(s.outcome, t),
    "priority": lambda s, t: _points(s.priority_outcome, t),
    "gap": lambda s, t: _points(s.priority_gap, t, sign=True),
    "difference": lambda s, t: _points(s.difference, t, sign=True) if s.difference else t("findings.is_reference"),
    "threshold": lambda s, t: _years(s.months_to_threshold, t),
    "never": lambda s, t: t("findings.percent", share=t.number(100 * s.never_threshold.estimate)),
    "spend": lambda s, t: t.number(s.spend),
    "cost": lambda s, t: _money(s.cost_per_point, t),
}
"""The mean and the gap to the priority group always stand side by side."""


def table_rows(results: Results, session: Session) -> list[tuple[str, dict[str, str]]]:
    """Arm by arm: its title, and its cells by column."""
    rows = [s for s in _summaries(results, session) if s.arm in results.arms]
    return [(s.title, {name: cell(s, session.texts) for name, cell in COLUMNS.items()}) for s in rows]


@solara.component
def Findings(session: Session, results: Results) -> None:
    """The table of arms at the month on show."""
    t = session.texts
    level = t.number(100 * session.scenario.horizon.threshold)
    heads = {name: t(f"findings.{name}_head", level=level) for name in COLUMNS}
    rows = solara.use_memo(lambda: table_rows(results, session), [session.view, results])
    caption = t("findings.caption", when=when(session), worlds=results.now.worlds)
    every = [[title, *cells.values()] for title, cells in rows]
    html = table(caption, [t("findings.arm_head"), *heads.values()], every)
    with solara.Div(classes=["ci-card", "ci-table"]):
        solara.v.Html(tag="h2", children=[t("findings.heading")])
        solara.HTML(tag="div", unsafe_innerHTML=html)


def _points(interval: Interval, t: Texts, *, sign: bool = False) -> str:
    middle, low, high = (t.number(100 * value, sign=sign) for value in interval)
    return middle if math.isnan(interval.low) else t("findings.interval", middle=middle, low=low, high=high)


def _years(months: float, t: Texts) -> str:
    return t("findings.not_reached") if math.isnan(months) else t("findings.years", years=t.number(months / 12, 1))


def _money(interval: Interval, t: Texts) -> str:
    if math.isnan(interval.estimate):
        return t("findings.no_gain")
    middle, low, high = (t.number(value) for value in interval)
    return middle if math.isnan(interval.low) else t("findings.interval", middle=middle, low=low, high=high)
