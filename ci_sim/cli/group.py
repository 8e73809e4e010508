"""The group of all commands: bad input, a full disk and an interrupt answered in plain words."""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import Any

import click

from ci_sim.complaints import InputError, reason

__all__ = ["Commands"]

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
RESUMING = ("brief", "compare", "experiment", "explore", "merge", "report", "sweep")
"""Commands that go on from what an earlier call has finished."""


class Commands(click.Group):
    """Commands that answer bad input, a full disk and an interrupt in plain words."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises for bad input, an interrupt or the system becomes a message and a status."""
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


def _kept(ctx: click.Context) -> str:
    keeps = ctx.invoked_subcommand in RESUMING
    return " What is finished is kept; the same command goes on from there." if keeps else ""
