"""Publish decided facts: at once, and again for the facts that were left unpublished when a process died."""

import asyncio

from sqlmodel import Session

from services.intake.ledger import Entry, last_unpublished, left_behind, note_published, unpublished
from shared.contract.outgoing import Outgoing
from shared.contract.subjects import Service
from shared.runtime.log import logger
from shared.runtime.messages.publishing import Publisher
from shared.runtime.probes.flushes import Flushes
from shared.runtime.reasons import reason
from shared.runtime.storage.database import Database

log = logger("saying")

LOOK_SECONDS = 5.0
MOST_AT_ONCE = 200


class LedgerPublisher:
    """Publish the facts in the ledger, and note that they were published.

    Nothing is lost: the facts of a command are published by the command itself, by the next command, or by
    `left_behind`, the first of these. Nothing is doubled: the stream knows facts by their ids.
    """

    def __init__(self, database: Database, publisher: Publisher, flushes: Flushes | None = None) -> None:
        self.database = database
        self._flushes = flushes or Flushes(Service.INTAKE)
        self.publisher = publisher

    async def entry(self, entry: Entry) -> None:
        """Publish the facts of a command that was carried out, after the facts that come before them."""
        if entry.unpublished:
            with self._flushes.watched(entry.complaint_id):
                await self.publisher.publish(entry.unpublished, again=entry.again)
                await self._note(entry.complaint_id, entry.seq)

    async def everything(self, complaint: str) -> None:
        """Publish the facts of this complaint that may be unpublished."""

        def look(session: Session) -> tuple[list[Outgoing], int]:
            return unpublished(session, complaint), last_unpublished(session, complaint)

        facts, seq = await self.database.read(look)
        if facts:
            with self._flushes.watched(complaint):
                await self.publisher.publish(facts, again=True)
                await self._note(complaint, seq)

    async def left_behind(self) -> None:
        """Look for what others left behind, at the start and ever after; cancelled at the end."""
        while True:
            try:
                for complaint in await self.database.read(lambda session: left_behind(session, MOST_AT_ONCE)):
                    await self.everything(complaint)
            except Exception as error:  # an outage: the next look finds the same
                log.warning("not_said", error=reason(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def _note(self, complaint: str, seq: int) -> None:
        await self.database.write(lambda session: note_published(session, complaint, seq))
