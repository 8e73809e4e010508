"""The house rules that tools can hold: lint, types, and the way of the data; and what a reader is promised."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.parametrize("arguments", [("check", "."), ("format", "--check", ".")], ids=["lint", "format"])
def test_ruff_finds_nothing(arguments: tuple[str, ...]) -> None:
    found = run(sys.executable, "-m", "ruff", *arguments)
    assert found.returncode == 0, found.stdout + found.stderr


def test_types_are_right_by_mypys_strict_rules() -> None:
    found = run(sys.executable, "-m", "mypy")
    assert found.returncode == 0, found.stdout + found.stderr


def test_imports_go_the_way_of_the_data() -> None:
    found = run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()")
    assert found.returncode == 0, found.stdout + found.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", found.stdout)


def test_the_readme_has_two_commands_of_one_line_that_make_their_own_environment() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    set_up = readme.split("## Set up")[1].split("\n## ")[0]
    commands = [line for line in set_up.splitlines() if line.startswith("python3 -m venv ")]
    assert len(commands) == 2
    assert commands[0].endswith("ci-sim compare homelessness")
    assert commands[1].endswith("-m pytest")


def test_links_of_the_documents_lead_to_files() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_public_name_can_be_imported() -> None:
    import ci_sim  # noqa: PLC0415

    assert all(getattr(ci_sim, name) is not None for name in ci_sim.__all__)
    assert set(ci_sim.__all__) == set(ci_sim.HOMES)


def test_a_missing_public_name_is_an_attribute_error() -> None:
    import ci_sim  # noqa: PLC0415

    with pytest.raises(AttributeError, match="nonsense"):
        _ = ci_sim.nonsense
