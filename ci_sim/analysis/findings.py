"""What an analysis hands over: a tidy table and a sentence, under a name."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """One result of an analysis.

    Attributes
    ----------
    name : of files and figures: small letters, digits and _.
    title : for people, at the head of the table and of its figure.
    table : tidy; an interval as the columns ``x``, ``x_low`` and ``x_high``.
    sentence : what the table says in words, computed from it, and silent where evidence is weak.
    """

    name: str
    title: str
    table: pd.DataFrame
    sentence: str
