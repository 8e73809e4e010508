"""``analyze``: what a folder of results says."""

from __future__ import annotations

from pathlib import Path

import click

from ci_sim.cli.options import FiniteNumber

__all__ = ["analyze"]


@click.command("analyze", short_help="Say what a folder of results shows.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--outcome", default="outcome", show_default=True, help="A column of the runs table.")
@click.option("--arm", default="collective_impact", show_default=True, help="The arm in question.")
@click.option("--reference", default="isolated", show_default=True, help="The arm it is held against.")
@click.option("--half-width", type=FiniteNumber(0, above=True), help="Wanted of an interval, for the advice.")
@click.option("--effect", type=FiniteNumber(0, above=True), help="Smallest effect to find, for the advice.")
@click.option("--value-per-point", type=FiniteNumber(0), help="Thousand that a point of 100 is worth.")
@click.option(
    "--level", type=FiniteNumber(), default=0.0, help="Look for where the arm ends less than this above the reference."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder; by default FOLDER/analysis.")
def analyze(
    folder: Path,
    outcome: str,
    arm: str,
    reference: str,
    half_width: float | None,
    effect: float | None,
    value_per_point: float | None,
    level: float,
    out: Path | None,
) -> None:
    """Say what the results in FOLDER show: every analysis that fits their design, as tables, figures and sentences."""
    from ci_sim.conclusions import Question, conclude, write_conclusions  # noqa: PLC0415
    from ci_sim.sweep.results import read_manifest  # noqa: PLC0415

    asked = Question(outcome, arm, reference, half_width, effect, value_per_point, level)
    conclusions = conclude(folder, asked)
    about = read_manifest(folder)
    out = out or folder / "analysis"
    described = {
        "results": about["results_sha256"],
        "scenario": about["scenario_hash"],
        "ci_sim": about["versions"]["ci_sim"],
    }
    write_conclusions(conclusions, out, described, about["limits"])
    for conclusion in conclusions:
        finding = conclusion.finding
        click.echo(f"{finding.title}\n  {finding.sentence or 'Nothing that can be told from chance.'}\n")
    click.echo(f"{about['limits']}\n")
    click.echo(f"Tables and figures in {out}")
