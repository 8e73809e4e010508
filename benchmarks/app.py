"""The app: from a released slider to the drawn ensemble, and memory per visitor over many openings.

``python benchmarks/app.py [openings]``. Needs Chromium (``CI_SIM_CHROMIUM`` names another than /usr/bin/chromium).
Latency is measured in the browser, between the slider's event and the moment newer numbers are on show; beside it
stands what the same ensemble takes on its own, in CPU seconds: on a busy machine compare the ratio.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from ci_sim.app.ensemble import run_ensemble, warm_up
from ci_sim.scenario_file import read_scenario

CHROMIUM = os.environ.get("CI_SIM_CHROMIUM", "/usr/bin/chromium")
ARMS = ("isolated", "collective_impact")
SLIDE = """value => {
  const slider = document.querySelector('[id="set-problem.interdependence"]'), started = performance.now();
  window.took = 0;
  const shown = () => document.querySelector('.ci-picture svg');
  const before = shown();
  const watch = new MutationObserver(() => {
    if (shown() === before || document.querySelector('.ci-busy')) return;
    window.took = performance.now() - started;
    watch.disconnect();
  });
  watch.observe(document.querySelector('main'), {subtree: true, childList: true, attributes: true});
  slider.value = value;
  slider.dispatchEvent(new Event('input'));
  slider.dispatchEvent(new Event('change'));
}"""


def start() -> tuple[subprocess.Popen[str], str]:
    """The app in a process of its own, and its address."""
    command = [sys.executable, "-m", "ci_sim", "app", "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    return process, re.findall(r"http://\S+", process.stdout.readline())[0]


def latency(browser: Browser, address: str) -> list[float]:
    """Seconds from a released slider to newer numbers on show, for values never asked for before."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/?page=compare&arms={','.join(ARMS)}")
    page.wait_for_function("location.search.includes('numbers=')")
    took = []
    for value in (0, 9, 2, 7, 4, 10, 1, 8):
        page.evaluate(SLIDE, str(value))
        page.wait_for_function("window.took > 0", timeout=60_000)
        took.append(float(page.evaluate("window.took")) / 1000)
        page.wait_for_timeout(300)
    page.close()
    return took


def alone() -> list[float]:
    """CPU seconds of the same ensembles without the app."""
    warm_up()
    took = []
    for value in (0, 9, 2, 7):
        scenario = read_scenario("default", [f"problem.interdependence={value}"])
        started = time.process_time()
        run_ensemble(scenario, ARMS, 50, 99)
        took.append(time.process_time() - started)
    return took


def resident(process: subprocess.Popen[str]) -> float:
    """Resident memory of the server, MB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def openings(browser: Browser, address: str, process: subprocess.Popen[str], many: int) -> tuple[float, float, float]:
    """Resident MB after a first five openings and after ``many`` more, and how many MB a visitor takes while there."""

    def visit() -> Any:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(f"{address}/?page=compare")
        page.wait_for_function("location.search.includes('numbers=')", timeout=60_000)
        return page

    for _ in range(5):
        visit().context.close()
    time.sleep(2)
    before = resident(process)
    for _ in range(many):
        visit().context.close()
    time.sleep(3)
    after = resident(process)
    together = [visit() for _ in range(5)]
    while_there = (resident(process) - after) / 5
    for page in together:
        page.context.close()
    return before, after, while_there


def main() -> None:
    """Print both."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    process, address = start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            took, cpu = latency(browser, address), alone()
            middle, own = statistics.median(took), statistics.median(cpu)
            print(f"slider to drawn ensemble (2 arms x 50 worlds): median {middle:.2f} s, worst {max(took):.2f} s")
            print(f"the ensemble alone: {own:.2f} s of CPU; ratio {middle / own:.2f}; load {os.getloadavg()[0]:.1f}")
            before, after, visitor = openings(browser, address, process, many)
            each = (after - before) / many
            print(f"memory: {before:.0f} MB, after {many} more openings {after:.0f} MB ({each:+.2f} each)")
            print(f"a visitor while there: {visitor:.1f} MB")
            browser.close()
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
