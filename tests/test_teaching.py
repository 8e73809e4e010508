"""The lesson: its numbers are the model's, its links open, its commands run."""

from __future__ import annotations

import re
import runpy
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from ci_sim.app.link import parse_link
from ci_sim.app.pages import pages
from ci_sim.app.texts import LANGUAGES
from ci_sim.cli import main

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(DOCS / "refresh_teaching.py"))


@pytest.fixture(scope="module")
def text(script) -> str:
    return script["TEACHING"].read_text(encoding="utf-8")


def test_every_answer_is_the_models(script, text):
    assert set(script["blocks"]()) == {name for _, name, _ in script["BLOCK"].findall(text)}
    assert script["refreshed"](text) == text, "run docs/refresh_teaching.py"


def test_every_link_of_the_lesson_opens_its_scene(text):
    links = re.findall(r"<http://127\.0\.0\.1:8765/\?([^>]+)>", text)
    assert len(links) >= 8
    for link in links:
        opened = parse_link(link, tuple(pages()), LANGUAGES)
        assert opened.trouble is None
        assert opened.view.choice("learn.scene") in link


def test_every_command_of_the_lesson_runs(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = dict.fromkeys(re.findall(r"^ci-sim (compare .*)$", text, re.MULTILINE))
    assert len(commands) > 8
    for number, command in enumerate(commands):
        words = shlex.split(command)
        words[words.index("--replications") + 1] = "1"
        found = CliRunner().invoke(main, [*words, "--workers", "1", "--out", str(tmp_path / str(number))])
        assert found.exit_code == 0, found.output


def test_the_page_that_plays_without_the_app_can_be_written(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"`ci-sim (replay [^`]*)`", text)
    found = CliRunner().invoke(main, [*shlex.split(command), "--months", "3"])
    assert found.exit_code == 0, found.output
    assert "<html" in (tmp_path / "replay.html").read_text(encoding="utf-8")


def test_the_lesson_takes_three_quarters_of_an_hour(text):
    spans = [tuple(map(int, span)) for span in re.findall(r"^\| (\d+)-(\d+) \|", text, re.MULTILINE)]
    assert spans[0][0] == 0
    assert spans[-1][1] == 45
    assert all(before[1] == after[0] for before, after in pairwise(spans))
