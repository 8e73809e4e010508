"""The frames of a replay: the kernel's own months, no more and no fewer than promised."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ci_sim.arms import STANDARD_ARMS
from ci_sim.replay.data import NUMBERS, data_element
from ci_sim.replay.frames import Frames, frames_of
from ci_sim.replay.page import replay_page
from ci_sim.replay.worlds import WORLDS, in_words, many_worlds
from ci_sim.scenario import Scenario
from ci_sim.simulate import simulate

Case = Callable[..., Scenario]
ARMS = [STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"]]
SMALL = ("problem.levers=5", "problem.interdependence=2", "problem.communities=4", "organizations.count=6")
EVENTS = '[[events]]\nkind = "shock"\nmonth = 40\nshare = 0.5\n[[events]]\nkind = "exit"\nmonth = 60\nshare = 0.3\n'


def quiet(_done: int, _of: int) -> None:
    """No progress."""


@pytest.fixture(scope="module")
def scenario(case: Case) -> Scenario:
    """Beyond one block of luck, with a shock and closures."""
    return case(*SMALL, "horizon.months=130", more=EVENTS)


@pytest.fixture(scope="module")
def frames(scenario: Scenario) -> Frames:
    return frames_of(scenario, ARMS, 3, 1)


def test_month_by_month_is_bit_for_bit_the_run(scenario: Scenario, frames: Frames) -> None:
    assert frames.months == list(range(131))
    for side, arm in zip(frames.sides, ARMS, strict=True):
        run = simulate(scenario, 3, arm)
        assert side.records.tobytes() == run.records.tobytes()
        state = run.state
        assert np.array_equal(side.providers[-1], np.minimum(state.providers, 255))
        assert np.array_equal(side.indicators[-1], np.rint(100 * state.communities["indicator"]))
        assert np.array_equal(side.standing[-1] == 1, state.organizations["member"])
        assert np.array_equal(side.standing[-1] == 2, ~state.organizations["active"])
    assert (frames.sides[1].standing[-1] == 2).any(), "somebody closed"


def test_frames_agree_with_what_is_recorded(frames: Frames) -> None:
    side = frames.sides[1]
    assert np.allclose((side.providers > 0).mean(axis=(1, 2)), side.records["coverage"])
    assert np.allclose(side.indicators.mean(axis=1), 100 * side.records["indicator"], atol=0.5)
    assert side.trust is not None
    first, second = np.triu_indices(side.standing.shape[1], 1)
    both = (side.standing[:, first] == 1) & (side.standing[:, second] == 1)
    assert not side.trust[~both].any()


def test_headline_numbers_are_the_kernels(frames: Frames, scenario: Scenario) -> None:
    worlds = many_worlds(scenario, ARMS, 1, quiet)
    text = str(data_element(frames, worlds))
    data = json.loads(text.partition(">")[2].removesuffix("</script>"))
    for side, told in zip(frames.sides, data["sides"], strict=True):
        for (column, _, _, digits), values in zip(NUMBERS, told["numbers"], strict=True):
            if column != "trust":
                assert values == pytest.approx(100 * side.records[column], abs=0.51 * 10.0**-digits)
        raw = base64.b64decode(told["indicators"])
        assert np.array_equal(np.frombuffer(raw, "<i2").reshape(side.indicators.shape), side.indicators)
    assert data["sides"][0]["numbers"][-1] == [None] * 131, "nobody takes part in anything, hence no trust"


def test_the_sentence_is_about_the_many_worlds(frames: Frames, scenario: Scenario) -> None:
    worlds = many_worlds(scenario, ARMS, 1, quiet)
    assert worlds.differences.shape == (WORLDS,)
    here = float(frames.sides[1].records["indicator"][-1] - frames.sides[0].records["indicator"][-1])
    assert worlds.differences[3] == here, "the world replayed is one of them"
    assert "B ends" in in_words(worlds, here, ("A", "B"), 130)
    level = worlds._replace(differences=worlds.differences - worlds.differences.mean())
    assert "B cannot be told apart from A" in in_words(level, 0.0, ("A", "B"), 130)


def test_equal_frames_give_equal_bytes(scenario: Scenario, frames: Frames) -> None:
    worlds = many_worlds(scenario, ARMS, 1, quiet)
    page = replay_page(frames, worlds, "ci-sim replay x")
    assert page == replay_page(frames_of(scenario, ARMS, 3, 1), worlds, "ci-sim replay x")


def test_a_large_world_stays_under_five_megabytes(case: Case) -> None:
    large = case(
        "problem.levers=14", "problem.interdependence=0", "problem.communities=200", "organizations.count=60",
        "horizon.months=480", "organizations.attempts=0", "conditions.common_agenda=0",
    )  # fmt: skip
    frames = frames_of(large, ARMS, 0, 1)
    assert frames.months[0] == 0 and frames.months[-1] == 480
    assert 1 < frames.months[1] <= 6, "not every month fits"
    size = sum(part.nbytes for side in frames.sides for part in (side.providers, side.standing, side.indicators))
    size += sum(side.trust.nbytes for side in frames.sides if side.trust is not None)
    assert size * 4 / 3 < 4_600_000


def test_the_default_replay_is_small(tmp_path: Path, ci_sim: Any) -> None:
    out = tmp_path / "replay.html"
    assert ci_sim("replay", "default", "--out", out).exit_code == 0
    assert out.stat().st_size < 1_000_000


def test_many_organizations_have_no_network(case: Case) -> None:
    crowd = case(*SMALL[:3], "organizations.count=70", "horizon.months=2")
    frames = frames_of(crowd, ARMS, 0, 1)
    assert all(side.trust is None for side in frames.sides)
    worlds = many_worlds(crowd, ARMS, 1, quiet)
    assert "70 organizations is too large" in replay_page(frames, worlds, "")


def test_what_cannot_be_shown_is_refused(ci_sim: Any, tmp_path: Path) -> None:
    for options, said in (
        (("--set", "problem.communities=201"), "at most 200"),
        (("--arms", "isolated"), "two different arms"),
        (("--arms", "isolated,isolated"), "two different arms"),
        (("--arms", "isolated,colective_impact"), "collective_impact"),
        (("--out", tmp_path / "x.pdf"), ".html"),
    ):
        ended = ci_sim("replay", "default", "--months", 2, *options)
        assert ended.exit_code == 2, ended.output
        assert ended.output.startswith("Error: ") and said in ended.output
    assert not list(tmp_path.iterdir())


class Scripts(HTMLParser):
    """The kinds of the scripts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.kinds: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.kinds.append(dict(attrs).get("type"))


def test_no_name_in_the_data_ends_their_element(pages: Any) -> None:
    page = pages.replay.read_text(encoding="utf-8")
    assert Scripts(page).kinds == ["application/json", None]
    assert "window.hacked" in page
