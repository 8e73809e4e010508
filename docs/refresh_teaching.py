"""Compute the answers of docs/teaching.md anew: ``python docs/refresh_teaching.py``; a test holds the text to it.

What stands in the text between ``<!-- computed: name -->`` and ``<!-- end -->`` is replaced. The numbers come from the
very functions that the Learn page says them with, from as many worlds and the same seed as it opens with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from ci_sim.app.cases import baseline_of, open_case
from ci_sim.app.ensemble import run_ensemble
from ci_sim.app.learn import trials
from ci_sim.app.learn.findings import finding, together_in_words
from ci_sim.app.learn.guess import guess_months
from ci_sim.app.learn.scenes import SCENES, scene_view
from ci_sim.app.learn.votes import QUESTIONS, answer_in_words
from ci_sim.app.link import write_link
from ci_sim.app.results import Results, subject_of
from ci_sim.app.session import Session
from ci_sim.app.state import View
from ci_sim.app.texts import texts_in
from ci_sim.figures.worlds import spread
from ci_sim.parameters import CONDITIONS

__all__ = ["TEACHING", "blocks", "refreshed"]

TEACHING = Path(__file__).with_name("teaching.md")
ADDRESS = "http://127.0.0.1:8765/?"
BLOCK = re.compile(r"(<!-- computed: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
LEFT_OUT = ("version", "cite", "lang")
"""Parts of a link that a printed one need not have."""


def session_of(view: View) -> Session:
    """A session of nobody, to say things with."""

    def nothing(_: object) -> None: ...

    return Session(view, open_case(view), texts_in("en"), 1180, nothing, nothing, nothing, nothing)


@cache
def seen(name: str) -> tuple[Session, Results]:
    """What is on show in a scene; of no name, in the default scenario."""
    view = scene_view(SCENES[name], View(page="learn")) if name else View(page="learn")
    session, baseline = session_of(view), baseline_of(view)
    subject = subject_of(view.arms)
    ghost = None
    if baseline.hash != session.scenario.hash:
        ghost = run_ensemble(baseline, (subject,), session.worlds, view.seed)
    now = run_ensemble(session.scenario, view.arms, session.worlds, view.seed)
    return session, Results(session, now, view.arms, subject, ghost)


def answer(name: str) -> str:
    """What the Learn page says of a scene."""
    session, results = seen(name)
    if name == "together":
        arguments = (session.scenario, session.month, session.worlds, session.view.seed)
        return together_in_words(trials.alone(*arguments), session)
    return finding(name, results, session)


def vote(question: str) -> str:
    """What the model says to a vote, and each condition's figure."""
    session, _ = seen("")
    found = QUESTIONS[question](session.scenario, session.month, session.worlds, session.view.seed)
    said = answer_in_words(question, found, [0] * len(CONDITIONS), session)
    means = {name: float(values.mean()) for name, values in found.items()}
    listed = "; ".join(
        f"{session.texts(f'learn.conditions.{name}')} {session.texts.number(mean, 1)}"
        for name, mean in sorted(means.items(), key=lambda one: -one[1])
    )
    return f"{said} In order: {listed}."


def guesses(name: str) -> str:
    """Median and band at the years that are asked for: what a guess is held against."""
    session, results = seen(name)
    found = spread(results.now.values(results.subject))
    number = session.texts.number
    rows = ["| year | middle of the communities | 8 of 10 lie within |", "|---|---|---|"]
    for month in guess_months(results.now.months):
        low, middle, high = (number(values[month]) for values in (found.low, found.median, found.high))
        rows.append(f"| {month // 12} | {middle} | {low} to {high} |")
    return "\n".join(rows)


def links() -> str:
    """Every scene with the link that opens it."""
    rows = ["| scene | link |", "|---|---|"]
    rows += [f"| {n}. {_title(name)} | <{_link(name)}> |" for n, name in enumerate(SCENES, 1)]
    return "\n".join(rows)


def commands() -> str:
    """Every scene on the command line, with what it is held against."""
    lines = ["```"]
    for number, (name, scene) in enumerate(SCENES.items(), 1):
        session = seen(name)[0]
        lines.append(f"# {number}. {_title(name)}")
        lines.append(session.command() + (_each_alone() if name == "together" else ""))
        if scene.baseline not in ((), scene.overrides) or (scene.overrides and not scene.baseline):
            lines.append(session_of(replace(session.view, overrides=scene.baseline)).command())
    return "\n".join([*lines, "```"])


def _each_alone() -> str:
    return "".join(f" --arm {name}_alone:{name}" for name in CONDITIONS)


def _title(name: str) -> str:
    return texts_in("en")(f"learn.scenes.{name}.title")


def _link(name: str) -> str:
    view = scene_view(SCENES[name], View(page="learn"))
    pairs = [part.split("=", 1) for part in write_link(view, open_case(view)).split("&")]
    keep = [f"{key}={value}" for key, value in pairs if key not in LEFT_OUT]
    return ADDRESS + "&".join(keep)


def stated() -> str:
    """From how many worlds and which seed."""
    sessions = [seen(name)[0] for name in SCENES]
    worlds = sorted({session.worlds for session in sessions})
    counts = " or ".join(map(str, worlds))
    return (
        f"From {counts} simulated communities of seed {sessions[0].view.seed}, the same in all arms of a scene. "
        "Intervals are 95 % intervals of a mean, or of the mean difference within pairs of the same community and luck."
    )


def blocks() -> Mapping[str, Callable[[], str]]:
    """What is computed, by the name it has in the text."""
    made: dict[str, Callable[[], str]] = {"stated": stated, "links": links, "commands": commands}
    made |= {f"scene {name}": partial(answer, name) for name in SCENES}
    made |= {f"vote {name}": partial(vote, name) for name in QUESTIONS}
    return made | {"guess": partial(guesses, ""), "guess grant": partial(guesses, "grant")}


def refreshed(text: str) -> str:
    """The text with every block computed anew."""
    made = blocks()
    return BLOCK.sub(lambda found: f"{found[1]}{made[found[2]]()}\n{found[3]}", text)


if __name__ == "__main__":
    TEACHING.write_text(refreshed(TEACHING.read_text(encoding="utf-8")), encoding="utf-8")
