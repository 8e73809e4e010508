"""Figures into bytes and files: whole or not at all, the same bytes for the same figure."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from ci_sim.figures.page import FILE_DPI
from ci_sim.sweep.store import replace_file

__all__ = ["render", "save"]

SALT = "ci_sim"
REAL_TEXT = 42
"""Fonts embedded in a PDF as they are (TrueType), so that its text can be searched and read aloud."""
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
            "png": render(figure, "png", {**described, **metadata}),
            "svg": render(figure, "svg", {**described, "Date": None}),
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


def render(figure: Figure, kind: str, metadata: Mapping[str, Any]) -> bytes:
    """The content of a file: "png", "svg" or "pdf".

    Ids of an SVG are random, and the text of a PDF is drawings, unless matplotlib is told otherwise, for all figures
    at once.
    """
    buffer = BytesIO()
    with _one_at_a_time:
        before = matplotlib.rcParams["svg.hashsalt"], matplotlib.rcParams["pdf.fonttype"]
        matplotlib.rcParams["svg.hashsalt"], matplotlib.rcParams["pdf.fonttype"] = SALT, REAL_TEXT
        try:
            figure.savefig(buffer, format=kind, dpi=FILE_DPI, metadata=metadata)
        finally:
            matplotlib.rcParams["svg.hashsalt"], matplotlib.rcParams["pdf.fonttype"] = before
    return buffer.getvalue()
