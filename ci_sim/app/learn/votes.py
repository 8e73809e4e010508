"""A vote of the room, entered by hand, and beside it what the model says to the same question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import solara
from numpy.typing import NDArray
from solara.lab import use_task

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.ensemble import OvertakenError
from ci_sim.app.learn import trials
from ci_sim.app.learn.bars import draw_bars
from ci_sim.app.room import drawing_width
from ci_sim.app.session import Session
from ci_sim.complaints import InputError
from ci_sim.parameters import CONDITIONS

__all__ = ["QUESTIONS", "Votes", "answer_in_words", "best_of", "tally"]

QUESTIONS = {"first": trials.first, "without": trials.without}
"""What can be voted on, and the trial that answers it: (worlds,) by condition, the most is the answer."""
MOST_VOTES = 999
BESIDE = 1300
"""From this width on the answer stands beside the votes."""

ByCondition = Mapping[str, NDArray[np.float64]]


def tally(text: str) -> list[int]:
    """Votes by condition of a choice such as ``3,0,1,2,0``; whatever is no number is none."""
    numbers = [int(part) if part.isascii() and part.isdecimal() and len(part) < 4 else 0 for part in text.split(",")]
    return (numbers + [0] * len(CONDITIONS))[: len(CONDITIONS)]


def best_of(found: ByCondition) -> tuple[str, list[str]]:
    """The condition with the most, and others that cannot be told apart from it in the same worlds."""
    best = max(found, key=lambda name: float(found[name].mean()))
    behind = {name: mean_interval(found[best] - values) for name, values in found.items() if name != best}
    return best, [name for name, interval in behind.items() if not interval.low > 0]


def answer_in_words(question: str, found: ByCondition, votes: list[int], session: Session) -> str:
    """What the model says, and how the room's favourite fares in it."""
    t = session.texts
    best, like = best_of(found)
    names = {name: t(f"learn.conditions.{name}") for name in CONDITIONS}
    points = _signed(mean_interval(found[best]), session)
    told = [t(f"learn.votes.{question}.answer", best=names[best], points=points, when=when(session))]
    if like:
        told.append(t("learn.votes.like", others=", ".join(names[name] for name in like)))
    most = max(votes)
    favourites = [name for name, count in zip(CONDITIONS, votes, strict=True) if count == most]
    if most and len(favourites) == 1:
        (favourite,) = favourites
        agrees = "agrees" if favourite == best or favourite in like else "differs"
        told.append(t(f"learn.votes.{agrees}", favourite=names[favourite], votes=t.number(most)))
    return " ".join(told)


@solara.component_vue("votes.vue")
def _Votes(
    words: dict[str, str],
    questions: list[dict[str, str]],
    question: str,
    rows: list[dict[str, Any]],
    most: int,
    shown: bool,
    event_ask: Callable[[str], None],
    event_count: Callable[[dict[str, Any]], None],
    event_clear: Callable[[object], None],
    event_show: Callable[[object], None],
) -> None:
    """A tally: a row per condition, with buttons and a bar."""


@solara.component
def Votes(session: Session) -> None:
    """The vote, and the answer once it is asked for."""
    t, view = session.texts, session.view
    asked = view.choice("learn.question")
    question = asked if asked in QUESTIONS else next(iter(QUESTIONS))
    votes = tally(view.choice("learn.votes"))
    about = (question, session.scenario.hash, view.seed, session.month)
    revealed: solara.Reactive[Any] = solara.use_reactive(None)
    shown = revealed.value == about

    def count(told: dict[str, Any]) -> None:
        """A vote more or less of what is there by now, or a number typed in."""
        place, by, number = told.get("place"), told.get("by"), told.get("votes")
        if isinstance(place, int) and 0 <= place < len(votes):
            now = votes[place] + by if isinstance(by, int) else number if isinstance(number, int) else votes[place]
            counted = [*votes[:place], min(MOST_VOTES, max(0, now)), *votes[place + 1 :]]
            session.go(view.choose("learn.votes", ",".join(map(str, counted))))

    def ask(name: str) -> None:
        if name in QUESTIONS:
            session.go(view.choose("learn.question", name).choose("learn.votes", ""))

    ahead = t.number(trials.LATER / 12)
    words = ("title", "question", "more", "fewer", "votes", "clear", "reveal", "hide")
    rows = [
        {"name": name, "title": t(f"learn.conditions.{name}"), "votes": number}
        for name, number in zip(CONDITIONS, votes, strict=True)
    ]
    beside = shown and session.width >= BESIDE
    with solara.Div(classes=["ci-row" if beside else "ci-column"]):
        _Votes(
            words={word: t(f"learn.votes.{word}") for word in words},
            questions=[{"name": name, "title": t(f"learn.votes.{name}.question", years=ahead)} for name in QUESTIONS],
            question=question, rows=rows, most=max(1, *votes), shown=shown, event_ask=ask, event_count=count,
            event_clear=lambda _: session.go(view.choose("learn.votes", "")),
            event_show=lambda _: revealed.set(None if shown else about),
        )  # fmt: skip
        if shown:
            _Answer(session, question, votes, session.width // 2 - 10 if beside else session.width)


@solara.component
def _Answer(session: Session, question: str, votes: list[int], width: int) -> None:
    key = (question, session.scenario.hash, session.month, session.worlds, session.view.seed)
    wanted = solara.use_ref(key)
    wanted.current = key

    def compute() -> ByCondition | None:
        try:
            return QUESTIONS[question](
                session.scenario, session.month, session.worlds, session.view.seed, lambda: wanted.current != key
            )
        except (OvertakenError, InputError):
            return None

    task = use_task(compute, dependencies=[key])
    t = session.texts
    if task.pending or (task.finished and task.value is None):
        text = t("shared.calculating") if task.pending else t("learn.votes.none")
        solara.v.Html(tag="p", class_="ci-sentence", attributes={"role": "status"}, children=[text])
    elif task.finished:
        with solara.Div(classes=["ci-column"]):
            said = answer_in_words(question, task.value, votes, session)
            solara.v.Html(tag="p", class_="ci-sentence ci-found", attributes={"role": "status"}, children=[said])
            ChartCard(session, _chart(session, question, task.value, votes, width))


def _chart(session: Session, question: str, found: ByCondition, votes: list[int], width: int) -> Chart:
    t, width = session.texts, drawing_width(session.view, width - 36)
    bars = {t(f"learn.conditions.{name}"): mean_interval(values) for name, values in found.items()}
    height = max(260.0, min(420.0, 0.4 * width))
    svg = draw_bars(bars, session, width, height, zero=question == "without")
    said = answer_in_words(question, found, votes, session)
    caption = t(f"learn.votes.{question}.caption", worlds=t.number(session.worlds), when=when(session),
                years=t.number(trials.LATER / 12))  # fmt: skip
    return Chart("answer", t("learn.votes.title_answer"), said, caption, svg, width, height, _table(found, votes))


def _table(found: ByCondition, votes: list[int]) -> pd.DataFrame:
    rows = zip(CONDITIONS, votes, strict=True)
    return pd.DataFrame(
        [{"condition": name, "votes": number, **mean_interval(found[name])._asdict()} for name, number in rows]
    )


def _signed(interval: Interval, session: Session) -> str:
    estimate, low, high = (session.texts.number(value, 1) for value in interval)
    return session.texts("learn.interval_short", estimate=estimate, low=low, high=high)
