"""Waiting for NATS: each try that fails is logged."""

import asyncio

from shared.runtime.connections.nats import reach
from shared.runtime.connections.places import NatsPlace
from shared.runtime.connections.wrong import Unreachable
from shared.runtime.log import logger

log = logger("nats")

AGAIN_SECONDS = 1.0


async def until_reached(place: NatsPlace, user: str) -> None:
    """Return when a server takes us as `user`, however long that lasts.

    Raises `WrongSetting` if none ever will.
    """
    while True:
        try:
            return await reach(place, user)
        except Unreachable as error:
            log.warning("nats_unreachable", error=error.why)
            await asyncio.sleep(AGAIN_SECONDS)
