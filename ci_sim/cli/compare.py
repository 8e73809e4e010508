"""``compare``: arms on the same worlds."""

from __future__ import annotations

from pathlib import Path

import click

from ci_sim.cli.options import (
    WholeNumber,
    announce_compiling,
    leaving_tidily,
    months_option,
    read_case,
    scenario_argument,
    seed_option,
    set_option,
    workers_option,
)
from ci_sim.complaints import Complaint, InputError

__all__ = ["compare_command"]


@click.command("compare", short_help="Compare arms on the same worlds.")
@scenario_argument
@click.option("--replications", type=WholeNumber(1, 1_000_000), default=100, show_default=True, help="Worlds.")
@click.option("--arms", metavar="NAME,NAME", help="Arms to run; all the scenario has by default.")
@click.option(
    "--arm", "custom", multiple=True, metavar="NAME:CONDITION+CONDITION",
    help="A further arm, as in --arm half:common_agenda=0.5+backbone=0.5. May be repeated.",
)  # fmt: skip
@months_option
@seed_option
@workers_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder; by default one per design in results/.")
def compare_command(
    scenario: str,
    replications: int,
    arms: str | None,
    custom: tuple[str, ...],
    months: int | None,
    seed: int,
    workers: int | None,
    overrides: tuple[str, ...],
    out: Path | None,
) -> None:
    """Compare arms on the same worlds: table, figure, data and one sentence.

    Interrupted, the same command goes on from what is finished; with more --replications it adds to it.
    """
    from ci_sim.arms import available_arms, choose_arms  # noqa: PLC0415

    case = read_case(scenario, overrides, months)
    names = None if arms is None else [name.strip() for name in arms.split(",") if name.strip()]
    if names == []:
        raise InputError("--arms", [Complaint("", repr(arms), f"names from {', '.join(available_arms(case))}")])
    chosen = tuple(choose_arms(case, names or (), custom))

    from ci_sim.comparison import compare  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.sweep.design import Design  # noqa: PLC0415
    from ci_sim.terminal import comparison_tables, output, progress_bar  # noqa: PLC0415

    announce_compiling()
    with leaving_tidily(), progress_bar("worlds") as progress:
        result = compare(Design(case, chosen, replications, seed), out, workers=workers, progress=progress)
    console = output()
    console.print(comparison_tables(result.summaries, case.horizon.threshold, case.horizon.months))
    console.print(f"\n{result.sentence}\n")
    console.print(f"{limit_notice(case)}\n")
    click.echo(f"Results in {result.folder}: trajectories.png, runs.parquet, timeseries.parquet, README.md, ...")
