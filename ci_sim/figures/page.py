"""The page of a figure: title, legend and caption around axes, and texts that fit. Lengths are points (1/72 inch)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

__all__ = [
    "FILE_DPI", "INK", "LINE", "MARGIN", "QUIET", "SMALL", "WIDTH", "Legend", "lay_apart", "months_axis", "page",
    "plain", "shorten", "text_width", "wrap",
]  # fmt: skip

WIDTH = 720.0
"""Width of every figure: 1000 pixels at 100 dpi, where the smallest letters are 12 pixels high."""
MARGIN = 8.0
"""Between the edge of the figure and its texts."""
SMALL, NORMAL, LARGE = 9.0, 10.0, 12.0
"""Sizes of letters."""
SCREEN_DPI, FILE_DPI = 100, 150
LINE = 1.3
"""Distance of lines of text, in sizes."""
INK, QUIET = "#1a1a1a", "#4d4d4d"
"""Colours of text; contrast to white 17:1 and 8:1."""
ELLIPSIS = "\u2026"

Legend = Sequence[tuple[Artist, str]]
"""What stands for what."""


def plain(text: str) -> str:
    """The text on one line, without control characters, which have no glyph."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text, or a little more: the sum of its letters, each measured once."""
    return sum(_letter_width(letter, size, bold) for letter in text)


@lru_cache(maxsize=4096)
def _letter_width(letter: str, size: float, bold: bool) -> float:
    """On the screen or in a file, whichever is larger: hinting rounds to whole pixels."""
    properties = FontProperties(size=size, weight="bold" if bold else "normal")
    widths = []
    for dpi in (SCREEN_DPI, FILE_DPI):
        ruler: RendererBase = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]
        # Between bars, for the width of a text ends with the ink of its last letter, and a space has none.
        with_it, without = (
            ruler.get_text_width_height_descent(f"|{between}|", properties, ismath=False)[0]
            for between in (letter * 4, "")
        )
        widths.append((with_it - without) / 4 * 72 / dpi)
    return max(widths)


def shorten(text: str, width: float, size: float) -> str:
    """As much of a text as fits on one line."""
    if text_width(text, size) <= width:
        return text
    fits = _letters_that_fit(text, width - text_width(ELLIPSIS, size), size)
    return text[:fits].rstrip() + ELLIPSIS


def _letters_that_fit(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many of the first letters of a text fit on a line, by halving."""
    fits, too_many = 0, len(text) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if text_width(text[:middle], size, bold=bold) <= width:
            fits = middle
        else:
            too_many = middle
    return fits


def wrap(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Lines of a text, words longer than a line broken.

    Parameters
    ----------
    most : lines at most, the last one with an ellipsis where there is more; 0: as many as it takes.
    """
    lines: list[str] = []
    words = plain(text).split()[::-1]
    line = ""
    while words:
        word = words.pop()
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= width:
            line = longer
        elif line:
            lines.append(line)
            words.append(word)
            line = ""
        else:
            # A name breaks after an underscore if it can.
            fits = max(1, _letters_that_fit(word, width, size, bold=bold))
            fits = word.rfind("_", 0, fits) + 1 or fits
            lines.append(word[:fits])
            words.append(word[fits:])
    lines += [line] if line else []
    if most and len(lines) > most:
        lines = [*lines[: most - 1], shorten(lines[most - 1] + ELLIPSIS, width, size)]
    return lines


def lay_apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near as possible to those wanted, so that none of the heights overlap.

    Neighbours that would overlap are pooled around their common mean (isotonic regression).

    Parameters
    ----------
    low, high : where all of it should lie; exceeded only where it does not fit.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    ends = list(accumulate(heights[n] for n in order))
    pools: list[tuple[float, int]] = []
    for n, end in zip(order, ends, strict=True):
        mean, size = wanted[n] - (end - heights[n] / 2), 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, size = (mean * size + before * many) / (size + many), size + many
        pools.append((mean, size))
    shifts = [mean for mean, size in pools for _ in range(size)]
    highest = max(low, high - ends[-1]) if ends else low
    centres = [0.0] * len(wanted)
    for n, end, shift in zip(order, ends, shifts, strict=True):
        centres[n] = end - heights[n] / 2 + min(max(shift, low), highest)
    return centres


def months_axis(axes: Axes, last: int, most: int = 10) -> None:
    """Ticks at whole years, or at months where there are few.

    Parameters
    ----------
    last : the horizon, in months.
    most : intervals at most.
    """
    unit, steps = (1, (1, 2, 3, 6, 12)) if last <= 36 else (12, (1, 2, 5, 10, 20, 50, 100))
    step = unit * next((step for step in steps if last / (unit * step) <= most), steps[-1])
    ticks = range(0, last + 1, step)
    axes.set_xticks(ticks, [str(tick // unit) for tick in ticks])
    axes.set_xlim(0, max(1, last))
    axes.set_xlabel("Time (months)" if unit == 1 else "Time (years)")


def caption_of(*parts: str) -> str:
    """A caption of paragraphs, those left out that are empty."""
    return "\n".join(part for part in parts if part)


def page(title: str, caption: str, body: float, legend: Legend = (), columns: int = 1) -> Figure:
    """A figure with its texts in place and room for axes between them.

    Parameters
    ----------
    caption : a paragraph a line.
    body : height for the axes with their labels.
    columns : of the legend.
    """
    width = WIDTH - 2 * MARGIN
    above = wrap(title, width, LARGE, bold=True)
    below = [line for paragraph in caption.splitlines() for line in wrap(paragraph, width, SMALL)]
    top = MARGIN + len(above) * LARGE * LINE
    key = math.ceil(len(legend) / columns) * 16 + 6 if legend else 0
    bottom = MARGIN + len(below) * SMALL * LINE
    height = top + key + body + bottom
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=SCREEN_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    left = MARGIN / WIDTH
    for lines, y, anchor, size, weight, colour in (
        (above, 1 - MARGIN / height, "top", LARGE, "bold", INK),
        (below, MARGIN / height, "bottom", SMALL, "normal", QUIET),
    ):
        figure.text(
            left, y, "\n".join(lines), va=anchor, size=size, weight=weight, color=colour, linespacing=1.2,
            parse_math=False,
        )  # fmt: skip
    if legend:
        _key(figure, legend, columns, (left, 1 - (top + 6) / height))
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(rect=(0, bottom / height, 1, body / height), w_pad=MARGIN / 72, h_pad=MARGIN / 72)  # type: ignore[call-arg]
    return figure


def _key(figure: Figure, legend: Legend, columns: int, corner: tuple[float, float]) -> None:
    """Matplotlib fills legends column by column; people read row by row."""
    rows = math.ceil(len(legend) / columns)
    order = [row * columns + column for column in range(columns) for row in range(rows)]
    entries = [legend[n] for n in order if n < len(legend)]
    handles, labels = zip(*entries, strict=True)
    drawn = figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=corner, ncols=columns, frameon=False, fontsize=SMALL,
        borderpad=0, borderaxespad=0, labelspacing=0.5, handlelength=2.6, columnspacing=1.6, labelcolor=INK,
    )  # fmt: skip
    # The constrained layout knows the body only: texts around it have their room already.
    drawn.set_in_layout(False)
