"""The parameter table for readers: as text, and as the page docs/parameters.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import groupby

from ci_sim.parameters import GRADES, PARAMETERS, SECTIONS, Parameter

__all__ = ["parameters_as_markdown", "parameters_as_text"]


def parameters_as_text(chosen: Iterable[Parameter]) -> str:
    """A paragraph per parameter."""
    paragraphs = []
    for parameter in chosen:
        symbol = f" ({parameter.symbol})" if parameter.symbol else ""
        unit = f" {parameter.unit}" if parameter.unit else ""
        lines = [
            f"{parameter.key}{symbol} = {_shown(parameter.default)}{unit}   [{parameter.allowed}]",
            textwrap.fill(parameter.meaning, 96, initial_indent="    ", subsequent_indent="    "),
        ]
        if parameter.low:
            lines.append(f"    low: {parameter.low}; high: {parameter.high}")
        lines.append(f"    evidence: {parameter.grade}; source: {parameter.source}")
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs) + "\n"


def parameters_as_markdown(chosen: Iterable[Parameter] = PARAMETERS.values()) -> str:
    """The page docs/parameters.md, written by ``ci-sim parameters --markdown``; or some of its rows."""
    lines = [
        "# Parameters",
        "",
        "Written by `ci-sim parameters --markdown > docs/parameters.md`; a test holds this page and the code equal.",
        f"Evidence grades, best first: {', '.join(GRADES)}.",
    ]
    for section, rows in groupby(chosen, key=lambda parameter: parameter.key.partition(".")[0]):
        lines += ["", f"## {section}", "", (SECTIONS[section].__doc__ or "").strip(), ""]
        lines += ["| key | symbol | default | range | unit | meaning | low | high | source | evidence |"]
        lines += ["|" + "---|" * 10]
        for parameter in rows:
            cells = (
                f"`{parameter.key}`", parameter.symbol, _shown(parameter.default), parameter.allowed, parameter.unit,
                parameter.meaning, parameter.low, parameter.high, parameter.source, parameter.grade,
            )  # fmt: skip
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
