"""One function per figure: a table (or a run) in, a matplotlib ``Figure`` out, and :func:`save` for files.

No function touches pyplot or any other state of matplotlib's, so figures may be made in threads. All texts stand in
``page`` (title, legend, caption) or beside what they name; colour is never the only cue.
"""

from ci_sim.figures.break_even import break_even
from ci_sim.figures.courses import trajectories, trajectories_in_words
from ci_sim.figures.discovery import scenario_discovery
from ci_sim.figures.effects import additivity, differences, factorial_effects, shapley
from ci_sim.figures.files import render, save
from ci_sim.figures.hinges import hinges
from ci_sim.figures.horizons import horizons
from ci_sim.figures.levels import levels
from ci_sim.figures.panels import group_gap, group_gap_in_words, maturities, maturities_in_words
from ci_sim.figures.places import coverage, coverage_in_words
from ci_sim.figures.profiles import profiles
from ci_sim.figures.reaching import reaching
from ci_sim.figures.regret import regret
from ci_sim.figures.replications import replicates_power, replicates_precision
from ci_sim.figures.stability import stability
from ci_sim.figures.tornado import morris, replicate_noise, sobol
from ci_sim.figures.trust import trust_network, trust_network_in_words
from ci_sim.figures.wiring import wiring

__all__ = [
    "additivity", "break_even", "coverage", "coverage_in_words", "differences", "factorial_effects", "group_gap",
    "group_gap_in_words", "hinges", "horizons", "levels", "maturities", "maturities_in_words", "morris", "profiles",
    "reaching", "regret", "render", "replicate_noise", "replicates_power", "replicates_precision", "save",
    "scenario_discovery", "shapley", "sobol", "stability", "trajectories", "trajectories_in_words", "trust_network",
    "trust_network_in_words", "wiring",
]  # fmt: skip
