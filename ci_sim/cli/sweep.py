"""``sweep`` and ``merge``: designs of many runs, here or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ci_sim.cli.options import WholeNumber, announce_compiling, leaving_tidily, set_option, workers_option

if TYPE_CHECKING:
    from ci_sim.sweep.conduct import Conducted
    from ci_sim.sweep.design import Design

__all__ = ["merge_command", "sweep_command"]

FOLDER = click.Path(path_type=Path)


class _Shard(click.ParamType[tuple[int, int]]):
    """``i/n``: the i-th of n parts."""

    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The two numbers."""
        number, _, of = str(value).partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 1_000_000):
            self.fail(f"found {value!r}; allowed: i/n with i from 1 to n, as in 2/8.", param, ctx)
        return int(number), int(of)


design_argument = click.argument("design", type=FOLDER)
replications_option = click.option("--replications", type=WholeNumber(1, 1_000_000), help="In place of the design's.")
seed_option = click.option("--seed", type=WholeNumber(0, 2**63 - 1), help="In place of the design's.")


@click.command("sweep", short_help="Run a design: many settings, many worlds.")
@design_argument
@click.option("--out", type=FOLDER, help="Folder; by default one per design in results/.")
@workers_option
@click.option("--scheduler", metavar="ADDRESS", help="Hand the work to a Dask scheduler, as in tcp://host:8786.")
@click.option("--shard", type=_Shard(), default="1/1", help="Run only the i-th of n parts; 'ci-sim merge' joins them.")
@click.option("--retry-failed", is_flag=True, help="Run again what failed before.")
@click.option("--dry-run", is_flag=True, help="Only say how many runs there would be, and what they would take.")
@replications_option
@seed_option
@set_option
def sweep_command(
    design: Path,
    out: Path | None,
    workers: int | None,
    scheduler: str | None,
    shard: tuple[int, int],
    retry_failed: bool,
    dry_run: bool,
    replications: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
) -> None:
    """Run the DESIGN, a TOML file (docs/sweeps.md): grid, points, latin_hypercube, sobol, morris, factorial or orders.

    Interrupted or killed, the same command goes on from what is finished; nothing is run twice.
    """
    planned = _read(design, overrides, replications, seed)
    announce_compiling()
    if dry_run:
        _show_estimate(planned)
        return

    from ci_sim.sweep.conduct import Where, conduct  # noqa: PLC0415
    from ci_sim.terminal import sweep_progress  # noqa: PLC0415

    folder = out or Path("results") / f"sweep-{design.stem}-{planned.hash}"
    with leaving_tidily(), sweep_progress() as progress:
        conducted = conduct(planned, folder, Where(workers, scheduler, shard, retry_failed), progress)
    _report(conducted, planned)


@click.command("merge", short_help="Join the shards of a sweep.")
@design_argument
@click.argument("folders", type=FOLDER, nargs=-1, required=True)
@click.option("--out", type=FOLDER, required=True, help="Folder for the whole.")
@replications_option
@seed_option
@set_option
def merge_command(
    design: Path,
    folders: tuple[Path, ...],
    out: Path,
    replications: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
) -> None:
    """Join FOLDERS with shards of the DESIGN into one; a run that several of them hold is taken once."""
    planned = _read(design, overrides, replications, seed)

    from ci_sim.sweep.merge import merge  # noqa: PLC0415

    with leaving_tidily():
        conducted = merge(planned, folders, out)
    _report(conducted, planned)


def _read(path: Path, overrides: tuple[str, ...], replications: int | None, seed: int | None) -> Design:
    from ci_sim.sweep.design_file import read_design  # noqa: PLC0415

    return read_design(path, overrides, replications=replications, seed=seed)


def _show_estimate(design: Design) -> None:
    from ci_sim.sweep.dry_run import estimate  # noqa: PLC0415
    from ci_sim.terminal import in_bytes, in_time  # noqa: PLC0415

    found = estimate(design)
    click.echo(
        f"{found.points:,} points x {design.replications:,} worlds x {len(design.arms)} arms: {found.runs:,} runs"
    )
    click.echo(f"time on one core: about {in_time(found.seconds)}; on two: {in_time(found.seconds / 2)}")
    click.echo(f"disk: about {in_bytes(found.disk)}")
    click.echo(f"(measured on {found.probed} of the runs; nothing was written)")


def _report(conducted: Conducted, design: Design) -> None:
    """Say what is done; a failure ends with status 1."""
    from ci_sim.provenance import limit_notice  # noqa: PLC0415

    arms = len(design.arms)
    click.echo(
        f"{conducted.done * arms:,} of {conducted.wanted * arms:,} runs in {conducted.folder}: runs.parquet, ..."
    )
    if conducted.done < conducted.wanted:
        click.echo("The rest is for other shards, or the same command again.")
    click.echo(f"hash of the results: {conducted.results_sha256}")
    click.echo(limit_notice(design.scenario))
    if conducted.failed:
        complaint = f"{conducted.failed:,} worlds failed; {conducted.folder / 'failures.csv'} says how"
        click.echo(f"Error: {complaint}. Once mended: the same command with --retry-failed.", err=True)
        click.get_current_context().exit(1)
