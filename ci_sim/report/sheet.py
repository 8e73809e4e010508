"""The brief on paper: one A4 page as PDF, its text real, the same bytes for the same results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim import figures
from ci_sim.figures.courses import draw_trajectories
from ci_sim.figures.page import INK, QUIET, SMALL, wrap
from ci_sim.figures.worlds import band_in_words
from ci_sim.report.brief import Brief
from ci_sim.report.results import Results

__all__ = ["brief_sheet"]

# Lengths are points (1/72 inch).

WIDTH, HEIGHT = 595.3, 841.9
"""A4."""
MARGIN = 36.0
TEXT = WIDTH - 2 * MARGIN
LEADING = 1.3
TALLEST = 230.0
"""Height of the chart at most."""
COLUMNS = (0.0, 205.0, 310.0, 415.0)
"""Left edges of the table of key figures."""


class Page:
    """A page filled from the top."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        self.top = HEIGHT - MARGIN

    def write(
        self, text: str, size: float, *, most: int, bold: bool = False, colour: str = INK, indent: float = 0.0
    ) -> None:
        """A paragraph of at most so many lines, what does not fit left out with an ellipsis."""
        for line in wrap(text, TEXT - indent, size, bold=bold, most=most):
            self.top -= size * LEADING
            self._put(line, indent, self.top, size, bold=bold, colour=colour)
        self.top -= 0.4 * size

    def row(self, cells: Sequence[str], *, bold: bool = False) -> None:
        """A row of the table, each cell wrapped in its column."""
        size = 8.5
        edges = [*COLUMNS, TEXT]
        columns = [
            [
                line
                for part in cell.replace(" [", "\n[").split("\n")
                for line in wrap(part, edges[n + 1] - edges[n] - 8, size, bold=bold or n == 0, most=3)
            ]
            for n, cell in enumerate(cells)
        ]
        top = self.top
        for n, lines in enumerate(columns):
            for k, line in enumerate(lines):
                self._put(line, edges[n], top - (k + 1) * size * LEADING, size, bold=bold or n == 0)
        self.top -= max(map(len, columns)) * size * LEADING + 3
        self.rule()

    def rule(self) -> None:
        """A thin line across."""
        ends, y = (MARGIN / WIDTH, 1 - MARGIN / WIDTH), self.top / HEIGHT
        self.figure.add_artist(Line2D(ends, (y, y), color="#8C8C8C", linewidth=0.5))
        self.top -= 2

    def axes(self, height: float) -> Axes:
        """Axes below what has been written, with room for their labels."""
        self.top -= height + 8
        box = ((MARGIN + 36) / WIDTH, self.top / HEIGHT, (TEXT - 36 - 150) / WIDTH, height / HEIGHT)
        self.top -= 32
        return self.figure.add_axes(box)

    def _put(self, line: str, x: float, y: float, size: float, *, bold: bool, colour: str = INK) -> None:
        self.figure.text(
            (MARGIN + x) / WIDTH, y / HEIGHT, line, size=size, weight="bold" if bold else "normal", color=colour,
            va="baseline", parse_math=False,
        )  # fmt: skip


def brief_sheet(results: Results, brief: Brief) -> bytes:
    """The brief as a PDF of one page."""
    tried, page = Page(), Page()
    _fill(tried, results, brief, 0.0)
    _fill(page, results, brief, min(TALLEST, tried.top - MARGIN))
    return figures.render(page.figure, "pdf", _metadata(results, brief))


def _fill(page: Page, results: Results, brief: Brief, chart: float) -> None:
    """Everything in its order; the chart takes the height that the texts leave it."""
    page.write("ci_sim brief", SMALL, most=1, colour=QUIET)
    page.write(brief.title, 16, most=2, bold=True)
    page.write(brief.question, SMALL, most=5)
    page.write(brief.sentence, 10.5, most=5)
    page.top -= 4
    page.row(["Mean over worlds, below it the 95 % interval", *brief.columns], bold=True)
    for one in brief.key_figures:
        page.row([one.name, one.subject, one.baseline, one.change])
    axes = page.axes(chart)
    if chart > 0:
        threshold = results.scenario.horizon.threshold
        draw_trajectories(axes, results.timeseries, results.titles, threshold=threshold, height=chart)
        axes.set_ylabel("Indicator (0 to 100)", size=SMALL, color=INK)
        axes.xaxis.label.set_fontsize(SMALL)
    page.write(band_in_words(results.worlds), SMALL - 1, most=2, colour=QUIET)
    page.write("The assumptions that matter most", SMALL + 1.5, most=1, bold=True)
    page.write(brief.basis, SMALL - 0.5, most=2)
    for told in brief.assumptions:
        page.write(f"\u2022 {told}", SMALL - 0.5, most=3, indent=6)
    page.rule()
    page.write(brief.origin, SMALL - 1, most=3, colour=QUIET)
    page.write(brief.limits, SMALL - 1, most=4, colour=QUIET)


def _metadata(results: Results, brief: Brief) -> dict[str, object]:
    """The date is the results', so that the same results give the same bytes."""
    try:
        made = datetime.fromisoformat(str(results.manifest.get("ended")))
    except ValueError:
        made = None
    return {
        "Title": brief.title,
        "Subject": brief.origin,
        "Creator": f"ci-sim brief {version('ci_sim')}",
        "Producer": "ci_sim",
        "CreationDate": made,
    }
