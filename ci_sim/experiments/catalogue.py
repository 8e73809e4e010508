"""The experiments there are: a folder each, in the checkout or shipped with the package."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.experiments.answer import Answer, Sweeps
from ci_sim.library import read_tables, read_text
from ci_sim.sweep.design import Design
from ci_sim.sweep.design_file import parse_design

__all__ = ["Experiment", "experiments", "find_experiment"]


@dataclass(frozen=True)
class Experiment:
    """A folder with README.md, answer.py, quick.toml and designs.

    Attributes
    ----------
    in_checkout : whether its README is there to be rewritten; what is shipped with the package is not.
    """

    folder: Path
    in_checkout: bool

    @property
    def name(self) -> str:
        """The folder's name: a number and words."""
        return self.folder.name

    @property
    def title(self) -> str:
        """The heading of its README."""
        return self.readme.partition("\n")[0].lstrip("# ").strip()

    @property
    def readme(self) -> str:
        """Its README."""
        return (self.folder / "README.md").read_text(encoding="utf-8")

    @property
    def design_files(self) -> list[Path]:
        """Its designs, ``design.toml`` first."""
        return sorted(self.folder.glob("design*.toml"), key=lambda path: path.stem)

    def designs(self, *, quick: bool) -> dict[str, Design]:
        """Its designs by name, or their quick versions: what stands in quick.toml replaces the design's own keys.

        Raises
        ------
        InputError : a design does not fit.
        """
        departures = tomllib.loads((self.folder / "quick.toml").read_text(encoding="utf-8")) if quick else {}
        found = {}
        for path in self.design_files:
            raw = read_tables(read_text(path, str(path), "design"), str(path), "design") | departures.get(path.stem, {})
            found[path.stem] = parse_design(raw, path)
        return found

    @property
    def answer(self) -> Callable[[Sweeps], Answer]:
        """The function ``answer`` of its answer.py."""
        path = self.folder / "answer.py"
        spec = importlib.util.spec_from_file_location(f"answer_{self.name}", path)
        assert spec is not None and spec.loader is not None
        module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return cast("Callable[[Sweeps], Answer]", module.answer)


@cache
def experiments() -> dict[str, Experiment]:
    """All experiments by name, in order."""
    shipped = Path(__file__).parent / "shipped"
    in_checkout = not shipped.is_dir()
    folder = shipped.parent.parent.parent / "experiments" if in_checkout else shipped
    folders = sorted(path.parent for path in folder.glob("*/README.md") if (path.parent / "answer.py").exists())
    return {path.name: Experiment(path, in_checkout) for path in folders}


def find_experiment(name: str) -> Experiment:
    """An experiment by its name, or by its number.

    Raises
    ------
    InputError : there is none of that name.
    """
    known = experiments()
    numbered = {other.partition("_")[0]: other for other in known}
    whole = numbered.get(name.zfill(2), name)
    if whole not in known:
        raise InputError("experiment", [Complaint("", repr(name), ", ".join(known), nearest(name, known))])
    return known[whole]
