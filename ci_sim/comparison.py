"""Compare arms on the same worlds: run, store, join, summarise, draw. What ``ci-sim compare`` does, as a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ci_sim import figures
from ci_sim.provenance import limit_notice, manifest, results_readme
from ci_sim.scenario import Scenario
from ci_sim.sweep.analysis import ArmSummary, summarise, summary_table, verdict
from ci_sim.sweep.design import Comparison
from ci_sim.sweep.run import run_batches, workers_for
from ci_sim.sweep.store import Store, replace_file

__all__ = ["ComparisonResult", "compare", "default_folder"]

DRAWN = ["arm", "replication", "month", "indicator"]


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


def default_folder(comparison: Comparison) -> Path:
    """Folder of results where none is named: the same for the same design, so that it is continued, not repeated."""
    return Path("results") / f"compare-{comparison.scenario.name}-{comparison.hash}"


def compare(
    comparison: Comparison,
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
    """
    started = datetime.now(UTC)
    store = Store(folder or default_folder(comparison), comparison)
    try:
        done = len(store.done() & set(range(comparison.replications)))
        progress(done, comparison.replications)
        batches = comparison.batches(store.done())
        missing = sum(len(batch.replications) for batch in batches) * len(comparison.arms)
        for result in run_batches(batches, workers_for(missing, comparison.scenario.horizon.months, workers)):
            store.add(result)
            done += len(result.replications)
            progress(done, comparison.replications)
        return _write(store, comparison, started)
    finally:
        store.close()


def _write(store: Store, comparison: Comparison, started: datetime) -> ComparisonResult:
    scenario, folder = comparison.scenario, store.folder
    series: list[pd.DataFrame] = []

    def keep(part: pa.Table) -> None:
        frame = part.select(DRAWN).to_pandas()
        # Only what the figure needs stays in memory: 8 bytes a month, in words the arms repeat.
        series.append(frame.astype({"arm": "category", "replication": "int32", "month": "int16", "indicator": "float32"}))

    digest = store.finish(keep)
    titles = {arm.name: arm.title or arm.name.replace("_", " ") for arm in comparison.arms}
    runs = pd.read_parquet(folder / "runs.parquet")
    summaries = summarise(runs, titles)
    sentence = verdict(summaries, scenario.title or scenario.name, scenario.horizon.months / 12)
    about = manifest(comparison.described(), scenario, comparison.replications, started, digest)
    about["sentence"] = sentence
    for name, text in (
        ("summary.csv", summary_table(summaries).to_csv(index=False)),
        ("manifest.json", json.dumps(about, indent=1)),
        ("README.md", results_readme(scenario, " ".join(about["command"]))),
    ):
        with replace_file(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    _draw(folder, scenario, pd.concat(series, ignore_index=True), titles, about)
    return ComparisonResult(folder, summaries, sentence, digest)


def _draw(folder: Path, scenario: Scenario, series: pd.DataFrame, titles: dict[str, str], about: dict[str, object]) -> None:
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
