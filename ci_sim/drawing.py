"""The wiring of a scenario, drawn and written."""

from __future__ import annotations

from pathlib import Path

from ci_sim import figures
from ci_sim.arms import STANDARD_ARMS
from ci_sim.complaints import Complaint, InputError
from ci_sim.figures.links import link_table, mandate_table, wiring_in_words
from ci_sim.provenance import limit_notice
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.sweep.store import cannot_write, replace_file
from ci_sim.world import World, build_world, lanes_needed

__all__ = ["claim_folder", "draw_wiring", "open_world"]


def open_world(scenario: Scenario, seed: int, replication: int) -> World:
    """The world a wiring is drawn of; any is the same where the scenario lists links and mandates."""
    lanes = lanes_needed(scenario, [build_schedule(scenario, STANDARD_ARMS["isolated"])])
    return build_world(scenario, seed, replication, lanes)


def claim_folder(world: World, folder: Path | None) -> Path:
    """The folder for a drawing, made if missing; without a name one of its own in ``results/``.

    Raises
    ------
    InputError : it holds anything but this very drawing, or cannot be written.
    """
    scenario = world.scenario
    folder = folder or Path("results") / f"draw-{scenario.name}-{scenario.hash}-{world.seed}-{world.replication}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        about = folder / "README.md"
        if any(folder.iterdir()) and not (about.is_file() and _identity(world) in about.read_text(encoding="utf-8")):
            allowed = "an empty folder, a new one, or one of this very drawing"
            raise InputError("--out", [Complaint(str(folder), "files in it", allowed)])
    except UnicodeDecodeError:
        raise InputError("--out", [Complaint(str(folder), "files in it", "an empty folder or a new one")]) from None
    except OSError as error:
        raise cannot_write(folder, error) from None
    return folder


def _identity(world: World) -> str:
    scenario = world.scenario
    return f"Scenario {scenario.name}, hash {scenario.hash}, seed {world.seed}, world {world.replication}."


def draw_wiring(world: World, folder: Path) -> list[Path]:
    """Write ``wiring.png`` and ``.svg``, ``links.csv``, ``mandates.csv`` and a README into a folder.

    Returns
    -------
    What was written. The same world gives the same bytes.

    Raises
    ------
    OSError : a file cannot be written; what was there before is left as it was.
    """
    scenario = world.scenario
    notice = limit_notice(scenario)
    described = {"scenario": f"{scenario.name} {scenario.hash}", "seed": str(world.seed)}
    written = figures.save(figures.wiring(world, note=notice), folder / "wiring", described)
    text = "\n\n".join(
        (
            f"# The wiring of {scenario.title or scenario.name}",
            wiring_in_words(world),
            notice,
            _identity(world),
            "`links.csv`: a row per link: the lever, what it depends on, and why. `mandates.csv`: a row per group and\n"
            "lever of its mandate; `with_lever` counts the organizations that have it. `wiring.png`, `.svg`: both.\n",
        )
    )
    for name, content in (
        ("links.csv", link_table(world).to_csv(index=False)),
        ("mandates.csv", mandate_table(world).to_csv(index=False)),
        ("README.md", text),
    ):
        with replace_file(folder / name) as temporary:
            temporary.write_text(content, encoding="utf-8")
        written.append(folder / name)
    return written
