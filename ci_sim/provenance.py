"""Where results come from, and what they are not: manifest, data dictionary and the limit notice of every export."""

from __future__ import annotations

import platform
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.parameters import GRADES, PARAMETERS
from ci_sim.scenario import Scenario

__all__ = [
    "DERIVED",
    "IDENTITY",
    "RECORDED",
    "SUMMARY",
    "git_state",
    "library_versions",
    "limit_notice",
    "manifest",
    "results_readme",
]

LIBRARIES = ("matplotlib", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")
Rows = Sequence[tuple[str, str, str]]

IDENTITY: Rows = (
    ("run_id", "", "arm and replication"),
    ("arm", "", "treatment of the world"),
    ("replication", "", "world: arms with the same replication share world and luck"),
)
DERIVED: Rows = [(o.name, o.unit, o.meaning) for o in DERIVED_OUTCOMES.values()]
RECORDED: Rows = [
    ("month", "months", "0 is the start"),
    *((o.name, o.unit, o.meaning) for o in RECORDED_OUTCOMES.values()),
]
SUMMARY: Rows = (
    ("arm", "", "treatment of the world"),
    ("title", "", "the arm's title"),
    ("worlds", "count", "replications"),
    ("outcome", "0..1", "mean indicator at the horizon"),
    ("difference", "0..1", "outcome minus the isolated arm's in the same world; missing where there is none"),
    ("won", "share", "worlds in which the outcome is above the isolated arm's"),
    ("months_to_half", "months", "median of the worlds that reach half of their own final gain"),
    ("never_half", "share", "worlds that never do"),
    ("months_to_threshold", "months", "median of the worlds that reach horizon.threshold"),
    ("never_threshold", "share", "worlds that never do"),
    ("priority_outcome", "0..1", "mean indicator of the priority group at the horizon"),
    ("priority_gap", "0..1", "that of the other communities minus that of the priority group"),
    ("gap_change", "0..1", "change of this gap since month 0; above 0 it widened"),
    ("spend", "money", "mean total over the horizon"),
    ("cost_per_point", "money", "mean spend over mean gain in points (0..100); missing where no gain is clear"),
    ("variance_ratio", "ratio", "variance of paired over unpaired differences; below 1 pairing helps"),
)
"""The columns of summary.csv; those with an interval have _low and _high beside them."""


def limit_notice(scenario: Scenario) -> str:
    """The plain limits of any result: not a forecast, and which inputs are invented."""
    grades: Counter[str] = Counter(parameter.grade for parameter in PARAMETERS.values())
    counted = ", ".join(f"{grades[grade]} {grade}" for grade in GRADES if grades[grade])
    notice = (
        f"Not a forecast. A simulation of stylised rules; its {len(PARAMETERS)} parameters by evidence: {counted} "
        "('ci-sim parameters' lists them)."
    )
    invented = [evidence.what for evidence in scenario.evidence if evidence.grade == "invented"]
    if invented:
        notice += f" Invented in this scenario: {'; '.join(invented)}."
    return notice


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that results depend on."""
    return {"python": platform.python_version()} | {library: version(library) for library in LIBRARIES}


def git_state() -> dict[str, Any] | None:
    """Commit of the checkout this code runs from, and whether it was changed since; None outside a checkout."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        head = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True
        )
        changes = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": head.stdout.strip(), "dirty": bool(changes.stdout.strip())}


def manifest(
    design: Mapping[str, Any], scenario: Scenario, replications: int, started: datetime, results_sha256: str
) -> dict[str, Any]:
    """Everything needed to run the same again and to tell whether it came out the same."""
    return {
        "design": dict(design),
        "scenario_hash": scenario.hash,
        "replications": replications,
        "seeds": "numpy SeedSequence((seed, replication, crc32(stream name), block of 120 months))",
        "started": started.isoformat(timespec="seconds"),
        "ended": datetime.now(started.tzinfo).isoformat(timespec="seconds"),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "versions": {"ci_sim": version("ci_sim")} | library_versions(),
        "platform": platform.platform(),
        "git": git_state(),
        "results_sha256": results_sha256,
        "limits": limit_notice(scenario),
    }


def results_readme(scenario: Scenario, command: Sequence[str], notes: str, tables: Mapping[str, Rows]) -> str:
    """The text that lies beside results: what they are, their limits, and a data dictionary with units.

    Parameters
    ----------
    notes : what else lies there.
    tables : the columns of every table (name, unit, meaning), by a heading.
    """
    lines = [
        f"# {scenario.title or scenario.name}",
        "",
        limit_notice(scenario),
        "",
        f"Made by `{shlex.join(command)}`; `manifest.json` has the full design, seeds and versions.",
        "Money is in thousands.",
        f"{notes} `parts/` lets the same command go on from here.",
    ]
    for heading, rows in tables.items():
        lines += ["", f"## {heading}", "", "| column | unit | meaning |", "|---|---|---|"]
        lines += [f"| {name} | {unit} | {meaning} |" for name, unit, meaning in rows]
    return "\n".join(lines) + "\n"
