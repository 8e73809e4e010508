"""``explore``: the standing questions of a strategist, answered for a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from ci_sim.explore.export import Answered

__all__ = ["explore_command"]


@click.command("explore", short_help="Answer a strategist's standing questions.")
@scenario_argument
@click.option("--questions", metavar="NAME,NAME", help="Questions to ask; all by default.")
@click.option(
    "--replications", type=WholeNumber(2, 100_000), default=100, show_default=True,
    help="Worlds; wide questions have fewer at more settings.",
)  # fmt: skip
@months_option
@seed_option
@workers_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder; by default one in results/.")
def explore_command(
    scenario: str,
    questions: str | None,
    replications: int,
    months: int | None,
    seed: int,
    workers: int | None,
    overrides: tuple[str, ...],
    out: Path | None,
) -> None:
    """Answer the standing questions for SCENARIO, each with a sentence, a figure and a table.

    Questions: order, staff, when, grant, who, money, partners, hinges. Interrupted, the same command goes on from what
    is finished; with more --replications it adds to it.
    """
    case = read_case(scenario, overrides, months)

    from ci_sim.explore import choose_questions, explore  # noqa: PLC0415
    from ci_sim.explore.question import Asked  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.terminal import sweep_progress  # noqa: PLC0415

    names = None if questions is None else [name.strip() for name in questions.split(",") if name.strip()]
    if names == []:
        known = ", ".join(question.name for question in choose_questions())
        raise InputError("--questions", [Complaint("", repr(questions), f"names from {known}")])
    chosen = choose_questions(names or ())
    announce_compiling()
    with leaving_tidily(), sweep_progress() as progress:
        found = explore(Asked(case, replications, seed), chosen, out, workers=workers, progress=progress)
    _show(found.answered, f"{case.title or case.name}, {replications:,} worlds. Points are of 100.")
    click.echo(f"{limit_notice(case)}\n")
    click.echo(f"Answers in {found.folder}: README.md, a figure and a table for each; worlds/ has the runs")
    if found.failed:
        click.echo(
            f"Error: {found.failed:,} worlds failed; failures.csv in {found.folder / 'worlds'} says how.", err=True
        )
        click.get_current_context().exit(1)


def _show(answered: list[Answered], head: str) -> None:
    """The questions with their sentences."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from ci_sim.terminal import output  # noqa: PLC0415

    console = output()
    console.print(head)
    for one in answered:
        console.print()
        console.print(Text(one.question.text, style="bold"))
        for sentence in one.sentences:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
    console.print()
