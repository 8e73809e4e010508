"""What the command line shows: tables, progress, and plain messages."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from ci_sim.sweep.analysis import ArmSummary
from ci_sim.sweep.intervals import Interval

__all__ = ["comparison_table", "output", "progress_bar"]

PIPED_WIDTH = 150


def output(*, stderr: bool = False) -> Console:
    """A console on the current standard stream; wide where nobody's window sets the width."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with done, rate and remaining time on standard error; silent when piped."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    console = output(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield show


def comparison_table(summaries: Sequence[ArmSummary], threshold: float, months: int) -> Table:
    """The comparison with a column per arm; outcomes in points of 100, intervals of 95 % in brackets."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{summaries[0].worlds} worlds, month {months}; points of 100 [95 % interval]")
    table.add_column("", justify="left", no_wrap=True)
    for summary in summaries:
        table.add_column(summary.title, justify="right")
    for label, cell in (
        ("outcome", lambda s: _points(s.outcome)),
        ("difference to isolated", lambda s: _points(s.difference, signed=True)),
        ("share of worlds won", lambda s: _share(s.won)),
        ("months to half the final gain", lambda s: _months(s.months_to_half, s.never_half)),
        (f"months to {100 * threshold:g} points", lambda s: _months(s.months_to_threshold, s.never_threshold)),
        ("priority group", lambda s: _points(s.priority_outcome)),
        ("gap: the rest minus priority group", lambda s: _points(s.priority_gap, signed=True)),
        ("spend (thousand)", lambda s: f"{s.spend:,.0f}"),
        ("cost per point (thousand)", lambda s: _money(s.cost_per_point)),
        ("variance, paired / unpaired", lambda s: "" if math.isnan(s.variance_ratio) else f"{s.variance_ratio:.2f}"),
    ):
        table.add_row(label, *(cell(summary) for summary in summaries))
    return table


def _points(interval: Interval | None, *, signed: bool = False) -> str:
    if interval is None or math.isnan(interval.estimate):
        return ""
    form = "+.1f" if signed else ".1f"
    middle = f"{100 * interval.estimate:{form}}"
    return middle if math.isnan(interval.low) else f"{middle} \\[{100 * interval.low:{form}}, {100 * interval.high:{form}}]"


def _share(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{100 * interval.estimate:.0f} % \\[{100 * interval.low:.0f}, {100 * interval.high:.0f}]"


def _months(median: float, never: Interval) -> str:
    reached = "" if math.isnan(median) else f"{median:.0f}, "
    return f"{reached}never in {100 * never.estimate:.0f} %"


def _money(interval: Interval) -> str:
    if math.isnan(interval.estimate):
        return "no clear gain"
    if math.isnan(interval.low):
        return f"{interval.estimate:,.0f}"
    return f"{interval.estimate:,.0f} \\[{interval.low:,.0f}, {interval.high:,.0f}]"
