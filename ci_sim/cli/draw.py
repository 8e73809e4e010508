"""``draw``: the wiring of a scenario."""

from __future__ import annotations

from pathlib import Path

import click

from ci_sim.cli.options import WholeNumber, announce_compiling, read_case, scenario_argument, seed_option, set_option

__all__ = ["draw"]


@click.command(short_help="Draw the wiring of a scenario.")
@scenario_argument
@click.option(
    "--replication", type=WholeNumber(0, 2**31), default=0, show_default=True,
    help="Which world, where the scenario leaves links or mandates to be drawn.",
)  # fmt: skip
@seed_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder; by default one per scenario in results/.")
def draw(scenario: str, replication: int, seed: int, overrides: tuple[str, ...], out: Path | None) -> None:
    """Draw which lever depends on which, and which organizations may work on it; print both in words."""
    case = read_case(scenario, overrides, None)

    from ci_sim.drawing import claim_folder, draw_wiring, open_world  # noqa: PLC0415
    from ci_sim.figures.links import wiring_in_words  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415

    announce_compiling()
    world = open_world(case, seed, replication)
    folder = claim_folder(world, out)
    draw_wiring(world, folder)
    for text in (wiring_in_words(world), limit_notice(case)):
        click.echo(click.wrap_text(text, 79) + "\n")
    click.echo(f"Drawn in {folder}: wiring.png, wiring.svg, links.csv, mandates.csv, README.md")
