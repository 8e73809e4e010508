"""One function per figure: a table (or a run) in, a matplotlib ``Figure`` out, and :func:`save` for files.

No function touches pyplot or any other state of matplotlib's, so figures may be made in threads. All texts stand in
``page`` (title, legend, caption) or beside what they name; colour is never the only cue.
"""

from ci_sim.figures.courses import trajectories, trajectories_in_words
from ci_sim.figures.effects import additivity, differences, factorial_effects, shapley
from ci_sim.figures.files import save
from ci_sim.figures.panels import group_gap, maturities
from ci_sim.figures.places import coverage
from ci_sim.figures.replications import replicates_power, replicates_precision
from ci_sim.figures.tornado import morris, replicate_noise, sobol
from ci_sim.figures.trust import trust_network

__all__ = [
    "additivity", "coverage", "differences", "factorial_effects", "group_gap", "maturities", "morris",
    "replicate_noise", "replicates_power", "replicates_precision", "save", "shapley", "sobol", "trajectories",
    "trajectories_in_words", "trust_network",
]  # fmt: skip
