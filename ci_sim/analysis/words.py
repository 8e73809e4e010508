"""How findings speak: arms, factors, shares and intervals in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ci_sim.analysis.intervals import Interval
from ci_sim.arms import STANDARD_ARMS
from ci_sim.parameters import PARAMETERS

__all__ = [
    "arm_words",
    "factor_axis",
    "factor_words",
    "interval_of",
    "listed",
    "rounded",
    "share_words",
    "signed_points",
]


NO_BRACKETS = str.maketrans("", "", "()")


def arm_words(arm: str) -> str:
    """The arm as it stands inside a sentence: Collective Impact, isolated, isolated at equal spend ..."""
    if arm == "isolated_equal_spend":
        return "isolated at equal spend"
    return STANDARD_ARMS[arm].title if arm == "collective_impact" else arm.replace("_", " ")


def factor_words(key: str) -> str:
    """The factor's key, with the beginning of its meaning from the parameter table."""
    if key not in PARAMETERS:
        return key
    meaning = re.split(r"[:;]| \(with |\.$", PARAMETERS[key].meaning)[0]
    return f"{key} ({meaning[0].lower()}{meaning[1:].translate(NO_BRACKETS)})"


def factor_axis(key: str, name: str = "") -> str:
    """The factor's key, or another name for it, with its unit: what stands at an axis."""
    unit = PARAMETERS[key].unit if key in PARAMETERS else ""
    return f"{name or key} ({unit})" if unit else name or key


def listed(parts: Sequence[str], last: str = "and") -> str:
    """One, one and two, one, two and three."""
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def rounded(value: float, digits: int = 2) -> str:
    """A value with so many significant digits; whole numbers keep all of theirs."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{round(value, max(0, digits - 1 - math.floor(math.log10(abs(value))))):.10g}"


def interval_of(row: Mapping[Any, Any], name: str) -> Interval:
    """The interval that stands in a row of a finding's table as ``name``, ``name_low`` and ``name_high``."""
    return Interval(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))


def share_words(share: Interval) -> str:
    """A share with its interval, in per cent: 91 % [86, 95]."""
    return f"{100 * share.estimate:.0f} % [{100 * share.low:.0f}, {100 * share.high:.0f}]"


def signed_points(difference: Interval) -> str:
    """A difference of outcomes with its interval, in points of 100: +27 [+24, +30]."""
    estimate, *bounds = (f"{round(100 * value):+d}" for value in difference if not math.isnan(value))
    return f"{estimate} [{', '.join(bounds)}]" if bounds else estimate
