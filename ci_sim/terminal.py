"""What the command line shows: tables, progress, and plain messages."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.paired import ArmSummary
from ci_sim.simulate import Trajectory

__all__ = [
    "comparison_columns", "comparison_tables", "course_table", "in_bytes", "in_time", "money", "output", "points",
    "progress_bar", "sweep_progress",
]  # fmt: skip

PIPED_WIDTH = 80

Cell = Callable[[ArmSummary], str]


def output(*, stderr: bool = False) -> Console:
    """A console on the current standard stream; of one width where nobody's window sets it.

    Scenarios are shown as they are written: square brackets and colons mean nothing.
    """
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with done, rate and remaining time on standard error; silent when piped."""
    console = output(stderr=True)
    done = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*done, *times, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description=what if done < of else "writing tables and figure")

        yield show


@contextmanager
def sweep_progress() -> Iterator[Callable[[int, int, int], None]]:
    """A bar with done, failed, rate and remaining time on standard error; silent when piped."""
    console = output(stderr=True)
    done = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[failed]}"))
    times = (TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*done, *times, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("worlds", total=None, failed="", rate="")

        def show(done: int, failed: int, of: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            what = "worlds" if done < of else "writing tables"
            told = f"{failed} failed" if failed else ""
            bar.update(task, completed=done, total=of, description=what, failed=told, rate=rate)

        yield show


def in_time(seconds: float) -> str:
    """A span of time in words."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{max(1, round(seconds))} s"


def in_bytes(size: float) -> str:
    """An amount of storage in words."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def comparison_tables(summaries: Sequence[ArmSummary], threshold: float, months: int) -> Group:
    """The comparison in four tables of a row per arm, each within 80 columns; what no arm has is left out."""
    worlds = summaries[0].worlds
    title = (
        f"{worlds} world{'s' * (worlds > 1)}, month {months}. Outcomes in points: "
        "0 is what chance gives, 100 the best achievable; [95 % interval]"
    )
    tables = [_block(summaries, columns) for columns in comparison_columns(threshold)]
    return Group(Text(title), *(part for table in tables if table is not None for part in ("", table)))


def comparison_columns(threshold: float) -> tuple[tuple[tuple[str, Cell], ...], ...]:
    """Headings and cells of the comparison, in four tables: outcome, time, priority group, money."""
    return (
        (
            ("outcome", lambda s: points(s.outcome)),
            ("difference to isolated", lambda s: points(s.difference, signed=True)),
            ("worlds won", lambda s: _share(s.won)),
        ),
        (
            ("months to half of its final gain", lambda s: _months(s.months_to_half)),
            ("never", lambda s: _percent(s.never_half)),
            (f"months to {100 * threshold:g} points", lambda s: _months(s.months_to_threshold)),
            ("never", lambda s: _percent(s.never_threshold)),
        ),
        (
            ("priority group", lambda s: points(s.priority_outcome)),
            ("gap: the rest minus it", lambda s: points(s.priority_gap, signed=True)),
        ),
        (
            ("spend (thousand)", lambda s: f"{s.spend:,.0f}"),
            ("cost per point (thousand)", lambda s: money(s.cost_per_point)),
            ("variance paired / unpaired", lambda s: "" if math.isnan(s.variance_ratio) else f"{s.variance_ratio:.2f}"),
        ),
    )


def _block(summaries: Sequence[ArmSummary], columns: Sequence[tuple[str, Cell]]) -> Table | None:
    """A table of the columns that any arm fills; None where there are none."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("", justify="left", overflow="fold")
    cells = [[summary.title for summary in summaries]]
    for heading, cell in columns:
        texts = [cell(summary) for summary in summaries]
        if any(texts):
            width = max(len(text) for text in [*texts, *heading.split()])
            table.add_column(heading, justify="right", max_width=max(width, 14), overflow="fold")
            cells.append(texts)
    for row in zip(*cells, strict=True):
        table.add_row(*row)
    return table if len(cells) > 1 else None


def course_table(trajectory: Trajectory) -> Table:
    """The course of one run: a row per year, or per month where there is no more than a year."""
    world, records = trajectory.world, trajectory.records
    title = f"{world.scenario.name}, {trajectory.arm.title or trajectory.arm.name}, world {world.replication}"
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, title_justify="left",
        title=f"One possible history: {title}. Outcomes in points; coverage to alignment in %",
    )  # fmt: skip
    columns = (
        ("month", None, ",.0f"), ("outcome", "indicator", ".1f"), ("priority group", "priority_indicator", ".1f"),
        ("covered", "coverage", ".0f"), ("doubled", "duplication", ".0f"),
        ("taking part", "participation", ".0f"), ("trust", "trust", ".0f"), ("align- ment", "alignment", ".0f"),
        ("spend (thousand a month)", "spend", ",.0f"),
    )  # fmt: skip
    for heading, _, _ in columns:
        table.add_column(heading, justify="right", overflow="fold")
    last = len(records) - 1
    for month in sorted({*range(0, last + 1, 12 if last > 12 else 1), last}):
        row = records[month]
        values = [month if name is None else row[name] * (1 if name == "spend" else 100) for _, name, _ in columns]
        table.add_row(*(f"{value:{form}}" for value, (_, _, form) in zip(values, columns, strict=True)))
    return table


def points(interval: Interval | None, *, signed: bool = False) -> str:
    """An outcome of 0..1 in points of 100, with its interval; empty where there is none."""
    if interval is None or math.isnan(interval.estimate):
        return ""
    form = "+.1f" if signed else ".1f"
    middle, low, high = (f"{round(100 * value, 1) + 0.0:{form}}" for value in interval)  # + 0.0: no minus zero
    return middle if math.isnan(interval.low) else f"{middle} [{low}, {high}]"


def _share(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{_percent(interval)} [{100 * interval.low:.0f}, {100 * interval.high:.0f}]"


def _percent(interval: Interval) -> str:
    return f"{100 * interval.estimate:.0f} %"


def _months(median: float) -> str:
    return "-" if math.isnan(median) else f"{median:.0f}"


def money(interval: Interval) -> str:
    """An amount with its interval."""
    if math.isnan(interval.estimate):
        return "no clear gain"
    if math.isnan(interval.low):
        return f"{interval.estimate:,.0f}"
    return f"{interval.estimate:,.0f} [{interval.low:,.0f}, {interval.high:,.0f}]"
