"""The ensembles of a view, computed beside the event loop; the last ones stay on show until the next are there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import solara
from solara.lab import use_task

from ci_sim.analysis.paired import ArmSummary, summarise
from ci_sim.app.cases import baseline_of
from ci_sim.app.ensemble import REFERENCE, Ensemble, OvertakenError, run_ensemble
from ci_sim.app.session import Session

__all__ = ["Results", "subject_of", "use_results"]


@dataclass(frozen=True, eq=False)
class Results:
    """What a view shows: its arms, and the subject arm of its baseline on the same worlds.

    Attributes
    ----------
    of : the session they are of; later ones may already wait for others.
    arms : shown, in order.
    subject : the arm it is about.
    baseline : the pinned baseline; None where it is the scenario on show.
    """

    of: Session
    now: Ensemble
    arms: tuple[str, ...]
    subject: str
    baseline: Ensemble | None

    def summaries(self, month: int, titles: dict[str, str]) -> list[ArmSummary]:
        """The shown arms at a month, the isolated one with them."""
        runs = self.now.runs(month)
        every = {arm: titles.get(arm, arm) for arm in dict.fromkeys((REFERENCE, *self.arms))}
        return summarise(runs, every)

    def session(self, present: Session) -> Session:
        """The session to draw these results with: theirs, at the month, width and language of the present one."""
        view = replace(self.of.view, month=present.view.month, language=present.view.language)
        return replace(present, view=view, scenario=self.of.scenario)


def subject_of(arms: tuple[str, ...]) -> str:
    """The arm a picture is about: Collective Impact, else the last that is not the reference."""
    if "collective_impact" in arms:
        return "collective_impact"
    return next((arm for arm in reversed(arms) if arm != REFERENCE), arms[-1])


def use_results(session: Session) -> tuple[Results | None, bool]:
    """The results of a session's view, the last ones there are, and whether newer ones are being computed."""
    view, scenario, worlds = session.view, session.scenario, session.worlds
    baseline = baseline_of(view)
    order = [arm for arm in _places(session) if arm in view.arms]
    arms, subject = tuple(order), subject_of(tuple(order))
    key = (scenario.hash, baseline.hash, arms, worlds, view.seed)
    wanted = solara.use_ref(key)
    wanted.current = key
    shown: solara.Ref[Results | None] = solara.use_ref(None)

    def compute() -> Results | None:
        def overtaken() -> bool:
            return bool(wanted.current != key)

        try:
            now = run_ensemble(scenario, arms, worlds, view.seed, overtaken)
            ghost = None
            if baseline.hash != scenario.hash:
                ghost = run_ensemble(baseline, (subject,), worlds, view.seed, overtaken)
            return Results(session, now, arms, subject, ghost)
        except OvertakenError:
            return None

    task = use_task(compute, dependencies=[key])
    if task.finished and task.value is not None:
        shown.current = task.value
    current = shown.current is not None and not task.pending
    digest = shown.current.now.digest if shown.current is not None and current else ""
    solara.use_effect(lambda: session.vouch(digest), [digest, view])
    return shown.current, task.pending


def _places(session: Session) -> list[str]:
    return sorted(session.view.arms, key=session.arm_place)
