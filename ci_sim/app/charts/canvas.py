"""Axes and marks of a chart as SVG text: fast, sharp on a projector, readable by a screen reader, and no library.

Colours are CSS variables, so that a chart follows the page from light to dark without being drawn again; a file of a
chart has them written out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

__all__ = ["DASHES", "LIGHT", "Canvas", "arm_colour", "arm_dashes", "text_width", "written_out"]

LIGHT = {
    "ink": "#1c2128", "quiet": "#57606a", "grid": "#e3e6ea", "paper": "#ffffff", "ghost": "#6e7781",
    "arm-0": "#16191d", "arm-1": "#c75000", "arm-2": "#00805c", "arm-3": "#0069a8", "arm-4": "#a8457f",
    "arm-5": "#a06800", "arm-6": "#2f80b0",
}  # fmt: skip
"""Colours of a file, and of the light page (``web/custom.css`` has the dark ones): Okabe & Ito's, 3:1 on white."""
DASHES = ("9 5", "1 5", "12 4 2 4", "", "5 3 1 3 1 3")
"""Seven colours and five dashes: any two of 35 arms differ in one of them at least, as in ``ci_sim.figures``."""

Numbers = Sequence[float] | NDArray[np.float64] | NDArray[np.int64]


def arm_colour(place: int) -> str:
    """Colour of the arm at a place in the scenario's list."""
    return f"var(--arm-{place % 7})"


def arm_dashes(place: int) -> str:
    """Dashes of the arm at a place in the scenario's list."""
    return DASHES[place % len(DASHES)]


def text_width(text: str, size: float) -> float:
    """Width of a text, or a little more: letters of the page's typeface are half as wide as they are high."""
    return 0.56 * size * len(text)


def written_out(svg: str) -> str:
    """The SVG with its variables replaced by the colours of the light page."""
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: LIGHT[found[1]], svg)


@dataclass
class Canvas:
    """A plot area with linear axes on a page of ``width`` times ``height`` pixels.

    Attributes
    ----------
    left, right, top, bottom : margins around the plot area.
    x_range, y_range : what the edges of the plot area stand for.
    size : of letters, pixels.
    """

    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    left: float = 48
    right: float = 16
    top: float = 14
    bottom: float = 42
    size: float = 14
    marks: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Where a value of the horizontal axis is."""
        low, high = self.x_range
        return self.left + (value - low) / ((high - low) or 1) * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """Where a value of the vertical axis is."""
        low, high = self.y_range
        return self.height - self.bottom - (value - low) / ((high - low) or 1) * (self.height - self.top - self.bottom)

    def band(self, xs: Numbers, low: Numbers, high: Numbers, colour: str, opacity: float = 0.16) -> None:
        """An area between two courses."""
        there = self._points(xs, high)
        back = self._points(list(xs)[::-1], list(low)[::-1])
        self.marks.append(f'<polygon points="{there} {back}" fill="{colour}" fill-opacity="{opacity}"/>')

    def course(self, xs: Numbers, ys: Numbers, colour: str, dashes: str = "", stroke: float = 2.6) -> None:
        """A line."""
        dotted = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.marks.append(
            f'<polyline points="{self._points(xs, ys)}" fill="none" stroke="{colour}" stroke-width="{stroke}"{dotted}'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, stroke: float = 1, dashes: str = ""
    ) -> None:
        """A straight line between two points of the page."""
        dotted = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.marks.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
            f' stroke-width="{stroke}"{dotted}/>'
        )

    def text(
        self, x: float, y: float, text: str, *, anchor: str = "start", colour: str = "var(--ink)", size: float = 0,
        bold: bool = False, halo: bool = False,
    ) -> None:  # fmt: skip
        """A text at a point of the page; with a halo where it lies on lines."""
        weight = ' font-weight="600"' if bold else ""
        around = ' stroke="var(--paper)" stroke-width="4" paint-order="stroke" stroke-linejoin="round"' if halo else ""
        self.marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size or self.size:g}"'
            f"{weight}{around}>{escape(text)}</text>"
        )

    def y_axis(self, ticks: Sequence[float], labels: Sequence[str]) -> None:
        """Labels at the left, and a faint line each."""
        for tick, label in zip(ticks, labels, strict=True):
            y = self.y(tick)
            strong = tick == 0 and self.y_range[0] < 0
            self.line(self.left, y, self.width - self.right, y, "var(--quiet)" if strong else "var(--grid)")
            self.text(
                self.left - 8, y + self.size * 0.35, label, anchor="end", colour="var(--quiet)", size=self.size - 1
            )

    def x_axis(self, ticks: Sequence[float], labels: Sequence[str], title: str) -> None:
        """Labels and a title below."""
        floor = self.height - self.bottom
        self.line(self.left, floor, self.width - self.right, floor, "var(--quiet)")
        for tick, label in zip(ticks, labels, strict=True):
            x = self.x(tick)
            self.line(x, floor, x, floor + 4, "var(--quiet)")
            self.text(x, floor + self.size + 5, label, anchor="middle", colour="var(--quiet)", size=self.size - 1)
        middle = (self.left + self.width - self.right) / 2
        self.text(middle, self.height - 5, title, anchor="middle", colour="var(--quiet)", size=self.size - 1)

    def svg(self) -> str:
        """The marks so far as one element; whoever shows it says what it shows."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'font-family="Roboto, system-ui, sans-serif">{"".join(self.marks)}</svg>'
        )

    def _points(self, xs: Numbers, ys: Numbers) -> str:
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in zip(xs, ys, strict=True))
