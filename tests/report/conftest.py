"""Pages made once: a small comparison whose texts are as hostile as a scenario can be, its report, brief and replay."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from ci_sim.cli import main
from ci_sim.report.results import Results, read_comparison

HOSTILE = """
schema_version = 1
name = "hostile"
title = "</title><script>window.hacked=1</script> $x^2$ & \\u202Eco\\"s"
description = "<img src=http://example.org/x onerror=window.hacked=1>\\n\\nSecond paragraph </script>."
[problem]
levers = 5
interdependence = 2
[organizations]
attempts = 2.0
[horizon]
months = 30
threshold = 0.4
[[communities]]
name = "</script><script>window.hacked=1</script>"
[[communities]]
name = "=1+1"
[[communities]]
name = "A community with a name that goes on and on, as long as a name may be, up to one hundred letters ..."
[[communities]]
name = "plain"
[[groups]]
name = "offices"
title = "<b onclick=window.hacked=1>Office</b>"
sector = "government"
count = 3
[[groups]]
name = "shops"
sector = "business"
count = 4
[[events]]
month = 13
kind = "staff"
staff = 1.0
note = "<svg onload=window.hacked=1> the grant falls"
[[evidence]]
what = "everything <i>here</i>"
grade = "invented"
"""


class Pages(NamedTuple):
    """Files that ``ci-sim report``, ``brief`` and ``replay`` wrote."""

    folder: Path
    report: Path
    brief: Path
    sheet: Path
    replay: Path


def ci_sim(*arguments: object) -> Result:
    """A command, however it ends."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    root = tmp_path_factory.mktemp("pages")
    before = Path.cwd()
    os.chdir(root)
    try:
        (root / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
        arms = "isolated,ordinary_coalition,collective_impact"
        for command in (
            ("report", "hostile.toml", "--replications", 8, "--arms", arms, "--out", "report.html"),
            ("brief", Path("results"), "--out", "brief"),
            ("replay", "hostile.toml", "--replication", 2, "--out", "replay.html"),
        ):
            ended = ci_sim(*(next(word.iterdir()) if isinstance(word, Path) else word for word in command))
            assert ended.exit_code == 0, ended.output
        folder = next((root / "results").iterdir())
        yield Pages(folder, *(root / name for name in ("report.html", "brief.html", "brief.pdf", "replay.html")))
    finally:
        os.chdir(before)


@pytest.fixture(scope="session")
def results(pages: Pages) -> Results:
    return read_comparison(pages.folder)


@pytest.fixture(scope="session", name="ci_sim")
def ci_sim_fixture() -> object:
    """The command line, for tests that look at how a command ends."""
    return ci_sim
