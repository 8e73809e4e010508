"""Views and their history: undo and redo walk exactly what was seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ci_sim.app.state import MOST_STEPS, History, View, as_text, without


def test_undo_and_redo_walk_back_and_forth():
    first = View()
    second, third = first.override("backbone.staff", 2), first.override("backbone.staff", 8)
    history = History(first).to(second).to(third)
    assert history.undo().present == second
    assert history.undo().undo().present == first
    assert history.undo().undo().undo().present == first
    assert history.undo().redo() == history
    assert history.redo() == history


def test_a_new_step_forgets_what_was_undone():
    first, second, third = View(), View(seed=2), View(seed=3)
    history = History(first).to(second).undo().to(third)
    assert history.future == ()
    assert history.undo().present == first


def test_the_same_view_and_another_language_are_no_steps():
    history = History(View()).to(View())
    assert history.past == ()
    assert history.instead(language="es").past == ()
    assert history.instead(language="es").present.language == "es"


def test_history_is_bounded():
    history = History(View())
    for seed in range(2 * MOST_STEPS):
        history = history.to(View(seed=seed + 2))
    assert len(history.past) == MOST_STEPS


@given(st.lists(st.sampled_from(["go", "undo", "redo"]), max_size=40))
def test_no_view_is_ever_made_up(steps):
    history, seen = History(View()), [View()]
    for number, step in enumerate(steps):
        if step == "go":
            seen.append(View(seed=number + 2))
            history = history.to(seen[-1])
        else:
            history = history.undo() if step == "undo" else history.redo()
        assert history.present in seen
        assert {*history.past, *history.future} <= set(seen)


def test_overrides_and_choices_are_kept_apart_and_sorted():
    view = View().override("problem.levers", 9).override("backbone.staff", 2.5).choose("watch.speed", 3)
    assert view.overrides == (("backbone.staff", "2.5"), ("problem.levers", "9"))
    assert view.choice("watch.speed") == "3"
    assert view.choice("watch.nothing", "0") == "0"
    assert without(view.overrides, "problem.levers") == (("backbone.staff", "2.5"),)


def test_values_are_written_as_a_scenario_file_has_them():
    assert [as_text(value) for value in (True, 4.0, 0.1, 1 / 3, 7, "ring")] == [
        "true", "4", "0.1", repr(1 / 3), "7", "ring",
    ]  # fmt: skip
