"""Facts of routing in: what opens a follow-up or ends it, and what the response rate counts."""

import asyncio

from nats.aio.msg import Msg

from services.followup.progress import Opening
from services.followup.rates import response_in_time
from services.followup.starting import Starter
from services.followup.store import Store
from shared.contract.envelope import RawEvent
from shared.contract.events import (
    CaseEnded,
    DeadlineFact,
    Fact,
    FactHeader,
    Referred,
    Resolved,
    Triaged,
    Withdrawn,
    read_fact,
)
from shared.contract.values import Contact, Instant, Stage
from shared.policy.pinned import PinnedFollowUp
from shared.runtime.log import logger
from shared.runtime.messages.outage import NotYet

log = logger("followup")

OPENING_FACTS = ("resolved", "withdrawn", "referred")
"""Facts after which a complaint is followed up."""

CLOSES_WITHIN, LOOK_AGAIN = 10.0, 0.05
"""Seconds to wait until a merged complaint is closed; after that the fact comes again."""


class Facts:
    """Takes facts from the durable `followup-events`; each may come again, and in any order.

    `resolved`, `withdrawn` and `referred` start the workflow of their cycle; `deadline_met`,
    `deadline_breached` and `deadline_cancelled` of the response rule become a row for the response rate.
    `triaged` with a danger reopens what is followed up. `case_ended` closes the complaint, whether a
    follow-up runs or not. Others are let go.
    """

    def __init__(self, store: Store, starter: Starter, policy: PinnedFollowUp) -> None:
        self._store = store
        self._starter = starter
        self._policy = policy

    async def __call__(self, message: Msg) -> None:
        event = RawEvent.model_validate_json(message.data)
        name, header, fact = read_fact(event)
        if name in OPENING_FACTS or isinstance(fact, CaseEnded):
            if event.time is None:
                raise ValueError(f"the fact {event.id} has no time")
            if isinstance(fact, CaseEnded):
                await self._end(fact, header, event.time)
            else:
                await self._open(name, header, fact, event.time)
            return
        if isinstance(fact, Triaged):
            await self._weighed(fact, header)
            return
        if not isinstance(fact, DeadlineFact):
            return
        in_time = response_in_time(header, fact, (await self._policy_of(header)).response_rule)
        if in_time is not None:
            await self._store.note_response(header.complaint_id, in_time)

    async def _open(self, name: str, header: FactHeader, fact: Fact, at: Instant) -> None:
        """Start the follow-up of this cycle. A row records the start, also when Temporal has lost it."""
        if await self._store.is_started(header.complaint_id, header.cycle):
            return
        await self._starter.start(await self._opening(name, header, fact, at))

    async def _end(self, ended: CaseEnded, header: FactHeader, at: Instant) -> None:
        """See to it that the complaint is closed: by the follow-up that runs, or by one that is only that.

        A verdict may come at the same moment. If it closed the complaint, that was the end; if it reopened
        it, there is a cycle in which nothing happens but this.
        """
        told = 0
        async with asyncio.timeout(CLOSES_WITHIN):
            while True:
                last = await self._store.latest(header.complaint_id)
                if last and last.outcome:
                    return
                cycle = max(header.cycle, last.cycle + last.reopened if last else 0)
                if cycle == told:
                    await asyncio.sleep(LOOK_AGAIN)
                    continue
                told = cycle
                if last and last.cycle == cycle:
                    await self._starter.end(header.complaint_id, cycle)
                else:
                    present = header.model_copy(update={"cycle": cycle})
                    await self._starter.start(await self._opening(ended.why, present, ended, at))

    async def _weighed(self, triaged: Triaged, header: FactHeader) -> None:
        """Reopen the complaint when a danger is reported during the follow-up. Before it, routing acts
        alone.
        """
        if not triaged.safety or header.stage != Stage.FOLLOWING_UP:
            return
        last = await self._store.latest(header.complaint_id)
        if last is None or last.cycle < header.cycle:
            raise NotYet(header.complaint_id)
        if last.cycle == header.cycle and not last.ended:
            await self._starter.danger(header.complaint_id, header.cycle)
        elif last.outcome:
            log.error("danger_told_after_closing", complaint_id=header.complaint_id)

    async def _opening(self, because: str, header: FactHeader, fact: Fact, at: Instant) -> Opening:
        seq = await self._store.last_seq(header.complaint_id)
        return await self.opening(because, header, fact, at, seq)

    async def opening(self, because: str, header: FactHeader, fact: Fact, at: Instant, seq: int) -> Opening:
        """Opening of a follow-up by this fact, after `seq` facts of earlier cycles."""
        resolved = fact if isinstance(fact, Resolved) else None
        known = fact if isinstance(fact, Resolved | Withdrawn | Referred) else None
        return Opening.model_validate(
            {
                "complaint_id": header.complaint_id,
                "cycle": header.cycle,
                "because": resolved.outcome if resolved else because,
                "at": at,
                "by_staff": isinstance(fact, Withdrawn) and fact.by == "staff",
                "danger": isinstance(fact, Withdrawn | Referred) and bool(fact.danger),
                "owner": known.owner if known else None,
                "handlers": known.handlers if known else [],
                "contact": known.contact if known else Contact(),
                "language": known.language if known else None,
                "customer_ref": known.customer_ref if known else None,
                "channel": known.channel if known else None,
                "regimes": known.regimes if known else [],
                "erased": await self._store.is_erased(header.complaint_id),
                "seq": seq,
                "policy": await self._policy_of(header),
            }
        )

    async def _policy_of(self, header: FactHeader) -> PinnedFollowUp:
        """Policy under which the complaint was opened, if this service ever ran under it."""
        if header.policy.hash == self._policy.identity.hash:
            return self._policy
        return await self._store.policy(header.policy.hash) or self._policy
