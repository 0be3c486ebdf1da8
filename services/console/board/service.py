"""Wiring of the board, which is done here only: NATS in, HTTP out."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import nats
import nats.errors
import nats.js.errors
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nats.aio.client import Client

from services.console.board.feed import RECENT, Feed
from services.console.board.pages import router
from services.console.board.reading import Answers
from services.console.board.settings import BoardSettings
from shared.client.last_facts import recent_facts
from shared.contract import subjects
from shared.runtime.connections.nats import identity, options
from shared.runtime.connections.waiting import until_reached
from shared.runtime.log import logger
from shared.runtime.patient_http import patient
from shared.runtime.web import STRICT, OrderlyServer, guard

log = logger("board")

PATIENCE_SECONDS = 10.0
"""Time that a request may take to begin. Idle connections are closed by uvicorn after five seconds."""

MOST_CONNECTIONS = 512
"""Beyond it uvicorn answers 503: the board is for a team, and each open page holds one connection."""

STATIC = Path(__file__).parent / "static"
POLICY = f"{STRICT}; script-src 'self'; connect-src 'self'"
"""Content security policy: the board's own script fetches changed parts, from the board alone."""


async def _report(error: Exception) -> None:
    log.warning("nats", error=f"{type(error).__name__}: {error}")


async def connect(settings: BoardSettings, feed: Feed) -> Client:
    """Connection as the board's own user, for as long as the board runs."""
    return await nats.connect(
        **options(settings.nats),
        **identity(settings.nats),
        name="amends-board",
        inbox_prefix=subjects.inbox_prefix("board"),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        error_cb=_report,
        reconnected_cb=feed.forget,
    )


def make_app(settings: BoardSettings) -> FastAPI:
    """Web application; it is connected while it runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        feed = Feed()
        client = await connect(settings, feed)
        await client.subscribe(f"{subjects.EVENT}.>", cb=feed.take)
        with suppress(nats.errors.Error, nats.js.errors.Error):
            # The stream may not be there yet: the board starts all the same, with an empty ticker.
            feed.begin_with(await recent_facts(client, RECENT))
        app.state.feed = feed
        app.state.reading = Answers(client, feed)
        try:
            yield
        finally:
            await client.close()

    app = FastAPI(title="Amends board", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    guard(app, policy=POLICY, referrer="no-referrer", only_here=settings.only_here, pages_may_be_kept=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(router)
    return app


class BoardServer(OrderlyServer):
    """Ends the open event streams first, or stopping would wait for every browser."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI) and hasattr(app.state, "feed"):
            app.state.feed.close()
        await super().shutdown(sockets)


def serve(settings: BoardSettings) -> int:
    """Run until SIGINT or SIGTERM; the exit status. Raises `WrongSetting` if no NATS will take us."""
    asyncio.run(until_reached(settings.nats, "board"))
    config = uvicorn.Config(
        make_app(settings),
        host=settings.board_host,
        port=settings.board_port,
        http=patient(PATIENCE_SECONDS),
        ws="none",
        limit_concurrency=MOST_CONNECTIONS,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )
    log.info("board_starts", port=settings.board_port)
    try:
        BoardServer(config).run()
    except SystemExit as failed:
        return int(failed.code or 0)
    return 0
