"""Published numbers of two versions held against each other: what moved beyond its interval, what within, what is gone.

``numbers`` reads them, or takes them from results - ``changes`` says what became of each. Arms of a version meet the
same worlds with the same luck as those of the version before, so a number that moved was moved by the change, not by
chance; its interval says whether a reader would have to think again.
"""

from ci_sim.results_diff.changes import (
    STATUSES,
    Change,
    as_json,
    as_markdown,
    as_table,
    diff_numbers,
    in_words,
)
from ci_sim.results_diff.numbers import Number, numbers_of, parse_numbers, read_numbers

__all__ = [
    "STATUSES", "Change", "Number", "as_json", "as_markdown", "as_table", "diff_numbers", "in_words", "numbers_of",
    "parse_numbers", "read_numbers",
]  # fmt: skip
