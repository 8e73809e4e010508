"""Profiles and regret, drawn: every estimate is there, on an axis that holds zero."""

from __future__ import annotations

import pandas as pd
import pytest

from ci_sim import figures


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        {"k": k, "arm": arm, "side": side, "worlds": 9, "estimate": e, "low": e - 0.05, "high": e + 0.05}
        for side in ("left", "right")
        for arm, shift in (("one", 0.3), ("two", 0.6))
        for k, e in ((0, shift), (5, shift + 0.1), (11, shift + 0.2))
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("shared", [True, False])
def test_a_profile_has_a_line_per_series_and_a_panel_per_value(table: pd.DataFrame, shared: bool) -> None:
    figure = figures.profiles(
        table, x="k", series="arm", panel="side", title="Title", axis="Points", across="K", shared=shared, note="Note."
    )
    assert len(figure.axes) == 2
    for axes, side in zip(figure.axes, ("left", "right"), strict=True):
        assert axes.get_title(loc="left") == side
        assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "5", "11"]
        assert axes.get_ylim()[0] <= 0
        assert axes.get_ylim()[1] > 80
        drawn = sorted(
            float(y) for line in axes.lines for y in line.get_ydata() if line.get_marker() not in ("", "None")
        )
        assert drawn == pytest.approx([30, 40, 50, 60, 70, 80])
    texts = " ".join(text.get_text() for text in figure.texts)
    assert "9 worlds at each point" in texts and "Note." in texts


def test_regret_shades_the_set_and_tells_kinds_apart_by_shape() -> None:
    table = pd.DataFrame(
        {
            "alternative": list("abc"), "kind": ["x", "y", "x"], "regret": [0.0, 0.1, 0.4],
            "regret_low": [0.0, -0.1, 0.3], "regret_high": [0.0, 0.3, 0.5], "in_best_set": [True, True, False],
        }
    )  # fmt: skip
    figure = figures.regret(table, ["x", "y"], title="Title", axis="Regret", across="orders")
    axes = figure.axes[0]
    assert len(axes.patches) == 2
    marks = {line.get_marker(): list(line.get_ydata()) for line in axes.lines if line.get_marker() not in ("", "None")}
    assert list(marks) == ["o", "s"]
    assert marks["o"] == pytest.approx([0, 40])
    assert any("2 of 3" in text.get_text() for text in figure.legends[0].get_texts())
