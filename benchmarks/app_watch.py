"""Frames per second of the page Watch, in a real browser without a graphics card.

Usage: python benchmarks/app_watch.py [seconds]

Plays both futures at the highest speed (60 months a second, every month drawn) and counts months: each is drawn in an
animation frame of its own, so months a second are frames a second. Beside it, since frames depend on what else the
machine does, the processor time of a frame, which does not: of the page's main thread and of the whole browser; and the
server's cost of a play: the time both arms take, and the kilobytes sent once. Playing asks the server for nothing.

Wanted: 10 frames a second with 200 organizations. Measured 2026-11-25, Chromium 156, software rendering, 1920 x 1080,
two cores shared with much other work (load 15): 12 frames a second with 24 organizations and 15 with 200, for 28 and 36
ms of the browser's processor time each (12 and 19 ms of them on the page's main thread).
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from ci_sim.app.watch.futures import packed, run_futures
from ci_sim.scenario_file import read_scenario

SIZES = (24, 60, 200, 400)
ARMS = ("isolated", "collective_impact")
CHROMIUM = os.environ.get("CI_SIM_CHROMIUM", "/usr/bin/chromium")
PLAY = """() => {
  window.months = 0;
  window.addEventListener("ci-month", () => { window.months += 1; });
  const play = document.querySelector(".ci-play"), bar = document.querySelector("#ci-month");
  play.click();
  setInterval(() => { if (bar.value === bar.max) play.click(); }, 20);  // from the start again
}"""


def browser_seconds() -> float:
    """Processor time of all processes of the browser so far: its page, its drawing, its compositor."""
    parents, times = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            parents[int(folder.name)] = int(fields[1])
            if "chrom" in name:
                times[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours and pid not in ours}:
        ours |= more
    return sum(seconds for pid, seconds in times.items() if pid in ours)


def measure(page: Page, address: str, organizations: int, seconds: float) -> tuple[float, float, float]:
    """Frames a second; milliseconds of processor time for each, of the page's main thread and of the whole browser."""
    page.goto(f"{address}/?page=watch&organizations.count={organizations}")
    page.locator(".ci-future").first.wait_for(timeout=60_000)
    page.wait_for_function("document.querySelector('.ci-among').innerText", timeout=60_000)  # the ensemble is there
    page.locator(".ci-pace select").first.select_option("60")
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(PLAY)
    page.wait_for_function("window.months > 5", timeout=60_000)
    counts = []
    for _ in range(2):
        metrics = {one["name"]: one["value"] for one in browser.send("Performance.getMetrics")["metrics"]}
        counts.append((time.perf_counter(), page.evaluate("window.months"), metrics["TaskDuration"], browser_seconds()))
        page.wait_for_timeout(1000 * seconds * (len(counts) == 1))
    elapsed, months, busy, all_of_it = (after - before for before, after in zip(*counts, strict=True))
    return months / elapsed, 1000 * busy / months, 1000 * all_of_it / months


def server_side(organizations: int) -> tuple[float, float]:
    """Milliseconds both arms take, and kilobytes of their frames."""
    case = read_scenario("default", [f"organizations.count={organizations}"])
    run_futures(case, ARMS, 0, 1)
    start = time.perf_counter()
    futures = run_futures(case, ARMS, 0, 1)
    seconds = time.perf_counter() - start
    return 1000 * seconds, sum(len(text) for side in futures.sides for text in packed(side).values()) / 1000


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    command = [sys.executable, "-m", "ci_sim", "app", "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        found = re.search(r"http://[\w.:]+\d", server.stdout.readline())
        assert found is not None
        print(f"load {os.getloadavg()[0]:.1f}")
        print("organizations  frames/s  ms of page  ms of browser  ms both arms  kB sent")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            for organizations in SIZES:
                frames, busy, whole = measure(page, found[0], organizations, seconds)
                cost, sent = server_side(organizations)
                shown = f"{organizations:13} {frames:9.1f} {busy:11.1f} {whole:14.1f} {cost:13.0f} {sent:8.0f}"
                print(shown, flush=True)
            browser.close()
        server.terminate()


if __name__ == "__main__":
    main()
