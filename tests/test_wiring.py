"""The picture of a scenario's wiring: the right arrows, nothing that overlaps, and the same in tables and in words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text

from ci_sim import figures
from ci_sim.cli import main
from ci_sim.drawing import draw_wiring, open_world
from ci_sim.figures.links import dependencies, link_table, mandate_table, mandates, wiring_in_words
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, shipped_questions, shipped_scenarios

PROBLEMS = [name for name in shipped_scenarios() if name not in shipped_questions()]
THREE = """
[problem]
wiring = "explicit"
communities = 2
[[levers]]
name = "homes"
depends_on = [{ lever = "rent", because = "paid from it" }]
[[levers]]
name = "rent"
depends_on = [{ lever = "homes" }]
[[levers]]
name = "jobs"
depends_on = [{ lever = "rent" }]
[[groups]]
name = "shops"
sector = "business"
count = 2
levers = ["jobs"]
[[groups]]
name = "city"
sector = "government"
count = 1
levers = ["homes", "rent"]
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def three(case: Callable[..., Scenario]) -> Any:
    return open_world(case(more=THREE), 1, 0)


def assert_no_text_overlaps(figure: Figure) -> None:
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [text.get_window_extent() for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, f"{text} leaves the figure sideways"
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1, f"{text} leaves the figure"
    for (one, first), (other, second) in combinations(zip(texts, boxes, strict=True), 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide <= 1 or high <= 1, f"{one} overlaps {other}"


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_scenario_can_be_drawn_legibly(name: str) -> None:
    scenario = read_scenario(name)
    figure = figures.wiring(open_world(scenario, 1, 0), note="Not a forecast.")
    assert_no_text_overlaps(figure)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    links = sum(len(lever.depends_on) for lever in scenario.levers)
    assert len(arrows) == (links or scenario.problem.levers * scenario.problem.interdependence)
    said = " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))
    for lever in scenario.levers:
        assert lever.title.split()[0] in said
    assert "Not a forecast." in said


@pytest.mark.parametrize(
    "overrides",
    [
        ("problem.levers=60", "problem.interdependence=9", "organizations.count=300"),
        ("problem.levers=2", "problem.interdependence=1", "organizations.mandate=1", "organizations.count=2"),
        (f"title={'A very long title of a scenario ' * 6}",),
    ],
)
def test_extremes_are_legible(case: Callable[..., Scenario], overrides: tuple[str, ...]) -> None:
    assert_no_text_overlaps(figures.wiring(open_world(case(*overrides), 1, 0)))


def test_long_names_are_legible(case: Callable[..., Scenario]) -> None:
    long = THREE.replace('name = "homes"', f'name = "homes"\ntitle = "{"Homes for everybody " * 9}"')
    assert_no_text_overlaps(figures.wiring(open_world(case(more=long), 1, 0)))


def test_arrows_run_from_what_is_depended_on(three: Any) -> None:
    assert np.argwhere(dependencies(three)).tolist() == [[0, 1], [1, 0], [2, 1]]
    figure = figures.wiring(three)
    dots = figure.axes[0].collections[0].get_offsets()
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    ends = [patch._posA_posB for patch in arrows]
    assert [tuple(dots[1]), tuple(dots[0]), tuple(dots[1])] == [tuple(start) for start, _ in ends]
    assert [tuple(dots[0]), tuple(dots[1]), tuple(dots[2])] == [tuple(end) for _, end in ends]


def test_tables_say_the_same(three: Any) -> None:
    links = link_table(three)
    assert links[["lever", "depends_on"]].to_numpy().tolist() == [
        ["homes", "rent"],
        ["rent", "homes"],
        ["jobs", "rent"],
    ]
    assert links["because"].tolist() == ["paid from it", "", ""]
    assert mandates(three).names == ["city", "shops"], "sector by sector"
    assert mandate_table(three).to_numpy().tolist() == [
        ["city", "government", 1, "homes", 1],
        ["city", "government", 1, "rent", 1],
        ["shops", "business", 2, "jobs", 2],
    ]


def test_words_count_what_there_is(three: Any, case: Callable[..., Scenario]) -> None:
    words = wiring_in_words(three)
    assert "3 levers, 3 links: each depends on 1 others" in words
    assert "Most is driven by: rent (2), homes (1), jobs (0)." in words
    assert "2 of them depend on one another, directly or through others." in words
    assert "1 of the 3 links join two levers that no single organization may work on both." in words
    assert "no link: a technical problem" in wiring_in_words(open_world(case("problem.interdependence=0"), 1, 0))


def test_drawn_wirings_differ_from_world_to_world_and_explicit_ones_do_not(case: Callable[..., Scenario]) -> None:
    drawn, listed = case(), case(more=THREE)
    assert not np.array_equal(dependencies(open_world(drawn, 1, 0)), dependencies(open_world(drawn, 1, 1)))
    assert np.array_equal(dependencies(open_world(listed, 1, 0)), dependencies(open_world(listed, 1, 1)))


def test_the_command_writes_picture_and_tables_the_same_bytes_again() -> None:
    first = CliRunner().invoke(main, ["draw", "homelessness"])
    assert first.exit_code == 0, first.output
    assert "53 links" in first.stdout
    assert "Not a forecast" in first.stdout
    (folder,) = Path("results").iterdir()
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(contents) == {"README.md", "links.csv", "mandates.csv", "wiring.png", "wiring.svg"}
    assert len(pd.read_csv(folder / "links.csv")) == 53
    assert b"Not a forecast" in contents["README.md"]
    assert b"Not a forecast" in contents["wiring.svg"]
    assert CliRunner().invoke(main, ["draw", "homelessness"]).exit_code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == contents


def test_a_folder_with_anything_else_is_left_alone(three: Any) -> None:
    Path("full").mkdir()
    Path("full/wiring.png").write_text("mine")
    result = CliRunner().invoke(main, ["draw", "default", "--out", "full"])
    assert result.exit_code == 2
    assert "--out: full: found files in it; allowed: an empty folder, a new one, or one of this very" in result.stderr
    assert Path("full/wiring.png").read_text() == "mine"
    Path("other").mkdir()
    draw_wiring(three, Path("other"))
    assert CliRunner().invoke(main, ["draw", "default", "--out", "other"]).exit_code == 2
    assert CliRunner().invoke(main, ["draw", "default", "--out", "full/wiring.png"]).exit_code == 2
    assert CliRunner().invoke(main, ["draw", "defalt"]).exit_code == 2
