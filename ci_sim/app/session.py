"""What a page is handed: the view with its scenario and texts, and what may be done with it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ci_sim.app.cases import worlds_for
from ci_sim.app.link import VERSION, citation
from ci_sim.app.state import View
from ci_sim.app.texts import Texts
from ci_sim.arms import available_arms
from ci_sim.complaints import InputError
from ci_sim.parameters import GRADES, PARAMETERS
from ci_sim.scenario import Scenario

__all__ = ["File", "Session", "complaint_lines", "limits"]


@dataclass(frozen=True)
class File:
    """A file handed to the browser; with ``picture`` it is an SVG that the browser turns into a PNG first."""

    name: str
    content: str
    kind: str = "text/plain"
    picture: bool = False
    about: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Session:
    """One visitor, at one moment.

    Attributes
    ----------
    view : what is looked at.
    scenario : of the view, with its overrides.
    texts : ``texts("compare.band_caption", worlds=50)``.
    width : of the column pages are drawn in, pixels.
    go : look at another view; one step that undo takes back.
    say : show and read out a short message.
    send : hand a file to the browser.
    refusals : changes that did not fit so far; a control that has asked for one goes back to its value.
    vouch : tell the link which numbers are on show (:attr:`ci_sim.app.ensemble.Ensemble.digest`).
    """

    view: View
    scenario: Scenario
    texts: Texts
    width: int
    go: Callable[[View], None]
    say: Callable[[str], None]
    send: Callable[[File], None]
    vouch: Callable[[str], None]
    refusals: int = 0

    @property
    def worlds(self) -> int:
        """Worlds of an ensemble of this scenario."""
        return worlds_for(self.scenario)

    @property
    def month(self) -> int:
        """The month numbers are read at."""
        return min(self.view.month or self.scenario.horizon.months, self.scenario.horizon.months)

    def change(self, **changes: Any) -> None:
        """Go to the view with these fields changed."""
        self.go(replace(self.view, **changes))

    @property
    def title(self) -> str:
        """What the scenario is called, in the session's language where it has a name there."""
        own = self.scenario.title or self.scenario.name
        return own if self.view.file else self.texts.get(f"presets.{self.view.scenario}", own)

    def arm_title(self, arm: str) -> str:
        """The title of an arm in the session's language."""
        named = available_arms(self.scenario)[arm]
        return self.texts.get(f"shared.arms.{arm}", named.title or arm.replace("_", " "))

    def arm_place(self, arm: str) -> int:
        """Place of an arm among all of the scenario: it decides colour and dashes."""
        return list(available_arms(self.scenario)).index(arm)

    def command(self) -> str:
        """The command line that reproduces the series on show."""
        name = f"{self.view.scenario}.toml" if self.view.file else self.view.scenario
        words = ["ci-sim", "compare", name, "--arms", ",".join(dict.fromkeys(("isolated", *self.view.arms)))]
        words += ["--replications", str(self.worlds), "--seed", str(self.view.seed)]
        for key, value in self.view.overrides:
            words += ["--set", f"{key}={value}"]
        return shlex.join(words)

    def about(self) -> dict[str, str]:
        """What every export carries: where it comes from, and its limits."""
        t, scenario = self.texts, self.scenario
        return {
            t("shared.scenario"): f"{self.title} ({scenario.name}, {scenario.hash})",
            t("shared.seed"): str(self.view.seed),
            t("shared.worlds"): str(self.worlds),
            t("shared.version"): f"ci_sim {VERSION}",
            t("shared.citation"): citation(scenario, self.view.seed),
            t("shared.command"): self.command(),
            t("shared.limits"): limits(scenario, t),
        }


def limits(scenario: Scenario, texts: Texts) -> str:
    """:func:`ci_sim.provenance.limit_notice` in the session's language."""
    counts = [(sum(p.grade == grade for p in PARAMETERS.values()), grade) for grade in GRADES]
    counted = ", ".join(f"{count} {texts(f'shared.grades.{grade}')}" for count, grade in counts if count)
    notice = texts("shared.limit_notice", parameters=len(PARAMETERS), counted=counted)
    invented = [evidence.what for evidence in scenario.evidence if evidence.grade == "invented"]
    return notice + (" " + texts("shared.invented_here", what="; ".join(invented)) if invented else "")


def complaint_lines(error: InputError, texts: Texts) -> list[str]:
    """What is wrong with an input, a line each, framed in the session's language."""
    lines = []
    for complaint in error.complaints[:8]:
        values = {"key": complaint.key or error.source, "found": complaint.found, "allowed": complaint.allowed}
        line = texts("shared.complaint", **{name: str(value)[:300] for name, value in values.items()})
        lines.append(line + (" " + texts("shared.did_you_mean", near=complaint.nearest) if complaint.nearest else ""))
    return lines
