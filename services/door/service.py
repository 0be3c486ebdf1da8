"""The only place that wires the door: HTTP in, submissions out."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from signal import SIGINT, SIGTERM

import uvicorn
from fastapi import APIRouter, FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.door.api import Api
from services.door.form import Form
from services.door.limits import Rates, Room
from services.door.pages import Pages
from services.door.problems import say_problems
from services.door.protocol import patient
from services.door.publishers import Doorman
from services.door.settings import DoorSettings
from services.door.stamps import Stamps
from services.door.submitting import Line
from shared.contract.generate.openapi import openapi
from shared.runtime.health import Health, http_server
from shared.runtime.log import logger
from shared.runtime.policy_in_force import policy_in_force

NAME = "door"
log = logger(NAME)

HERE = ["127.0.0.1", "localhost"]
"""The names under which a door on loopback is asked for; others are a page elsewhere reaching in."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make_app(settings: DoorSettings) -> FastAPI:
    """The application, connected while it runs. Raises `UnusableTokens`, `UnusableKey`, `PolicyError`."""
    line, rates, patience = Line(settings), Rates(), settings.door_patience
    doorman, health = Doorman(settings.door_tokens_file), Health({"nats": line.check})

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await line.open()
        try:
            async with _figures(health, settings.health_port):
                yield
        finally:
            await line.close()

    app = FastAPI(title="Amends door", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    say_problems(app)
    app.add_middleware(SafeHeaders)
    if settings.only_here:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=HERE)
    app.include_router(Api(doorman, line, rates, Room(patience), settings.door_per_minute).router)
    if settings.door_form:
        policy = policy_in_force(settings.policy, datetime.now(UTC).date())
        stamps, pages = Stamps.from_file(settings.door_key_file), Pages(policy)
        app.include_router(
            Form(stamps, pages, line, rates, Room(patience), settings.door_form_per_hour).router
        )
    app.include_router(_about(health, with_metrics=settings.only_here))
    return app


@asynccontextmanager
async def _figures(health: Health, port: int | None) -> AsyncIterator[None]:
    """What the other services have on their health port, too, where one is set: for this machine alone."""
    if port is None:
        yield
        return
    server = http_server(health.app(), port)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _about(health: Health, *, with_metrics: bool) -> APIRouter:
    """The contract, and how the door is. Figures are for this machine alone."""
    document, router = openapi(), APIRouter()

    @router.get("/openapi.json")
    async def contract() -> JSONResponse:
        return JSONResponse(document)

    @router.get("/livez")
    async def live() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        report = await health.report()
        well = all(answer == "ok" for answer in report.values())
        return JSONResponse({"ready": well, "checks": report}, status_code=200 if well else 503)

    if with_metrics:

        @router.get("/metrics")
        async def metrics() -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


class SafeHeaders:
    """Nothing from elsewhere runs in a page, and nothing is kept by the browser unless a page says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class DoorServer(uvicorn.Server):
    """Being asked to stop is a good end: unlike uvicorn's own way, the signal is not raised again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (SIGINT, SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def configuration(settings: DoorSettings) -> uvicorn.Config:
    """How HTTP is served: bounded in time, and believing only the proxies that it is told to."""
    return uvicorn.Config(
        make_app(settings),
        host=settings.door_host,
        port=settings.door_port,
        http=patient(settings.door_patience),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.door_trusted_proxies),
        forwarded_allow_ips=settings.door_trusted_proxies or None,
        timeout_graceful_shutdown=10,
        lifespan="on",
    )


def serve(settings: DoorSettings) -> int:
    """Run until SIGINT or SIGTERM; the exit status. Raises as `make_app` does."""
    server = DoorServer(configuration(settings))
    log.info("door_starts", port=settings.door_port)
    try:
        server.run()
    except SystemExit as failed:
        return int(failed.code or 0)
    return 0
