"""Tables as HTML, everything escaped; on a narrow page the stylesheet has each cell say what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["table"]


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a caption, a heading per column, and the first cell of a row as its heading."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(heads: Sequence[str], row: Sequence[str]) -> str:
    first = f'<th scope="row">{escape(row[0])}</th>'
    pairs = zip(heads[1:], row[1:], strict=True)
    return first + "".join(f'<td data-head="{escape(what)}">{escape(cell)}</td>' for what, cell in pairs)
