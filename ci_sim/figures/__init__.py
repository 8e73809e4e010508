"""One function per figure: a table (or a run) in, a matplotlib ``Figure`` out, and :func:`save` for files.

No function touches pyplot or any other state of matplotlib's, so figures may be made in threads. All texts stand in
``page`` (title, legend, caption) or beside what they name; colour is never the only cue. A figure's
module is imported when it is first asked for, so that a command loads only what it draws.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ci_sim.figures.break_even import break_even
    from ci_sim.figures.courses import trajectories, trajectories_in_words
    from ci_sim.figures.discovery import scenario_discovery
    from ci_sim.figures.effects import additivity, differences, factorial_effects, shapley
    from ci_sim.figures.files import save
    from ci_sim.figures.hinges import hinges
    from ci_sim.figures.horizons import horizons
    from ci_sim.figures.panels import group_gap, maturities
    from ci_sim.figures.places import coverage
    from ci_sim.figures.replications import replicates_power, replicates_precision
    from ci_sim.figures.stability import stability
    from ci_sim.figures.tornado import morris, replicate_noise, sobol
    from ci_sim.figures.trust import trust_network
    from ci_sim.figures.wiring import wiring

HOMES = {
    "additivity": "effects",
    "break_even": "break_even",
    "coverage": "places",
    "differences": "effects",
    "factorial_effects": "effects",
    "group_gap": "panels",
    "hinges": "hinges",
    "horizons": "horizons",
    "maturities": "panels",
    "morris": "tornado",
    "replicate_noise": "tornado",
    "replicates_power": "replications",
    "replicates_precision": "replications",
    "save": "files",
    "scenario_discovery": "discovery",
    "shapley": "effects",
    "sobol": "tornado",
    "stability": "stability",
    "trajectories": "courses",
    "trajectories_in_words": "courses",
    "trust_network": "trust",
    "wiring": "wiring",
}

__all__ = [
    "additivity", "break_even", "coverage", "differences", "factorial_effects", "group_gap", "hinges", "horizons",
    "maturities", "morris", "replicate_noise", "replicates_power", "replicates_precision", "save",
    "scenario_discovery", "shapley", "sobol", "stability", "trajectories", "trajectories_in_words", "trust_network",
    "wiring",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'ci_sim.figures' has no attribute {name!r}")
    return getattr(import_module(f"ci_sim.figures.{HOMES[name]}"), name)
