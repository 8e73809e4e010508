"""``report`` and ``brief``: results as pages of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ci_sim.cli.options import (
    WholeNumber,
    announce_compiling,
    leaving_tidily,
    months_option,
    read_case,
    seed_option,
    set_option,
)
from ci_sim.complaints import Complaint, InputError

if TYPE_CHECKING:
    from ci_sim.report.results import Results

__all__ = ["brief", "report"]

WORLDS = 100


def comparing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and options of a command on a comparison, finished or yet to be run."""
    for option in (
        set_option,
        click.option("--workers", type=WholeNumber(1, 1024), help="Processes; by default as the work is worth."),
        seed_option,
        months_option,
        click.option("--arms", metavar="NAME,NAME", help="Arms to compare; all the scenario has by default."),
        click.option(
            "--replications", type=WholeNumber(1, 1_000_000), default=WORLDS, show_default=True, help="Worlds."
        ),
        click.argument("scenario_or_folder"),
    ):
        command = option(command)
    return command


@click.command(short_help="Write one HTML report on a comparison.")
@comparing
@click.option("--out", type=click.Path(path_type=Path), help="HTML file; by default report.html beside the results.")
def report(scenario_or_folder: str, out: Path | None, **chosen: Any) -> None:
    """Write one HTML file on a comparison: sentence, tables, figures, assumptions, origin.

    SCENARIO_OR_FOLDER is a scenario, which is compared first as by 'ci-sim compare', or a folder of results. The page
    needs no network, prints, and has the data of every figure in it.
    """
    from ci_sim.report.files import check_target, write_page  # noqa: PLC0415

    if out is not None:
        check_target(out, "report", ".html")
    results = _results(scenario_or_folder, **chosen)

    from ci_sim.report.page import report_page  # noqa: PLC0415

    target = out or results.folder / "report.html"
    write_page(target, "report", report_page(results))
    click.echo(f"{results.sentence}\n\nReport in {target}")


@click.command(short_help="Write a one-page brief, HTML and PDF.")
@comparing
@click.option("--out", type=click.Path(path_type=Path), help="Name of both files; by default brief beside the results.")
def brief(scenario_or_folder: str, out: Path | None, **chosen: Any) -> None:
    """Write a brief of one page, HTML and PDF: three numbers against isolated impact, a chart, what it rests on.

    SCENARIO_OR_FOLDER is a scenario, which is compared first as by 'ci-sim compare', or a folder of results.
    """
    from ci_sim.report.files import check_target, write_page  # noqa: PLC0415

    def checked(name: Path) -> tuple[Path, Path]:
        page, sheet = _pair(name)
        check_target(page, "brief", ".html")
        check_target(sheet, "brief", ".pdf")
        return page, sheet

    named = None if out is None else checked(out)
    results = _results(scenario_or_folder, **chosen)

    from ci_sim.report.brief import brief_page, make_brief  # noqa: PLC0415
    from ci_sim.report.influence import influences  # noqa: PLC0415
    from ci_sim.report.sheet import brief_sheet  # noqa: PLC0415
    from ci_sim.terminal import progress_bar  # noqa: PLC0415

    page, sheet = named or checked(results.folder / "brief")
    with progress_bar("assumptions") as progress:
        felt = influences(results, progress)
    said = make_brief(results, felt)
    write_page(page, "brief", brief_page(results, said))
    write_page(sheet, "brief", brief_sheet(results, said))
    click.echo(f"{results.sentence}\n\nBrief in {page} and {sheet}")


def _pair(name: Path) -> tuple[Path, Path]:
    """The two files of a brief; a suffix already given is not given twice."""
    stem = name.with_suffix("") if name.suffix in {".html", ".pdf"} else name
    return stem.with_name(f"{stem.name}.html"), stem.with_name(f"{stem.name}.pdf")


def _results(
    name: str,
    *,
    replications: int,
    arms: str | None,
    months: int | None,
    seed: int,
    workers: int | None,
    overrides: tuple[str, ...],
) -> Results:
    """The results in a folder, or those of a scenario, run if they are not there yet."""
    from ci_sim.report.results import read_comparison  # noqa: PLC0415
    from ci_sim.scenario_file import shipped_scenarios  # noqa: PLC0415

    if name not in shipped_scenarios() and Path(name).is_dir():
        _refuse_options(name)
        return read_comparison(Path(name))

    from ci_sim.arms import choose_arms  # noqa: PLC0415

    case = read_case(name, overrides, months)
    names = None if arms is None else [arm.strip() for arm in arms.split(",") if arm.strip()]
    chosen = tuple(choose_arms(case, names or ()))

    from ci_sim.comparison import compare  # noqa: PLC0415
    from ci_sim.sweep.design import Design  # noqa: PLC0415
    from ci_sim.terminal import progress_bar  # noqa: PLC0415

    announce_compiling()
    with leaving_tidily(), progress_bar("worlds") as progress:
        made = compare(Design(case, chosen, replications, seed), workers=workers, progress=progress)
    return read_comparison(made.folder)


def _refuse_options(folder: str) -> None:
    """What has been run cannot be changed by an option."""
    context = click.get_current_context()
    given = [
        f"--{'set' if name == 'overrides' else name}"
        for name in ("replications", "arms", "months", "seed", "workers", "overrides")
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        allowed = "a scenario with these options, or a folder of results without"
        raise InputError(", ".join(given), [Complaint(folder, "a folder of finished results", allowed)])
