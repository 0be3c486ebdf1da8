"""Common parts of services that face a browser: safe headers, permitted host names, an orderly end."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from signal import SIGINT, SIGTERM

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = ["127.0.0.1", "localhost"]
"""Host names of a page on loopback; other names are a page elsewhere reaching in."""

STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy: a page shows our own content, runs no script, and cannot be framed elsewhere."""

CACHE = "Cache-Control"

TWO_LENGTHS = {b"content-length", b"transfer-encoding"}


def guard(
    app: Starlette, *, policy: str = STRICT, referrer: str, only_here: bool, pages_may_be_kept: bool
) -> None:
    """Add the security headers to every answer; refuse foreign host names where `only_here`.

    `policy` and `referrer` are the values of Content-Security-Policy and Referrer-Policy. The browser
    caches nothing, unless `pages_may_be_kept`: then a page's own header for that is respected.
    """
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": referrer,
        CACHE: "no-store",
    }
    app.add_middleware(SafeHeaders, headers=headers, pages_may_be_kept=pages_may_be_kept)
    app.add_middleware(OneLength)
    if only_here:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=HERE)


class OneLength:
    """Ends the connection after a request that states its length twice.

    A proxy in front may have believed `Content-Length` where this server believes `Transfer-Encoding`: what
    comes next on the connection may be the body of one and a request of the other (RFC 9112, 6.1).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        names = {name for name, _ in scope.get("headers", ())}
        await self._app(scope, receive, closing if names >= TWO_LENGTHS else send)


class SafeHeaders:
    """Adds `headers` to every answer over HTTP."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], pages_may_be_kept: bool) -> None:
        self._app = app
        self._headers = headers
        self._pages_may_be_kept = pages_may_be_kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)

    def _add(self, answer: MutableHeaders) -> None:
        kept = answer.get(CACHE) if self._pages_may_be_kept else None
        answer.update(self._headers if kept is None else {**self._headers, CACHE: kept})


class OrderlyServer(uvicorn.Server):
    """Being asked to stop is a good end: unlike uvicorn's own way, the signal is not raised again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (SIGINT, SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
