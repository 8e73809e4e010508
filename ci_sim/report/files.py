"""Pages into files: nothing is overwritten but an earlier page of the same kind."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.store import replace_file

__all__ = ["check_target", "write_page"]

MARKS = {".html": b'<meta name="generator" content="ci-sim ', ".pdf": b"/Creator (ci-sim "}
"""By these a file of our own is known."""
LOOKED_AT = 2000
"""First bytes of an HTML file in which its mark stands; in a PDF it may stand anywhere."""


def check_target(path: Path, suffixes: Collection[str] = tuple(MARKS)) -> None:
    """Refuse a target before anything is run for it.

    Raises
    ------
    InputError : another suffix, no folder to write into, or something there that is not our own.
    """
    if path.suffix not in suffixes:
        raise _refused(path, f"the suffix {path.suffix!r}", " or ".join(suffixes))
    try:
        if not path.parent.is_dir():
            raise _refused(path, f"no folder {path.parent}", "a file in a folder that is there")
        if path.is_dir():
            raise _refused(path, "a folder", "the name of a file")
        if path.exists() and not _is_ours(path):
            raise _refused(path, "a file of another kind", "a new name; nothing was overwritten")
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        raise _refused(path, found, "a file that can be written") from None


def _refused(path: Path, found: str, allowed: str) -> InputError:
    return InputError("--out", [Complaint(str(path), found, allowed)])


def _is_ours(path: Path) -> bool:
    content = path.read_bytes()
    return MARKS[path.suffix] in (content[:LOOKED_AT] if path.suffix == ".html" else content)


def write_page(path: Path, content: str | bytes) -> None:
    """Write a page whole or not at all.

    Raises
    ------
    InputError, OSError : see :func:`check_target`; a full disk.
    """
    check_target(path)
    with replace_file(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
