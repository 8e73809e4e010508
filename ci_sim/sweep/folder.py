"""The folder of one design's results: whose it is, who writes to it, and how a file gets there whole."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.design import Design

__all__ = ["DESIGN", "ResultsFolder", "cannot_write", "recognise", "replace_file"]

DESIGN = "design.json"
ALLOWED = "an empty folder, a new one, or one with results of the same scenario, arms and seed"


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place once the block has ended well, and is gone otherwise."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def cannot_write(folder: Path, error: OSError) -> InputError | OSError:
    """What to raise where a folder for results refuses: bad input, but for a full disk, which may be mended."""
    if error.errno == errno.ENOSPC:
        return error
    return InputError("--out", [Complaint(str(folder), reason(error), "a folder that can be written")])


def recognise(folder: Path, design: Design, option: str = "--out") -> None:
    """Refuse a folder that holds anything but results of a design; change nothing.

    Parameters
    ----------
    option : who named the folder.

    Raises
    ------
    InputError : it holds other results, foreign files or a damaged design.
    """
    if all(path.name.startswith(".") for path in folder.iterdir()):
        return
    if not (folder / DESIGN).is_file():
        raise InputError(option, [Complaint(str(folder), "other files in it", ALLOWED)])
    try:
        described = json.loads((folder / DESIGN).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise InputError(option, [Complaint(str(folder / DESIGN), "a damaged file", ALLOWED)]) from None
    difference = _difference(described, design.described())
    if difference:
        raise InputError(option, [Complaint(str(folder), f"other results in it ({difference})", ALLOWED)])


class ResultsFolder:
    """A folder held for one design.

    Parameters
    ----------
    folder : made if missing; must be empty or hold results of the very same design.

    Raises
    ------
    InputError : the folder cannot be written, holds other results or foreign files, or is in use.
    """

    def __init__(self, folder: Path, design: Design) -> None:
        self.folder = folder
        self.design = design
        self.parts = folder / "parts"
        self._lock: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            recognise(folder, design)
            self._lock = self._locked()
            recognise(folder, design)  # again, as another process may have begun here meanwhile
            self._claim()
        except OSError as error:
            self.close()
            raise cannot_write(folder, error) from None
        except InputError:
            self.close()
            raise

    def _locked(self) -> int | None:
        """Hold the folder against a second process; the system lets go of it when this one ends, however it ends."""
        try:
            import fcntl  # noqa: PLC0415 - not on every system
        except ImportError:
            return None
        descriptor = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                return descriptor  # a file system without locks
            os.close(descriptor)
            allowed = "one process at a time; wait for the other to end"
            raise InputError("--out", [Complaint(str(self.folder), "in use by another process", allowed)]) from None
        return descriptor

    def _claim(self) -> None:
        """Make the folder this design's, and clear away what a killed process left half-written."""
        for left in (*self.folder.glob(".*.tmp"), *self.parts.glob(".*.tmp")):
            left.unlink()
        if not (self.folder / DESIGN).exists():  # written before anything else, so that the folder can be recognised
            with replace_file(self.folder / DESIGN) as temporary:
                temporary.write_text(json.dumps(self.design.described(), indent=1), encoding="utf-8")
        self.parts.mkdir(exist_ok=True)

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _difference(one: Any, other: Any, key: str = "") -> str:
    """The first thing in which two designs differ, in words; empty where they are the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            found = _difference(one.get(name), other.get(name), f"{key}.{name}" if key else name)
            if found:
                return found
        return ""
    if one == other:
        return ""
    plain = all(isinstance(value, int | float | str) and len(str(value)) <= 40 for value in (one, other))
    return f"{key}: {one!r}, not {other!r}" if plain else f"another {key or 'design'}"
