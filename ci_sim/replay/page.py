"""The page of a replay: everything that does not move; the script fills in the rest."""

from __future__ import annotations

import json
from importlib.metadata import version

from ci_sim import figures
from ci_sim.provenance import library_versions, limit_notice
from ci_sim.replay.data import NUMBERS, all_titles, data_element, titles_of
from ci_sim.replay.frames import Frames
from ci_sim.replay.worlds import Worlds, in_words
from ci_sim.report.assumptions import event_in_words
from ci_sim.report.downloads import bands
from ci_sim.report.markup import Markup, bundled, data_uri, document, paragraphs, table, tag
from ci_sim.report.sections import picture
from ci_sim.scenario import Scenario
from ci_sim.sweep.design import code_digest

__all__ = ["replay_page"]

SPEEDS = ((2, "slow"), (6, "medium"), (15, "fast"))
"""Months a second."""
KEYS = (
    ("Space", "play or pause"),
    ("Right, Left", "one month on or back"),
    ("Shift + Right, Left", "one year on or back"),
    ("Home, End", "the first or the last month"),
)
SHADES = ("below 20", "20 to 39", "40 to 59", "60 to 79", "80 and more")
PLACES = (("0", "gap: no program"), ("1", "covered: one program"), ("2", "duplicated: two or more"))
SECTORS = (("\u25a0", "government"), ("\u25cf", "civil society, or no sector given"), ("\u25b2", "business"))


def replay_page(frames: Frames, worlds: Worlds, command: str) -> str:
    """A replay as one HTML file. Equal frames give equal bytes."""
    scenario = frames.world.scenario
    first, second = titles_of(frames)
    title = scenario.title or scenario.name
    header = tag(
        "header",
        tag("p", "ci_sim replay: one possible history", class_="kicker"),
        tag("h1", f"{title}: same place, same luck, two futures"),
        *paragraphs(scenario.description)[:1],
        tag("noscript", tag("p", "This page needs scripts, which are all in this file.", class_="notice")),
    )
    main = tag(
        "main",
        _controls(frames),
        tag("p", "", id="said", role="status", class_="said"),
        _numbers(first, second),
        _view("chart", "The outcome over time", _chart_note(scenario), ("chart",), ("",)),
        _view("map", "Communities", _legend(_shades()), ("map-0", "map-1"), (first, second)),
        _view("grid", "Who works where", _legend(_places()), ("grid-0", "grid-1"), (first, second)),
        _network(frames, first, second),
        _beyond(frames, worlds),
        _how_to_use(),
        _origin(frames, command),
        id="content",
    )
    footer = tag("footer", tag("p", limit_notice(scenario)))
    body = Markup("\n".join((header, main, footer, data_element(frames, worlds))))
    styles = [bundled("ci_sim.report", "report.css"), bundled("ci_sim.replay", "replay.css")]
    script = Markup("\n".join(bundled("ci_sim.replay", name) for name in ("views.js", "replay.js")))
    return document("replay", title, body, styles, script=script)


def _controls(frames: Frames) -> Markup:
    buttons = (("play", "Play"), ("back", "Back"), ("step", "Step"), ("reset", "Reset"))
    options = [tag("option", f"{name}", value=months, selected=name == "medium") for months, name in SPEEDS]
    return tag(
        "div",
        tag("div", *(tag("button", words, type="button", id=name) for name, words in buttons), class_="buttons"),
        tag("label", tag("span", "Speed "), tag("select", *options, id="speed"), class_="speed"),
        tag(
            "label",
            tag("span", "Month", class_="caption"),
            tag("input", type="range", id="month", min=0, max=len(frames.months) - 1, step=1, value=0),
            tag("output", "0", id="when", for_="month"),
            class_="scrub",
        ),
        class_="controls",
        role="group",
        aria_label="Player for both futures",
    )


def _numbers(first: str, second: str) -> Markup:
    rows = [[f"{name} ({unit})", "", "", ""] for _, name, unit, _ in NUMBERS]
    made = table("Numbers of the month", ["", first, second, "Difference"], rows, class_="numbers", id="numbers")
    return tag("section", tag("h2", "Where they stand", id="h-numbers"), made, aria_labelledby="h-numbers")


def _view(name: str, title: str, note: Markup, slots: tuple[str, ...], titles: tuple[str, ...]) -> Markup:
    """A section with a panel for each side, or one for both."""
    panels = [
        tag("div", *([tag("h3", words)] if words else []), tag("div", id=slot), class_="panel")
        for slot, words in zip(slots, titles, strict=True)
    ]
    heading = tag("h2", title, id=f"h-{name}")
    return tag("section", heading, note, tag("div", *panels, class_="sides"), aria_labelledby=f"h-{name}")


def _chart_note(scenario: Scenario) -> Markup:
    explained = tag(
        "p",
        "Lines: this world, one possible history. Bands: in 8 of 10 simulated worlds the outcome was in this band. "
        "0 is what chance gives, 100 the best achievable.",
    )
    events = sorted(scenario.events, key=lambda event: event.month)
    told = [tag("li", f"Month {event.month}: {event.note or event_in_words(event)}") for event in events]
    listed = [tag("p", "Dashed upright lines are events:"), tag("ul", *told)] if told else []
    return Markup("".join([explained, *listed]))


def _legend(entries: Markup) -> Markup:
    return tag("ul", entries, class_="legend")


def _shades() -> Markup:
    shades = [tag("li", tag("span", "", class_=f"swatch level-{n}"), words) for n, words in enumerate(SHADES)]
    return Markup("".join([*shades, tag("li", "\u25c6 priority group; the bar and the number are the outcome")]))


def _places() -> Markup:
    return Markup("".join(tag("li", tag("span", sign, class_=f"swatch place-{sign}"), words) for sign, words in PLACES))


def _network(frames: Frames, first: str, second: str) -> Markup:
    if frames.sides[0].trust is None:
        count = len(frames.world.state.organizations)
        note = tag("p", f"The network of {count:,} organizations is too large for this page.")
        return tag("section", tag("h2", "Who trusts whom", id="h-net"), note, aria_labelledby="h-net")
    sectors = [tag("li", f"{sign} {words}") for sign, words in SECTORS]
    more = [tag("li", "filled: takes part; hollow: does not; crossed: closed"), tag("li", "wider line: more trust")]
    legend = _legend(Markup("".join([*sectors, *more])))
    return _view("net", "Who trusts whom", legend, ("net-0", "net-1"), (first, second))


def _beyond(frames: Frames, worlds: Worlds) -> Markup:
    """The panel that keeps the one history in proportion."""
    scenario, titles, named = frames.world.scenario, titles_of(frames), all_titles(frames)
    events = [(event.month, event.note) for event in scenario.events]
    here = float(frames.sides[1].records["indicator"][-1] - frames.sides[0].records["indicator"][-1])
    drawn = figures.trajectories(
        worlds.timeseries,
        named,
        title=scenario.title or scenario.name,
        threshold=scenario.horizon.threshold,
        events=events,
    )
    words = figures.trajectories_in_words(worlds.timeseries, named)
    data = bands(worlds.timeseries, named, ("indicator",))
    heading = f"The same two futures in {len(worlds.differences)} worlds"
    return tag(
        "section",
        tag("h2", "Beyond this one history", id="h-beyond"),
        tag("p", in_words(worlds, here, titles, scenario.horizon.months), class_="lead"),
        picture(heading, drawn, words, "worlds.csv", data, _about(frames)),
        aria_labelledby="h-beyond",
    )


def _how_to_use() -> Markup:
    rows = [[keys, what] for keys, what in KEYS]
    return tag(
        "section",
        tag("h2", "How to use it", id="h-keys"),
        tag("p", "Both sides move together. Keys work unless a link, a list or a scrolling box has the focus:"),
        table("Keys", ["Key", "What it does"], rows),
        tag(
            "p",
            "Where the system asks for reduced motion, playing goes year by year, slowly, and nothing slides. The page "
            "asks for nothing outside this file; it may be copied and opened anywhere.",
        ),
        aria_labelledby="h-keys",
    )


def _about(frames: Frames) -> dict[str, str]:
    """What every file that leaves the page says of itself."""
    world, scenario = frames.world, frames.world.scenario
    return {
        "scenario": f"{scenario.title or scenario.name} ({scenario.name}, hash {scenario.hash})",
        "seed": str(world.seed),
        "world replayed": str(world.replication),
        "ci_sim version": version("ci_sim"),
        "limits": limit_notice(scenario),
    }


def _origin(frames: Frames, command: str) -> Markup:
    design = {
        "kind": "replay",
        "scenario": frames.world.scenario.model_dump(mode="json"),
        "arms": [side.arm.model_dump(mode="json") for side in frames.sides],
        "seed": frames.world.seed,
        "replication": frames.world.replication,
        "code": code_digest(),
        "versions": {"ci_sim": version("ci_sim")} | library_versions(),
    }
    whole = data_uri("application/json", (json.dumps(design, indent=1, sort_keys=True) + "\n").encode())
    rows = [["command", tag("code", command, class_="anywhere")], *map(list, _about(frames).items())]
    return tag(
        "section",
        tag("h2", "Where this comes from", id="h-origin"),
        table("Origin", ["What", "Value"], rows),
        tag("p", tag("a", "The whole design (JSON)", href=whole, download="design.json")),
        aria_labelledby="h-origin",
    )
