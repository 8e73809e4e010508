"""The command line. Heavy imports stay inside the commands, so that help comes at once."""

from __future__ import annotations

import io
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ci_sim.complaints import Complaint, InputError, nearest, reason

if TYPE_CHECKING:
    from ci_sim.scenario import Scenario

__all__ = ["main"]

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class _Group(click.Group):
    """Commands that answer bad input, a full disk and an interrupt in plain words."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a title may have letters the terminal has not
        try:
            return super().invoke(ctx)
        except InputError as error:
            _end(ctx, f"Error: {error}", BAD_INPUT)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
            _end(ctx, f"Interrupted.{_kept(ctx)}", INTERRUPTED)
        except BrokenPipeError:  # the reader of a pipe has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            named = f"{error.filename}: " if error.filename else ""
            _end(ctx, f"Error: {named}{reason(error)}.{_kept(ctx)}", FAILED)
        except MemoryError:
            less = "fewer communities, organizations or levers need less"
            _end(ctx, f"Error: not enough memory; {less}.{_kept(ctx)}", FAILED)


def _end(ctx: click.Context, message: str, status: int) -> None:
    click.echo(message, err=True)
    ctx.exit(status)


@contextmanager
def _leaving_tidily() -> Iterator[None]:
    """Take a request to end for an exit, which stops workers and removes what is half-written."""
    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda which, _: sys.exit(128 + which)) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _kept(ctx: click.Context) -> str:
    keeps = ctx.invoked_subcommand == "compare"
    return " What is finished is kept; the same command goes on from there." if keeps else ""


class _WholeNumber(click.ParamType[int]):
    """An integer within bounds."""

    name = "integer"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
        if not self.low <= number <= self.high:
            self.fail(f"found {text!r}; allowed: an integer, {self.low:,} to {self.high:,}.", param, ctx)
        return number


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
    "--seed", type=_WholeNumber(0, 2**63 - 1), default=1, show_default=True, help="Seed of all worlds."
)
months_option = click.option(
    "--months", type=_WholeNumber(1, 1200), help="Horizon; events after it are left out. The scenario's own by default."
)


def _read(name: str, overrides: tuple[str, ...], months: int | None) -> Scenario:
    from ci_sim.scenario_file import read_scenario, shorten  # noqa: PLC0415

    scenario = read_scenario(name, overrides)
    if months is None:
        return scenario
    scenario, left_out = shorten(scenario, months)
    if left_out:
        click.echo(f"Left out: {left_out} event{'s' * (left_out > 1)} after month {months}.", err=True)
    return scenario


def _announce_compiling() -> None:
    """Say why the very first run takes a moment."""
    from ci_sim.kernel.compiled import is_warm  # noqa: PLC0415

    if not is_warm():
        click.echo("Compiling the model for this machine: about 15 seconds, once ...", err=True)


@main.command("list")
def list_command() -> None:
    """List the scenarios that come with ci_sim, and their arms."""
    from ci_sim.arms import available_arms  # noqa: PLC0415
    from ci_sim.scenario_file import read_scenario, shipped_scenarios  # noqa: PLC0415

    for name in shipped_scenarios():
        scenario = read_scenario(name)
        click.echo(f"{name:20} {scenario.title}")
        arms = click.wrap_text(", ".join(available_arms(scenario)), 79, " " * 21 + "arms: ", " " * 27)
        click.echo(arms)


@main.command(short_help="Check a scenario.")
@scenario_argument
@set_option
def validate(scenario: str, overrides: tuple[str, ...]) -> None:
    """Check a scenario file (or a shipped scenario with overrides)."""
    checked = _read(scenario, overrides, None)
    problem, count = checked.problem, checked.organizations.count
    click.echo(
        f"{checked.name} is valid: {problem.levers} levers, {problem.communities} communities, {count} organizations, "
        f"{len(checked.events)} events, {checked.horizon.months} months; hash {checked.hash}"
    )


@main.command(short_help="Print parameters: default, range, meaning, source, grade.")
@click.argument("words", nargs=-1)
@click.option("--markdown", is_flag=True, help="As the tables of docs/parameters.md.")
def parameters(words: tuple[str, ...], markdown: bool) -> None:
    """Print the parameters whose names contain any of WORDS: default, range, meaning, source, evidence grade."""
    from ci_sim.parameters import PARAMETERS  # noqa: PLC0415
    from ci_sim.reference import parameters_as_markdown, parameters_as_text  # noqa: PLC0415

    chosen = [p for key, p in PARAMETERS.items() if not words or any(word.lower() in key for word in words)]
    if not chosen:
        found = f"no parameter named like {' '.join(words)!r}"
        raise InputError("parameters", [Complaint("", found, "part of a name", nearest(words[0], PARAMETERS))])
    click.echo(parameters_as_markdown(chosen) if markdown else parameters_as_text(chosen), nl=False)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a commented scenario template to FILE."""
    from ci_sim.scenario_file import template  # noqa: PLC0415

    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in file.stem.lower()).strip("_")
    name = (name if name[:1].isalpha() else f"scenario_{name}".rstrip("_"))[:60]
    made = False
    try:
        with file.open("x", encoding="utf-8") as handle:
            made = True
            handle.write(template(name))
    except FileExistsError:
        what = "a folder" if file.is_dir() else "an existing file"
        raise InputError(str(file), [Complaint("", what, "a new name; nothing was overwritten")]) from None
    except (OSError, ValueError) as error:
        if made:
            file.unlink()
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        raise InputError(str(file), [Complaint("", found, "a file that can be written")]) from None
    click.echo(f"Wrote {file}; next: ci-sim validate {shlex.quote(str(file))}")


@main.command(short_help="Run one arm in one world.")
@scenario_argument
@click.option("--arm", default="collective_impact", show_default=True, help="An arm, or name:condition+condition.")
@click.option("--replication", type=_WholeNumber(0, 2**31), default=0, show_default=True, help="Which world.")
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
    case = _read(scenario, overrides, months)

    from ci_sim.single import show_run, write_run  # noqa: PLC0415

    _announce_compiling()
    trajectory = write_run(case, arm, replication, seed, out)
    show_run(trajectory)
    if out is not None:
        click.echo(f"\nWritten to {out}")


@main.command("compare", short_help="Compare arms on the same worlds.")
@scenario_argument
@click.option("--replications", type=_WholeNumber(1, 1_000_000), default=100, show_default=True, help="Worlds.")
@click.option("--arms", metavar="NAME,NAME", help="Arms to run; all the scenario has by default.")
@click.option(
    "--arm", "custom", multiple=True, metavar="NAME:CONDITION+CONDITION",
    help="A further arm, as in --arm half:common_agenda=0.5+backbone=0.5. May be repeated.",
)  # fmt: skip
@months_option
@seed_option
@click.option("--workers", type=_WholeNumber(1, 1024), help="Processes; by default as the work is worth.")
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

    case = _read(scenario, overrides, months)
    names = None if arms is None else [name.strip() for name in arms.split(",") if name.strip()]
    if names == []:
        raise InputError("--arms", [Complaint("", repr(arms), f"names from {', '.join(available_arms(case))}")])
    chosen = tuple(choose_arms(case, names or (), custom))

    from ci_sim.comparison import compare  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.sweep.design import Comparison  # noqa: PLC0415
    from ci_sim.terminal import comparison_tables, output, progress_bar  # noqa: PLC0415

    _announce_compiling()
    with _leaving_tidily(), progress_bar("worlds") as progress:
        result = compare(Comparison(case, chosen, replications, seed), out, workers=workers, progress=progress)
    console = output()
    console.print(comparison_tables(result.summaries, case.horizon.threshold, case.horizon.months))
    console.print(f"\n{result.sentence}\n")
    console.print(f"{limit_notice(case)}\n")
    click.echo(f"Results in {result.folder}: trajectories.png, runs.parquet, timeseries.parquet, README.md, ...")
