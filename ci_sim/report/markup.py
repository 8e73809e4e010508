"""HTML by construction: what is not made by :func:`tag` is text and is escaped. Scenario files are anybody's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib.metadata import version
from importlib.resources import files

__all__ = ["Markup", "bundled", "data_uri", "document", "join", "paragraphs", "scrolling", "table", "tag"]

VOID = ("br", "img", "input", "meta", "wbr")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def join(parts: Iterable[str]) -> Markup:
    """Parts one after the other; those that are no markup are escaped, control and direction characters left out."""
    return Markup("".join(part if isinstance(part, Markup) else escape(_shown(part)) for part in parts))


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def tag(name: str, /, *content: str, **attributes: str | int | bool | None) -> Markup:
    """An element.

    Parameters
    ----------
    content : markup as it is, any other text escaped.
    attributes : an underscore at the end is dropped, others become hyphens; None and False leave the attribute out.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(_shown(str(value)))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(content)}</{name}>")


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], **attributes: str) -> Markup:
    """A table with a caption, headings of columns, and in its first column headings of rows.

    It scrolls in a box of its own where the window is narrower, and can be scrolled by keyboard.
    """
    head = tag("tr", *(tag("th", heading, scope="col") for heading in headings))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) + Markup("\n") for row in rows
    ]
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *map(Markup, body)), **attributes)
    return scrolling(whole, caption)


def paragraphs(text: str) -> list[Markup]:
    """A text of paragraphs, parted by empty lines."""
    return [tag("p", " ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def scrolling(content: str, label: str) -> Markup:
    """A box that scrolls sideways by itself, so that the page never does."""
    return tag("div", content, class_="scroll", tabindex="0", role="group", aria_label=label)


def data_uri(kind: str, content: bytes) -> str:
    """Content as an address, so that it needs no second file."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def bundled(package: str, name: str) -> Markup:
    """A style sheet or script that comes with a package."""
    return Markup(files(package).joinpath(name).read_text(encoding="utf-8"))


def _fingerprint(script: str) -> str:
    """By it the policy knows the one script that may run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def document(kind: str, title: str, body: Markup, styles: Sequence[Markup], *, script: Markup | None = None) -> str:
    """A whole page; its security policy forbids whatever is not in the file, should anything ask for it.

    Parameters
    ----------
    kind : of page, by which an earlier one is known.
    """
    scripts = "" if script is None else f"script-src '{_fingerprint(script)}'; "
    policy = (
        f"default-src 'none'; {scripts}style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="generator", content=f"ci-sim {kind} {version('ci_sim')}"),
        tag("title", f"{title} - ci_sim {kind}"),
        *(tag("style", style) for style in styles),
    ]
    scripting = [] if script is None else [tag("script", script)]
    skip = tag("a", "Skip to the content", href="#content", class_="skip")
    page = tag("html", tag("head", *head), tag("body", skip, body, *scripting), lang="en")
    return f"<!doctype html>\n{page}\n"
