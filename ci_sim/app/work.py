"""Work beside the event loop, as a hook: the last result stays until the next is there, and progress is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import solara
from solara.lab import use_task

from ci_sim.app.ensemble import OvertakenError

__all__ = ["Work", "use_work"]

T = TypeVar("T")
Tell = Callable[[float], None]
Overtaken = Callable[[], bool]
PAUSE = 0.2
"""Seconds between two words on progress."""


@dataclass(frozen=True, eq=False)
class Work(Generic[T]):
    """What there is of some work.

    Attributes
    ----------
    result : the last one there is, None before the first.
    key : what it is the result of.
    busy : another is on its way.
    done : share of it that is done, 0..1.
    """

    result: T | None
    key: object
    busy: bool
    done: float


def use_work(key: object, compute: Callable[[Tell, Overtaken], T]) -> Work[T]:
    """Compute in a thread whenever the key changes.

    Parameters
    ----------
    key : equal keys have equal results.
    compute : is handed what to tell its progress, and what to ask whether it is still wanted; it raises
        :class:`~ci_sim.app.ensemble.OvertakenError` where it is not.
    """
    wanted = solara.use_ref(key)
    wanted.current = key
    done = solara.use_reactive(0.0)
    shown: solara.Ref[tuple[object, T | None]] = solara.use_ref((None, None))

    def work() -> tuple[object, T] | None:
        said = time.monotonic()

        def tell(share: float) -> None:
            nonlocal said
            if time.monotonic() - said > PAUSE and wanted.current == key:
                said = time.monotonic()
                done.set(share)

        try:
            return key, compute(tell, lambda: bool(wanted.current != key))
        except OvertakenError:
            return None

    task = use_task(work, dependencies=[key])
    if task.finished and task.value is not None and task.value[0] == key:
        shown.current = task.value
    solara.use_effect(lambda: done.set(0.0), [key])
    solara.use_effect(lambda: lambda: setattr(wanted, "current", None), [])  # nobody waits once the page is left
    of, result = shown.current
    return Work(result, of, of != key and not task.error, done.value)
