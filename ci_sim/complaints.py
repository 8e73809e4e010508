"""What is wrong with an input, said so that it can be mended: where, what was found, what is allowed, what is near."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Complaint", "InputError", "explain", "in_words", "nearest", "reason"]

LONGEST = {"source": 160, "key": 120, "found": 120, "allowed": 400}
"""Letters shown of what is repeated from the input."""
LONGEST_VALUE = 60
MOST_COMPLAINTS = 20
NAME_RULE = ": small letters, digits and _, a letter first"
REASONS = {
    errno.EACCES: "no permission",
    errno.EEXIST: "a file of that name",
    errno.EISDIR: "a folder",
    errno.ENAMETOOLONG: "a name that is too long",
    errno.ENOENT: "no such file or folder",
    errno.ENOSPC: "no space left on the disk",
    errno.ENOTDIR: "a file in place of a folder",
    errno.EPERM: "no permission",
    errno.EROFS: "a disk that is read-only",
}

Schema = Mapping[str, Any]


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
    source: str = ""
    """The file at fault, where an input has several."""

    def __str__(self) -> str:
        where = f"{_shown(self.key, 'key')}: " if self.key else ""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}found {_shown(self.found, 'found')}; allowed: {_shown(self.allowed, 'allowed')}.{hint}"


class InputError(Exception):
    """Bad input, a line per complaint. The command line prints it without a traceback and exits with status 2.

    Attributes
    ----------
    source : the file, option or argument at fault.
    complaints : everything found wrong with it, in the order of the input.
    """

    def __init__(self, source: str, complaints: Iterable[Complaint]) -> None:
        self.source = source
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        said: set[str] = set()
        for complaint in self.complaints[:MOST_COMPLAINTS]:
            again = len(complaint.allowed) > LONGEST_VALUE and complaint.allowed in said
            said.add(complaint.allowed)
            source = _shown(complaint.source or self.source, "source")
            yield f"{source}: {replace(complaint, allowed='as above') if again else complaint}"
        if len(self.complaints) > MOST_COMPLAINTS:
            yield f"... and {len(self.complaints) - MOST_COMPLAINTS} more."

    def __reduce__(self) -> tuple[type[InputError], tuple[str, tuple[Complaint, ...]]]:
        return InputError, (self.source, self.complaints)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name nearest to a misspelt one, or an empty string."""
    names = list(known)
    last_steps = {other.rsplit(".", 1)[-1]: other for other in reversed(names)}
    last = name.rsplit(".", 1)[-1]
    if name not in names and last in last_steps:  # the right word in the wrong section
        return last_steps[last]
    for word, others in ((name, {other: other for other in names}), (last, last_steps)):
        matches = difflib.get_close_matches(word, others, n=1, cutoff=0.6)
        if matches:
            return others[matches[0]]
    return ""


def reason(error: OSError) -> str:
    """Why the system refused, in words that can stand after "found"."""
    number = errno.ENOSPC if "No space left" in str(error) else error.errno  # pyarrow says it in the text only
    return REASONS.get(number or 0) or error.strerror or str(error) or type(error).__name__


def explain(errors: Iterable[Mapping[str, Any]], raw: Any, schema: Schema) -> list[Complaint]:
    """What pydantic found wrong with an input, in our words.

    Parameters
    ----------
    errors : of :meth:`pydantic.ValidationError.errors`.
    raw : the input.
    schema : the JSON schema of the model it was to fit.
    """
    complaints = [complaint for error in errors for complaint in _explain(error, raw, schema)]
    return list({(told.key, told.allowed): told for told in complaints}.values())  # of alternatives once


def _explain(error: Mapping[str, Any], raw: Any, schema: Schema) -> list[Complaint]:
    if error["type"] == "contradiction":
        return list(error["ctx"]["all"])
    key, table, entry = _locate(error["loc"], raw, schema)
    value = error["input"]
    allowed = "1, the version this ci_sim reads" if key == "schema_version" else in_words(entry)
    match error["type"]:
        case "extra_forbidden":
            known = list(table.get("properties", {}))
            name = str(error["loc"][-1])
            near = nearest(name, known) or (nearest(key, _dotted(schema)) if len(error["loc"]) < 3 else "")
            return [Complaint(key, f"an unknown key, its value {_value(value)}", ", ".join(known), near)]
        case "missing":
            return [Complaint(key, "nothing", f"{allowed}; this key is needed")]
        case "union_tag_invalid" | "union_tag_not_found":
            kinds = list(entry["discriminator"]["mapping"])
            tag = value.get("kind", "") if isinstance(value, dict) else ""
            near = nearest(tag, kinds) if isinstance(tag, str) else ""
            return [Complaint(f"{key}.kind", _value(tag) if tag else "nothing", ", ".join(kinds), near)]
        case "string_too_long":
            return [Complaint(key, f"{len(value):,} characters", allowed)]
    near = nearest(value, entry["enum"]) if isinstance(value, str) and "enum" in entry else ""
    return [Complaint(key, _value(value), allowed, near)]


def in_words(schema: Schema) -> str:
    """What a JSON schema allows."""
    unit = f" ({schema['unit']})" if schema.get("unit") else ""
    match schema:
        case {"anyOf": alternatives}:
            return " or ".join(in_words(one) for one in alternatives)
        case {"enum": choices}:
            return ", ".join(str(choice) for choice in choices)
        case {"const": only}:
            return str(only)
        case {"type": "integer"}:
            return f"an integer{_range(schema)}{unit}"
        case {"type": "number"}:
            return f"a number{_range(schema)}{unit}"
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "string"}:
            low, high = schema.get("minLength", 0), schema.get("maxLength")
            length = "" if high is None else f" of {f'{low} to' if low else 'at most'} {high:,} characters"
            return f"a {'name' if 'pattern' in schema else 'text'}{length}" + NAME_RULE * ("pattern" in schema)
        case {"type": "array", "items": {"type": "string"}}:
            return "a list of texts" + ", at least one" * ("minItems" in schema)
        case {"type": "array"}:
            return "a list of tables"
    return "a table"


def _range(schema: Schema) -> str:
    low, above, high = (schema.get(key) for key in ("minimum", "exclusiveMinimum", "maximum"))
    if high is None:
        return "" if low is None else f", {_plain(low)} or more"
    if above is None:
        return f", {_plain(low)} to {_plain(high)}"
    return f", above {_plain(above)} and at most {_plain(high)}"


def _plain(bound: Any) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:,.10g}"


def _locate(place: tuple[int | str, ...], raw: Any, schema: Schema) -> tuple[str, Schema, Schema]:
    """The dotted key of a place, the schema of the table it stands in, and its own."""
    steps: list[str] = []
    table = entry = schema
    for step in place:
        kinds = entry.get("discriminator", {}).get("mapping", {})
        if "anyOf" in entry:  # pydantic names each alternative that does not fit
            break
        if step in kinds and isinstance(step, str):  # pydantic names the kind of event, which is no key of the input
            entry = _resolve({"$ref": kinds[step]}, schema)
            continue
        try:
            raw = raw[step]
        except (LookupError, TypeError):
            raw = None
        name = raw.get("name") if isinstance(step, int) and isinstance(raw, dict) else None
        steps.append(name if isinstance(name, str) and name.isidentifier() else str(step))
        table = entry
        inner = entry.get("items", {}) if isinstance(step, int) else entry.get("properties", {}).get(step, {})
        entry = _resolve(inner, schema)
    return ".".join(steps), table, entry


def _resolve(entry: Schema, schema: Schema) -> Schema:
    """A schema without detours: references followed, null left out."""
    if "$ref" in entry:
        return _resolve(schema["$defs"][entry["$ref"].rsplit("/", 1)[-1]], schema)
    if "anyOf" in entry:
        alternatives = [one for one in entry["anyOf"] if one.get("type") != "null"]
        return entry if len(alternatives) > 1 else _resolve(alternatives[0], schema)
    return entry


def _dotted(schema: Schema) -> list[str]:
    """The keys of the tables at the top: ``section.name``."""
    sections = {name: _resolve(entry, schema) for name, entry in schema["properties"].items()}
    return [f"{name}.{key}" for name, section in sections.items() for key in section.get("properties", {})]


def _value(value: Any) -> str:
    """A value of the input as it may be shown: short, and as TOML would write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > 200:
            return f"an integer of about {value.bit_length() * 3 // 10:,} digits"
        case dict():
            return "a table"
        case list():
            return "a list" if value else "an empty list"
        case str():
            return repr(value) if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 3]!r}..."
    return str(value)


def _shown(text: str, what: str) -> str:
    """Text on one line: control characters escaped, the middle left out where it is long."""
    most = LONGEST[what]
    if len(text) > most:
        text = f"{text[: most - 40]} ... {text[-30:]}"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
