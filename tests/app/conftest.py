"""What tests of the app share: one server and one browser for all, and visitors with pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

SCREENSHOTS = os.environ.get("CI_SIM_SCREENSHOTS", "")
"""Folder for a picture of every page whose test fails."""


@dataclass
class Server:
    """The app as ``ci-sim app`` serves it, in a process of its own."""

    address: str
    process: subprocess.Popen[str] = field(repr=False)


@pytest.fixture(scope="session")
def app_server() -> Iterator[Server]:
    """``ci-sim app --port 0``; the address is what it announces."""
    command = [sys.executable, "-m", "ci_sim", "app", "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, f"announced {line!r}"
    yield Server(found[0], process)
    process.terminate()
    process.wait(10)
    process.stdout.close()


@dataclass
class Opened:
    """An opened page, and what it did behind the scenes."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ready(self) -> Opened:
        """Wait until the page is there and, where there are charts, drawn."""
        self.page.locator("main h1").wait_for(timeout=20_000)
        if "page=about" not in self.page.url:
            self.page.locator(".ci-chart .ci-picture svg").first.wait_for(timeout=20_000)
        if "page=compare" in self.page.url:
            self.page.wait_for_function("location.search.includes('numbers=')", timeout=20_000)
        self.page.wait_for_function("!document.querySelector('.ci-busy')")
        return self

    def settled(self, before: str) -> Opened:
        """Wait until the link has become another than before, and newer numbers are on show."""
        changed = "before => location.search !== before && location.search.includes('numbers=')"
        self.page.wait_for_function(changed, arg=before, timeout=20_000)
        self.page.wait_for_function("!document.querySelector('.ci-busy')")
        return self

    def query(self) -> str:
        """What stands in the address bar after the question mark, with it."""
        return str(self.page.evaluate("location.search"))


class Visits:
    """Visitors of the app, each with a browser context of their own."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.made: list[tuple[Any, Opened]] = []

    def __call__(self, query: str = "", *, width: int = 1280, height: int = 800, scheme: str = "light") -> Opened:
        """Open the app: ``open_page("?page=about", width=390, scheme="dark")``."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True, locale="en-US"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.address)
        opened = Opened(context.new_page(), self.address)
        opened.page.on("request", lambda asked: opened.requests.append(asked.url))
        opened.page.on("response", lambda got: opened.failures.append(got.url) if got.status >= 400 else None)
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        self.made.append((context, opened))
        opened.page.goto(f"{self.address}/{query}")
        return opened.ready()

    def end(self) -> None:
        """Close all, and hold the pages to it that no script of theirs has failed."""
        for context, _ in self.made:
            context.close()
        assert [error for _, opened in self.made for error in opened.errors] == []


@pytest.fixture
def open_page(app_server: Server, browser: Any) -> Iterator[Visits]:
    """Open the app in this test; each call is another visitor."""
    visits = Visits(browser, app_server.address)
    yield visits
    visits.end()


@pytest.fixture(scope="module")
def open_for_all(app_server: Server, browser: Any) -> Iterator[Visits]:
    """The same, for pages that several tests look at and none changes."""
    visits = Visits(browser, app_server.address)
    yield visits
    visits.end()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Iterator[None]:
    """Where a test with pages has failed, and a folder is named for it: a picture of each of them."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if not (SCREENSHOTS and report.when == "call" and report.failed):
        return
    visits = [value for value in item.funcargs.values() if isinstance(value, Visits)]
    Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
    for number, (_, opened) in enumerate(made for one in visits for made in one.made):
        name = re.sub(r"\W+", "_", item.nodeid).strip("_")
        with suppress(Error):
            opened.page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{number}.png", full_page=True)
