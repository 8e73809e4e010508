"""Figures: drawn for ordinary and extreme cases without a warning, legible, within their bounds, saved whole or not."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from ci_sim import figures
from ci_sim.arms import STANDARD_ARMS
from ci_sim.entries import CustomArm
from ci_sim.figures.courses import LABELS
from ci_sim.figures.page import SMALL, lay_apart, shorten, text_width, wrap
from ci_sim.figures.worlds import arm_style
from ci_sim.scenario import Scenario
from ci_sim.simulate import Trajectory, simulate_arms

Case = Callable[..., Scenario]

STANDARD = list(STANDARD_ARMS.values())
LONG = "Common agenda and continuous communication with half the staff, for $5 or $6 a head, variant number"
SEVEN = [*STANDARD, *(CustomArm(name=f"long_{n}", title=f"{LONG}{n}", backbone=n / 4) for n in range(3))]
GROUP_NAMES = {"shops": "business", "a_long_name_" + "that_goes_on_" * 3: "government", "aid": "civil society"}
GROUPS = "".join(
    f'[[groups]]\nname = "{name}"\nsector = "{sector}"\ncount = {{{key}}}\n'
    for key, (name, sector) in enumerate(GROUP_NAMES.items())
)
CLOSURES = '[[events]]\nkind = "exit"\nmonth = 2\nshare = 0.2\n'


def run(scenario: Scenario, arms: Sequence[CustomArm] = STANDARD, worlds: int = 1) -> list[Trajectory]:
    return list(simulate_arms(scenario, arms, range(worlds)))


def table(trajectories: Sequence[Trajectory]) -> pd.DataFrame:
    """The time series as ``ci_sim.sweep`` stores them."""
    parts = [
        one.table.reset_index().assign(arm=one.arm.name, replication=one.world.replication) for one in trajectories
    ]
    return pd.concat(parts, ignore_index=True)


def titles_of(arms: Sequence[CustomArm]) -> dict[str, str]:
    return {arm.name: arm.title for arm in arms}


@pytest.fixture(scope="module")
def ordinary(case: Case) -> list[Trajectory]:
    return run(case(), worlds=3)


@pytest.fixture(scope="module")
def tiny(case: Case) -> list[Trajectory]:
    return run(
        case(
            "problem.levers=2", "problem.communities=1", "problem.interdependence=1", "organizations.count=2",
            "organizations.mandate=1", "horizon.months=12",
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def seven(case: Case) -> list[Trajectory]:
    return run(case("problem.communities=3", "horizon.months=9"), SEVEN, worlds=2)


@pytest.fixture(params=["ordinary", "tiny", "seven"])
def any_case(request: pytest.FixtureRequest) -> tuple[pd.DataFrame, dict[str, str]]:
    trajectories: list[Trajectory] = request.getfixturevalue(request.param)
    return table(trajectories), titles_of([one.arm for one in trajectories])


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def said(figure: Figure) -> str:
    """Every word on a figure, lines joined."""
    return "\n".join(" ".join(text.get_text().split()) for text in texts(figure))


def assert_legible(figure: Figure) -> None:
    """Letters are large enough, no text leaves the figure, no two overlap."""
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    shown = texts(figure)
    boxes = [Text.get_window_extent(text) for text in shown]
    whole = figure.bbox
    for text, box in zip(shown, boxes, strict=True):
        assert text.get_fontsize() >= 9, text
        assert box.x0 >= whole.x0 and box.x1 <= whole.x1, f"{text} leaves the figure sideways"
        assert box.y0 >= whole.y0 and box.y1 <= whole.y1, f"{text} leaves the figure"
    tolerance = 0.6  # pixels; letters' boxes are rounded outwards
    for (one, a), (other, b) in itertools.combinations(zip(shown, boxes, strict=True), 2):
        apart = a.x1 - tolerance <= b.x0 or b.x1 - tolerance <= a.x0
        apart = apart or a.y1 - tolerance <= b.y0 or b.y1 - tolerance <= a.y0
        assert apart, f"{one.get_text()!r} overlaps {other.get_text()!r}"


def styles(figure: Figure) -> set[tuple[object, ...]]:
    """Looks of the lines of the first axes that stand for arms."""
    return {(line.get_color(), str(line._unscaled_dash_pattern)) for line in arms_lines(figure)}  # type: ignore[attr-defined]


def arms_lines(figure: Figure) -> list[Line2D]:
    return [line for line in figure.axes[0].get_lines() if line.get_linewidth() == 2.0]


# --- trajectories ------------------------------------------------------------------------------------------------


def test_trajectories(any_case: tuple[pd.DataFrame, dict[str, str]]) -> None:
    series, titles = any_case
    figure = figures.trajectories(series, titles, title="Title", threshold=0.5, note="Not a forecast.")
    assert_legible(figure)
    assert len(arms_lines(figure)) == len(titles)
    assert len(styles(figure)) == len(titles)
    axes = figure.axes[0]
    assert axes.get_ylabel() == "Indicator (0 = what chance gives, 100 = best achievable)"
    assert axes.get_xlabel() in ("Time (years)", "Time (months)")
    words = said(figure)
    assert "Bands: in 8 of 10 simulated worlds the value was in this band; line: median." in words
    assert "Not a forecast." in words and "threshold 50" in words
    for title in titles.values():
        assert title in words, "every arm has its whole title beside its line"


def test_number_of_worlds(ordinary: list[Trajectory], tiny: list[Trajectory]) -> None:
    for trajectories, expected in ((ordinary, "3 worlds."), (tiny, "1 world,")):
        figure = figures.trajectories(table(trajectories), {}, title="")
        assert expected in said(figure)


def test_the_line_is_the_median_and_the_band_the_middle_8_of_10() -> None:
    worlds = np.arange(11) / 10
    series = pd.DataFrame({"arm": "a", "replication": range(11), "month": 0, "indicator": worlds})
    series = pd.concat([series, series.assign(month=1)])
    figure = figures.trajectories(series.astype({"arm": "category"}), {"a": ""}, title="")
    (line,) = arms_lines(figure)
    assert np.allclose(line.get_ydata(), 50)
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    assert np.allclose([band[:, 1].min(), band[:, 1].max()], [10, 90])
    assert figures.trajectories_in_words(series, {"a": "One"}).endswith("One 50 (in 8 of 10 worlds 10 to 90).")


def test_trajectories_in_words(any_case: tuple[pd.DataFrame, dict[str, str]]) -> None:
    series, titles = any_case
    words = figures.trajectories_in_words(series, titles)
    assert "\n" not in words and all(title in words for title in titles.values())
    assert ("8 of 10 worlds" in words) == (series["replication"].max() > 0)


@pytest.mark.parametrize(
    ("months", "unit", "last"),
    [(1, "months", "1"), (12, "months", "12"), (18, "months", "18"), (48, "years", "4"), (1200, "years", "100")],
)
def test_axis_of_time(months: int, unit: str, last: str) -> None:
    series = pd.DataFrame({"arm": "a", "replication": 0, "month": range(months + 1), "indicator": 0.5})
    figure = figures.trajectories(series, {}, title="")
    assert_legible(figure)
    axes = figure.axes[0]
    assert axes.get_xlabel() == f"Time ({unit})"
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "0" and labels[-1] == last and 2 <= len(labels) <= 13


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([(48, "Funding ends"), (50, "Rent shock"), (120, "The end")], ["Funding ends", "Rent shock", "The end"]),
        ([(48, ""), (48, "One."), (48, "Two")], ["One; Two"]),
        ([(60, "")], ["month 60"]),
        ([(60, "A long note. " * 12)], ["Events: 1 (month 60) A long note. A long"]),
        ([(n, f"Happening in $month$ {n}") for n in range(1, 100)], ["Events: 1 (month 1) Happening", "and 79 more."]),
    ],
)
def test_events(ordinary: list[Trajectory], events: list[tuple[int, str]], expected: list[str]) -> None:
    figure = figures.trajectories(table(ordinary), titles_of(STANDARD), title="", events=events)
    assert_legible(figure)
    words = said(figure)
    assert all(part in words for part in expected)
    vertical = [line for line in figure.axes[0].get_lines() if len(set(line.get_xdata())) == 1]
    assert len(vertical) == len({month for month, _ in events})


def test_values_beyond_0_and_100_are_shown() -> None:
    series = pd.DataFrame({"arm": "a", "replication": 0, "month": [0, 1], "indicator": [-0.34, 1.12]})
    low, high = figures.trajectories(series, {}, title="").axes[0].get_ylim()
    assert low <= -34 and high >= 112


def test_arms_keep_their_look_in_every_figure(seven: list[Trajectory]) -> None:
    series, titles = table(seven), titles_of(SEVEN)
    few = figures.trajectories(series[series["arm"] == "collective_impact"], titles, title="")
    assert styles(few) < styles(figures.trajectories(series, titles, title=""))


def test_35_arms_look_different() -> None:
    names = [f"arm_{n}" for n in range(35)]
    assert len({arm_style(name, {}, names) for name in names}) == 35


def test_strange_titles() -> None:
    series = pd.DataFrame({"arm": "a", "replication": 0, "month": [0, 1], "indicator": 0.5})
    for title in ("$x_1$ costs $5", "_hidden", "two\nlines\tand\x07a bell", "x" * 300, "", "50 % \\alpha ^ _ {"):
        assert_legible(figures.trajectories(series, {"a": title}, title=title, note=title, events=[(1, title)]))


# --- maturities --------------------------------------------------------------------------------------------------


def test_maturities(any_case: tuple[pd.DataFrame, dict[str, str]]) -> None:
    series = any_case[0]
    figure = figures.maturities(series[series["arm"] == "collective_impact"], title="All five")
    assert_legible(figure)
    assert len(figure.axes) == 5
    assert all(len(axes.get_lines()) == 1 and axes.get_xlabel().startswith("Time (") for axes in figure.axes)
    assert "Maturity (0 = absent, 100 = fully in place)" in said(figure)
    for name in ("Common agenda", "Shared measurement", "Mutually reinforcing", "Continuous communication", "Backbone"):
        assert name in said(figure)


def test_maturities_of_two_arms_are_refused(ordinary: list[Trajectory]) -> None:
    with pytest.raises(ValueError, match="one arm"):
        figures.maturities(table(ordinary), title="")


# --- group gap ---------------------------------------------------------------------------------------------------


def test_group_gap(any_case: tuple[pd.DataFrame, dict[str, str]]) -> None:
    series, titles = any_case
    figure = figures.group_gap(series, titles, title="Who gains")
    assert_legible(figure)
    assert len(figure.axes) == len(titles)
    for axes in figure.axes:
        assert len(axes.get_lines()) == 3 and axes.get_xlabel().startswith("Time (")
        assert re.search(r"mean \S+, (gap \S+|no other)", axes.get_title(loc="left").replace("\n", " "))
    assert "Indicator (0 = what chance gives, 100 = best achievable)" in said(figure)


def test_the_gap_between_the_lines_is_the_one_written(ordinary: list[Trajectory]) -> None:
    series = table(ordinary)
    last = series[(series["arm"] == "isolated") & (series["month"] == series["month"].max())]
    gap = round(100 * float((last["rest_indicator"] - last["priority_indicator"]).mean()))
    axes = figures.group_gap(series, titles_of(STANDARD), title="").axes[0]
    rest, _, priority = (float(line.get_ydata()[-1]) for line in axes.get_lines())  # type: ignore[index]
    assert round(rest - priority) == gap
    assert f"gap {gap}".replace("-", "\u2212") in axes.get_title(loc="left")


# --- coverage ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levers", "communities", "numbers"),
    [(2, 1, True), (12, 20, True), (60, 1, True), (5, 100, False), (60, 500, False)],
)
def test_coverage(case: Case, levers: int, communities: int, numbers: bool) -> None:
    scenario = case(
        f"problem.levers={levers}", f"problem.communities={communities}", "problem.interdependence=1",
        "organizations.mandate=2", "horizon.months=2",
    )  # fmt: skip
    (trajectory,) = run(scenario, STANDARD[-1:])
    figure = figures.coverage(trajectory)
    assert_legible(figure)
    axes = figure.axes[0]
    assert axes.get_xlabel().startswith("Lever") and axes.get_ylabel().startswith("Community")
    words = said(figure)
    for part in ("gap: no program", "covered: one program", "duplicated: two or more programs"):
        assert part in words
    assert ("Numbers: programs at a place." in words) == numbers
    assert "lever 1" in words and "community 1" in words
    providers = trajectory.state.providers
    assert np.array_equal(axes.images[0].get_array(), np.minimum(providers, 2))
    assert f"{(providers == 0).sum():,} ({(providers == 0).mean():.0%}) gaps" in words


def test_coverage_with_long_names(case: Case) -> None:
    levers = "".join(f'[[levers]]\nname = "lever_{n}_{"with_a_name_" * 4}"\n' for n in range(12))
    places = "".join(f'[[communities]]\nname = "Place {n}, {"a name that goes on " * 4}"\n' for n in range(9))
    (trajectory,) = run(case("horizon.months=2", more=levers + places), STANDARD[:1])
    assert_legible(figures.coverage(trajectory))


# --- trust -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", [(1, 1, 1), (9, 11, 20), (40, 60, 100)])
def test_trust_network(case: Case, counts: tuple[int, int, int]) -> None:
    more = GROUPS.format(*counts) + CLOSURES
    (trajectory,) = run(case("horizon.months=3", more=more), STANDARD[-1:])
    figure = figures.trust_network(trajectory)
    assert_legible(figure)
    words = said(figure)
    for part in (*GROUP_NAMES.values(), "filled: member", "hollow: not a member", "crossed: closed"):
        assert part in words
    members = int(trajectory.state.organizations["member"].sum())
    pairs = members * (members - 1) // 2
    assert f"{sum(counts)} organizations, {members} of them members" in words
    shown = f"the 600 strongest of {pairs:,} pairs" if pairs > 600 else f"all {pairs} pairs"
    assert (shown if pairs else "No two members") in words
    assert ("shops" in words) == (sum(counts) <= 40)


def test_trust_without_groups_and_without_members(ordinary: list[Trajectory], case: Case) -> None:
    isolated, collective = ordinary[0], ordinary[3]
    assert "No two members" in said(figures.trust_network(isolated))
    assert "organization 24" in said(figures.trust_network(collective))
    for trajectory in (isolated, collective, *run(case("organizations.count=1", "horizon.months=1"))):
        assert_legible(figures.trust_network(trajectory))


def test_lines_are_the_mean_of_both_directions(case: Case) -> None:
    (trajectory,) = run(case("organizations.count=2", "participation.initial=1", "horizon.months=1"), STANDARD[-1:])
    trajectory.state.trust[:] = [[0, 0.25], [0.75, 0]]
    trajectory.state.organizations["member"] = True
    assert "here 0.50 to 0.50" in said(figures.trust_network(trajectory))


# --- texts that fit ----------------------------------------------------------------------------------------------


def test_lay_apart() -> None:
    rng = np.random.default_rng(1)
    for count in (0, 1, 2, 9):
        for _ in range(30):
            wanted, heights = rng.uniform(0, 100, count).tolist(), rng.uniform(2, 11, count).tolist()
            centres = lay_apart(wanted, heights, 0, 100)
            ends = sorted((c - h / 2, c + h / 2) for c, h in zip(centres, heights, strict=True))
            assert all(b[0] - a[1] > -1e-9 for a, b in itertools.pairwise(ends))
            assert not ends or (ends[0][0] >= -1e-9 and ends[-1][1] <= 100 + 1e-9)
    assert lay_apart([10, 50], [8, 8], 0, 100) == [10, 50], "who has room stays"
    assert lay_apart([50, 50], [10, 10], 0, 100) == [45, 55]


def test_texts_fit_their_lines() -> None:
    for text in ("", "word", "some words " * 20, "x" * 200, "name_with_underscores_" * 9, "a" + " b" * 40):
        lines = wrap(text, LABELS, SMALL)
        assert all(text_width(line, SMALL) <= LABELS for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert len(wrap(text, LABELS, SMALL, most=2)) <= 2
        assert text_width(shorten(text, LABELS, SMALL), SMALL) <= LABELS


# --- files -------------------------------------------------------------------------------------------------------

ABOUT = {"scenario": "case 0123", "seed": "1", "version": "0.1"}


def every_figure(trajectories: Sequence[Trajectory]) -> dict[str, Callable[[], Figure]]:
    series, titles = table(trajectories), titles_of(STANDARD)
    one = series[series["arm"] == "collective_impact"]
    return {
        "trajectories": lambda: figures.trajectories(series, titles, title="T", threshold=0.5, events=[(48, "Shock")]),
        "maturities": lambda: figures.maturities(one, title="T"),
        "group_gap": lambda: figures.group_gap(series, titles, title="T"),
        "coverage": lambda: figures.coverage(trajectories[0]),
        "trust_network": lambda: figures.trust_network(trajectories[3]),
    }


def test_the_same_bytes_again_and_in_threads(ordinary: list[Trajectory], tmp_path: Path) -> None:
    makers = every_figure(ordinary)

    def save_all(folder: str) -> dict[str, bytes]:
        (tmp_path / folder).mkdir()
        files = [path for name in makers for path in figures.save(makers[name](), tmp_path / folder / name, ABOUT)]
        return {path.name: path.read_bytes() for path in files}

    alone = save_all("alone")
    assert len(alone) == 10
    before = dict(matplotlib.rcParams)
    with ThreadPoolExecutor(2) as threads:
        for saved in threads.map(save_all, "ab"):
            assert saved == alone
    assert dict(matplotlib.rcParams) == before


def test_saving_twice_and_drawing_on(ordinary: list[Trajectory], tmp_path: Path) -> None:
    figure = every_figure(ordinary)["trajectories"]()
    engine = figure.get_layout_engine()
    first = [path.read_bytes() for path in figures.save(figure, tmp_path / "x", ABOUT)]
    assert [path.read_bytes() for path in figures.save(figure, tmp_path / "x", ABOUT)] == first
    assert figure.get_layout_engine() is engine


def test_what_is_in_the_files(ordinary: list[Trajectory], tmp_path: Path) -> None:
    png, svg = figures.save(every_figure(ordinary)["maturities"](), tmp_path / "v1.2 run", ABOUT)
    assert [png, svg] == [tmp_path / "v1.2 run.png", tmp_path / "v1.2 run.svg"]
    assert sorted(tmp_path.iterdir()) == [png, svg], "nothing else is left"
    with Image.open(png) as picture:
        assert picture.width == 1500
        assert {**picture.info, **ABOUT} == picture.info
    content = svg.read_text(encoding="utf-8")
    assert "scenario: case 0123; seed: 1; version: 0.1" in content
    assert "<dc:date>" not in content


def test_folders_that_cannot_be_written(ordinary: list[Trajectory], tmp_path: Path) -> None:
    figure = every_figure(ordinary)["maturities"]()
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "taken.png").mkdir()
    (tmp_path / "closed").mkdir(mode=0o500)
    targets = ["missing/x", "file/x", "taken"] + (["closed/x"] if os.geteuid() else [])
    before = sorted(tmp_path.rglob("*"))
    for target in targets:
        with pytest.raises(OSError):
            figures.save(figure, tmp_path / target, ABOUT)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_disk_leaves_what_was_there(
    ordinary: list[Trajectory], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = every_figure(ordinary)["maturities"]()
    paths = figures.save(figure, tmp_path / "x", ABOUT)
    before = [path.read_bytes() for path in paths]

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        figures.save(figure, tmp_path / "x", {"other": "words"})
    assert [path.read_bytes() for path in paths] == before
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_pyplot_stays_out() -> None:
    code = "import sys, ci_sim.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[1]).returncode == 0
