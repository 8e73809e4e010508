"""Where results come from, and what they are not: manifest, data dictionary and the limit notice of every export."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ci_sim.outcomes import DERIVED_OUTCOMES, RECORDED_OUTCOMES
from ci_sim.parameters import GRADES, PARAMETERS
from ci_sim.scenario import Scenario

__all__ = ["git_state", "library_versions", "limit_notice", "manifest", "results_readme"]

LIBRARIES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def limit_notice(scenario: Scenario) -> str:
    """The plain limits of any result: not a forecast, and which inputs are invented."""
    grades = Counter(parameter.grade for parameter in PARAMETERS.values())
    counted = ", ".join(f"{grades[grade]} {grade}" for grade in GRADES if grades[grade])
    notice = (
        f"Not a forecast. A simulation of stylised rules; of its {len(PARAMETERS)} parameters {counted} "
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


def results_readme(scenario: Scenario, command: str) -> str:
    """The text that lies beside results: what they are, their limits, and a data dictionary with units."""
    identity = (
        ("run_id", "", "arm and replication"),
        ("arm", "", "treatment of the world"),
        ("replication", "", "world: arms with the same replication share world and luck"),
    )
    lines = [
        f"# {scenario.title or scenario.name}",
        "",
        limit_notice(scenario),
        "",
        f"Made by `{command}`; `manifest.json` has the full design, seeds and versions.",
    ]
    derived = [(o.name, o.unit, o.meaning) for o in DERIVED_OUTCOMES.values()]
    recorded = [("month", "months", "0 is the start"), *((o.name, o.unit, o.meaning) for o in RECORDED_OUTCOMES.values())]
    for title, rows in (
        ("runs.parquet, runs.csv: one row per run", [*identity, *derived]),
        ("timeseries.parquet, timeseries.csv: one row per run and month", [*identity, *recorded]),
    ):
        lines += ["", f"## {title}", "", "| column | unit | meaning |", "|---|---|---|"]
        lines += [f"| {name} | {unit} | {meaning} |" for name, unit, meaning in rows]
    return "\n".join(lines) + "\n"
