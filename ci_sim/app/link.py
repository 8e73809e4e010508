"""A view as the query string of a link, and back: a link reproduces a picture, and can be cited.

A citation is a content hash of scenario, seed and version; beside it stands a digest of the numbers shown, so that a
later version can say whether they still hold.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from urllib.parse import parse_qsl, urlencode

from ci_sim.app.cases import LARGEST_FILE, open_case
from ci_sim.app.state import Overrides, View
from ci_sim.complaints import Complaint, InputError
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario import Scenario

__all__ = ["VERSION", "Opened", "citation", "parse_link", "write_link"]

VERSION = version("ci_sim")
LONGEST = 60_000
"""Characters of a query string that are read."""
LONGEST_FILE = 24_000
"""Characters an opened file may take in a link; a longer one is opened again by hand."""


@dataclass(frozen=True)
class Opened:
    """What a link came to: a view, what was wrong with it, and what it claims about its numbers."""

    view: View
    trouble: InputError | None = None
    version: str = ""
    cited: str = ""
    numbers: str = ""


def citation(scenario: Scenario, seed: int, of_version: str = VERSION) -> str:
    """Content hash of scenario, seed and version, 12 hex digits."""
    return hashlib.sha256(f"{scenario.hash} {seed} {of_version}".encode()).hexdigest()[:12]


def write_link(view: View, scenario: Scenario, numbers: str = "") -> str:
    """The query string of a view, without the question mark."""
    pairs: list[tuple[str, str]] = [("page", view.page), ("scenario", view.scenario)]
    packed = _pack(view.file)
    if view.file:
        pairs.append(("file", packed if len(packed) <= LONGEST_FILE else "too-long"))
    pairs += view.overrides
    if view.baseline:
        pairs.append(("baseline", ",".join(f"{key}:{value}" for key, value in view.baseline)))
    pairs += [("arms", ",".join(view.arms)), ("seed", str(view.seed))]
    if view.month is not None:
        pairs.append(("month", str(view.month)))
    pairs += [*view.choices, ("lang", view.language), ("version", VERSION), ("cite", citation(scenario, view.seed))]
    if numbers:
        pairs.append(("numbers", numbers))
    return urlencode(pairs, safe=",:+ ").replace(" ", "+")


def parse_link(query: str, pages: tuple[str, ...], languages: tuple[str, ...]) -> Opened:
    """The view a query string stands for; whatever is wrong with it, the default view and what was wrong."""
    language = next((v for k, v in parse_qsl(query[:LONGEST], errors="replace") if k == "lang" and v in languages), "")
    fallback = View(page=pages[0], language=language or languages[0])
    try:
        if len(query) > LONGEST:
            raise _wrong("", f"more than {LONGEST:,} characters", "a link as this app makes them")
        pairs = dict(parse_qsl(query, keep_blank_values=True, errors="replace"))
        view = _view(pairs, fallback, pages)
        open_case(view)
        if view.baseline:
            open_case(replace(view, overrides=view.baseline))
    except InputError as error:
        return Opened(fallback, error)
    return Opened(view, None, pairs.get("version", "")[:30], pairs.get("cite", "")[:30], pairs.get("numbers", "")[:30])


def _view(pairs: dict[str, str], fallback: View, pages: tuple[str, ...]) -> View:
    page = pairs.get("page", fallback.page)
    if page not in pages:
        raise _wrong("page", repr(page), ", ".join(pages))
    month = pairs.get("month")
    arms = tuple(dict.fromkeys(filter(None, pairs.get("arms", ",".join(fallback.arms)).split(","))))
    view = View(
        page=page,
        scenario=pairs.get("scenario", fallback.scenario),
        file=_unpack(pairs["file"]) if "file" in pairs else "",
        overrides=tuple(sorted((key, value) for key, value in pairs.items() if key in PARAMETERS)),
        baseline=_baseline(pairs.get("baseline", "")),
        arms=arms or fallback.arms,
        seed=_whole("seed", pairs.get("seed", "1"), 0, 2**63 - 1),
        month=None if month is None else _whole("month", month, 1, 1200),
        language=fallback.language,
        choices=tuple(sorted((k, v[:200]) for k, v in pairs.items() if k.partition(".")[0] in pages and "." in k)),
    )
    known = {"page", "scenario", "file", "baseline", "arms", "seed", "month", "lang", "version", "cite", "numbers"}
    for key, value in pairs.items():
        if key not in known and key not in PARAMETERS and key not in dict(view.choices):
            return view.override(key, value)  # open_case says what is wrong with it
    return view


def _baseline(text: str) -> Overrides:
    pairs = [part.partition(":") for part in text.split(",") if part]
    return tuple(sorted((key, value) for key, _, value in pairs))


def _whole(key: str, text: str, low: int, high: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
    if not low <= number <= high:
        raise _wrong(key, repr(text), f"an integer, {low:,} to {high:,}")
    return number


def _pack(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpack(packed: str) -> str:
    if packed == "too-long":
        raise _wrong("file", "a scenario file too long for a link", "the file itself: open it, then the link again")
    try:
        content = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        reader = zlib.decompressobj()
        text = reader.decompress(content, LARGEST_FILE)
        if reader.unconsumed_tail or not reader.eof:
            raise _wrong("file", "a file that is cut off or too large", "a scenario as this app packs it")
        return text.decode()
    except (binascii.Error, zlib.error, ValueError):
        raise _wrong("file", "something that is no scenario file", "a scenario as this app packs it") from None


def _wrong(key: str, found: str, allowed: str) -> InputError:
    return InputError("link", [Complaint(key, found, allowed)])
