"""``kumu``: the network of a run for Kumu."""

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
from ci_sim.complaints import Complaint, InputError

__all__ = ["kumu"]


@click.command(short_help="Write the network of a run for Kumu.")
@scenario_argument
@click.option("--arm", default="collective_impact", show_default=True, help="An arm, or name:condition+condition.")
@click.option("--replication", type=WholeNumber(0, 2**31), default=0, show_default=True, help="Which world.")
@click.option("--threshold", default="0.5", show_default=True, help="Trust (0 to 1) from which on a tie is drawn.")
@months_option
@seed_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder, empty or new.")
def kumu(
    scenario: str,
    arm: str,
    replication: int,
    threshold: str,
    months: int | None,
    seed: int,
    overrides: tuple[str, ...],
    out: Path,
) -> None:
    """Run one arm in one world, and write its network at the end for Kumu (kumu.io).

    Organizations and levers; who trusts whom, who shares places, who works on what, what depends on what.
    """
    from ci_sim.kumu import write_network  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.single import claim_folder, write_run  # noqa: PLC0415

    case, least = read_case(scenario, overrides, months), _trust(threshold)
    announce_compiling()
    trajectory = write_run(case, arm, replication, seed, None)
    claim_folder(out)
    made = write_network(trajectory, out, least)
    kinds = [str(connection["Type"]) for connection in made.connections]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    click.echo(f"{len(made.elements)} elements; connections: {counted}")
    click.echo(f"\n{limit_notice(case)}\n")
    click.echo(f"Written to {out}: blueprint.json, or elements.csv and connections.csv; README.txt")


def _trust(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise InputError("--threshold", [Complaint("", repr(text), "a number, 0 to 1")])
    return value
