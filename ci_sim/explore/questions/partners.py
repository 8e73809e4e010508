"""How many partners?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import paired, standing
from ci_sim.analysis.response import scale_of
from ci_sim.analysis.words import listed, signed_points
from ci_sim.explore.best import against_the_best
from ci_sim.explore.question import ARM, ISOLATED, Answer, Asked, Question, Study, by_chance
from ci_sim.figures.page import caption_of
from ci_sim.scenario import Scenario
from ci_sim.sweep.design import Design, Value

__all__ = ["QUESTION"]

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
MULTIPLES = (0.25, 0.5, 1.0, 1.5, 2.0)
LEVEL = "partners"


def _levels(case: Scenario) -> tuple[str, dict[float, dict[str, Value]], float]:
    """What is counted, the changes by the number of it, and the scenario's own number.

    With groups of their own size it is members at the start; where every group says for itself whether it takes part,
    and where there are no groups, it is the organizations in the field.
    """
    count = case.organizations.count
    if case.groups and any(group.member is None for group in case.groups):
        own = case.participation.initial
        shares = sorted({*SHARES, own})
        levels: dict[float, dict[str, Value]] = {share * count: {"participation.initial": share} for share in shares}
        return "organizations at the table at the start", levels, own * count
    if case.groups:
        scaled = [{f"groups.{g.name}.count": max(1, round(m * g.count)) for g in case.groups} for m in MULTIPLES]
        by_count: dict[float, dict[str, Value]] = {float(sum(one.values())): {**one} for one in scaled}
        return "organizations in the field", by_count, float(count)
    counts = sorted({max(2, round(multiple * count)) for multiple in MULTIPLES} | {count})
    return "organizations in the field", {float(n): {"organizations.count": n} for n in counts}, float(count)


def _studies(asked: Asked) -> Mapping[str, Design]:
    _, levels, _ = _levels(asked.case)
    return {"partners": asked.design([ARM, ISOLATED], list(levels.values()))}


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study = studies["partners"]
    what, levels, own = _levels(asked.case)
    differences = paired(study.runs, ARM, ISOLATED, ["outcome"], ["point", "replication"])["outcome"]
    leads = differences.unstack("point").dropna()  # noqa: PD010
    outcomes = study.runs[study.runs["arm"] == ARM].pivot(index="replication", columns="point", values="outcome")  # noqa: PD010
    best = against_the_best(leads).set_index("alternative")
    rows = []
    for point, level in enumerate(levels):
        row = {LEVEL: level, **mean_interval(leads[point].to_numpy()).columns("lead")}
        row |= mean_interval(outcomes[point].to_numpy()).columns("outcome")
        rows.append(row | best.loc[point].to_dict() | {"worlds": len(leads)})
    table = pd.DataFrame(rows).drop(columns="mean")
    sentence = _in_words(table, what)
    finding = Finding("partners", QUESTION.text, table, sentence)
    how = (
        f"Partners: {what}. Lead: outcome at the horizon minus that of isolated impact in the same worlds; filled "
        f"marks cannot be told from the level with the best lead, all pairs allowed for. {study.in_words}."
    )
    panels = {"lead": "Lead over isolated impact (points)", "regret": "Behind the best of these leads (points)"}
    figure = figures.levels(
        table, panels, level=LEVEL, axis=what.capitalize(), title=finding.title, own=own, sentence=sentence,
        note=caption_of(how, asked.note),
    )  # fmt: skip
    return [Answer(finding, figure)]


def _in_words(table: pd.DataFrame, what: str) -> str:
    told, worlds = table[table["in_best_set"]], int(table["worlds"].iloc[0])
    if len(told) == len(table):
        return by_chance(f"What the number of {what} changes in the lead of Collective Impact", worlds)
    ranked = table.sort_values("regret")
    best, worst = ranked.iloc[0], ranked[~ranked["in_best_set"].astype(bool)].iloc[-1]
    others = [f"{level:.0f}" for level in told[LEVEL] if level != best[LEVEL]]
    same = f", which cannot be told from {listed(others, 'or')}" if others else ""
    less = scale_of("outcome").interval(Interval.of(worst, "regret"))
    lead = Interval.of(best, "lead")
    clear = "" if standing(*lead[1:]) else " (itself not told from chance)"
    return (
        f"Number of {what}: Collective Impact leads by most with {best[LEVEL]:.0f}{same}: {signed_points(lead)} points"
        f"{clear}; with {worst[LEVEL]:.0f} the lead is {less} less."
    )


QUESTION = Question(
    7,
    "partners",
    "How many partners?",
    "With groups: how many of the organizations take part at the start; without: how many organizations there are. "
    "Collective and isolated impact on the same worlds.",
    _studies,
    _answer,
)
