"""``list``, ``validate``, ``parameters`` and ``new``: what may be run."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ci_sim.cli.options import read_case, scenario_argument, set_option
from ci_sim.complaints import Complaint, InputError, nearest, reason

__all__ = ["list_command", "new", "parameters", "validate"]


@click.command("list", short_help="List scenarios with their arms, and questions.")
def list_command() -> None:
    """List the scenarios that come with ci_sim and their arms, and the questions put to them."""
    from ci_sim.arms import available_arms  # noqa: PLC0415
    from ci_sim.scenario_file import parent_name, read_scenario, shipped_questions, shipped_scenarios  # noqa: PLC0415

    questions, width = shipped_questions(), max(map(len, shipped_scenarios()))
    click.echo("Scenarios\n")
    for name in shipped_scenarios():
        if questions and name == questions[0]:
            click.echo("\nQuestions: each a scenario again, with a difference\n")
        scenario = read_scenario(name)
        click.echo(f"{name:{width}} {scenario.title}")
        indent = " " * (width + 1)
        if name in questions:
            click.echo(f"{indent}extends {parent_name(name)}")
        else:
            click.echo(
                click.wrap_text(
                    ", ".join(available_arms(scenario)), 79, f"{indent}arms: ", indent + " " * len("arms: ")
                )
            )


@click.command(short_help="Check a scenario.")
@scenario_argument
@set_option
def validate(scenario: str, overrides: tuple[str, ...]) -> None:
    """Check a scenario file (or a shipped scenario with overrides); of a variant, say what it changes."""
    from ci_sim.scenario_file import read_differences  # noqa: PLC0415

    checked = read_case(scenario, overrides, None)
    problem, count = checked.problem, checked.organizations.count
    click.echo(
        f"{checked.name} is valid: {problem.levers} levers, {problem.communities} communities, {count} organizations, "
        f"{len(checked.events)} events, {checked.horizon.months} months; hash {checked.hash}"
    )
    parent, changes = read_differences(scenario)
    if parent:
        click.echo(click.wrap_text(f"It extends {parent}: {'; '.join(changes) or 'no difference'}", 79, "", "  "))


@click.command(short_help="Print parameters: default, range, meaning, source, grade.")
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


@click.command()
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
