"""Serve the app: Solara's server, told to be quiet, to stay on this machine, and to let go of what nobody looks at."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import warnings
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara.server.settings
import solara.settings
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from ci_sim.app.ensemble import warm_up
from ci_sim.app.vendor import FOLDER, PLACES
from ci_sim.complaints import Complaint, InputError, reason

__all__ = ["make_app", "serve", "settle"]

WEB = Path(__file__).parent / "web"
UNUSED_AFTER = "3m"
"""A visitor whose connection was lost for so long is forgotten; a closed tab is at once."""
LARGEST_MESSAGE = 3_000_000
"""Bytes a browser may send at a time: a scenario file, packed, and a little."""

REWRITES = (
    ("<html>", '<html lang="en">'),
    (r'(<meta name="viewport" content=")[^"]*', r"\1width=device-width, initial-scale=1"),  # zooming is allowed
    (r"(function getThemeVariant\(\))", r'theme.variant = "auto"; \1'),  # light or dark as the system is
    ("<v-progress-linear :style", '<v-progress-linear aria-label="Working" :style'),
)
"""What Solara's page has not, for the sake of those who see badly."""


def settle() -> None:
    """What of Solara's own defaults must not be."""
    server = solara.server.settings
    server.telemetry.mixpanel_enable = False
    server.kernel.cull_timeout = UNUSED_AFTER
    server.main.mode = "production"
    server.theme.variant = server.ThemeVariant.light  # its page for auto is empty; see REWRITES
    server.theme.loader = "plain"
    server.theme.show_banner = False
    server.theme.title = "ci_sim"
    server.assets.fontawesome_enabled = False
    server.assets.extra_locations = [str(WEB / "assets")]
    solara.settings.assets.proxy = True
    os.environ["SOLARA_APP"] = "ci_sim.app.main"


def make_app() -> Starlette:
    """The app as an ASGI application, for uvicorn or any other server."""
    settle()
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)  # no login, no embedding
    from solara.server import starlette as solara_server  # noqa: PLC0415 - reads the settings when imported

    async def front(request: Request) -> Response:
        response: Response = await solara_server.root(request)
        page = bytes(response.body).decode()
        for found, instead in REWRITES:
            page = re.sub(found, instead, page, count=1)
        response.body = page.encode()
        response.headers["content-length"] = str(len(response.body))
        return response

    async def elsewhere(_: Request, __: Exception) -> Response:
        return RedirectResponse("/")

    vendored = [Mount(f"/_solara/cdn/{place}", StaticFiles(directory=FOLDER)) for place in PLACES]
    kept = ("/readyz", "/jupyter", "/static", "/_solara/api/close")
    routes = [route for route in solara_server.routes if getattr(route, "path", "").startswith(kept)]
    return Starlette(
        routes=[Route("/", front), *vendored, *routes],
        middleware=[*solara_server.middleware, Middleware(Guarded)],
        exception_handlers={404: elsewhere},
        lifespan=solara_server.lifespan,
    )


class Guarded:
    """Nothing is asked of any other machine, and no other site's page may speak for a visitor."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse foreign pages their connection; tell the browser where it may load from."""
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope.get("headers", [])}
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if scope["type"] == "websocket" and origin and origin.partition("://")[2] != host:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        policy = (
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            f"connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'self'; form-action 'none'"
        )

        async def send_with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                extra = [("content-security-policy", policy), ("referrer-policy", "no-referrer")]
                message["headers"] = [*message["headers"], *((k.encode(), v.encode("latin-1")) for k, v in extra)]
            await send(message)

        await self.app(scope, receive, send_with_policy if scope["type"] == "http" else send)


class _Server(uvicorn.Server):
    """Says when it is there."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self.ready()


def serve(host: str, port: int, *, open_browser: bool, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    port : 0 takes any free one.
    announce : called with the address once pages can be opened.

    Raises
    ------
    InputError : the address cannot be used.
    """
    listening = _listen(host, port)
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listening.getsockname()[1]}"
    warm_up()
    config = uvicorn.Config(make_app(), log_level="error", ws_max_size=LARGEST_MESSAGE, timeout_graceful_shutdown=2)

    def ready() -> None:
        announce(address)
        if open_browser:
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, address)

    with listening:
        _Server(config, ready).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        return listening
    except OSError as error:
        listening.close()
        found = f"{host}:{port}, which cannot be used ({reason(error)})"
        raise InputError(
            "--host, --port", [Complaint("", found, "an address of this machine and a free port")]
        ) from None
