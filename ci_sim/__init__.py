"""ci_sim: an executable model of Collective Impact.

The rooms, in the way of the data: ``library`` finds a scenario file, ``extends`` puts it on top of the one it varies,
``scenario_file`` makes a checked ``scenario`` of it (defaults and bounds: ``parameters``; what is wrong:
``complaints``; partners from a spreadsheet: ``partners``) - ``streams`` draw, ``world`` builds what the ``arms`` of a
replication share, ``schedule`` says what an arm does when - ``simulate`` turns objects into arrays and calls the
``kernel`` - ``outcomes`` names what is recorded and derived, ``provenance`` where it comes from - ``sweep`` runs and
stores many - ``analysis`` says what they show - ``figures``, ``terminal`` and ``kumu`` show it. ``comparison``,
``conclusions`` (every analysis of a folder), ``single`` (one run) and ``drawing`` (the wiring) put it together,
``results_diff`` says which published numbers moved, ``reference`` prints the parameters; ``cli`` is the command line.
``model`` and ``agents`` drive the same kernel functions as a Mesa model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ci_sim.arms import STANDARD_ARMS, condition_subsets, parse_arm
    from ci_sim.comparison import compare
    from ci_sim.complaints import InputError
    from ci_sim.entries import CustomArm
    from ci_sim.model import CollectiveImpactModel
    from ci_sim.parameters import PARAMETERS
    from ci_sim.scenario import Scenario
    from ci_sim.scenario_file import parse_scenario, read_scenario, write_scenario
    from ci_sim.simulate import Trajectory, simulate_arms
    from ci_sim.sweep.design import Design
    from ci_sim.sweep.design_file import read_design
    from ci_sim.sweep.results import read_results

HOMES = {
    "CollectiveImpactModel": "model",
    "Design": "sweep.design",
    "CustomArm": "entries",
    "InputError": "complaints",
    "PARAMETERS": "parameters",
    "STANDARD_ARMS": "arms",
    "Scenario": "scenario",
    "Trajectory": "simulate",
    "compare": "comparison",
    "condition_subsets": "arms",
    "parse_arm": "arms",
    "parse_scenario": "scenario_file",
    "read_design": "sweep.design_file",
    "read_results": "sweep.results",
    "read_scenario": "scenario_file",
    "simulate_arms": "simulate",
    "write_scenario": "scenario_file",
}

__all__ = [
    "PARAMETERS", "STANDARD_ARMS", "CollectiveImpactModel", "CustomArm", "Design", "InputError", "Scenario",
    "Trajectory", "compare", "condition_subsets", "parse_arm", "parse_scenario", "read_design", "read_results",
    "read_scenario", "simulate_arms", "write_scenario",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import ci_sim`` and the command line start at once.

    (:func:`ci_sim.simulate.simulate` is imported from its module, which has the same name.)
    """
    if name not in HOMES:
        raise AttributeError(f"module 'ci_sim' has no attribute {name!r}")
    return getattr(import_module(f"ci_sim.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *HOMES])
