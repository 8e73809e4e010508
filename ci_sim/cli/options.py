"""What several commands share: options, reading the scenario they name, and how they begin and end."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ci_sim.scenario import Scenario

__all__ = [
    "FiniteNumber", "WholeNumber", "announce_compiling", "leaving_tidily", "months_option", "read_case",
    "scenario_argument", "seed_option", "set_option", "workers_option",
]  # fmt: skip


class WholeNumber(click.ParamType[int]):
    """An integer within bounds."""

    name = "integer"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The integer a text stands for."""
        text = str(value).strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
        if not self.low <= number <= self.high:
            self.fail(f"found {text!r}; allowed: an integer, {self.low:,} to {self.high:,}.", param, ctx)
        return number


class FiniteNumber(click.ParamType[float]):
    """A number, perhaps from a least one on or above it."""

    name = "number"

    def __init__(self, low: float = -math.inf, *, above: bool = False) -> None:
        self.low, self.above = low, above

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number a text stands for."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or number < self.low or (self.above and number == self.low):
            bound = f" above {self.low:g}" if self.above else f", {self.low:g} or more"
            self.fail(f"found {str(value)!r}; allowed: a number{bound * math.isfinite(self.low)}.", param, ctx)
        return number


scenario_argument = click.argument("scenario")
set_option = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE",
    help="Override a key, as in --set problem.interdependence=0. May be repeated.",
)  # fmt: skip
seed_option = click.option(
    "--seed", type=WholeNumber(0, 2**63 - 1), default=1, show_default=True, help="Seed of all worlds."
)
workers_option = click.option(
    "--workers", type=WholeNumber(1, 1024), help="Processes; by default as the work is worth."
)
months_option = click.option(
    "--months", type=WholeNumber(1, 1200), help="Horizon; events after it are left out. The scenario's own by default."
)


@contextmanager
def leaving_tidily() -> Iterator[None]:
    """Take a request to end for an exit, which stops workers and removes what is half-written."""
    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda which, _: sys.exit(128 + which)) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_case(name: str, overrides: tuple[str, ...], months: int | None) -> Scenario:
    """The scenario a command names, with its overrides and horizon; says which events a shorter one leaves out."""
    from ci_sim.scenario_file import read_scenario, shorten  # noqa: PLC0415

    scenario = read_scenario(name, overrides)
    if months is None:
        return scenario
    scenario, left_out = shorten(scenario, months)
    if left_out:
        click.echo(f"Left out: {left_out} event{'s' * (left_out > 1)} after month {months}.", err=True)
    return scenario


def announce_compiling() -> None:
    """Say why the very first run takes a moment."""
    from ci_sim.kernel.compiled import is_warm  # noqa: PLC0415

    if not is_warm():
        click.echo("Compiling the model for this machine: about 15 seconds, once ...", err=True)
