"""Waits for NATS and Temporal side by side: a fault of one is reported while the other is away."""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio.client import Client

from shared.runtime.connections import temporal as temporals
from shared.runtime.connections.nats import reach
from shared.runtime.connections.places import NatsPlace, TemporalPlace
from shared.runtime.connections.waiting import AGAIN_SECONDS, until_reached
from shared.runtime.connections.wrong import SeveralWrong, Unreachable, WrongSetting
from shared.runtime.log import logger

log = logger("temporal")


async def until_connected(place: TemporalPlace, **more: Any) -> Client:
    """Client of Temporal, as soon as there is one. Raises `WrongSetting` if none ever will be."""
    while True:
        try:
            return await temporals.connect(place, **more)
        except Unreachable as error:
            log.warning("temporal_unreachable", address=place.address, error=error.why)
            await asyncio.sleep(AGAIN_SECONDS)


async def first_look(nats: NatsPlace, temporal: TemporalPlace, user: str) -> None:
    """Try both once, side by side. Raises every `WrongSetting` together; what is away may come."""
    found = await asyncio.gather(reach(nats, user), temporals.connect(temporal), return_exceptions=True)
    raise_wrong(found)
    for outcome in found:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Unreachable):
            raise outcome


async def both(nats: NatsPlace, temporal: TemporalPlace, user: str, **more: Any) -> Client:
    """Wait for both, side by side; a client of Temporal. Raises `WrongSetting`, of both if both are wrong."""
    await first_look(nats, temporal, user)
    waiting = asyncio.create_task(until_reached(nats, user))
    try:
        client, _ = await asyncio.gather(until_connected(temporal, **more), waiting)
    finally:
        waiting.cancel()
    return client


def raise_wrong(found: Sequence[object]) -> None:
    """Raise what is a `WrongSetting` among these, if anything is."""
    wrong = [one for one in found if isinstance(one, WrongSetting)]
    if wrong:
        raise SeveralWrong(wrong) if len(wrong) > 1 else wrong[0]
