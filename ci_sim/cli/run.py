"""``run``: one arm in one world."""

from __future__ import annotations

from pathlib import Path

import click

from ci_sim.cli.options import (
    WholeNumber,
    announce_compiling,
    months_option,
    read_case,
    scenario_argument,
    seed_option,
    set_option,
)

__all__ = ["run"]


@click.command(short_help="Run one arm in one world.")
@scenario_argument
@click.option("--arm", default="collective_impact", show_default=True, help="An arm, or name:condition+condition.")
@click.option("--replication", type=WholeNumber(0, 2**31), default=0, show_default=True, help="Which world.")
@months_option
@seed_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the time series and figures.")
def run(
    scenario: str,
    arm: str,
    replication: int,
    months: int | None,
    seed: int,
    overrides: tuple[str, ...],
    out: Path | None,
) -> None:
    """Run one arm in one world, and print its course: one possible history."""
    case = read_case(scenario, overrides, months)

    from ci_sim.single import show_run, write_run  # noqa: PLC0415

    announce_compiling()
    trajectory = write_run(case, arm, replication, seed, out)
    show_run(trajectory)
    if out is not None:
        click.echo(f"\nWritten to {out}")
