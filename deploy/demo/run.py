"""Run of the demo, from nothing to its exit status: the stack, the company, the checks, the summary."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from deploy.demo import catalogue as catalogues
from deploy.demo.auditing import audit
from deploy.demo.company import Company
from deploy.demo.life import MovesClock
from deploy.demo.looking_back import look_back
from deploy.demo.outside import OutsideWorld
from deploy.demo.over_http import OverHttp
from deploy.demo.record import Record
from deploy.demo.screen import Screen
from deploy.demo.staying import stay_up
from deploy.demo.summary import Result, show
from deploy.local.ready import Ready
from deploy.local.stack import Stack
from shared.client.fast_forward import fast_forward

MOVES_AT_ONCE = 12
"""More clocks that move at the same time only wait for each other."""


async def demo(console: Console, directory: Path | None, stay: bool) -> int:
    """Play the demo; 0 if every complaint ended as in its script, else 1."""
    place = directory or Path(tempfile.mkdtemp(prefix="amends-demo-"))
    keep = directory is not None
    try:
        result = await _on_stack(console, place, stay)
        keep = keep or bool(result.wrong)
    except Exception:
        keep = True
        raise
    finally:
        if keep:
            console.print(f"What happened is in {place}, the logs in {place / 'logs'}.", soft_wrap=True)
        else:
            shutil.rmtree(place, ignore_errors=True)
    return 1 if result.wrong else 0


async def _on_stack(console: Console, place: Path, stay: bool) -> Result:
    began = time.monotonic()
    catalogue, run = catalogues.load(), f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    screen = Screen(console, catalogue, run)
    async with _running(place, screen) as ready:
        screen.show(f"the board is at {ready.board_url}, the form at {ready.door_url}")
        result = await _play(ready, screen, catalogue, run)
        result.wrong += await audit(place)
        result.seconds = time.monotonic() - began
        show(console, result)
        if stay:
            await stay_up(console, ready, place, catalogue, f"{run}-open")
        console.print("Stopping ...", style="dim")
    return result


@asynccontextmanager
async def _running(place: Path, screen: Screen) -> AsyncIterator[Ready]:
    """Whole stack with its board and its door."""

    def report(part: str, sentence: str) -> None:
        if sentence != "is starting":
            screen.show(f"{part} {sentence}")

    stack = Stack(place, report=report)
    screen.show("starting NATS, Temporal, the three services, the board and the door")
    ready = await stack.start()
    try:
        yield ready
    finally:
        await stack.stop()


async def _play(ready: Ready, screen: Screen, catalogue: catalogues.Catalogue, run: str) -> Result:
    record = Record(screen.received)
    async with OutsideWorld(ready, record) as outside:
        before = await outside.quarantined()
        company = Company(catalogue, run, outside, OverHttp.let_in(ready), record, await _clock_of(ready))
        await company.send_all()
        sent = f"{len(catalogue.complaints)} complaints and {len(catalogue.grumbles)} grumbles are sent"
        screen.show(f"{sent}; their lives begin")
        screen.follow(record)
        try:
            broken_off = await company.live()
        finally:
            await screen.stop()
        screen.show("every life has ended; comparing facts, timelines and rates")
        result = await look_back(catalogue, run, outside, record, before)
    result.wrong = broken_off + result.wrong
    return result


async def _clock_of(ready: Ready) -> MovesClock:
    client = await Client.connect(
        ready.temporal_address,
        namespace=ready.temporal_namespace,
        data_converter=pydantic_data_converter,
    )
    together = asyncio.Semaphore(MOVES_AT_ONCE)

    async def move(complaint_id: str, delta: timedelta) -> datetime:
        async with together:
            return (await fast_forward(client, complaint_id, delta)).now

    return move
