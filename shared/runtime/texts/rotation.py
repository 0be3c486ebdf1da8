"""Rotation: data keys that a former master key wraps are wrapped anew; no text is touched.

Nothing is lost: a key changes in one statement, and only if it is still the key that was read. Nothing is
done twice: several processes may do it at once, and a dead process leaves whole rows behind for the next.
"""

import asyncio
import os
import socket
from contextlib import suppress
from functools import partial
from typing import Any

from prometheus_client import Gauge
from pydantic import BaseModel
from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, update

from shared.contract.erasure import KeysAsked
from shared.runtime.log import logger
from shared.runtime.messages.requests import Answer
from shared.runtime.reasons import reason
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import UnreadableText
from shared.runtime.texts.tables import TextKeyRow

log = logger("rotation")

BATCH = 200
LOOK_SECONDS = 3600.0
AGAIN_SECONDS = 5.0
FILE_SECONDS = 5.0
"""Seconds between two checks whether the file of keys has changed."""

PROCESS = f"{socket.gethostname()}-{os.getpid()}"
"""Also the queue in which a process answers: every process is asked, not one of them."""

LEFT = Gauge(
    "amends_text_keys_under_former_master_keys", "Data keys of texts to be wrapped anew", ["service"]
)


class Rotation:
    """Wraps the keys of one service anew, in the background, a batch at a time."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._database = texts.database
        self._master = texts.master
        self._gauge = LEFT.labels(texts.service.value)
        self._to_scrub = False

    async def run(self) -> None:
        """Rotate at the start, when the file of keys has changed, and hourly for keys written meanwhile."""
        while True:
            try:
                await self.rotate()
            except Exception as error:  # an outage: go on where it ended
                log.warning("rotation_waits", error=reason(error))
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                await self._changed_or_later()

    async def _changed_or_later(self) -> None:
        """Return as soon as the file of keys names another key, or after an hour."""
        before = self._master.id
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                while self._master.id == before:
                    await asyncio.sleep(FILE_SECONDS)
                    self._master.refresh()

    async def rotate(self) -> int:
        """Wrap everything anew that a former key wraps; returns how many keys that were."""
        asked = await self.asked()
        self._gauge.set(asked.former)
        done, after = 0, ""
        while batch := await self._database.write(partial(self._batch, after=after)):
            done, after = done + len(batch), batch[-1]
            self._gauge.dec(len(batch))
        if done:
            log.info("rotated", keys=done, master_key=self._master.id)
        self._to_scrub |= done > 0
        if self._to_scrub:  # also when others held the table the last time
            await self._database.scrub(TextKeyRow)
            self._to_scrub = False
        return done

    async def asked(self) -> KeysAsked:
        """Present state of the keys, in this process and in the file."""
        self._master.refresh()
        by_key = select(TextKeyRow.master_key_id, func.count()).group_by(TextKeyRow.master_key_id)
        counts = dict(await self._database.read(lambda session: session.exec(by_key).all()))
        former = sum(counts.pop(one, 0) for one in self._master.former)
        counts.pop(self._master.id, None)
        return KeysAsked(
            service=self._texts.service,
            process=PROCESS,
            master_key=self._master.id,
            readable=self._master.listed,
            former=former,
            unreadable=sum(counts.values()),
        )

    def _batch(self, session: Session, after: str) -> list[str]:
        """Next keys, in the order of their complaints, so that several processes never block each other."""
        table = TextKeyRow
        rows = session.exec(
            select(table)
            .where(col(table.master_key_id).in_(self._master.former), table.complaint_id > after)
            .order_by(table.complaint_id)
            .limit(BATCH)
        ).all()
        if anew := [changed for row in rows if (changed := self._anew(row))]:
            session.connection().execute(_REWRAP, anew)
        return [row.complaint_id for row in rows]

    def _anew(self, row: TextKeyRow) -> dict[str, Any] | None:
        """Columns of a rewrapped key, or None for a spoilt key, which must not hold up the others."""
        try:
            by, wrapped = self._master.rewrap(row.complaint_id, row.master_key_id, row.wrapped)
        except UnreadableText:
            log.error("key_spoilt", complaint_id=row.complaint_id)
            return None
        return {"complaint": row.complaint_id, "was": row.wrapped, "anew": wrapped, "by": by}


_REWRAP = (
    update(TextKeyRow)
    .where(
        col(TextKeyRow.complaint_id) == bindparam("complaint"), col(TextKeyRow.wrapped) == bindparam("was")
    )
    .values(wrapped=bindparam("anew"), master_key_id=bindparam("by"))
)


def keys_answer(rotation: Rotation) -> Answer:
    """Answer to the operator of the service: the number of keys that are left to be wrapped anew."""

    async def answer(_: bytes) -> BaseModel:
        return await rotation.asked()

    return answer
