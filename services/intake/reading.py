"""Read submissions while the event loop goes on.

Large submissions are read in another process, small submissions in the loop with pauses between them.
"""

import asyncio
import time
from contextlib import suppress
from datetime import datetime

import orjson
from nats.aio.msg import Msg

from services.intake import refusals
from services.intake.admitting import admitted
from services.intake.registration import IntakeContext, Registration
from shared.contract.events import Signals
from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import spoken_by
from shared.runtime.side_work import SideWork, TooComplex
from shared.runtime.texts.covering import Beside, mask_all
from shared.runtime.texts.signal_search import Beside as Find
from shared.runtime.texts.signal_search import find_all

SLICE_SECONDS = 0.01
"""Seconds that the loop may spend on small submissions before other tasks get their turn."""


class Reading:
    """Reads submissions under the policy in force."""

    def __init__(self, beside: SideWork[IntakeContext]) -> None:
        self._beside = beside
        self._since = 0.0

    async def read(self, message: Msg, now: datetime, arrived: datetime) -> Registration:
        """Registration of a message. Raises `Misfit`, also `too_complex` past the budget."""
        if time.perf_counter() - self._since > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
        try:
            _, subject = spoken_by(message.subject)
            return await self._beside.run(len(message.data), admit, subject, message.data, now, arrived)
        except TooComplex:
            raise too_complex() from None


def admit(
    context: IntakeContext, subject: str, body: bytes, now: datetime, arrived: datetime
) -> Registration:
    """Registration, with the forms of its words that are compared."""
    found = admitted(subject, body, now, context, arrived)
    _ = found.comparable.plain, found.comparable.verbatim
    return found


def too_complex() -> Misfit:
    """Misfit for a submission that takes too long to read."""
    return Misfit(Reason.TOO_COMPLEX, refusals.TOO_COMPLEX, "data")


def masking_beside(beside: SideWork[IntakeContext]) -> Beside:
    """Masks the texts of large commands in the process that reads large submissions."""

    async def mask(size: int, texts: list[str]) -> list[str]:
        return await beside.run(size, _mask_all, texts)

    return mask


def finding_beside(beside: SideWork[IntakeContext]) -> Find:
    """Looks for signals in large commands there, too."""

    async def find(size: int, groups: list[tuple[str, ...]]) -> list[Signals]:
        return await beside.run(size, _find_all, groups)

    return find


def _find_all(context: IntakeContext, groups: list[tuple[str, ...]]) -> list[Signals]:
    return find_all(context.finder, groups)


def _mask_all(context: IntakeContext, texts: list[str]) -> list[str]:
    return mask_all(context.mask, texts)


def source_of(message: Msg) -> str:
    """Source of a submission, for its turn. Messages of a client that name none take the turns of one."""
    with suppress(orjson.JSONDecodeError):
        body = orjson.loads(message.data)
        if isinstance(body, dict) and isinstance(source := body.get("source"), str) and source:
            return source
    client, _ = spoken_by(message.subject)
    return f" {client}"
