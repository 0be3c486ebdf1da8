"""Endpoints `/livez`, `/readyz` and `/metrics` of a service, for its operator."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import uvicorn
from nats.aio.client import Client
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.contract.consumers import Durable
from shared.runtime.patient_http import patient
from shared.runtime.probes.cached import Cached, NoAnswer, State
from shared.runtime.probes.lost import StoreLost
from shared.runtime.probes.storing import NothingStored, Storing, check_storing
from shared.runtime.reasons import reason

Check = Callable[[], Awaitable[None]]

CHECK_SECONDS = 3.0


class Health:
    """Runs the named checks on request; ready means that all pass. `measures` set gauges for `/metrics`.

    A check writes, so it is cached for some seconds. A check that hangs counts as failed and blocks no
    request. A change of `state`, such as a lost connection, ends what is cached.
    """

    def __init__(
        self, checks: Mapping[str, Check], measures: Iterable[Check] = (), *, state: State = lambda: None
    ) -> None:
        self._checks = {name: Cached(check, state=state) for name, check in checks.items()}
        self._measures = tuple(measures)

    async def report(self) -> dict[str, str]:
        """Result of each check: `ok`, or the reason in one line."""
        results = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
        return dict(zip(self._checks, results, strict=True))

    async def _ask(self, check: Check) -> str:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check()
        except (NoAnswer, NothingStored, ConnectionError) as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
        except Exception as error:
            return _lost(error) or reason(error)
        return "ok"

    def app(self) -> Starlette:
        """Application with the three endpoints."""
        return Starlette(
            routes=[
                Route("/livez", self.live),
                Route("/readyz", self.ready),
                Route("/metrics", self.metrics),
            ]
        )

    async def live(self, _: Request) -> Response:
        """Answer that the process runs."""
        return JSONResponse({"alive": True})

    async def ready(self, _: Request) -> Response:
        """Answer whether all checks pass, with the result of each; 503 if not."""
        report = await self.report()
        ready = all(answer == "ok" for answer in report.values())
        return JSONResponse({"ready": ready, "checks": report}, status_code=200 if ready else 503)

    async def metrics(self, _: Request) -> Response:
        """Answer with the metrics for Prometheus, measured now."""
        await asyncio.gather(*(self._ask(measure) for measure in self._measures))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _lost(error: Exception) -> str | None:
    """Sentence for a database whose file is gone."""
    lost = getattr(error, "orig", None)
    return f"{type(lost).__name__}: {lost}" if isinstance(lost, StoreLost) else None


def streams_check(client: Client, storing: Storing, *streams: str) -> Check:
    """Each stream that the service publishes to stores what it is sent."""
    return partial(check_storing, client, storing, *streams)


def connection_state(client: Client) -> State:
    """Identity of the present connection to NATS: it changes when the connection is lost or made anew."""
    return lambda: (client.is_connected, client.stats["reconnects"])


def nats_check(client: Client, *durables: Durable) -> Check:
    """Check the connection and its durables: a deleted durable would stop the work in silence."""

    async def check() -> None:
        if not client.is_connected:
            raise ConnectionError("not connected to NATS")
        js = client.jetstream(timeout=CHECK_SECONDS)
        for durable in durables:
            await js.consumer_info(durable.stream, durable.name)

    return check


class QuietServer(uvicorn.Server):
    """Server that leaves signals to the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_server(app: Starlette, port: int) -> QuietServer:
    """HTTP server on loopback."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http=patient(CHECK_SECONDS),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    return QuietServer(config)
