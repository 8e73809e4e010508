"""The command line, a file per group of commands. Heavy imports stay inside commands, so that help comes at once."""

from __future__ import annotations

import click

from ci_sim.cli.analyze import analyze
from ci_sim.cli.app import app
from ci_sim.cli.claims import claims_command
from ci_sim.cli.compare import compare_command
from ci_sim.cli.diff_results import diff_results
from ci_sim.cli.draw import draw
from ci_sim.cli.experiment import experiment_command
from ci_sim.cli.explore import explore_command
from ci_sim.cli.group import Commands
from ci_sim.cli.kumu import kumu
from ci_sim.cli.partners import partners
from ci_sim.cli.replay import replay
from ci_sim.cli.report import brief, report
from ci_sim.cli.run import run
from ci_sim.cli.scenarios import list_command, new, parameters, validate
from ci_sim.cli.sweep import merge_command, sweep_command

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ci_sim", prog_name="ci-sim")
def main() -> None:
    """Simulate organizations on a complex social problem, with and without Collective Impact.

    Start with: ci-sim compare homelessness
    """


for command in (
    list_command,
    validate,
    draw,
    parameters,
    new,
    partners,
    kumu,
    diff_results,
    run,
    compare_command,
    explore_command,
    sweep_command,
    merge_command,
    analyze,
    report,
    brief,
    replay,
    app,
    experiment_command,
    claims_command,
):
    main.add_command(command)
