"""Decisions in words: a row each, and in a sentence what they came to and where judgement went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ci_sim.app.session import Session
from ci_sim.app.texts import Texts
from ci_sim.app.watch.decision import Decision, Gains
from ci_sim.scenario import Scenario

__all__ = ["decision_rows", "misjudged_by", "verdict"]


MOST_NAMED = 2
"""Levers of one change that are named."""


def decision_rows(session: Session, scenario: Scenario, decisions: Sequence[Decision]) -> list[list[str]]:
    """The latest first: what was considered, the gain believed, the true one by its weights and for all, the result."""
    t = session.texts
    rows = []
    for one in reversed(decisions):
        shown = ["", "", ""]
        if one.gains is not None:
            seen = (one.gains.perceived, one.gains.own, one.gains.community)
            shown = [t.number(points, 1, sign=True) for points in seen]
        rows.append([_considered(t, scenario, one), *shown, _result(t, one)])
    return rows


def misjudged_by(gains: Gains) -> str | None:
    """What most made a decision one that the community would have taken otherwise; None where it is not.

    ``noise`` of the evaluation, an old ``picture`` of what others do, or its ``measure``, which is not everyone's.
    """
    if (gains.perceived > 0) == (gains.everyone > 0):
        return None
    steps = {
        "noise": gains.perceived - gains.pictured,
        "picture": gains.pictured - gains.own,
        "measure": gains.own - gains.everyone,
    }
    sign = 1 if gains.perceived > 0 else -1
    return max(steps, key=lambda name: sign * steps[name])


def verdict(t: Texts, decisions: Sequence[Decision]) -> str:
    """How much of what was weighed helped the community, and why the rest did not; empty where nothing was weighed."""
    weighed = [(one, one.gains) for one in decisions if one.gains is not None]
    if not weighed:
        return ""
    adopted = [gains for one, gains in weighed if one.adopted]
    helped = sum(gains.everyone > 0 for gains in adopted)
    causes = Counter(filter(None, (misjudged_by(gains) for _, gains in weighed)))
    told = t("watch.verdict", weighed=len(weighed), adopted=len(adopted), helped=helped)
    if not causes:
        return told
    parts = ", ".join(t(f"watch.cause_{cause}", count=count) for cause, count in causes.most_common())
    return told + " " + t("watch.misjudged", count=sum(causes.values()), parts=parts)


def _considered(t: Texts, scenario: Scenario, one: Decision) -> str:
    if one.community is None:
        return t("watch.kind_meeting", month=one.month)
    names = [lever.title or lever.name for lever in scenario.levers] or scenario.lever_names
    values = {
        "month": one.month,
        "community": scenario.community_names[one.community],
        "levers": _listed(t, [name.replace("_", " ") for n, name in enumerate(names) if one.levers >> n & 1]),
        "peer": "" if one.peer is None else scenario.community_names[one.peer],
    }
    kind: str = one.kind if one.levers else "nothing"
    if one.kind == "joint" and one.peer is not None:
        kind = "joint_peer"
    return t(f"watch.kind_{kind}", **values)


def _listed(t: Texts, names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more < 2 else t("watch.and_more", names=", ".join(names[:MOST_NAMED]), count=more)


def _result(t: Texts, one: Decision) -> str:
    """What came of it, and what misled where something did."""
    if one.gains is None:
        return t("watch.result_none")
    if one.kind == "joint":
        result = "agreed" if one.adopted else "vetoed" if one.consented else "refused"
    else:
        result = "adopted" if one.adopted else "kept"
    cause = misjudged_by(one.gains)
    return t(f"watch.result_{result}") + (" " + t(f"watch.misled_{cause}") if cause else "")
