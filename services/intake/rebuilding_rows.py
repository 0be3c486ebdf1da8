"""Make rows of intake again from the stream of facts, after its database was lost or replaced by an older
copy.

A restored id is no new complaint, for every sender. Lost are all texts of submissions with their keys, the
ids of commands, and the digests of contents: a message that is sent again under a known id is then a
contact of its complaint. Order numbers do not find complaints from before the loss.
"""

from functools import partial
from typing import Any

from sqlmodel import Session

from services.intake.registration import promised
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.envelope import RawEvent
from shared.contract.events import (
    Erased,
    Fact,
    FactHeader,
    GrumbleAnswered,
    Grumbled,
    Merged,
    Promoted,
    Received,
    read_fact,
)
from shared.contract.events.received import customer_key
from shared.contract.outgoing import Outgoing, packed, unpacked
from shared.contract.queries import GrumbleStatus
from shared.contract.rebuilding import Rebuilt
from shared.contract.subjects import Service, every, timeline
from shared.policy.loader import Policy
from shared.runtime.messages.publishing import Publisher
from shared.runtime.messages.rebuilding import PAGE, Page, in_turn
from shared.runtime.messages.timeline import read_on
from shared.runtime.storage.database import Database

MOST_FACTS = 500

FactWithHeader = tuple[FactHeader, Fact]


class LostRows:
    """Rebuilds complaints and grumbles, page by page over all that came in."""

    def __init__(self, database: Database, publisher: Publisher, policy: Policy) -> None:
        self._database = database
        self._publisher = publisher
        self._policy = policy

    @property
    def page(self) -> Page:
        """First complaints and grumbles, then what joined them."""
        kinds = (Received, Grumbled, Merged)
        return in_turn([(kind.NAME, partial(self._page, kind.NAME)) for kind in kinds])

    async def _page(self, name: str, place: str) -> Rebuilt:
        found = await read_on(self._publisher.client, every(name), int(place or 0), PAGE)
        complaints = [str(RawEvent.model_validate_json(body).subject) for _, body in found]
        done = [await self._one(complaint) for complaint in complaints]
        after = str(found[-1][0]) if len(found) == PAGE else None
        return Rebuilt(looked_at=len(complaints), rebuilt=sum(done), after=after)

    async def _one(self, complaint_id: str) -> bool:
        """Whether a row had to be written."""
        facts: list[Outgoing] = []
        after = 0
        while part := await read_on(self._publisher.client, timeline(complaint_id), after, MOST_FACTS):
            after = part[-1][0]
            facts += [fact for _, body in part for fact in unpacked(body)]
        own = [fact for fact in facts if fact.id.startswith(f"{complaint_id}-{Service.INTAKE}-")]
        return await self._database.write(partial(self._write, complaint_id=complaint_id, own=own))

    def _write(self, session: Session, complaint_id: str, own: list[Outgoing]) -> bool:
        facts = [read_fact(RawEvent.model_validate_json(fact.body))[1:] for fact in own]
        row = session.get(ComplaintRow, complaint_id)
        if row is not None and row.last_seq >= facts[-1][0].seq:
            return False
        known = _known(session, facts)
        if known is None:
            return False
        merged = next((fact.into for _, fact in facts if isinstance(fact, Merged)), None)
        header = facts[0][0]
        again = ComplaintRow(
            complaint_id=complaint_id,
            **known,
            policy_id=header.policy.id,
            policy_hash=header.policy.hash,
            last_seq=facts[-1][0].seq,
            facts=packed(own),
            published=True,
            merged_into=merged or _into_other(complaint_id, facts),
            digest=row.digest if row else b"",
            order_hash=row.order_hash if row else None,
        )
        session.merge(again)
        self._grumble(session, complaint_id, again.customer, facts)
        return True

    def _grumble(
        self, session: Session, complaint_id: str, customer: str, facts: list[FactWithHeader]
    ) -> None:
        grumbled = next((fact for _, fact in facts if isinstance(fact, Grumbled)), None)
        if grumbled is None:
            return
        status, into, because = _status(facts)
        session.merge(
            GrumbleRow(
                complaint_id=complaint_id,
                customer_ref=grumbled.customer_ref,
                customer=customer,
                received_at=grumbled.received_at,
                answer_by=grumbled.answer_by,
                received=self._received(grumbled).model_dump_json(exclude_none=True).encode(),
                standing=status,
                into=into,
                because=because,
            )
        )

    def _received(self, grumbled: Grumbled) -> Received:
        """First fact that its complaint would have; hints and signals were never published."""
        shared = {name: value for name, value in grumbled if name in Received.model_fields}
        promises = promised(grumbled.recorded_at, self._policy)
        return Received(**shared, safety=False, promises=promises)


def _known(session: Session, facts: list[FactWithHeader]) -> dict[str, Any] | None:
    """Columns of the row (sender's id, customer, instants), by the fact it began with; for a submission that
    joined a complaint, by that complaint's row.
    """
    began = next((fact for _, fact in facts if isinstance(fact, Received | Grumbled)), None)
    if began is None:
        into = next((fact.into for _, fact in facts if isinstance(fact, Merged)), "")
        survivor = session.get(ComplaintRow, into)
        names = ("channel", "language", "customer_ref", "customer", "received_at", "recorded_at")
        same = {name: getattr(survivor, name) for name in names} if survivor else None
        return same and {**same, "source": "", "external_id": ""}
    return {
        "source": began.external_source,
        "external_id": began.external_ref,
        "channel": began.channel.value,
        "language": began.language,
        "customer_ref": began.customer_ref,
        "customer": customer_key(began.customer_register, began.external_source, began.customer_ref),
        "received_at": began.received_at,
        "recorded_at": began.recorded_at,
    }


def _into_other(complaint_id: str, facts: list[FactWithHeader]) -> str | None:
    """Complaint of another id that a grumble became."""
    others = (fact.into for _, fact in facts if isinstance(fact, Promoted) and fact.into != complaint_id)
    return next(others, None)


def _status(facts: list[FactWithHeader]) -> tuple[GrumbleStatus, str | None, str | None]:
    """Status of a grumble by its facts: promoted and joined are final."""
    status = GrumbleStatus.OPEN
    for _, fact in facts:
        match fact:
            case Promoted():
                return GrumbleStatus.PROMOTED, fact.into, fact.because
            case Merged():
                return GrumbleStatus.JOINED, fact.into, None
            case GrumbleAnswered():
                status = GrumbleStatus.ANSWERED
            case Erased():
                status = GrumbleStatus.ERASED
    return status, None, None
