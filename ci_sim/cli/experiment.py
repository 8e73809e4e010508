"""``experiment``: a question, a prediction, designs, and an answer that the results write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ci_sim.cli.options import announce_compiling, leaving_tidily, workers_option
from ci_sim.complaints import Complaint, InputError

if TYPE_CHECKING:
    from ci_sim.experiments.answer import Answer
    from ci_sim.experiments.catalogue import Experiment

__all__ = ["experiment_command"]


@click.command("experiment", short_help="Run an experiment and write its answer.")
@click.argument("name", required=False)
@click.option("--all", "every", is_flag=True, help="All experiments, one after the other.")
@click.option("--list", "listed", is_flag=True, help="Only list the experiments.")
@click.option("--quick", is_flag=True, help="A version of seconds; the experiment's own README stays as it is.")
@click.option("--record", is_flag=True, help="With --quick: write the numbers that the tests hold the code against.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("results/experiments"), show_default=True,
    help="Folder for results; what it already holds is not run again.",
)  # fmt: skip
@workers_option
def experiment_command(
    name: str | None, every: bool, listed: bool, quick: bool, record: bool, out: Path, workers: int | None
) -> None:
    """Run the experiment NAME (or its number) and write its answer, with numbers and figures, into its README.

    Interrupted, the same command goes on from what is finished.
    """
    from ci_sim.experiments.catalogue import experiments, find_experiment  # noqa: PLC0415

    known = experiments()
    if listed:
        for one in known.values():
            click.echo(f"{one.name:<32}{one.title}")
        return
    if every == (name is not None):
        allowed = f"--all, or one of {', '.join(known)}"
        raise InputError("experiment", [Complaint("", "--all and a name" if name else "no name", allowed)])
    if record and not quick:
        raise InputError("--record", [Complaint("", "no --quick", "--quick --record")])
    announce_compiling()
    for one in known.values() if name is None else [find_experiment(name)]:
        _run(one, out / (f"{one.name}-quick" if quick else one.name), workers, quick=quick, record=record)


def _run(experiment: Experiment, out: Path, workers: int | None, *, quick: bool, record: bool) -> None:
    from ci_sim.experiments.catalogue import experiments  # noqa: PLC0415
    from ci_sim.experiments.conduct import record_quick, run_designs, write_answer, write_index  # noqa: PLC0415
    from ci_sim.sweep.conduct import Where  # noqa: PLC0415
    from ci_sim.terminal import sweep_progress  # noqa: PLC0415

    click.echo(experiment.title)
    with leaving_tidily(), sweep_progress() as progress:
        sweeps = run_designs(experiment, out, quick=quick, where=Where(workers), progress=progress)
        answer = experiment.answer(sweeps)
    own = experiment.in_checkout and not quick
    readme = write_answer(experiment, answer, sweeps, experiment.folder if own else out, quick=quick)
    if record:
        record_quick(experiment, answer)
    if own:
        write_index(experiments())
    _show(answer)
    click.echo(f"Answer written to {readme}\n")


def _show(answer: Answer) -> None:
    from ci_sim.terminal import output  # noqa: PLC0415

    console = output()
    console.print(answer.sentence)
    for check in answer.checks:
        console.print(f"  prediction {check.prediction} {check.verdict}: {check.because}")
