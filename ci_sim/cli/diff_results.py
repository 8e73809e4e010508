"""``diff-results``: published numbers of two versions."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["diff_results"]


@click.command("diff-results", short_help="Show which published numbers moved.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table", show_default=True)
@click.pass_context
def diff_results(ctx: click.Context, old: Path, new: Path, form: str) -> None:
    """Show which numbers of OLD moved in NEW: beyond their intervals, within them, new, missing.

    OLD and NEW are files of published numbers (.toml, .json, .parquet, .csv: estimate, low, high, n by name, as in
    tests/published.toml) or folders of results. Ends with status 1 if a number moved beyond its interval.
    """
    from ci_sim.results_diff import as_json, as_markdown, as_table, diff_numbers, in_words, read_numbers  # noqa: PLC0415
    from ci_sim.terminal import output  # noqa: PLC0415

    changes = diff_numbers(read_numbers(old), read_numbers(new))
    if form == "json":
        click.echo(as_json(changes))
    elif form == "markdown":
        click.echo(as_markdown(changes), nl=False)
    else:
        if any(change.status != "same" for change in changes):
            output().print(as_table(changes))
        click.echo(in_words(changes))
    ctx.exit(1 if any(change.status == "beyond" for change in changes) else 0)
