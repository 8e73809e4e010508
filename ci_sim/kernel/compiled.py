"""Compile kernel functions with numba, and keep the machine code between starts.

numba keys its cache on the file a function stands in, not on the files it calls into: editing one room would
leave a stale caller behind. So the cache folder carries a digest of every kernel source file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TypeVar, overload

import numba
from numba.core import config

__all__ = ["cache_folder", "compiled", "is_warm"]

Function = TypeVar("Function", bound=Callable[..., object])


@cache
def cache_folder() -> Path | None:
    """Folder of the compiled code, or None where no folder can be written (read-only homes)."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(home).expanduser() / "ci_sim" / f"kernel-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (OSError, RuntimeError):
        return None
    return folder


def is_warm() -> bool:
    """Whether some compiled code of these very sources is already on disk."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("month.advance-*.nbi"))


@overload
def compiled(function: Function) -> Function: ...
@overload
def compiled(*, inline: bool) -> Callable[[Function], Function]: ...
def compiled(function: Function | None = None, *, inline: bool = False) -> Function | Callable[[Function], Function]:
    """Compile ``function`` on first call (no Python objects, no interpreter lock), cached where possible.

    Nothing compiled makes an array: numba's memory runtime is off, and no array handed on is counted.

    Parameters
    ----------
    inline : copy the function into its callers. For what runs many times a month: a call hands on every array of
        a state one by one, hundreds of words, which costs more than a try itself.
    """
    if function is None:
        return partial(_compile, inline=inline)
    return _compile(function, inline=inline)


def _compile(function: Function, *, inline: bool) -> Function:
    folder = cache_folder()
    options = {
        "nogil": True,
        "error_model": "numpy",
        "_nrt": False,
        "forceinline": inline,
        "no_cfunc_wrapper": True,
        "cache": folder is not None,
    }
    # numba reads CACHE_DIR when a function is decorated: set it for this one only, so that other
    # packages' caches stay where they are.
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder or "")
    try:
        return numba.njit(**options)(function)
    finally:
        config.CACHE_DIR = before
