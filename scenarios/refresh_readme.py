"""Write scenarios/README.md anew: ``python scenarios/refresh_readme.py``; every sentence about results is computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.paired import summarise, verdict
from ci_sim.arms import STANDARD_ARMS, available_arms
from ci_sim.outcomes import derive
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import parent_name, read_scenario, shipped_questions, shipped_scenarios
from ci_sim.simulate import simulate_arms

README = Path(__file__).with_name("README.md")
WORLDS, SEED = 40, 1
SUBJECT = "collective_impact"
TITLE = STANDARD_ARMS[SUBJECT].title
PAIRS = (
    ("backbone_first", "agenda_first"),
    ("fifteen_partners", "five_partners"),
    ("fifteen_partners", "forty_partners"),
)
"""Questions that are put side by side."""
HEAD = f"""\
# Scenarios

A problem a file, and [questions](questions) put to them: variants that state only their difference (`extends`). Run
any by its name, as in `ci-sim compare grant_ends`; see its wiring with `ci-sim draw homelessness`.

Every sentence about results below is computed by `python scenarios/refresh_readme.py` from {WORLDS} worlds of
seed {SEED}, and a test holds it so. They say what a simulation of stylised rules with illustrative numbers does: no
forecast, for no place. Points are of 100: 0 is what chance gives, 100 the best achievable in that world.
"""


def readme() -> str:
    """The whole text."""
    scenarios = {name: read_scenario(name) for name in shipped_scenarios()}
    runs = {name: _runs(scenario) for name, scenario in scenarios.items()}
    questions = shipped_questions()
    lines = [HEAD, "## Problems", ""]
    lines += [_problem(scenarios[name], runs[name]) for name in scenarios if name not in questions]
    lines += ["", "## Questions", ""]
    for name in questions:
        parent = parent_name(name)
        known = [arm.name for arm in scenarios[parent].arms]
        said = _verdict(scenarios[name], runs[name], "Here", known)
        against = _against(runs[name], runs[parent], f"`{parent}` as it is", scenarios[name].horizon.months)
        lines.append(f"- **`{name}`** (extends `{parent}`): *{scenarios[name].title}* {said} {against}")
    lines += ["", "## Side by side", ""]
    for first, second in PAIRS:
        against = _against(runs[first], runs[second], f"`{second}`", scenarios[first].horizon.months)
        lines.append(f"- **`{first}`**: {against}")
    return "\n".join(lines) + "\n"


def _runs(scenario: Scenario) -> pd.DataFrame:
    """The derived outcomes of all arms, a row per run."""
    arms = list(available_arms(scenario).values())
    trajectories = simulate_arms(scenario, arms, range(WORLDS), seed=SEED)
    rows, isolated = [], None
    for number, run in enumerate(trajectories):
        isolated = run.records if run.arm.name == "isolated" else isolated
        row = {"arm": run.arm.name, "replication": number // len(arms)}
        rows.append(row | dict(derive(scenario, run.records, isolated)))
    return pd.DataFrame(rows)


def _problem(scenario: Scenario, runs: pd.DataFrame) -> str:
    """A line: name, size, verdict."""
    links = [len(lever.depends_on) for lever in scenario.levers]
    each = f" with {sum(links)} links, {min(links)} to {max(links)} each" if sum(links) else ""
    size = (
        f"{scenario.problem.levers} levers{each}; {scenario.organizations.count} organizations; "
        f"{scenario.problem.communities} communities"
    )
    return f"- **`{scenario.name}`** ({size}). {_verdict(scenario, runs, scenario.title)}"


def _verdict(scenario: Scenario, runs: pd.DataFrame, problem: str, known: Sequence[str] = ()) -> str:
    """The verdict, and what arms of its own do."""
    arms = available_arms(scenario)
    summaries = summarise(runs, {name: arm.title or name for name, arm in arms.items()})
    own = [one for one in summaries if one.arm not in STANDARD_ARMS and one.arm not in known]
    differences = [f"{one.title} {_difference(one.difference)}" for one in own if one.difference is not None]
    also = f" Its own arms, against isolated impact: {'; '.join(differences)}." if differences else ""
    return verdict(summaries, problem, scenario.horizon.months / 12) + also


def _against(runs: pd.DataFrame, others: pd.DataFrame, name: str, months: int) -> str:
    """How the collective arm differs from that of another scenario, world by world: end, course and gap."""
    end = _paired(runs, others, "outcome")
    if end.low == end.high == 0:
        return f"{TITLE} is that of {name}."
    if end.low <= 0 <= end.high:
        text = f"World by world, {TITLE} ends no different from {name} that can be told ({_difference(end)})"
    else:
        text = f"World by world, {TITLE} ends {'higher' if end.estimate > 0 else 'lower'} than in {name}"
        text += f", {_difference(end)}"
    course = Interval(*(value / months for value in _paired(runs, others, "area_over_isolated")))
    if not course.low <= 0 <= course.high:
        more = "larger" if course.estimate > 0 else "smaller"
        text += f"; its lead over isolated impact, averaged over all months, is {more}, {_difference(course)}"
    gap = _paired(runs, others, "priority_gap")
    if not gap.low <= 0 <= gap.high:
        change = "wider" if gap.estimate > 0 else "narrower"
        text += f"; the gap to the priority group ends {change}, {_difference(gap)}"
    return f"{text}."


def _paired(runs: pd.DataFrame, others: pd.DataFrame, outcome: str) -> Interval:
    first, second = (
        table[table["arm"] == SUBJECT].set_index("replication")[outcome].sort_index() for table in (runs, others)
    )
    return mean_interval((first - second).to_numpy(float))


def _difference(interval: Interval) -> str:
    low, high = 100 * interval.low, 100 * interval.high
    return f"{100 * interval.estimate:+.0f} points (95 % interval {low:+.0f} to {high:+.0f})"


if __name__ == "__main__":
    README.write_text(readme(), encoding="utf-8")
