"""Write docs/app.png anew: ``python docs/screenshot.py``, a picture of the app as it opens, in headless Chromium.

Any view and window: ``python docs/screenshot.py "page=learn&learn.scene=equity" --out scene.png --width 1920``.
Needs what the tests of the app need (``pip install 'ci_sim[test]'`` and a Chromium; ``CI_SIM_CHROMIUM`` says where).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

OUT = Path(__file__).with_name("app.png")
CHROMIUM = os.environ.get("CI_SIM_CHROMIUM", "/usr/bin/chromium")
HALFWAY = "month=48"
"""Of no page: the first one opens; a view of its beginning would show nothing yet."""
SMALLEST = 20_000
"""Bytes below which a picture shows nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address of an app of our own, on a free port."""
    command = [sys.executable, "-m", "ci_sim", "app", "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
            if found is None:
                sys.exit("ci-sim app does not start here")
            yield found[0]
        finally:
            process.terminate()


def drawn(page: Page) -> None:
    """Wait until the page is there, its numbers are, and nothing moves any more."""
    page.locator("main h1").wait_for(timeout=60_000)
    if page.locator(".ci-about").count() == 0:
        page.locator("main svg").first.wait_for(timeout=60_000)
    page.wait_for_function("!document.querySelector('.ci-busy')", timeout=60_000)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500)


def main() -> None:
    """Open a view, write its picture."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("query", nargs="?", default=HALFWAY, help="of a link; none: what opens first, some years on")
    ask.add_argument("--out", type=Path, default=OUT)
    ask.add_argument("--width", type=int, default=1280)
    ask.add_argument("--height", type=int, default=960)
    ask.add_argument("--dark", action="store_true")
    ask.add_argument("--whole", action="store_true", help="the whole page, not the window alone")
    wanted = ask.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        size = {"width": wanted.width, "height": wanted.height}
        page = browser.new_page(viewport=size, color_scheme="dark" if wanted.dark else "light", locale="en-US")
        page.goto(f"{address}/?{wanted.query}")
        drawn(page)
        picture = page.screenshot(full_page=wanted.whole)
        browser.close()
    if len(picture) < SMALLEST:
        sys.exit("the picture shows nothing")
    temporary = wanted.out.with_name(f".{wanted.out.name}.new")
    temporary.write_bytes(picture)
    temporary.replace(wanted.out)
    print(f"{wanted.out}: {len(picture) // 1000} kB, {wanted.width} x {wanted.height}")


if __name__ == "__main__":
    main()
