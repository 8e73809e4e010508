"""``replay``: one world under two arms as a page that plays."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ci_sim.cli.options import (
    WholeNumber,
    announce_compiling,
    months_option,
    read_case,
    scenario_argument,
    seed_option,
    set_option,
)
from ci_sim.complaints import Complaint, InputError

__all__ = ["replay"]


@click.command(short_help="Write a page that plays one world under two arms.")
@scenario_argument
@click.option("--replication", type=WholeNumber(0, 2**31), default=0, show_default=True, help="Which world.")
@click.option(
    "--arms", default="isolated,collective_impact", show_default=True, metavar="NAME,NAME", help="The two futures."
)
@months_option
@seed_option
@set_option
@click.option("--out", type=click.Path(path_type=Path), help="HTML file; by default replay-SCENARIO-REPLICATION.html.")
def replay(
    scenario: str,
    replication: int,
    arms: str,
    months: int | None,
    seed: int,
    overrides: tuple[str, ...],
    out: Path | None,
) -> None:
    """Write one HTML file that plays one world under two arms side by side, month by month.

    It opens from disk, needs neither server nor network nor ci_sim, and shows beside the one history what the same two
    arms come to in 40 worlds.
    """
    case = read_case(scenario, overrides, months)

    from ci_sim.arms import choose_arms  # noqa: PLC0415
    from ci_sim.replay.frames import frames_of  # noqa: PLC0415
    from ci_sim.replay.page import replay_page  # noqa: PLC0415
    from ci_sim.replay.worlds import many_worlds  # noqa: PLC0415
    from ci_sim.report.files import check_target, write_page  # noqa: PLC0415
    from ci_sim.terminal import progress_bar  # noqa: PLC0415

    chosen = choose_arms(case, [name.strip() for name in arms.split(",") if name.strip()] or [arms])
    if len(chosen) != 2:
        allowed = "two different arms, as in isolated,collective_impact"
        raise InputError("--arms", [Complaint("", f"{len(chosen)} in {arms!r}", allowed)])
    target = out or Path(f"replay-{case.name}-{replication}.html")
    check_target(target, "replay", ".html")
    announce_compiling()
    frames = frames_of(case, chosen, replication, seed)
    with progress_bar("worlds") as progress:
        worlds = many_worlds(case, chosen, seed, progress)
    command = ["ci-sim", "replay", scenario, "--replication", str(replication), "--arms", arms, "--seed", str(seed)]
    command += [] if months is None else ["--months", str(months)]
    command += [word for override in overrides for word in ("--set", override)]
    write_page(target, "replay", replay_page(frames, worlds, shlex.join(command)))
    click.echo(f"Replay in {target} ({target.stat().st_size / 1e6:.1f} MB); open it with any browser.")
