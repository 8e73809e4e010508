"""The browser app: one community, the same luck, several futures, and every control answers at once.

``ci-sim app`` starts it (``server``). ``main`` is the root component: it holds one visitor's whole state in one
immutable value (``desk``) and draws the bar (``browser``, ``frame.vue``) around a page of ``pages``. ``state`` is the
view and its history, ``link`` the view as a query string, ``cases`` the scenario of a view, ``ensemble`` runs it
(``results``: as a hook), ``charts`` draw, ``controls`` are the sliders, ``texts`` all that is said, ``web`` the
stylesheet and the vendored front end (``vendor`` rebuilds it).

To add a page
    Write ``pages/<name>.py`` with ``PAGE = PageInfo("<name>", order)`` and a Solara component ``Page(session)``: it is
    in the bar and in links by that. Orders: watch 10, compare 20, conditions 30, explore 40, learn 50, about 60; the
    first is what opens. Add ``texts/en/<name>.toml`` and ``texts/es/<name>.toml`` with at least ``title``.

State
    ``session`` (:class:`ci_sim.app.session.Session`) is all a page gets. Read ``session.view`` (:class:`~.state.View`)
    and ``session.scenario``; change with ``session.change(seed=2)`` or ``session.go(view.override(key, value))``: each
    is one step of undo, and in the link at once. What only your page knows goes into ``view.choose("<page>.<key>",
    value)`` and comes back from ``view.choice("<page>.<key>", default)``: it is in the link, too. Fleeting things (is
    it playing?) are ``solara.use_reactive`` in your component. Never a module-level reactive or global: visitors share
    the process. ``session.month`` is the month on show, ``session.width`` the pixels there are to draw in.

Work
    Nothing slow in a render: ``use_results(session)`` gives the paired ensembles of the view and whether newer ones are
    on their way; ``work.use_work`` does as much for any function (a thread, its progress, and whether it is still
    wanted). ``trials`` are many futures of the same worlds: all combinations of the conditions, all their orders. For a
    play loop use a browser-driven ticker (a Vue template that asks for the next frame when the last was drawn), never a
    thread or ``asyncio.sleep``.

Texts
    ``session.texts("<page>.<key>", worlds=50)``; numbers through ``session.texts.number``. No text in code. Parameters:
    ``texts.parameter(key, "label" | "meaning" | "low" | "high" | "unit")``; outcomes: ``texts.outcome(name)``.

Charts
    A function that returns a :class:`~.charts.chart.Chart` (``charts/courses.py`` is the model): draw on a
    :class:`~.charts.canvas.Canvas` with colours as CSS variables (``var(--ink)``, ``arm_colour(place)``), give every
    line dashes and a label, write a ``summary`` in words and the ``table`` behind it. ``ChartCard(session, chart)``
    shows it with heading, caption and the PNG, SVG and CSV buttons. Escape what is not a literal.

Look
    ``web/assets/custom.css``: cards are ``ci-card``, rows ``ci-row``; colours only by variable, so that dark works.
    Interactive parts are native HTML elements in a ``.vue`` beside the page (``pages/timeline.vue``): labelled,
    keyboard-usable, with values and units announced.

Before a room
    Learn has a facilitator's mode (``room``): a choice of the view, so every page keeps it, and the root has the class
    ``ci-room``. Type is larger by that; what only one person at a desk needs gets the class ``ci-advanced`` and is not
    there. ``drawing_width(view, pixels)`` is what to draw a chart in, so that its letters grow, too; ``Controls`` shows
    the sliders that were chosen, at most three.

Tests
    ``tests/app/``: the fixture ``open_page`` gives pages in a real browser (``conftest.py``);
    ``test_every_page.py`` runs every registered page through axe, three widths, light and dark, with no request leaving
    the machine. Add what is special to yours in ``tests/app/test_<page>_page.py``.
"""
