"""Activities of routing: open a case, look people up, and make facts durable and published."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from sqlmodel import Session
from temporalio import activity

from services.routing.assignment import Assignment, assign, instead
from services.routing.choosing import Found, Wanted
from services.routing.classifying import Classifying
from services.routing.faults import report
from services.routing.flushing import FaultReport, Flush, Opened, Start
from services.routing.links import Links
from services.routing.names import FAULTS, FLUSH, OPEN, PEOPLE
from services.routing.rules.renewing import People, Question
from services.routing.rules.state import LookedUp
from services.routing.staffing.live import LivePeople
from services.routing.store import Store
from services.routing.triage import triage
from shared.contract.concerned import concerned_in
from shared.contract.events import Classified, Triaged
from shared.contract.orders import StoredFacts
from shared.contract.recorded import RecordedFact, message_of
from shared.contract.subjects import Service
from shared.policy.chains import Chain
from shared.policy.deputies import timed
from shared.policy.house import Moment
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.people import people, roster_id, units
from shared.policy.pinned import PINNED, Pinned, pin
from shared.runtime.messages.publishing import Publisher
from shared.runtime.probes.flushes import Flushes
from shared.runtime.storage.database import Database
from shared.runtime.storage.group_commit import Batcher
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.notices import write_notices
from shared.runtime.tracing import tracing

FREEING = ("assigned", "resolved", "withdrawn", "referred", "case_ended", "queued")
"""Facts after which a person may have room for another complaint, or a complaint waits."""


class Activities:
    """Activities that the workflow calls. `save` is a group commit of `commit`, `choose` of owners."""

    def __init__(
        self,
        policy: Policy,
        store: Store,
        texts: Texts,
        publisher: Publisher,
        save: Batcher[Flush, list[RecordedFact]],
        choose: Batcher[Wanted, Found],
        live: LivePeople,
        flushes: Flushes,
        ring: Callable[[], None] = lambda: None,
        classifying: Classifying | None = None,
    ) -> None:
        """Make it. `ring` is called when a flush may have freed a person."""
        self._ring = ring
        self._policy = policy
        self._store = store
        self._texts = texts
        self._publisher = publisher
        self._save = save
        self._choose = choose
        self._live = live
        self._flushes = flushes
        self._classifying = classifying
        self._pins: dict[tuple[object, ...], Pinned] = {}

    @activity.defn(name=OPEN)
    async def open_case(self, start: Start) -> Opened:
        """Triage the complaint and choose its first owner. A second attempt may choose another, since nothing
        was published yet.
        """
        classified = await self._classified(start)
        found = triage(start.received, self._policy.pack, classified)
        pack = await self._live.pack()
        pick = partial(_first, pack, found, start)
        first = await self._choose(Wanted(start.complaint_id, pick, pack, start.received.customer))
        chosen = first.chosen
        own = self._pinned(chosen.team, chosen.chain)
        holders = {chosen.owner, *chosen.chain.held.values()}
        everybody = people(pack)
        standing = {one: everybody[one] for one in sorted(holders) if one in everybody}
        known = LookedUp(
            roster=roster_id(pack),
            roles=standing,
            units=units(pack),
            timed=timed(pack),
            due=timed(pack),
            look_at=chosen.look_at,
            instead=instead(pack, chosen.chain, concerned_in(start.received), start.at or datetime.now(UTC)),
        )
        return Opened(
            triage=found,
            owner=chosen.owner,
            pinned=own,
            people=known,
            reasons=list(chosen.reasons),
            waits=list(chosen.waits),
            former=first.former,
        )

    async def _classified(self, start: Start) -> Classified | None:
        """Outcome of the request to an external classifier. Its words are encrypted and stored."""
        asking = self._classifying
        answer = await asking.ask(start.complaint_id, start.received) if asking else None
        if answer is None or not (answer.words and answer.classified.suggestion):
            return answer.classified if answer else None
        ref = await keep_words(self._store.database, self._texts, start.complaint_id, answer.words)
        told = answer.classified.suggestion.model_copy(update={"words_ref": ref})
        return answer.classified.model_copy(update={"suggestion": told})

    def _pinned(self, team: str, chain: Chain) -> Pinned:
        """Pinned policy in force for a team and its supervisors: the same object each time."""
        key = (team, *chain.held.items())
        if key not in self._pins:
            self._pins[key] = PINNED.one(pin(self._policy, team, chain))
        return self._pins[key]

    @activity.defn(name=PEOPLE)
    async def look_up_people(self, asked: Question) -> People:
        """People and their roles by the policy in force, which the case itself must not read."""
        return await self._live.look_up(asked)

    @activity.defn(name=FAULTS)
    async def report_fault(self, fault: FaultReport) -> None:
        """Report a fault in a rule to the operator."""
        await report(self._publisher, fault)

    @activity.defn(name=FLUSH)
    async def flush_case(self, flush: Flush) -> StoredFacts:
        """Write rows first, then publish the facts in order.

        A crash in between loses nothing, because the activity is tried again. It doubles nothing, because
        the second attempt looks up in the stream what was published already. Rows of an earlier attempt
        stay, and their facts are published. If they differ, the whole history comes back for the workflow
        to go on from.
        """
        with self._flushes.watched(flush.state.complaint_id):
            return await self._flush(flush)

    async def _flush(self, flush: Flush) -> StoredFacts:
        complaint_id, policy = flush.state.complaint_id, flush.opened_under or flush.state.policy
        tracing().reached(complaint_id, flush.state.stage)
        stored = await self._save(flush)
        if any(fact.name in FREEING for fact in flush.facts):
            self._ring()
        events = [message_of(Service.ROUTING, complaint_id, policy, fact) for fact in stored or flush.facts]
        await self._publisher.facts(events, again=bool(stored))
        return await self._store.history(complaint_id) if stored not in ([], flush.facts) else StoredFacts()


def _first(pack: Pack, found: Triaged, start: Start, at: Moment, former: str | None) -> Assignment:
    """First owner by the severity that triage found, at the instant of the complaint's own clock."""
    moment = replace(at, now=max(at.now, start.at)) if start.at else at
    severity, load = found.severity, moment.load
    sub = found.sub
    return assign(
        pack, found.category, start.received, load, severity=severity, sub=sub, former=former, at=moment
    )


async def keep_words(database: Database, texts: Texts, complaint_id: str, words: Sequence[str]) -> str | None:
    """Encrypt and store the words that decided; None for a complaint whose texts were erased."""
    key = "classifier-words"
    ref = texts.refs(complaint_id, {key: ""})[key]

    def work(session: Session) -> str | None:
        if texts.erased_at(session, ref):
            return None
        texts.put(session, complaint_id, {key: "\n".join(words)})
        return ref

    return await database.write(work)


async def commit(
    policy: Policy, store: Store, texts: Texts, links: Links | None, batch: list[Flush]
) -> list[list[RecordedFact]]:
    """Store many flushes in one transaction; for each, return the facts that were stored in its place
    already.
    """

    def one(session: Session, flush: Flush) -> list[RecordedFact]:
        stored = store.save(session, flush)
        if not stored:
            name = flush.state.complaint_id
            write_notices(session, texts, policy.pack, name, flush.facts, links.url if links else None)
        return stored

    def work(session: Session) -> list[list[RecordedFact]]:
        return [one(session, flush) for flush in batch]

    return await store.database.write(work)
