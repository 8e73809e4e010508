"""Links: they restore exactly what was seen, can be cited, and never break the app."""

from __future__ import annotations

import base64
import random
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ci_sim.app import link
from ci_sim.app.cases import LARGEST_FILE, open_case, open_file
from ci_sim.app.link import VERSION, citation, parse_link, write_link
from ci_sim.app.state import View
from ci_sim.complaints import InputError
from ci_sim.scenario_file import template

PAGES, LANGUAGES = ("compare", "watch"), ("en", "es")
FULL = View(
    page="watch", scenario="homelessness", overrides=(("backbone.staff", "2.5"), ("horizon.threshold", "0.4")),
    baseline=(("backbone.staff", "8"), ("organizations.update", "simultaneous")), arms=("collective_impact",),
    seed=7, month=30, language="es", choices=(("watch.replication", "3"),),
)  # fmt: skip


def opened(query: str) -> link.Opened:
    return parse_link(query, PAGES, LANGUAGES)


def test_a_link_restores_everything():
    assert opened(write_link(FULL, open_case(FULL))).view == FULL
    assert opened(write_link(FULL, open_case(FULL))).trouble is None


def test_nothing_at_all_is_the_default_view():
    assert opened("").view == View(page="compare")


def test_an_opened_file_travels_in_the_link():
    text = template("my_region") + '\n# "&=?+% and \u00e9\n'
    view = replace(FULL, scenario="my_region", file=text)
    again = opened(write_link(view, open_case(view))).view
    assert again == view
    assert open_case(again).hash == open_case(view).hash


def test_a_file_too_long_for_a_link_says_so():
    letters = random.Random(1)
    noise = "".join(letters.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(60_000))
    view = View(page="compare", scenario="my_region", file=template("my_region") + f"\n# {noise}\n")
    trouble = opened(write_link(view, open_case(view))).trouble
    assert "open it" in str(trouble)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scenario=homelesness", "Did you mean 'homelessness'?"),
        ("scenario=../../etc/passwd", "unknown scenario"),
        ("scenario=/etc/passwd", "unknown scenario"),
        ("page=nowhere", "compare, watch"),
        ("seed=-1", "seed: found '-1'"),
        ("seed=1e3", "seed: found '1e3'"),
        ("month=0", "month: found '0'"),
        ("arms=isolatd", "Did you mean 'isolated'?"),
        ("problem.interdependence=99", "0 to 19"),
        ("problem.interdependance=3", "Did you mean 'problem.interdependence'?"),
        ("backbone.staff=", "backbone.staff"),
        ("baseline=backbone.staff:many", "backbone.staff"),
        ("baseline=name:other", "unknown key"),
        ("file=AAAA", "no scenario file"),
        ("problem.communities=5000&organizations.count=5000", "far larger"),
        ("x=" + "y" * 70_000, "more than 60,000 characters"),
    ],
)
def test_a_bad_link_gives_a_message_and_the_default_view(query, said):
    found = opened(f"lang=es&{query}")
    assert said in str(found.trouble)
    assert found.view == View(page="compare", language="es")


def test_a_packed_file_cannot_blow_up():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"#" * (LARGEST_FILE * 20), 9)).decode()
    assert "too large" in str(opened(f"scenario=x&file={bomb}").trouble)


@given(st.text(max_size=200))
def test_whatever_stands_in_a_link_the_app_opens(query):
    found = opened(query)
    assert found.trouble is not None or open_case(found.view)


def test_a_citation_is_of_scenario_seed_and_version():
    scenario, other = open_case(FULL), open_case(replace(FULL, overrides=()))
    assert citation(scenario, 7) == citation(open_case(FULL), 7)
    assert len({citation(scenario, 7), citation(scenario, 8), citation(other, 7), citation(scenario, 7, "0.0.1")}) == 4
    found = opened(write_link(FULL, scenario, "abc"))
    assert (found.version, found.cited, found.numbers) == (VERSION, citation(scenario, 7), "abc")


def test_an_opened_file_is_only_parsed():
    name, text = open_file("C:\\secret\\..\\my.toml", b'schema_version = 1\nname = "mine"\n')
    assert (name, text) == ("mine", 'schema_version = 1\nname = "mine"\n')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"\xff\xfe\x00", "a binary file"),
        (b"x" * (LARGEST_FILE + 1), "more than 1,000,000 bytes"),
        (b"name = 1", "schema_version"),
        (b"[[", "no valid TOML"),
        (b'schema_version = 1\nname = "x"\nextends = "/etc/passwd"', "extends: found '/etc/passwd'"),
        (b'schema_version = 1\nname = "x"\nextends = "../scenarios/default.toml"', "extends: found"),
        (b'schema_version = 1\nname = "x"\nextends = ["default"]', "extends: found"),
    ],
)
def test_a_broken_file_is_refused_in_words(content, said):
    with pytest.raises(InputError, match=r"my\.toml") as caught:
        open_file("folder/my.toml", content)
    assert said in str(caught.value)
