"""What is wrong with an input, said so that it can be mended: where, what was found, what is allowed, what is nearest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Complaint", "InputError", "nearest"]


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with an input."""

    key: str
    """Dotted name of the key; empty for the input as a whole."""
    found: str
    """What stands there."""
    allowed: str
    """What may stand there."""
    nearest: str = ""
    """The nearest valid name, where one is near."""

    def __str__(self) -> str:
        where = f"{self.key}: " if self.key else ""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}found {self.found}; allowed: {self.allowed}.{hint}"


class InputError(Exception):
    """Bad input. The command line prints it without a traceback and exits with status 2.

    Attributes
    ----------
    source : the file, option or argument at fault.
    complaints : everything found wrong with it, in the order of the input.
    """

    def __init__(self, source: str, complaints: Iterable[Complaint]) -> None:
        self.source = source
        self.complaints = tuple(complaints)
        super().__init__("\n".join(f"{source}: {complaint}" for complaint in self.complaints))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, tuple[Complaint, ...]]]:
        return InputError, (self.source, self.complaints)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name nearest to a misspelt one, or an empty string."""
    names = list(known)
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if not matches:  # the right word in the wrong section
        last = name.rsplit(".", 1)[-1]
        matches = [other for other in names if other.rsplit(".", 1)[-1] == last][:1]
    return matches[0] if matches else ""
