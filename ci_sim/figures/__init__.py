"""One function per figure: a table (or a run) in, a matplotlib ``Figure`` out, and :func:`save` for files.

No function touches pyplot or any other state of matplotlib's, so figures may be made in threads. All texts stand in
``page`` (title, legend, caption) or beside what they name; colour is never the only cue.
"""

from ci_sim.figures.courses import trajectories, trajectories_in_words
from ci_sim.figures.files import render, save
from ci_sim.figures.panels import group_gap, group_gap_in_words, maturities, maturities_in_words
from ci_sim.figures.places import coverage, coverage_in_words
from ci_sim.figures.trust import trust_network, trust_network_in_words

__all__ = [
    "coverage", "coverage_in_words", "group_gap", "group_gap_in_words", "maturities", "maturities_in_words", "render",
    "save", "trajectories", "trajectories_in_words", "trust_network", "trust_network_in_words",
]  # fmt: skip
