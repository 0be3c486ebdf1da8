"""Wiring of the door: HTTP in, submissions out. No other module wires it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from fastapi import APIRouter, FastAPI

from services.door.api import Api
from services.door.form import Form
from services.door.limits import Room, SenderRates
from services.door.links import LinkPage
from services.door.openapi import DoorApp
from services.door.pages import Pages
from services.door.problems import report_problems
from services.door.publishers import Doorman
from services.door.settings import DoorSettings
from services.door.stamps import Stamps
from services.door.submitting import Line
from shared.runtime.health import Health, http_server
from shared.runtime.log import logger
from shared.runtime.patient_http import patient
from shared.runtime.policy_in_force import policy_in_force
from shared.runtime.web import OrderlyServer, guard

NAME = "door"
log = logger(NAME)


def make_app(settings: DoorSettings) -> FastAPI:
    """Application, connected while it runs. Raises `UnusableRegister`, `UnusableKey`, `PolicyError`."""
    line, rates, patience = Line(settings), SenderRates(), settings.door_patience
    doorman, health = Doorman(settings.clients_file), Health({"nats": line.check}, state=line.state)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await line.open()
        try:
            async with _figures(health, settings.health_port):
                yield
        finally:
            await line.close()

    app = DoorApp(lifespan=lifespan)
    report_problems(app)
    guard(app, referrer="same-origin", only_here=settings.only_here, pages_may_be_kept=True)
    policy = policy_in_force(settings.policy, datetime.now(UTC).date())
    per_minute, kinds = settings.door_per_minute, policy.pack.masking
    app.state.api = Api(doorman, line, rates, Room(patience), per_minute, kinds)
    if settings.door_form:
        stamps, pages = Stamps.from_file(settings.door_key_file), Pages(policy)
        app.include_router(
            Form(stamps, pages, line, rates, Room(patience), settings.door_form_per_hour).router
        )
        app.include_router(LinkPage(pages, line, rates, Room(patience), settings.door_form_per_hour).router)
    app.include_router(_about(health, with_metrics=settings.only_here))
    return app


@asynccontextmanager
async def _figures(health: Health, port: int | None) -> AsyncIterator[None]:
    """Serve the health port of the other services, where it is set: for this machine alone."""
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
    """Routes for the door's health. Metrics are for this machine alone."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/livez", health.live)
    router.add_api_route("/readyz", health.ready)
    if with_metrics:
        router.add_api_route("/metrics", health.metrics)
    return router


def configuration(settings: DoorSettings) -> uvicorn.Config:
    """Configuration of the HTTP server: bounded in time, trusting only the proxies that the settings name."""
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
    server = OrderlyServer(configuration(settings))
    log.info("door_starts", port=settings.door_port)
    try:
        server.run()
    except SystemExit as failed:
        return int(failed.code or 0)
    return 0
