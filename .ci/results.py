"""Gate for published numbers: ``python .ci/results.py [--base REF]``; status 0, 1 or, where it cannot tell, 2.

1. The numbers of tests/published.toml are those that the code makes.
2. Every commit that moved or removed one of them says so: a line of its message begins with ``Results:``. (Numbers of
   new scenarios need no note.) Looks at the commits since REF, or at all there are.
"""

from __future__ import annotations

import argparse
import re
import runpy
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ci_sim.complaints import InputError
from ci_sim.results_diff import Change, Number, as_markdown, diff_numbers, parse_numbers, read_numbers

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = "tests/published.toml"
NOTE = re.compile(r"^Results:[ \t]*\S", re.MULTILINE)


def stale(root: Path, measured: Mapping[str, Number]) -> list[Change]:
    """What the code makes differently from what the file says."""
    return [c for c in diff_numbers(read_numbers(root / PUBLISHED), measured) if c.status != "same"]


def without_note(root: Path, base: str = "") -> dict[str, list[Change]]:
    """Commits that moved or removed numbers and do not say so, and what they moved."""
    commits = f"{base}..HEAD" if base else "HEAD"
    listed = git(root, "log", "--format=%H %P", commits, "--", PUBLISHED).splitlines()
    found = {}
    for commit, *parents in map(str.split, listed):
        moved = moved_by(root, commit, parents)
        if moved and not NOTE.search(git(root, "log", "-1", "--format=%B", commit)):
            found[git(root, "log", "-1", "--format=%h %s", commit).strip()] = moved
    return found


def moved_by(root: Path, commit: str, parents: list[str]) -> list[Change]:
    """Numbers that a commit moved or removed: of a merge those that are as in none of its parents."""
    numbers = at(root, commit)
    against = [{c.name: c for c in diff_numbers(at(root, parent), numbers)} for parent in parents]
    moved = [
        [change for change in changes.values() if change.status in {"beyond", "within", "missing"}]
        for changes in against
    ]
    names = set.intersection(*({change.name for change in changes} for changes in moved)) if moved else set()
    return [change for change in moved[0] if change.name in names] if names else []


def at(root: Path, commit: str) -> dict[str, Number]:
    """The numbers of a commit; none where it has no such file."""
    if not git(root, "ls-tree", "--name-only", commit, "--", PUBLISHED).strip():
        return {}
    return parse_numbers(git(root, "show", f"{commit}:{PUBLISHED}"), f"{commit[:12]}:{PUBLISHED}")


def git(root: Path, *arguments: str) -> str:
    """What git says."""
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def judge(root: Path, measured: Mapping[str, Number], base: str = "") -> int:
    """Say what is wrong, and with which status to end."""
    differing, unsaid = stale(root, measured), without_note(root, base)
    if differing:
        print(f"{PUBLISHED} is not what the code makes. If this is wanted: python tests/refresh_published.py, and a")
        print(f"line 'Results: what moved and why' in the message of that commit.\n\n{as_markdown(differing)}")
    for commit, changes in unsaid.items():
        print(f"{commit}: moves published numbers without a 'Results:' line in its message.\n\n{as_markdown(changes)}")
    if not differing and not unsaid:
        print(f"{PUBLISHED}: {len(measured)} numbers are what the code makes, and every move of one is noted.")
    return 1 if differing or unsaid else 0


def main() -> int:
    """Measure anew and judge; say what moved since a base, if one is given."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", default="", help="commit from which on messages are looked at")
    chosen = options.parse_args()
    measured = runpy.run_path(str(ROOT / "tests" / "refresh_published.py"))["measured"]()
    try:
        if chosen.base:
            print(f"Since {chosen.base}: {as_markdown(diff_numbers(at(ROOT, chosen.base), measured))}")
        return judge(ROOT, measured, chosen.base)
    except InputError as error:
        print(error)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd)}: {error.stderr.strip()}")
    return 2


if __name__ == "__main__":
    sys.exit(main())
