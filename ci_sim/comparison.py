"""Compare arms on the same worlds: run, store, join, summarise, draw. What ``ci-sim compare`` does, as a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ci_sim import figures
from ci_sim.analysis.paired import ArmSummary, summarise, summary_table, verdict
from ci_sim.complaints import RunsFailedError
from ci_sim.provenance import DERIVED, IDENTITY, RECORDED, SUMMARY, limit_notice, manifest, results_readme
from ci_sim.scenario import Scenario
from ci_sim.sweep.conduct import Where, run_missing
from ci_sim.sweep.design import Design
from ci_sim.sweep.store import Store, replace_file

__all__ = ["ComparisonResult", "compare", "default_folder"]


@dataclass(frozen=True)
class ComparisonResult:
    """What a comparison came to.

    Attributes
    ----------
    folder : where everything was written.
    results_sha256 : of runs and time series, the same however they were run.
    """

    folder: Path
    summaries: list[ArmSummary]
    sentence: str
    results_sha256: str


NOTES = "`trajectories.png` and `.svg` show the indicator over time."
TABLES = {
    "runs.parquet, runs.csv: one row per run": [*IDENTITY, *DERIVED],
    "timeseries.parquet, timeseries.csv: one row per run and month": [*IDENTITY, *RECORDED],
    "summary.csv: one row per arm; `_low` and `_high` bound the 95 % interval": SUMMARY,
}


def default_folder(comparison: Design) -> Path:
    """Folder of results where none is named: the same for the same design, so that it is continued, not repeated."""
    return Path("results") / f"compare-{comparison.scenario.name}-{comparison.hash}"


def compare(
    comparison: Design,
    folder: Path | None = None,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> ComparisonResult:
    """Run what is not yet done, and write tables, manifest and figure.

    Parameters
    ----------
    folder : see :class:`ci_sim.sweep.store.Store`; what it already holds of this design is not run again.
    workers : processes; None lets the size of the work decide.
    progress : called with replications done and wanted.

    Raises
    ------
    InputError : the folder cannot be used.
    OSError : writing failed midway (a full disk); finished parts are kept.
    RunsFailedError : worlds in which an arm could not be run; the others are kept.
    """
    started = datetime.now(UTC)
    store = Store(folder or default_folder(comparison), comparison)
    try:
        run_missing(store, Where(workers, retry_failed=True), lambda done, _, of: progress(done, of))
        failures = store.failures()
        if len(failures):
            raise RunsFailedError(len(failures), comparison.replications, failures["traceback"].iloc[0])
        return _write(store, comparison, started)
    finally:
        store.close()


def _write(store: Store, comparison: Design, started: datetime) -> ComparisonResult:
    scenario, folder = comparison.scenario, store.folder
    series = _Indicators(comparison)
    digest = store.finish(series.add)
    titles = {arm.name: arm.title or arm.name.replace("_", " ") for arm in comparison.arms}
    runs = pd.read_parquet(folder / "runs.parquet")
    summaries = summarise(runs, titles)
    sentence = verdict(summaries, scenario.title or scenario.name, round(scenario.horizon.months / 12, 1))
    about = manifest(comparison.described(), scenario, comparison.replications, started, digest)
    about["sentence"] = sentence
    for name, text in (
        ("summary.csv", summary_table(summaries).to_csv(index=False)),
        ("manifest.json", json.dumps(about, indent=1)),
        ("README.md", results_readme(scenario, about["command"], NOTES, TABLES)),
    ):
        with replace_file(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    _draw(folder, scenario, series.table(), titles, about)
    return ComparisonResult(folder, summaries, sentence, digest)


class _Indicators:
    """All that stays in memory of the time series: what the figure draws, 4 bytes per run and month."""

    def __init__(self, comparison: Design) -> None:
        self.arms = [arm.name for arm in comparison.arms]
        self.months = comparison.scenario.horizon.months + 1
        self.values = np.empty(comparison.replications * len(self.arms) * self.months, np.float32)
        self.filled = 0

    def add(self, part: pa.Table) -> None:
        """Take over a part; parts come in order of replication, arm and month."""
        self.values[self.filled : self.filled + part.num_rows] = part["indicator"].to_numpy()
        self.filled += part.num_rows

    def table(self) -> pd.DataFrame:
        """Columns arm, replication, month and indicator."""
        n_arms, n_runs = len(self.arms), len(self.values) // self.months
        codes = np.tile(np.repeat(np.arange(n_arms, dtype=np.int8), self.months), n_runs // n_arms)
        columns = {
            "arm": pd.Categorical.from_codes(codes, pd.Index(self.arms)),
            "replication": np.repeat(np.arange(n_runs // n_arms, dtype=np.int32), n_arms * self.months),
            "month": np.tile(np.arange(self.months, dtype=np.int16), n_runs),
            "indicator": self.values,
        }
        return pd.DataFrame(columns, copy=False)


def _draw(
    folder: Path, scenario: Scenario, series: pd.DataFrame, titles: dict[str, str], about: dict[str, object]
) -> None:
    figure = figures.trajectories(
        series,
        titles,
        title=scenario.title or scenario.name,
        threshold=scenario.horizon.threshold,
        events=[(event.month, event.note) for event in scenario.events],
        note=limit_notice(scenario),
    )
    described = {"scenario": f"{scenario.name} {scenario.hash}", "design": json.dumps(about["versions"])}
    figures.save(figure, folder / "trajectories", described)
