"""Erasing a complaint everywhere: here, in the other services, and what the streams still hold of it.

Nothing is lost: an erasure is a row until all have confirmed it, and is taken up again after a restart.
Nothing is doubled: each service knows an erasure by its id, and the fact is decided once, with the reply.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from prometheus_client import Gauge
from pydantic import TypeAdapter

from services.intake.complaint_status import ComplaintStatus, status_of
from services.intake.erasure import leftovers, record
from services.intake.erasure.record import Gone
from services.intake.ledger import Entry
from services.intake.publishing import LedgerPublisher
from services.intake.tables import ErasureRow
from services.intake.verbs import PRIVACY
from shared.contract.commands import Accepted
from shared.contract.erasure import Destroyed, ErasureOrder, NotDestroyed
from shared.contract.subjects import Service, erasure
from shared.contract.values import Actor
from shared.runtime.log import logger
from shared.runtime.reasons import reason
from shared.runtime.texts.erasing import Eraser

log = logger("erasing")

OTHERS = tuple(service for service in Service if service is not Service.INTAKE)
DESTROY_SECONDS = 6.0
"""Seconds that a service has to destroy its part."""

LOOK_SECONDS = 5.0
WAITING = Gauge("amends_erasures_waiting", "Erasures that not every service has confirmed")
ANSWER: TypeAdapter[Destroyed | NotDestroyed] = TypeAdapter(Destroyed | NotDestroyed)


class NotErasedYet(ConnectionError):
    """Raised when a service has not destroyed its part. It is an outage, so the same order may be sent
    again.
    """


class Erasing:
    """Carries out erasures, one at a time; those that were left behind, too."""

    def __init__(
        self, ledger_publisher: LedgerPublisher, eraser: Eraser, now: Callable[[], datetime]
    ) -> None:
        self._ledger_publisher = ledger_publisher
        self._database = ledger_publisher.database
        self._eraser = eraser
        self._now = now
        self._busy = asyncio.Lock()

    async def carry_out(self, row: ErasureRow) -> Accepted:
        """Destroy the texts in every service, then publish the fact. Raises what an outage raises; the row
        stays for another try.
        """
        async with self._busy:
            done = await self._database.read(lambda session: record.carried_out(session, row))
            entry = done or await self._everywhere(row)
            await self._ledger_publisher.entry(entry)
            return entry.reply

    async def _everywhere(self, row: ErasureRow) -> Entry:
        client, complaint = self._ledger_publisher.publisher.client, row.complaint_id
        if not await self._is_stored(complaint):
            put_aside = await leftovers.destroy(client, [complaint])
            # Look once more: until its copies were destroyed, an admin may have corrected and replayed one of
            # them.
            if not await self._is_stored(complaint):
                return await self._finish(row, Gone(0, put_aside), ComplaintStatus(self._now()))
        family = await self._database.read(lambda session: record.family(session, complaint))
        order = ErasureOrder(erasure_id=row.erasure_id, complaint_ids=family)
        texts = await self._eraser(order)
        for service in OTHERS:
            texts += await self._ask(service, order)
        await leftovers.destroy(client, family)
        at = await status_of(client, complaint, self._now())
        return await self._finish(row, Gone(texts), at)

    async def _is_stored(self, complaint: str) -> bool:
        return await self._database.read(lambda session: record.is_stored(session, complaint))

    async def _finish(self, row: ErasureRow, gone: Gone, at: ComplaintStatus) -> Entry:
        actor = Actor(id=row.actor, role=PRIVACY, via=row.via)
        return await self._database.write(lambda session: record.finish(session, row, actor, gone, at))

    async def left_behind(self) -> None:
        """Take up what was asked for and is not done, at the start and ever after; cancelled at the end."""
        while True:
            try:
                waiting = await self._database.read(record.pending)
                WAITING.set(len(waiting))
                for row in waiting:
                    await self._try(row)
            except Exception as error:  # an outage: the next look finds the same
                log.warning("erasures_not_read", error=reason(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def _try(self, row: ErasureRow) -> None:
        try:
            await self.carry_out(row)
        except Exception as error:  # it is tried again, and keeps no other waiting
            log.warning("erasure_waits", complaint_id=row.complaint_id, error=reason(error))

    async def _ask(self, service: Service, order: ErasureOrder) -> int:
        client = self._ledger_publisher.publisher.client
        answer = await client.request(
            erasure(service), order.model_dump_json().encode(), timeout=DESTROY_SECONDS
        )
        said = ANSWER.validate_json(answer.data)
        if isinstance(said, NotDestroyed):
            raise NotErasedYet(f"{service}: {said.error}")
        return said.texts
