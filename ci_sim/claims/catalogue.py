"""The claims: the sentence of the source, what is run for it, and the effect by world that is held against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ci_sim.analysis.intervals import Floats
from ci_sim.parameters import CONDITIONS

__all__ = ["ALONE", "CLAIMS", "WITHOUT", "Claim", "Measured", "source_text"]

ALONE = {condition: f"alone_{condition}" for condition in CONDITIONS}
WITHOUT = {condition: f"without_{condition}" for condition in CONDITIONS}
"""Names of the arms with one condition only, and with all but one."""
KEPT = 0.8
"""Share of the outcome that must be left for it to count as lasting."""
ISOLATED, COLLECTIVE = "isolated", "collective_impact"


@dataclass(frozen=True)
class Measured:
    """What was measured in one circumstance.

    Attributes
    ----------
    values : (worlds,) by variant (empty: the scenario as it is), arm and measure.
    threshold : outcome that counts as large-scale change, ``horizon.threshold``.
    """

    values: Mapping[tuple[str, str, str], Floats]
    threshold: float

    def __call__(self, arm: str, variant: str = "", measure: str = "outcome") -> Floats:
        """(worlds,) of a measure."""
        return self.values[(variant, arm, measure)]

    def gain(self, arm: str = COLLECTIVE, variant: str = "") -> Floats:
        """(worlds,) outcome beyond isolated impact of the scenario as it is (of the technical problem: of its own)."""
        base = self(ISOLATED, variant if variant == "technical" else "")
        return self(arm, variant) - base

    def best(self, *among: tuple[str, str]) -> Floats:
        """(worlds,) outcome of the (arm, variant) with the best mean."""
        return max((self(*one) for one in among), key=lambda values: float(np.mean(values)))

    def least(self, values: list[Floats]) -> Floats:
        """The (worlds,) with the smallest mean."""
        return min(values, key=lambda one: float(np.mean(one)))


@dataclass(frozen=True)
class Claim:
    """A claim as a hypothesis.

    Attributes
    ----------
    quote : of the source text.
    design : what is run and held against what.
    effect : by world; above 0 speaks for the claim.
    said : what the effect is, in words.
    """

    name: str
    quote: str
    design: str
    said: str
    effect: Callable[[Measured], Floats]


def source_text() -> str:
    """The text that the claims quote."""
    return (Path(__file__).parent / "source.txt").read_text(encoding="utf-8")


def _alone(m: Measured) -> Floats:
    everything: Floats = np.sum([m(arm) - m(ISOLATED) for arm in ALONE.values()], axis=0)
    return everything


BULLETS = ((ISOLATED, "one scaled"), (ISOLATED, "all scaled"), (ISOLATED, "replicated"), ("isolated_equal_spend", ""))

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "coordination is needed",
        "organizations \N{EM DASH} including those in government, civil society, and the business sector \N{EM DASH} "
        "need to coordinate their efforts and work together around a clearly defined goal",
        "isolated impact against the threshold of large-scale change",
        "threshold minus the outcome of isolated impact",
        lambda m: m.threshold - m(ISOLATED),
    ),
    Claim(
        "no single organization",
        "no single organization can create large-scale, lasting social change alone",
        "one organization entitled to everything, with 20 times its programs and tries, in isolation",
        "threshold minus its outcome",
        lambda m: m.threshold - m(ISOLATED, "one scaled"),
    ),
    Claim(
        "no silver bullet",
        'There is no "silver bullet" solution to systemic social problems',
        "the best of: one organization scaled 20-fold, all scaled 4-fold, the best place replicated yearly, the "
        "backbone's money for programs",
        "threshold minus the best bullet's outcome",
        lambda m: m.threshold - m.best(*BULLETS),
    ),
    Claim(
        "scaling does not solve it",
        "these problems cannot be solved by simply scaling or replicating one organization or program",
        "one organization scaled 20-fold or all scaled 4-fold, against Collective Impact",
        "half of what Collective Impact adds minus what the better scaling adds",
        lambda m: m.gain() / 2 - (m.best(*BULLETS[:2]) - m(ISOLATED)),
    ),
    Claim(
        "replicating does not solve it",
        "these problems cannot be solved by simply scaling or replicating one organization or program",
        "the practices of the best community replicated everywhere every year, against Collective Impact",
        "half of what Collective Impact adds minus what replication adds",
        lambda m: m.gain() / 2 - m.gain(ISOLATED, "replicated"),
    ),
    Claim(
        "strong organizations are necessary",
        "Strong organizations are necessary but not sufficient for large-scale social change",
        "Collective Impact among weak organizations: a tenth of the tries, four times the errors",
        "threshold minus its outcome",
        lambda m: m.threshold - m(COLLECTIVE, "weak"),
    ),
    Claim(
        "strong organizations are not sufficient",
        "Strong organizations are necessary but not sufficient for large-scale social change",
        "isolated impact of strong organizations: three times the tries, a quarter of the errors",
        "threshold minus its outcome",
        lambda m: m.threshold - m(ISOLATED, "strong"),
    ),
    Claim(
        "complex rather than technical",
        "Collective Impact is best employed for problems that are complex and systemic rather than technical in nature",
        "what Collective Impact adds here, against the same problem without any interdependence",
        "its gain here minus its gain on the technical problem",
        lambda m: m.gain() - m.gain(COLLECTIVE, "technical"),
    ),
    Claim(
        "the five together",
        "There are five conditions that, together, lead to meaningful results from Collective Impact",
        "all five conditions against the sum of what each changes alone",
        "the whole minus the sum of its parts",
        lambda m: m.gain() - _alone(m),
    ),
    Claim(
        "each condition is needed",
        "There are five conditions that, together, lead to meaningful results from Collective Impact",
        "all five against all but one, for the condition that is missed least",
        "outcome with it minus outcome without it",
        lambda m: m.least([m(COLLECTIVE) - m(arm) for arm in WITHOUT.values()]),
    ),
    Claim(
        "more than collaboration",
        "Collective Impact is more rigorous and specific than collaboration among organizations",
        "Collective Impact against an ordinary coalition: goodwill and meetings",
        "outcome of Collective Impact minus that of the coalition",
        lambda m: m(COLLECTIVE) - m("ordinary_coalition"),
    ),
    Claim(
        "shared measurement aligns",
        "Collecting data and measuring results consistently across all participants ensures efforts remain aligned and "
        "participants hold each other accountable",
        "all five conditions against all but shared measurement",
        "mean alignment with the common agenda, with it minus without it (a rule of the model; measured is how much)",
        lambda m: m(COLLECTIVE, measure="alignment") - m(WITHOUT["shared_measurement"], measure="alignment"),
    ),
    Claim(
        "communication builds trust",
        "Consistent and open communication is needed across the many players to build trust",
        "all five conditions against all but continuous communication",
        "trust among members at the horizon, with it minus without it (a rule of the model; measured is how much)",
        lambda m: m(COLLECTIVE, measure="trust") - m(WITHOUT["continuous_communication"], measure="trust"),
    ),
    Claim(
        "a backbone with staff",
        "Creating and managing collective impact requires a separate organization(s) with staff",
        "all five conditions against all but the backbone, kept up by volunteers",
        "threshold minus the outcome without a backbone",
        lambda m: m.threshold - m(WITHOUT["backbone"]),
    ),
    Claim(
        "lasting change",
        "In order to create lasting solutions to social problems on a large-scale",
        "Collective Impact whose backbone loses its funding, five years later",
        "outcome then minus 80 % of the outcome when funding ended",
        lambda m: m(COLLECTIVE, "grant over") - KEPT * m(COLLECTIVE, "grant over", "at grant end"),
    ),
)  # fmt: skip
