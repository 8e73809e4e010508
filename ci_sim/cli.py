"""The command line. Heavy imports stay inside the commands, so that help comes at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from ci_sim.complaints import Complaint, InputError

__all__ = ["main"]

BAD_INPUT, INTERRUPTED = 2, 130


class _Group(click.Group):
    """Commands that answer bad input, a full disk and an interrupt in plain words."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("Interrupted. What is finished is kept; the same command goes on from there.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # the reader of a pipe has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            named = f"{error.filename}: " if error.filename else ""
            click.echo(f"Error: {named}{error.strerror or error}. What is finished is kept.", err=True)
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ci_sim", prog_name="ci-sim")
def main() -> None:
    """Simulate organizations on a complex social problem, with and without Collective Impact.

    Start with: ci-sim compare homelessness
    """


scenario_argument = click.argument("scenario")
set_option = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE",
    help="Override a key, as in --set problem.interdependence=0. May be repeated.",
)  # fmt: skip
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of all worlds."
)
months_option = click.option("--months", type=click.IntRange(1, 1200), help="Horizon, as --set horizon.months=...")


def _with_months(overrides: tuple[str, ...], months: int | None) -> tuple[str, ...]:
    return overrides if months is None else (*overrides, f"horizon.months={months}")


def _announce_compiling() -> None:
    """Say why the very first run takes a moment."""
    from ci_sim.kernel.compiled import is_warm  # noqa: PLC0415

    if not is_warm():
        click.echo("Compiling the model for this machine: about 10 seconds, once ...", err=True)


@main.command("list")
def list_command() -> None:
    """List the scenarios that come with ci_sim, and their arms."""
    from ci_sim.arms import available_arms  # noqa: PLC0415
    from ci_sim.scenario_file import read_scenario, shipped_scenarios  # noqa: PLC0415

    for name in shipped_scenarios():
        scenario = read_scenario(name)
        click.echo(f"{name:24} {scenario.title}")
        click.echo(f"{'':24} arms: {', '.join(available_arms(scenario))}")


@main.command()
@scenario_argument
@set_option
def validate(scenario: str, overrides: tuple[str, ...]) -> None:
    """Check a scenario file (or a shipped scenario with overrides)."""
    from ci_sim.scenario_file import read_scenario  # noqa: PLC0415

    checked = read_scenario(scenario, overrides)
    problem, count = checked.problem, checked.organizations.count
    click.echo(
        f"{checked.name} is valid: {problem.levers} levers, {problem.communities} communities, {count} organizations, "
        f"{len(checked.events)} events, {checked.horizon.months} months; hash {checked.hash}"
    )


@main.command()
@click.argument("words", nargs=-1)
@click.option("--markdown", is_flag=True, help="As the table of docs/parameters.md.")
def parameters(words: tuple[str, ...], markdown: bool) -> None:
    """Print the parameters whose names contain any of WORDS: default, range, meaning, source, evidence grade."""
    from ci_sim.parameters import PARAMETERS  # noqa: PLC0415
    from ci_sim.reference import parameters_as_markdown, parameters_as_text  # noqa: PLC0415

    chosen = [p for key, p in PARAMETERS.items() if not words or any(word in key for word in words)]
    if not chosen:
        from ci_sim.complaints import nearest  # noqa: PLC0415

        complaint = Complaint("", f"no parameter named like {' '.join(words)!r}", "part of a name", nearest(words[0], PARAMETERS))
        raise InputError("parameters", [complaint])
    click.echo(parameters_as_markdown() if markdown else parameters_as_text(chosen), nl=False)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Write a commented scenario template to FILE."""
    from ci_sim.scenario_file import template  # noqa: PLC0415

    name = "".join(letter if letter.isalnum() else "_" for letter in file.stem.lower()).strip("_")
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(template(name if name[:1].isalpha() else f"scenario_{name}".rstrip("_")))
    except FileExistsError:
        raise InputError(str(file), [Complaint("", "an existing file", "a new name; nothing was overwritten")]) from None
    except OSError as error:
        raise InputError(str(file), [Complaint("", error.strerror or "no file", "a place that can be written")]) from None
    click.echo(f"Wrote {file}; next: ci-sim validate {file}")


@main.command()
@scenario_argument
@click.option("--arm", default="collective_impact", show_default=True, help="Name of an arm, or name:condition+condition.")
@click.option("--replication", type=click.IntRange(0, 2**31), default=0, show_default=True, help="Which world.")
@seed_option
@months_option
@set_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=True), help="Folder for the time series and figures.")
def run(
    scenario: str, arm: str, replication: int, seed: int, months: int | None, overrides: tuple[str, ...], out: Path | None
) -> None:
    """Run one arm in one world, and print its course: one possible history."""
    from ci_sim.single import show_run, write_run  # noqa: PLC0415

    _announce_compiling()
    trajectory = write_run(scenario, _with_months(overrides, months), arm, replication, seed, out)
    show_run(trajectory)
    if out is not None:
        click.echo(f"Written to {out}")


@main.command("compare")
@scenario_argument
@click.option("--replications", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="Worlds.")
@click.option("--arms", default="", metavar="NAME,NAME", help="Arms to run; all the scenario has by default.")
@click.option(
    "--arm", "custom", multiple=True, metavar="NAME:CONDITION+CONDITION",
    help="A further arm, as in --arm half:common_agenda=0.5+backbone=0.5. May be repeated.",
)  # fmt: skip
@months_option
@seed_option
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; by default as the work is worth.")
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder for results; by default one per design in results/.")
def compare_command(
    scenario: str,
    replications: int,
    arms: str,
    custom: tuple[str, ...],
    months: int | None,
    seed: int,
    workers: int | None,
    overrides: tuple[str, ...],
    out: Path | None,
) -> None:
    """Compare arms on the same worlds: table, figure, data and one sentence."""
    from ci_sim.arms import choose_arms  # noqa: PLC0415
    from ci_sim.comparison import compare  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.scenario_file import read_scenario  # noqa: PLC0415
    from ci_sim.sweep.design import Comparison  # noqa: PLC0415
    from ci_sim.terminal import comparison_table, output, progress_bar  # noqa: PLC0415

    case = read_scenario(scenario, _with_months(overrides, months))
    names = [name.strip() for name in arms.split(",") if name.strip()]
    comparison = Comparison(case, tuple(choose_arms(case, names, custom)), replications, seed)
    _announce_compiling()
    with progress_bar("worlds") as progress:
        result = compare(comparison, out, workers=workers, progress=progress)
    console = output()
    console.print(comparison_table(result.summaries, case.horizon.threshold, case.horizon.months))
    console.print(result.sentence + "\n")
    console.print(limit_notice(case) + "\n")
    console.print(f"Results in {result.folder}: trajectories.png, runs.parquet, timeseries.parquet, README.md, ...")
