"""``app``: the browser app."""

from __future__ import annotations

from pathlib import Path

import click

from ci_sim.cli.options import WholeNumber, announce_compiling

__all__ = ["app"]


@click.command(short_help="Open the browser app.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on; see docs/app.md.")
@click.option("--port", type=WholeNumber(0, 65535), default=8765, show_default=True, help="0 takes any free port.")
@click.option("--open/--no-open", "open_browser", default=True, help="Open the browser, or only say the address.")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    help="Folder whose results of sweeps everybody may look at, read-only.",
)
def app(host: str, port: int, open_browser: bool, results: Path | None) -> None:
    """Explore the model in the browser. Needs no internet; Ctrl-C ends it.

    By default only this machine can reach it. With --host 0.0.0.0 everybody on the network can, as in a classroom:
    there is no password, each visitor has a view of their own, and files are only read, never written.
    """
    from ci_sim.app.server import serve  # noqa: PLC0415
    from ci_sim.app.shelf import offer_results  # noqa: PLC0415

    offer_results(results)
    announce_compiling()

    def announce(address: str) -> None:
        click.echo(f"The app is at {address} - Ctrl-C ends it.")
        if host not in {"127.0.0.1", "localhost", "::1"}:
            click.echo("Everybody who can reach this machine can open it.")

    serve(host, port, open_browser=open_browser, announce=announce)
