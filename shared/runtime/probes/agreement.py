"""Compares the end of the stream of facts with the rows of a service.

Rows are written before facts are published. So a fact in the stream without its row means that the database
was lost, or restored from an older backup; and a fact that was seen in the stream and is gone means the same
of the stream. `amends reconcile` compares everything; this looks at what is new, and costs next to nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError
from prometheus_client import Gauge
from sqlmodel import Session, col, func, select

from shared.contract import subjects
from shared.contract.health import Disagreement
from shared.contract.subjects import EVENTS_STREAM, Service
from shared.runtime.log import logger
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.timeline import read_from, read_timeline
from shared.runtime.reasons import reason
from shared.runtime.storage.database import Database
from shared.runtime.storage.tables import RecordedFactRow, SeenFactRow

log = logger("agreement")

ROWS = Gauge(
    "amends_rows_missing", "Complaints of which the database lacks facts that the stream has", ["service"]
)
FACT = Gauge(
    "amends_fact_missing", "1 if the stream does not hold the last fact that it held before", ["service"]
)

LOOK_SECONDS = 15.0
TAIL = 500
"""Messages at the end of the stream that are checked after a start."""

NAMED = 5
LastSeqs = Callable[[Session, Sequence[str]], Mapping[str, int]]
"""Number of the last fact of each complaint in the rows of a service; some may have none."""


def recorded_seqs(session: Session, complaints: Sequence[str]) -> Mapping[str, int]:
    """For services that keep their facts in `recorded_fact`."""
    table = RecordedFactRow
    wanted = select(table.complaint_id, func.max(table.seq)).where(col(table.complaint_id).in_(complaints))
    return dict(session.exec(wanted.group_by(table.complaint_id)).all())


class Agreement:
    """Differences that were found for one service, kept until they are repaired or the process ends."""

    def __init__(
        self, service: Service, database: Database, publisher: Publisher, last_seqs: LastSeqs = recorded_seqs
    ) -> None:
        self._service = service
        self._database = database
        self._publisher = publisher
        self._last_seqs = last_seqs
        self._looked: int | None = None
        self._behind: dict[str, int] = {}
        self._fact_missing: str | None = None

    def found(self) -> Disagreement:
        """Differences at the last check."""
        some = sorted(self._behind)[:NAMED]
        return Disagreement(rows_missing=len(self._behind), some=some, fact_missing=self._fact_missing)

    async def run(self) -> None:
        """Look at the start and ever after; cancelled at the end."""
        while True:
            try:
                await self.look()
            except Exception as error:  # an outage: health has a finding of its own
                log.info("not_compared", error=reason(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Compare once."""
        js = self._publisher.client.jetstream(timeout=5)
        end = (await js.stream_info(EVENTS_STREAM)).state.last_seq
        before = end if self._looked is None or self._looked > end else self._looked
        first = before + 1 if before == self._looked else max(1, end - TAIL + 1)
        own = await self._own(first)
        await self._compare(own)
        await self._anchor(own)
        self._looked = max(end, *(seq for seq, _ in own)) if own else end
        ROWS.labels(self._service.value).set(len(self._behind))
        FACT.labels(self._service.value).set(self._fact_missing is not None)

    async def _own(self, first: int) -> list[tuple[int, dict[str, Any]]]:
        """Facts of this service from a place of the stream on."""
        found = await read_from(self._publisher.client, f"{subjects.EVENT}.>", first)
        source = f"amends/{self._service}"
        return [(seq, fact) for seq, fact in found if fact.get("source") == source]

    async def _compare(self, own: Sequence[tuple[int, dict[str, Any]]]) -> None:
        published = dict(self._behind)
        for _, fact in own:
            complaint, seq = str(fact["subject"]), int(fact["data"]["seq"])
            published[complaint] = max(seq, published.get(complaint, 0))
        if not published:
            return
        rows = await self._database.read(lambda session: self._last_seqs(session, list(published)))
        behind = {one: seq for one, seq in published.items() if rows.get(one, 0) < seq}
        if behind and not self._behind:
            log.error("rows_missing", complaints=len(behind), complaint_id=min(behind))
        self._behind = behind

    async def _anchor(self, own: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Look for the fact that was seen last; remember a newer one if it is there."""
        seen = await self._database.read(lambda session: session.get(SeenFactRow, 1))
        missing = seen.event_id if seen and not await self._holds(seen) else None
        if missing and not self._fact_missing:
            log.error("fact_missing", fact=missing)
        self._fact_missing = missing
        if missing or not own:
            return
        seq, fact = own[-1]
        name = str(fact["type"]).removeprefix("complaints.event.").removesuffix(".v1")
        row = SeenFactRow(
            id=1,
            subject=subjects.event(name, str(fact["subject"])),
            event_id=str(fact["id"]),
            stream_seq=seq,
        )
        await self._database.write(lambda session: session.merge(row) and None)

    async def _holds(self, seen: SeenFactRow) -> bool:
        js = self._publisher.client.jetstream(timeout=5)
        try:
            last: RawStreamMsg = await js.get_last_msg(EVENTS_STREAM, seen.subject, direct=True)
        except NotFoundError:
            return False
        if orjson.loads(last.data or b"{}").get("id") == seen.event_id:
            return True
        # Another fact of the same name came after it, or the stream was built anew with other numbers.
        complaint = seen.subject.rsplit(".", 1)[1]
        return any(
            fact["id"] == seen.event_id for fact in await read_timeline(self._publisher.client, complaint)
        )
