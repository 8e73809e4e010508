"""docs/sweeps.md says what is so: its designs are read, its keys and kinds are those of the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ci_sim.cli import main
from ci_sim.sweep.design_file import KINDS, USES, DesignFile, read_design

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "sweeps.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_there_is_an_example_of_each_kind() -> None:
    assert sorted(re.findall(r'^kind = "(\w+)"', PAGE, re.MULTILINE)) == sorted(KINDS)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_are_designs(text: str, tmp_path: Path) -> None:
    (tmp_path / "design.toml").write_text(text, encoding="utf-8")
    design = read_design(tmp_path / "design.toml")
    assert design.n_runs > 1


def test_the_table_has_every_key_with_its_default() -> None:
    special = {key for keys in USES.values() for key in keys}
    for name, field in DesignFile.model_fields.items():
        assert f"`{name}`" in PAGE, name
        if (
            name not in special
            and not field.is_required()
            and name not in {"set", "months", "arm", "outcomes", "title"}
        ):
            row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
            shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert shown.replace("'", '"') in row.replace("`", "").replace('"default"', "default"), name


@pytest.mark.parametrize("page", ["sweeps.md", "cluster.md"])
def test_commands_exist_with_their_options(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for command, rest in re.findall(r"^ci-sim (\w+)(.*)", text, re.MULTILINE):
        known = {option for parameter in main.commands[command].params for option in parameter.opts}
        assert {word for word in rest.split("#")[0].split() if word.startswith("--")} <= known
