"""A chart: a picture, the same in words, and the data behind it; and the files it can be taken home in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from ci_sim.app.charts.canvas import LIGHT, text_width, written_out

__all__ = ["Chart", "as_csv", "as_svg"]


@dataclass(frozen=True)
class Chart:
    """What a page shows in one place.

    Attributes
    ----------
    name : what its files are called, and its element is known by.
    title : above it.
    summary : what it shows, in words, computed; read out in place of the picture.
    caption : what bands, lines and numbers are; below it.
    svg : from :meth:`ci_sim.app.charts.canvas.Canvas.svg`.
    width, height : of the picture, pixels.
    table : the data drawn, tidy.
    """

    name: str
    title: str
    summary: str
    caption: str
    svg: str = field(repr=False)
    width: float
    height: float
    table: pd.DataFrame = field(repr=False)


def as_csv(chart: Chart, about: Mapping[str, str]) -> str:
    """The data, after lines that say what it is of: scenario, seed, version, limits."""
    head = [f"# {key}: {' '.join(value.split())}" for key, value in {"chart": chart.title, **about}.items()]
    return "\n".join([*head, chart.table.to_csv(index=False, lineterminator="\n")])


def as_svg(chart: Chart, about: Mapping[str, str]) -> str:
    """The picture on its own: title above, caption and what it is of below, colours written out."""
    size, line = 13.0, 18.0
    letters = max(30, int((chart.width - 24) / text_width("x", size)))
    below = [
        part for text in (chart.caption, *(f"{k}: {v}" for k, v in about.items())) for part in _wrap(text, letters)
    ]
    top, bottom = 38.0, line * len(below) + 16
    body = chart.svg.replace("<svg ", f'<svg y="{top:g}" width="{chart.width:g}" height="{chart.height:g}" ', 1)
    lines = "".join(
        f'<text x="12" y="{top + chart.height + 18 + line * number:g}" font-size="{size:g}" fill="{LIGHT["quiet"]}">'
        f"{escape(text)}</text>"
        for number, text in enumerate(below)
    )
    height = top + chart.height + bottom
    metadata = "; ".join(f"{key}: {value}" for key, value in about.items())
    return written_out(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chart.width:g}" height="{height:g}" '
        f'viewBox="0 0 {chart.width:g} {height:g}" font-family="Roboto, Helvetica, Arial, sans-serif" role="img">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.summary)} {escape(metadata)}</desc>"
        f'<rect width="100%" height="100%" fill="var(--paper)"/>'
        f'<text x="12" y="25" font-size="17" font-weight="600" fill="var(--ink)">{escape(chart.title)}</text>'
        f"{body}{lines}</svg>"
    )


def _wrap(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
