"""FollowUpWorkflow: carries orders in, sleeps until something is due, flushes facts out. No rule is here."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from services.followup.flushing import flush_of
    from services.followup.followup import FollowUp
    from services.followup.names import DANGER, END, ERASED, FLUSH, PEOPLE, REPLIES, WORKFLOW
    from services.followup.progress import Opening, after
    from services.followup.recipients import Recipients, ResolvedComplaint
    from shared.contract.commands import Accepted
    from shared.contract.errors import Refusal
    from shared.contract.orders import REFUSED, UPDATE, Order, StoredFacts
    from shared.contract.recorded import RecordedFact
    from shared.runtime.workflows.durable import Alarm, Replies, StoredUpTo, local_activity, wait_until


@workflow.defn(name=WORKFLOW)
class FollowUpWorkflow:
    """Follow-up of one cycle, from the fact that opened it to `closed` or `reopened`."""

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        self._followup = FollowUp(opening)
        self._on_record = self._followup.progress
        self._new: list[RecordedFact] = []
        self._replies = Replies(opening.going_on.replies if opening.going_on else None)
        self._opened = False
        self._merged = False
        self._danger = False
        self._seen = StoredUpTo()
        self._alarm = Alarm()

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Open, then flush and wait until the follow-up has ended and every sender has its reply."""
        await wait_until(opening.going_on.at if opening.going_on else opening.at)
        if opening.going_on is None:
            self._take(self._followup.open(workflow.now()))
        self._opened = True
        while True:
            await self._flush()
            if self._followup.progress.ended:
                break
            if self._has_signal():
                await self._pass_time()
            if self._merged:
                self._take(self._followup.end_merged(workflow.now()))
                continue
            if self._danger:
                self._take(self._followup.reopen_in_danger(workflow.now()))
                continue
            self._alarm.set(self._followup.next_due)
            await workflow.wait_condition(lambda: self._is_new() or self._alarm.rang or self._has_signal())
            await self._pass_time()
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update(name=UPDATE)
    async def command(self, order: Order) -> Accepted:
        """Do what is ordered, once; the reply comes after its facts are durable and published."""
        await workflow.wait_condition(lambda: self._opened)
        name = order.command_id
        while name not in self._replies.given:
            await workflow.wait_condition(lambda: name in self._replies.promised or self._is_stored())
            if self._unknown(order.on_record):
                self._seen.learn(order.on_record)
            elif name not in self._replies.promised and self._followup.climbs(workflow.now()):
                await self._pass_time()
                continue
            elif not self._replies.has(name):
                facts = self._decided(order)
                self._take(facts)
                self._replies.promise(name, self._reply(facts))
            await workflow.wait_condition(lambda: name not in self._replies.promised)
        return self._replies.given[name]

    @command.validator
    def _check(self, order: Order) -> None:
        """Refuse early, so that a refusal leaves no history. Only stored facts count for it."""
        known = self._replies.has(order.command_id)
        if not self._is_stored() or known or self._unknown(order.on_record):
            return
        if refusal := self._followup.refusal(order, workflow.now()):
            raise self._refused(refusal)

    @workflow.signal(name=END)
    def end(self) -> None:
        """Receive that the complaint was merged into another. A repeated signal counts once."""
        self._merged = True

    @workflow.signal(name=DANGER)
    def danger(self) -> None:
        """Receive that a danger was reported. A repeated signal counts once."""
        self._danger = True

    @workflow.signal(name=ERASED)
    def erased(self) -> None:
        """Receive that the texts of the complaint were destroyed. A repeated signal counts once."""
        self._followup.silence()

    @workflow.query(name=REPLIES)
    def replies(self) -> dict[str, Accepted]:
        """Replies so far, for rows that were lost."""
        return self._replies.given

    @workflow.query
    def settled(self) -> dict[str, object]:
        """Whether all that has happened is published; this clock, the last number, what is due next."""
        due = self._followup.next_due
        return {
            "settled": self._is_stored(),
            "now": workflow.now().isoformat(),
            "seq": self._followup.progress.seq,
            "next_due": due.isoformat() if due else None,
        }

    def _is_stored(self) -> bool:
        """Whether all that it knows is durable: until then it may have to yield (`_yield_to`)."""
        return self._opened and not self._is_new() and self._on_record == self._followup.progress

    def _is_new(self) -> bool:
        """Whether something waits to be written, or to be looked up."""
        return bool(self._new) or self._unknown(self._seen.told_of)

    def _has_signal(self) -> bool:
        """Whether something outside of this follow-up ends it."""
        return self._merged or self._danger

    def _unknown(self, seq: int) -> bool:
        """Whether this fact is reported as stored, and was neither written nor looked up here."""
        return self._seen.lacks(seq, self._on_record.seq)

    def _decided(self, order: Order) -> list[RecordedFact]:
        decided = self._followup.decide(order, workflow.now())
        if isinstance(decided, Refusal):
            raise self._refused(decided)
        return decided

    def _refused(self, refusal: Refusal) -> ApplicationError:
        """Error that carries a refusal to the sender, with the number of the last fact that it rests on."""
        seq = self._followup.progress.seq
        return ApplicationError(
            refusal.message, refusal.model_dump_json(), seq, type=REFUSED, non_retryable=True
        )

    async def _pass_time(self) -> None:
        """Record the facts that fell due. Their recipients are looked up in the roster in force."""
        if self._followup.climbs(workflow.now()):
            opening = self._followup.opening
            asked = ResolvedComplaint(complaint_id=opening.complaint_id, owner=opening.owner)
            self._followup.people = await local_activity(PEOPLE, asked, Recipients)
        self._take(self._followup.look_at_clock(workflow.now()))

    def _take(self, facts: list[RecordedFact]) -> None:
        self._followup.apply(facts)
        self._new.extend(facts)

    def _reply(self, facts: list[RecordedFact]) -> Accepted:
        return Accepted(
            complaint_id=self._followup.opening.complaint_id,
            stage=self._followup.progress.stage,
            events=[fact.name for fact in facts],
            allowed=self._followup.allowed,
        )

    async def _flush(self) -> None:
        """Make what is new durable and publish it; what comes meanwhile waits for the next round."""
        while self._is_new():
            facts, self._new, told_of = self._new, [], self._seen.told_of
            replies, reached = dict(self._replies.promised), self._followup.progress
            flush = flush_of(self._followup.opening, reached, facts, replies)
            stored = await local_activity(FLUSH, flush, StoredFacts)
            self._seen.looked_for(told_of)
            if stored.facts in ([], facts):
                self._on_record = reached
                self._replies.keep(replies)
            else:
                self._yield_to(stored)

    def _yield_to(self, stored: StoredFacts) -> None:
        """Discard decisions that were not stored, and rebuild the follow-up from the stored facts."""
        self._on_record = self._followup.progress = after(self._on_record, stored.facts)
        self._replies.yield_to(stored.replies)
        self._new = []
