"""Shards together: results of the same design from several folders into one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ci_sim.complaints import Complaint, InputError
from ci_sim.sweep.conduct import Conducted, write_sweep
from ci_sim.sweep.design import Design
from ci_sim.sweep.folder import DESIGN, recognise
from ci_sim.sweep.store import Store

__all__ = ["merge"]


def merge(design: Design, sources: Sequence[Path], folder: Path) -> Conducted:
    """Gather what folders hold of a design, and write its tables; a unit that several hold is taken once.

    Parameters
    ----------
    sources : folders of shards, held while they are read; nothing in them changes.
    folder : as for a sweep; what it holds already stays.

    Raises
    ------
    InputError : a folder holds other results or none, is in use, or cannot be used.
    """
    started = datetime.now(UTC)
    for source in sources:
        if not (source / DESIGN).is_file():
            allowed = "folders written by 'ci-sim sweep' with this design"
            raise InputError("merge", [Complaint(str(source), "no results", allowed)])
        if source.resolve() == folder.resolve():
            raise InputError("--out", [Complaint(str(folder), "one of the folders to merge", "another folder")])
        recognise(source, design, "merge")
    store = Store(folder, design)
    try:
        missing = ~store.done()
        for source in sources:
            shard = Store(source, design)
            try:
                for result in shard.results(missing):
                    store.add(result)
                    missing[list(result.units)] = False
            finally:
                shard.close()
        return write_sweep(store, started)
    finally:
        store.close()
