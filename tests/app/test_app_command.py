"""``ci-sim app``: bound to this machine unless told otherwise, plain about bad addresses, quiet to the outside."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from solara.server import settings

from ci_sim.app import server
from ci_sim.app.vendor import FOLDER
from ci_sim.cli import main
from ci_sim.cli.app import app


class Got(NamedTuple):
    """An answer of the server, redirects not followed."""

    status: int
    headers: Any
    text: str


@pytest.fixture
def get(app_server) -> Callable[[str], Got]:
    """Ask the running app for a path, exactly as it is written."""
    host = app_server.address.removeprefix("http://")

    def ask(path: str) -> Got:
        connection = HTTPConnection(host, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        got = Got(answer.status, answer.headers, answer.read().decode())
        connection.close()
        return got

    return ask


def test_only_this_machine_by_default():
    assert {option.name: option.default for option in app.params}["host"] == "127.0.0.1"


def test_a_port_in_use_is_said_plainly():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = CliRunner().invoke(main, ["app", "--no-open", "--port", str(taken.getsockname()[1])])
    assert found.exit_code == 2
    assert "cannot be used" in found.output
    assert "Traceback" not in found.output


def test_a_host_that_is_not_this_machine_is_said_plainly():
    found = CliRunner().invoke(main, ["app", "--no-open", "--host", "192.0.2.1"])
    assert found.exit_code == 2
    assert "an address of this machine" in found.output


def test_nothing_is_told_to_anybody():
    server.settle()
    assert settings.telemetry.mixpanel_enable is False
    assert settings.kernel.cull_timeout == server.UNUSED_AFTER
    assert settings.main.mode == "production"


def test_the_browser_is_told_to_ask_nobody_else(get, app_server):
    policy = get("/readyz").headers["content-security-policy"]
    host = app_server.address.removeprefix("http://")
    allowed = {word for part in policy.split(";") for word in part.split()[1:]}
    own = {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}
    assert allowed - own == {f"ws://{host}", f"wss://{host}"}


def test_the_page_can_be_zoomed_and_has_a_language(get):
    page = get("/").text
    assert '<html lang="en">' in page
    assert "user-scalable" not in page
    assert "maximum-scale" not in page


def test_what_is_not_there_leads_home_and_is_never_fetched(get):
    assert get("/no/such/page").headers["location"] == "/"
    missing = get("/_solara/cdn/vega@5/build/vega.min.js")
    assert missing.status == 307
    outside = get("/_solara/cdn/..%2f..%2f..%2fserver.py")
    assert outside.status == 307


def test_the_vendored_front_end_is_whole(get):
    page = get("/").text
    for name in ("requirejs@2.3.6/require.js", "dist/main8.css", "dist/fonts.css", "dist/solara-vuetify-app8.min.js"):
        assert name in page
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 6_000_000


@pytest.mark.parametrize(("origin", "refused"), [("http://evil.example", True), ("http://127.0.0.1:8765", False)])
def test_no_other_sites_page_may_speak_for_a_visitor(origin, refused):
    reached, sent = [], []

    async def inner(scope, *_):
        reached.append(scope["type"])

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8765"), (b"origin", origin.encode())]
    asked = server.Guarded(inner)({"type": "websocket", "headers": headers}, receive, send)
    with ThreadPoolExecutor(1) as apart:  # the browser of other tests keeps a loop running in this thread
        apart.submit(asyncio.run, asked).result()
    assert bool(reached) != refused
    assert bool(sent) == refused
