"""Figures into files: PNG and SVG, whole or not at all, the same bytes for the same figure."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from threading import Lock

import matplotlib
from matplotlib.figure import Figure

from ci_sim.figures.page import FILE_DPI
from ci_sim.sweep.store import replace_file

__all__ = ["save", "svg"]

SALT = "ci_sim"
_one_at_a_time = Lock()


def save(figure: Figure, path_without_suffix: Path, metadata: Mapping[str, str]) -> list[Path]:
    """Write a figure as PNG and SVG.

    Parameters
    ----------
    path_without_suffix : the files are named after it, ``.png`` and ``.svg`` added.
    metadata : what the figure shows (scenario, seed, version ...); text chunks of the PNG, the description in the SVG.

    Returns
    -------
    The PNG and the SVG.

    Raises
    ------
    OSError : a file cannot be written; what was there before is left as it was.
    """
    path = Path(path_without_suffix)
    description = "; ".join(f"{key}: {value}" for key, value in metadata.items())
    described = {"Title": path.name, "Description": description}
    # The place of everything is worked out once, not once for each file and again for each pass over it.
    figure.draw_without_rendering()
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")
    try:
        pictures = {
            "png": _render(figure, "png", {**described, **metadata}),
            "svg": _render(figure, "svg", {**described, "Date": None}),
        }
    finally:
        figure.set_layout_engine(engine)
    written = []
    for kind, content in pictures.items():
        target = path.with_name(f"{path.name}.{kind}")
        with replace_file(target) as temporary:
            temporary.write_bytes(content)
        written.append(target)
    return written


def svg(figure: Figure) -> bytes:
    """A figure as SVG, for a page that holds it; the same bytes for the same figure."""
    return _render(figure, "svg", {"Date": None})


def _render(figure: Figure, kind: str, metadata: Mapping[str, str | None]) -> bytes:
    """The content of a file. The SVG's ids are random unless matplotlib is told otherwise, for all figures at once."""
    buffer = BytesIO()
    with _one_at_a_time:
        before = matplotlib.rcParams["svg.hashsalt"]
        matplotlib.rcParams["svg.hashsalt"] = SALT
        try:
            figure.savefig(buffer, format=kind, dpi=FILE_DPI, metadata=metadata)
        finally:
            matplotlib.rcParams["svg.hashsalt"] = before
    return buffer.getvalue()
