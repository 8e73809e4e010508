"""What a scene comes to, in words: every number from its ensembles, and no direction where none is clear."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.app.charts.courses import when
from ci_sim.app.controls import value_of
from ci_sim.app.learn.trials import Alone
from ci_sim.app.results import Results
from ci_sim.app.session import Session

__all__ = ["finding", "together_in_words"]

Floats = NDArray[np.float64]
Numbers = dict[str, object]


def finding(name: str, results: Results, session: Session) -> str:
    """The sentence of a scene, of what is on show in it now."""
    told: Numbers = {"when": when(session), "worlds": session.texts.number(results.now.worlds)}
    told |= {"arm": session.arm_title(results.subject)}
    return session.texts(f"learn.scenes.{name}.found", **told, **_NUMBERS[name](results, session))


def together_in_words(alone: Alone, session: Session) -> str:
    """The sentence of the scene on the five conditions one by one."""
    t = session.texts
    listed = "; ".join(
        t("learn.one_alone", condition=t(f"learn.conditions.{condition}"), points=_signed(change, session))
        for condition, change in alone.changes.items()
    )
    told = {"sum": alone.sum, "all": alone.all, "more": mean_interval(alone.by_world_all - alone.by_world_sum)}
    numbers = {name: _signed(interval, session) for name, interval in told.items()}
    worlds = t.number(len(alone.by_world_all))
    return t("learn.scenes.together.found", when=when(session), worlds=worlds, listed=listed, **numbers)


def _gaps(results: Results, session: Session) -> Numbers:
    """Places served and programs that repeat others, in all arms."""
    t, parts = session.texts, []
    for arm in results.arms:
        served, repeat = (_mean(results.now.values(arm, name), session) for name in ("coverage", "duplication"))
        parts.append(t("learn.scenes.gaps.one", arm=session.arm_title(arm), served=served, repeat=repeat))
    return {"parts": "; ".join(parts)}


def _since(results: Results, session: Session) -> Numbers:
    """The subject now and in its baseline, and what can be said of the difference."""
    now, before = _now_and_before(results, "indicator")
    end = min(session.month, now.shape[1] - 1, before.shape[1] - 1)
    return {
        "now": _mean(now, session), "before": _mean(before, session),
        "verdict": _verdict(100 * (now[:, end] - before[:, end]), session),
    }  # fmt: skip


def _complexity(results: Results, session: Session) -> Numbers:
    return _parameter("problem.interdependence", "links", results, session) | _since(results, session)


def _scaling(results: Results, session: Session) -> Numbers:
    now, before = _now_and_before(results, "coverage")
    served = {"served": _mean(now, session), "served_before": _mean(before, session)}
    programs = _parameter("organizations.resourcing", "programs", results, session)
    return programs | served | _since(results, session)


def _backbone(results: Results, session: Session) -> Numbers:
    staff = _parameter("backbone.staff", "staff", results, session)
    return staff | _parameter("organizations.count", "count", results, session) | _since(results, session)


def _grant(results: Results, session: Session) -> Numbers:
    """Before the money ends and at the end; the isolated arm beside it."""
    ends = min((e.month for e in results.now.scenario.events if e.kind == "staff"), default=results.now.months)
    subject, isolated = (results.now.values(arm) for arm in (results.subject, "isolated"))
    last = min(session.month, results.now.months)
    before = min(ends - 1, last)
    return {
        "years": session.texts.number(before / 12, 0 if before % 12 == 0 else 1),
        "then": _mean(subject, session, before), "now": _mean(subject, session),
        "verdict": _verdict(100 * (subject[:, last] - subject[:, before]), session),
        "isolated": _mean(isolated, session),
        "against": _verdict(100 * (subject[:, last] - isolated[:, last]), session),
    }  # fmt: skip


def _equity(results: Results, session: Session) -> Numbers:
    """The mean and, never without it, the gap."""
    baseline = results.baseline or results.now
    now, before = results.now.gap(results.subject), baseline.gap(results.subject)
    end = min(session.month, now.shape[1] - 1, before.shape[1] - 1)
    gap = {
        "gap": _signed(mean_interval(100 * now[:, end]), session),
        "gap_before": _signed(mean_interval(100 * before[:, end]), session),
        "gap_verdict": _verdict(100 * (now[:, end] - before[:, end]), session),
    }
    return _parameter("equity.focus", "focus", results, session) | gap | _since(results, session)


def _losing(results: Results, session: Session) -> Numbers:
    """Against isolated impact, to a tenth of a point; and what the difference costs."""
    month = min(session.month, results.now.months)
    subject, isolated = (results.now.values(arm) for arm in (results.subject, "isolated"))
    spent = [results.now.values(arm, "spend")[:, 1 : month + 1].sum(axis=1) for arm in (results.subject, "isolated")]
    return {
        "now": _mean(subject, session, digits=1), "isolated": _mean(isolated, session, digits=1),
        "verdict": _verdict(100 * (subject[:, month] - isolated[:, month]), session, digits=1),
        "extra": session.texts.number(float((spent[0] - spent[1]).mean()), sign=True),
    }  # fmt: skip


def _parameter(key: str, name: str, results: Results, session: Session) -> Numbers:
    """The value of a parameter in what is on show, and in its baseline."""
    cases = {name: results.now.scenario, f"{name}_before": (results.baseline or results.now).scenario}
    values = {told: float(value_of(case, key)) for told, case in cases.items()}
    return {told: session.texts.number(value, 0 if value.is_integer() else 1) for told, value in values.items()}


def _now_and_before(results: Results, column: str) -> tuple[Floats, Floats]:
    now = results.now.values(results.subject, column)
    return now, now if results.baseline is None else results.baseline.values(results.subject, column)


def _mean(values: Floats, session: Session, month: int | None = None, digits: int = 0) -> str:
    """Mean at a month, the one on show where none is named; of 100."""
    month = session.month if month is None else month
    return session.texts.number(float(100 * values[:, min(month, values.shape[1] - 1)].mean()), digits)


def _signed(interval: Interval, session: Session) -> str:
    estimate, low, high = (session.texts.number(value, sign=True) for value in interval)
    return session.texts("learn.interval", estimate=estimate, low=low, high=high)


def _verdict(difference: Floats, session: Session, digits: int = 0) -> str:
    """More, less, or no difference that can be told, with the 95 % interval."""
    found, t = mean_interval(difference), session.texts
    kind = "same" if not (found.low > 0 or found.high < 0) else "more" if found.estimate > 0 else "less"
    low, high = (t.number(value, digits, sign=True) for value in (found.low, found.high))
    return t(f"learn.verdict.{kind}", points=t.number(abs(found.estimate), digits), low=low, high=high)


_NUMBERS: Mapping[str, Callable[[Results, Session], Numbers]] = {
    "gaps": _gaps, "complexity": _complexity, "scaling": _scaling, "backbone": _backbone, "grant": _grant,
    "equity": _equity, "losing": _losing,
}  # fmt: skip
