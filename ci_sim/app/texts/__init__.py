"""Everything the app says, by language: ``texts/<language>/<file>.toml``, a file per page and one for what they share.

A text is reached by its dotted key, ``texts("compare.band_caption", worlds=50)``: the first part is the file, what
follows the keys in it. To add a language, translate every file of ``en``; ``tests/app`` holds keys and placeholders
together.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.parameters import PARAMETERS

__all__ = ["LANGUAGES", "Texts", "texts_in"]

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")
"""The first is the one that others are complete against."""


class Texts:
    """The texts of one language, and how it writes numbers."""

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self.entries = entries

    def __call__(self, key: str, /, **values: object) -> str:
        """A text with its placeholders filled."""
        return self.entries[key].format(**values) if values else self.entries[key]

    def get(self, key: str, otherwise: str) -> str:
        """A text where there may be none."""
        return self.entries.get(key, otherwise)

    def number(self, value: float, digits: int = 0, *, sign: bool = False) -> str:
        """A number as this language writes it, with a true minus; a word where there is none."""
        if math.isnan(value):
            return self("shared.unknown")
        written = f"{round(value, digits) + 0.0:{'+' if sign else ''},.{digits}f}"
        point, comma = self("shared.decimal_point"), self("shared.thousands")
        swapped = written.replace(",", "\0").replace(".", point).replace("\0", comma)
        return swapped.replace("-", "\u2212")

    def parameter(self, key: str, part: str) -> str:
        """``meaning``, ``low``, ``high`` or ``unit`` of a parameter."""
        return self.entries[f"parameters.{key}.{part}"]

    def outcome(self, name: str, registry: str = "recorded") -> str:
        """What an outcome means."""
        return self.entries[f"outcomes.{registry}.{name}"]


@cache
def texts_in(language: str) -> Texts:
    """The texts of a language."""
    entries = dict(_from_the_tables()) if language == LANGUAGES[0] else {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        entries |= dict(_flat(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))))
    return Texts(language, entries)


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}.{key}", re.sub(r"[ \n]+", " ", value).strip()  # spaces that may not break stay
        else:
            yield from _flat(f"{prefix}.{key}", value)


def _from_the_tables() -> Iterator[tuple[str, str]]:
    """The English of parameters and outcomes stands in their tables, once."""
    for key, parameter in PARAMETERS.items():
        for part in ("meaning", "low", "high", "unit"):
            yield f"parameters.{key}.{part}", getattr(parameter, part)
    for registry, outcomes in (("recorded", RECORDED_OUTCOMES), ("derived", DERIVED_OUTCOMES)):
        for outcome in outcomes.values():
            yield f"outcomes.{registry}.{outcome.name}", outcome.meaning
