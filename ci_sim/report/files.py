"""Pages into files: nothing is overwritten but an earlier page of the same kind."""

from __future__ import annotations

from pathlib import Path

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.store import replace_file

__all__ = ["check_target", "write_page"]

MARKS = {".html": '<meta name="generator" content="ci-sim {} ', ".pdf": "/Creator (ci-sim {} "}
"""By these an earlier page of a kind is known."""
LOOKED_AT = 2000
"""First bytes of an HTML file in which its mark stands; in a PDF it may stand anywhere."""


def check_target(path: Path, kind: str, suffix: str) -> None:
    """Refuse a target before anything is run for it.

    Parameters
    ----------
    kind : of page: "report", "brief", "replay".
    suffix : that the file must have.

    Raises
    ------
    InputError : another suffix, no folder to write into, or something there that is no earlier page of the kind.
    """
    if path.suffix != suffix:
        raise _refused(path, f"the suffix {path.suffix!r}", suffix)
    try:
        if not path.parent.is_dir():
            raise _refused(path, f"no folder {path.parent}", "a file in a folder that is there")
        if path.is_dir():
            raise _refused(path, "a folder", "the name of a file")
        if path.exists() and not _is_earlier(path, kind):
            raise _refused(path, f"a file that is no earlier {kind}", "a new name; nothing was overwritten")
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        raise _refused(path, found, "a file that can be written") from None


def _refused(path: Path, found: str, allowed: str) -> InputError:
    return InputError("--out", [Complaint(str(path), found, allowed)])


def _is_earlier(path: Path, kind: str) -> bool:
    content = path.read_bytes()
    mark = MARKS[path.suffix].format(kind).encode()
    return mark in (content[:LOOKED_AT] if path.suffix == ".html" else content)


def write_page(path: Path, kind: str, content: str | bytes) -> None:
    """Write a page whole or not at all.

    Raises
    ------
    InputError, OSError : see :func:`check_target`; a full disk.
    """
    check_target(path, kind, path.suffix)
    with replace_file(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
