"""``partners``: a scenario from a list of organizations."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ci_sim.complaints import Complaint, InputError

__all__ = ["partners"]


@click.command(short_help="Make a scenario from a CSV list of organizations.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--ties",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV of who already trusts whom: from, to, strength.",
)
@click.option("--base", default="default", show_default=True, help="Scenario whose organizations they replace.")
@click.option("--title", default="", help="Title of the scenario; by default that of the base and their number.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Scenario file to write, a new one.")
def partners(file: Path, ties: Path | None, base: str, title: str, out: Path) -> None:
    """Make a scenario of the partner organizations listed in FILE (CSV).

    Columns: organization, sector (government, civil society, business, or words like nonprofit and public), levers
    (of the base scenario, with ; between them; empty: drawn), and if wanted programs, attempts and member (yes or no).
    See docs/partners.md.
    """
    from ci_sim.partners.case import read_partners  # noqa: PLC0415
    from ci_sim.partners.organizations import name_from  # noqa: PLC0415
    from ci_sim.scenario_file import read_scenario, write_scenario  # noqa: PLC0415
    from ci_sim.sweep.store import cannot_write, replace_file  # noqa: PLC0415

    if len(title) > 200:
        raise InputError("--title", [Complaint("", f"{len(title)} characters", "at most 200")])
    made = read_partners(file, read_scenario(base), ties, name=name_from(out.stem, "partners"), title=title)
    if out.exists():
        what = "a folder" if out.is_dir() else "an existing file"
        raise InputError("--out", [Complaint(str(out), what, "a new name; nothing was overwritten")])
    try:
        with replace_file(out) as temporary:
            write_scenario(made.scenario, temporary)
    except OSError as error:
        raise cannot_write(out, error) from None
    for note in made.notes:
        click.echo(note)
    click.echo(f"Wrote {out}; next: ci-sim compare {shlex.quote(str(out))}")
