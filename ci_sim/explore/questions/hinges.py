"""What does the answer hinge on?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ci_sim import figures
from ci_sim.analysis import hinges, stability
from ci_sim.analysis.plausible import SPREAD, plausible_factors
from ci_sim.analysis.points import point_differences
from ci_sim.analysis.words import arm_words
from ci_sim.explore.question import ARM, ISOLATED, Answer, Asked, Question, Study
from ci_sim.figures.page import caption_of
from ci_sim.parameters import PARAMETERS
from ci_sim.sweep.design import Design
from ci_sim.sweep.sampling import Factor, latin_hypercube

__all__ = ["QUESTION"]

POINTS_PER_WORLD = 2
FEWEST_POINTS = 20
WORLDS = 3


def _studies(asked: Asked) -> Mapping[str, Design]:
    factors = [
        Factor(one["key"], low=one["low"], high=one["high"], whole=PARAMETERS[one["key"]].kind == "integer")
        for one in plausible_factors(asked.case)
    ]
    samples = max(FEWEST_POINTS, POINTS_PER_WORLD * asked.replications)
    points = latin_hypercube(factors, samples, asked.seed)
    settings = {"factors": [factor.described() for factor in factors], "samples": samples}
    arms = [ARM, ISOLATED]
    return {"hinges": asked.design(arms, points, worlds=WORLDS, kind="latin_hypercube", settings=settings, every=120)}


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study = studies["hinges"]
    about = f"Every plausible number off by up to {100 * SPREAD:.0f} % at once. {study.in_words}."
    note = caption_of(about, asked.note)
    found = hinges.analyse(study.runs, arm=ARM, reference=ISOLATED)
    settings = len(study.design.points)
    sentence = found.sentence or f"What the lead hinges on cannot be told from chance with {settings:,} settings."
    found = replace(found, sentence=sentence)
    drawn = figures.hinges(found.table, title=found.title, sentence=sentence, note=note)
    holds = stability.analyse(study.runs, ranking=(ARM, ISOLATED))
    points = {"": point_differences(study.runs, ARM, ISOLATED)}
    lead = f"{arm_words(ARM)} minus {arm_words(ISOLATED)}"
    badge = figures.stability(points, title=holds.title, lead=lead, sentence=holds.sentence, note=note)
    return [Answer(found, drawn), Answer(holds, badge)]


QUESTION = Question(
    8,
    "hinges",
    "What does the answer hinge on?",
    "A Latin hypercube over plausible ranges of all numbers at once, three worlds at each setting.",
    _studies,
    _answer,
)
