"""``claims``: the claims made for Collective Impact, tried on a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ci_sim.cli.options import WholeNumber, announce_compiling, leaving_tidily, read_case, seed_option, set_option

if TYPE_CHECKING:
    from rich.table import Table

    from ci_sim.claims.trial import Tried

__all__ = ["claims_command"]


@click.command("claims", short_help="Try the claims made for Collective Impact.")
@click.option("--scenario", default="default", show_default=True, help="A scenario, by name or file.")
@click.option("--replications", type=WholeNumber(2, 100_000), default=40, show_default=True, help="Worlds.")
@seed_option
@set_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page of HTML to this file.")
def claims_command(scenario: str, replications: int, seed: int, overrides: tuple[str, ...], out: Path | None) -> None:
    """Try each claim of the source text: a quote, an effect with intervals, a verdict computed by a stated rule."""
    from ci_sim.claims.trial import try_claims  # noqa: PLC0415
    from ci_sim.claims.verdict import RULE  # noqa: PLC0415
    from ci_sim.provenance import limit_notice  # noqa: PLC0415
    from ci_sim.sweep.store import cannot_write, replace_file  # noqa: PLC0415
    from ci_sim.terminal import output, progress_bar  # noqa: PLC0415

    case = read_case(scenario, overrides, None)
    announce_compiling()
    with leaving_tidily(), progress_bar("circumstances") as progress:
        tried = try_claims(case, replications, seed, progress)
    console = output()
    console.print(_table(tried, f"{case.name}, {replications} worlds per circumstance, seed {seed}"))
    console.print(f"\n{RULE}\n\n{limit_notice(case)}")
    if out is not None:
        from ci_sim.claims.page import claims_page  # noqa: PLC0415

        try:
            with replace_file(out) as temporary:
                temporary.write_text(claims_page(tried, case, replications, seed), encoding="utf-8")
        except OSError as error:
            raise cannot_write(out, error) from None
        click.echo(f"Page written to {out}")


def _table(tried: list[Tried], title: str) -> Table:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from ci_sim.analysis.worlds import in_points  # noqa: PLC0415
    from ci_sim.claims.circumstances import AS_IT_IS  # noqa: PLC0415

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for heading in ("claim", "verdict", "effect here (points; above 0 is for)", "because"):
        table.add_column(heading, overflow="fold")
    for one in tried:
        effect = in_points(one.effects[AS_IT_IS], signed=True)
        table.add_row(one.claim.name, one.finding.judgement, effect, one.finding.because)
    return table
