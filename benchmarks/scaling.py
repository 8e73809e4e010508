"""Cost against size: seconds and memory per run as organizations, attempts and communities grow.

Usage: python benchmarks/scaling.py [--largest]

Cost should grow linearly in organizations x attempts and in communities. Each size runs in a process of its own, for
its peak memory; ``--largest`` adds 1,000 organizations x 500 communities (wanted: under 60 s and 2 GB).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

SIZES = [(24, 20, 3), (48, 20, 3), (96, 20, 3), (192, 20, 3), (384, 20, 3), (24, 20, 6), (24, 20, 12),
         (24, 40, 3), (24, 80, 3), (24, 160, 3), (24, 320, 3), (96, 80, 3)]  # fmt: skip
LARGEST = (1000, 500, 3)


def measure(organizations: int, communities: int, attempts: float) -> None:
    """Run two collective runs of a size and print the second's seconds and the process's peak memory."""
    from ci_sim.scenario_file import read_scenario  # noqa: PLC0415
    from ci_sim.simulate import simulate  # noqa: PLC0415

    sizes = {
        "organizations.count": organizations,
        "problem.communities": communities,
        "organizations.attempts": attempts,
    }
    # Staff in proportion to the membership, so that the initiative stays as alive as in the default scenario.
    overrides = [f"{key}={value}" for key, value in sizes.items()] + [f"backbone.staff={organizations / 6}"]
    simulate(read_scenario("default"))
    start = time.perf_counter()
    simulate(read_scenario("default", overrides), replication=1)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


def main() -> None:
    if len(sys.argv) == 4:
        measure(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
        return
    print("organizations communities attempts   ms a run   us per organization-try-month   peak MB")
    for size in [*SIZES, *([LARGEST] if "--largest" in sys.argv else [])]:
        command = [sys.executable, __file__, *map(str, size)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        each = 1e6 * found["seconds"] / (size[0] * size[2] * 120)
        sizes = f"{size[0]:13} {size[1]:11} {size[2]:8}"
        print(f"{sizes} {1e3 * found['seconds']:10.1f} {each:31.2f} {found['peak_mb']:9.0f}")


if __name__ == "__main__":
    main()
