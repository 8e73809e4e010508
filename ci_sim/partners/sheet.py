"""A CSV file as people have it: any spreadsheet's separator and quotes, headings in several words, rows as they count.

Rows are numbered as a spreadsheet shows them: the heading is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ci_sim.complaints import Complaint, InputError, nearest, reason

__all__ = ["Column", "Row", "Sheet", "read_sheet"]

LARGEST_FILE = 1_000_000
"""Bytes that are read at most."""
MOST_ROWS = 5000
SEPARATORS = (",", ";", "\t")
QUOTE = '"'
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ARCHIVE = b"PK\x03\x04"
"""How a zip archive begins, which .xlsx and .ods files are."""
SAVE_AS = "text in UTF-8 (in a spreadsheet: save as 'CSV UTF-8')"


@dataclass(frozen=True)
class Column:
    """A column a sheet may have: its name, other words for it, and whether there is no doing without."""

    name: str
    words: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class Row:
    """A row that is not blank: its number in the file, and its cells by the columns' names, without outer blanks."""

    number: int
    cells: Mapping[str, str]

    def key(self, column: str) -> str:
        """What to call a cell in a complaint."""
        return f"row {self.number}, {column}"


@dataclass(frozen=True)
class Sheet:
    """The rows of a file.

    Attributes
    ----------
    columns : names of the known columns that the file has, and anything in.
    ignored : headings of all others.
    decimal_comma : whether numbers may be written with one, as where semicolons separate cells.
    """

    source: str
    rows: tuple[Row, ...]
    columns: frozenset[str]
    ignored: tuple[str, ...]
    decimal_comma: bool

    def number(self, text: str) -> int | float | str:
        """The number a cell stands for; a text that is none stays a text, to be complained of."""
        plain = text.replace(",", ".") if self.decimal_comma and "." not in text else text
        try:
            value = float(plain)
        except ValueError:
            return text
        return int(value) if value.is_integer() else value


def read_sheet(path: Path, columns: Sequence[Column]) -> Sheet:
    """Read a CSV file.

    Parameters
    ----------
    path : text in UTF-8, with or without a byte order mark; cells separated by comma, semicolon or tab.
    columns : those that mean something here.

    Raises
    ------
    InputError : it cannot be read, is no such text, lacks a column, or has rows that do not fit the heading.
    """
    source = str(path)
    text = _read_text(path, source)
    heading = text.splitlines()[0]
    separator = max(SEPARATORS, key=lambda mark: _count(heading, mark))
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        found, allowed = f"quotes that do not fit ({error})", 'CSV: a cell with quotes in it written as "so ""called"""'
        raise InputError(source, [Complaint("", found, allowed)]) from None
    names, ignored = _headings(cells[0], columns, source)
    complaints = list(_misfits(cells, separator))
    if complaints:
        raise InputError(source, complaints)
    rows = tuple(
        Row(number, {name: " ".join(row[n].split()) if n < len(row) else "" for name, n in names.items()})
        for number, row in enumerate(cells[1:], 2)
        if any(cell.strip() for cell in row)
    )
    if not rows:
        raise InputError(source, [Complaint("", "a heading and no rows", "a row for each entry")])
    filled = frozenset(name for name in names if any(row.cells[name] for row in rows))
    return Sheet(source, rows, filled, ignored, separator != ",")


def _read_text(path: Path, source: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        raise InputError(source, [Complaint("", found, "a CSV file that can be read")]) from None
    if len(content) > LARGEST_FILE:
        raise InputError(source, [Complaint("", f"more than {LARGEST_FILE:,} bytes", "a CSV file within that")])
    if content.startswith(ARCHIVE):
        raise InputError(source, [Complaint("", "a spreadsheet file or an archive", SAVE_AS)])
    if content.startswith(UTF_16):
        raise InputError(source, [Complaint("", "text in UTF-16", SAVE_AS)])
    if b"\0" in content:
        raise InputError(source, [Complaint("", "a binary file", SAVE_AS)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(source, [Complaint("", "a binary file, or text in another encoding", SAVE_AS)]) from None
    if not text.strip():
        raise InputError(source, [Complaint("", "an empty file", "a heading and a row for each entry")])
    return text


def _count(heading: str, mark: str) -> int:
    """How often a mark stands in a heading outside quotes."""
    return sum(part.count(mark) for part in heading.split(QUOTE)[::2])


def _headings(cells: Sequence[str], columns: Sequence[Column], source: str) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each known column stands, and the headings that are none."""
    words = {word: column.name for column in columns for word in (column.name, *column.words)}
    names: dict[str, int] = {}
    ignored: list[str] = []
    complaints: list[Complaint] = []
    for place, cell in enumerate(cells):
        heading = " ".join(cell.replace("_", " ").casefold().split())
        name = words.get(heading)
        if name is None:
            ignored += [" ".join(cell.split())] * bool(heading)
        elif name in names:
            complaints.append(Complaint("row 1", f"two columns for {name}: the second is {cell!r}", "one of each"))
        else:
            names[name] = place
    missing = [column for column in columns if column.needed and column.name not in names]
    for column in missing:
        found = f"no column {column.name!r} among {', '.join(' '.join(cell.split()) for cell in cells)}"
        allowed = ", ".join((column.name, *column.words)) + "; this column is needed"
        near = next((heading for heading in ignored if nearest(heading.casefold(), (column.name, *column.words))), "")
        complaints.append(Complaint("row 1", found, allowed, column.name if near else ""))
    if complaints:
        raise InputError(source, complaints)
    return names, tuple(ignored)


def _misfits(cells: Sequence[Sequence[str]], separator: str) -> Iterator[Complaint]:
    """Rows with more cells than the heading has, and rows beyond the last that is read."""
    width = len(cells[0])
    for number, row in enumerate(cells[1:], 2):
        if any(cell.strip() for cell in row[width:]):
            allowed = f"{width}, as in the heading; put quotes around a cell that contains {separator!r}"
            yield Complaint(f"row {number}", f"{len(row)} cells", allowed)
    if len(cells) > MOST_ROWS + 1:
        yield Complaint("", f"{len(cells) - 1:,} rows", f"at most {MOST_ROWS:,}")
