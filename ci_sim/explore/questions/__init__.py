"""The standing questions, a file each: whatever lies here and has a ``QUESTION`` is asked."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ci_sim.explore.question import Question

__all__ = ["standing_questions"]


@cache
def standing_questions() -> dict[str, Question]:
    """All questions by name, in the order they are asked."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found: list[Question] = [module.QUESTION for module in modules]
    return {question.name: question for question in sorted(found, key=lambda one: one.place)}
