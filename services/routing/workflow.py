"""Workflow of one complaint: it receives commands, sleeps until the next due instant, and flushes facts.

Nothing is lost: state is the history; a command is answered only after its facts are durable. Nothing is
doubled: commands and signals are known by their ids; the flush is idempotent.
"""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from services.routing.attempting import AGAIN, Fault, caught
    from services.routing.case import Case
    from services.routing.flushing import (
        ERASED,
        NOTED,
        URGED,
        Carried,
        CaseSubject,
        FaultReport,
        Flush,
        Opened,
        Settled,
        SignalledFact,
        Start,
    )
    from services.routing.guarding import Faults
    from services.routing.names import (
        CALL,
        CASE_SUBJECT,
        FACT,
        FAULTS,
        FLUSH,
        MIGRATION,
        OPEN,
        PEOPLE,
        ROSTER,
        SETTLED,
        WHOLE,
        WORKFLOW,
    )
    from services.routing.rules.migration import preview
    from services.routing.rules.renewing import People, question
    from services.routing.rules.state import Opening
    from services.routing.rules.triage_input import input_of_texts
    from services.routing.rules.urging import Plan, plans
    from services.routing.task_workflow import PLAN
    from services.routing.view import view
    from shared.contract.commands import Accepted
    from shared.contract.errors import Refusal
    from shared.contract.events import FACTS, CarriedOver, ConcernedAdded, ContactAdded, Signals
    from shared.contract.ids import followup_workflow_id, task_workflow_id
    from shared.contract.orders import REFUSED, UPDATE, Order, StoredFacts
    from shared.contract.queries import Migration
    from shared.contract.values import Stage
    from shared.policy.pinned import Pinned
    from shared.runtime.workflows.durable import Alarm, Replies, StoredUpTo, local_activity, wait_until


@workflow.defn(name=WORKFLOW)
class ComplaintWorkflow:
    """Runs until the complaint is closed, for months if need be. A fault in a rule does not stop it
    (`attempting.py`).
    """

    @workflow.init
    def __init__(self, start: Start) -> None:
        carried = start.carried
        self._faults = Faults()
        self._case = Case(carried.state, self._faults.attempt) if carried else None
        self._replies = Replies(carried.replies if carried else None)
        self._heard: list[SignalledFact] = carried.heard if carried else []
        self._unheard: list[SignalledFact] = carried.unheard if carried else []
        self._hear_again = workflow.now() if self._unheard else None
        self._meet_again: datetime | None = None
        self._changed = False
        self._seen = StoredUpTo()
        self._flushed = carried.state.seq if carried else 0
        self._flushing, self._asking = asyncio.Lock(), asyncio.Lock()
        self._roster, self._called = "", False
        self._told: dict[str, Plan | None] = {}
        self._told_at, self._planning = -1, False
        self._alarm = Alarm()

    @workflow.run
    async def run(self, start: Start) -> None:
        await wait_until(start.at)
        while self._case is None:
            await self._open(start)
        while True:
            await self._looked_up(self._roster)
            await self._flush()
            await self._plan_tasks()
            if self._opened().over and not self._is_new():
                break
            if workflow.info().is_continue_as_new_suggested():
                await self._carry_over(start)
            self._alarm.set(self._next_due())
            await workflow.wait_condition(
                lambda: (
                    self._is_new()
                    or self._alarm.rang
                    or self._people_wanted(self._roster)
                    or self._tasks_changed()
                )
            )
            await self._looked_up(self._roster)
            self._receive_again()
            self._opened().look_at_clock(workflow.now())
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _open(self, start: Start) -> None:
        """Open the case; with a fault in a rule, wait and let it be tried again."""
        opened = await local_activity(OPEN, start, Opened)
        opening = Opening(complaint_id=start.complaint_id, received=start.received, **dict(opened))
        now, attempt = workflow.now(), self._faults.attempt
        found = attempt("open", lambda: Case.open(opening, now, attempt))
        if not isinstance(found, Fault):
            self._case = found
            return
        await self._report(start.complaint_id)
        await asyncio.sleep(AGAIN.total_seconds())

    def _next_due(self) -> datetime | None:
        """Instant at which something falls due, or at which a step with a fault is tried again."""
        due, again = self._opened().next_due, self._meet_again
        if again and due and due <= workflow.now():
            due = again  # only a look at people can be behind: it had the fault
        return min((one for one in (due, again, self._hear_again) if one), default=None)

    async def _report(self, complaint_id: str = "") -> None:
        """Report the faults in rules to the operator."""
        while self._faults.new:
            fault, now = self._faults.new.pop(0), workflow.now()
            name = complaint_id or self._opened().state.complaint_id
            report = FaultReport(
                complaint_id=name, step=fault.step, kind=fault.kind, place=fault.place, at=now
            )
            await local_activity(FAULTS, report, type(None))

    @workflow.update(name=UPDATE)
    async def command(self, order: Order) -> Accepted:
        """Carry out an order of a person or a system; answered when its facts are durable and published."""
        await workflow.wait_condition(lambda: self._case is not None)
        name, roster = order.command_id, order.roster
        while name not in self._replies.given:
            if self._unknown(order.on_record):
                self._seen.learn(order.on_record)
            elif name not in self._replies.promised and self._is_stored() and await self._looked_up(roster):
                roster = ""  # the process that looked it up may know a different roster: once is enough
            elif name not in self._replies.promised and self._is_stored():
                case, received = self._opened(), self._opened().leaves_a_fact(order)
                reply = case.decide(order, workflow.now())
                if isinstance(reply, Refusal):
                    if received:
                        await self._flush()
                    if case is self._opened():
                        raise refused(reply, self._flushed)
                    continue  # the received facts had to yield to stored facts
                self._replies.promise(name, reply)
                if await self._looked_up(""):
                    self._replies.allow(name, self._opened().allowed)
            await self._flush()
        return self._replies.given[name]

    @command.validator
    def refuse_early(self, order: Order) -> None:
        """Refuse early, so that a refusal leaves no history. Only stored facts count for it."""
        if self._case is None or not self._is_stored() or order.command_id in self._replies.given:
            return
        if self._unknown(order.on_record):
            return
        case = self._case
        refusal = caught("refusal", lambda: case.refusal(order))
        if isinstance(refusal, Fault):
            return  # the handler meets it, too, and may report it
        if refusal and not self._case.leaves_a_fact(order):
            raise refused(refusal, self._flushed)

    @workflow.signal(name=FACT)
    async def receive(self, received: SignalledFact) -> None:
        """Receive a fact of followup (reopened or closed) or of intake (merged, or a contact)."""
        await workflow.wait_condition(lambda: self._case is not None)
        if received.event_id in {one.event_id for one in self._heard}:
            return
        await self._looked_up(self._roster)
        if received.event_id in {one.event_id for one in self._heard}:
            return  # it came twice, and the other one did not have to wait
        self._heard.append(received)
        self._receive(received)

    @workflow.signal(name=ROSTER)
    async def people(self, roster: str) -> None:
        """Another roster is in force: who has a role here is looked up in it."""
        self._roster = roster

    @workflow.signal(name=CALL)
    async def call(self) -> None:
        """Look people up, since a person may be free for this complaint in the queue."""
        self._called = True

    @workflow.query(name=WHOLE)
    def whole(self) -> Carried | None:
        """Case with its replies, for rows that were lost; None while it is not open."""
        if self._case is None:
            return None
        return Carried(state=self._case.state, replies=self._replies.given, heard=[])

    @workflow.query(name=SETTLED)
    def settled(self) -> Settled:
        """Whether everything that became true is durable and published."""
        case = self._case
        if case is None:
            return Settled(settled=False, now=workflow.now(), seq=0, next_due=None)
        state = case.state
        return Settled(
            settled=self._is_stored() and not (self._tasks_changed() or self._planning),
            now=workflow.now(),
            seq=self._flushed,
            next_due=case.next_due,
            followup=followup_workflow_id(state.complaint_id, state.cycle)
            if state.stage == Stage.FOLLOWING_UP
            else None,
            tasks=[task_workflow_id(state.complaint_id, one.task_id) for one in state.tasks if not one.done],
        )

    @workflow.query(name=CASE_SUBJECT)
    def case_subject(self) -> CaseSubject | None:
        """Subject of the complaint; None while the case is not open."""
        if self._case is None:
            return None
        state = self._case.state
        return CaseSubject(
            received=state.opening.received, category=state.triage.category, concerned=state.concerned
        )

    @workflow.query(name=MIGRATION)
    def migration(self, pinned: Pinned) -> Migration | None:
        """Deadlines that a migration to these rules would move; None while the case is not open."""
        return preview(self._case.state, pinned, workflow.now()) if self._case else None

    def _people_wanted(self, roster: str) -> bool:
        """Whether the roles of people must be looked up now.

        A person was named as concerned, a deadline that names people falls due, the roster has changed, or a
        person is free for a complaint in the queue.
        """
        case, now = self._opened(), workflow.now()
        if self._meet_again and now < self._meet_again:
            return False
        due = case.next_due is not None and case.next_due <= now
        called = self._called and case.state.queued_since is not None
        return called or case.state.people.due or due or roster not in ("", case.state.people.roster)

    async def _looked_up(self, roster: str) -> bool:
        """Look people up if necessary, and let the case take them, and then its clock. False: not
        necessary.
        """
        async with self._asking:
            if not self._people_wanted(roster):
                return False
            before = self._opened().state.people.roster
            found = await local_activity(PEOPLE, question(self._opened().state, workflow.now()), People)
            self._roster, self._called, self._meet_again = "", False, None
            case, now = self._opened(), workflow.now()
            if isinstance(case.attempted("people", lambda: case.meet_people(found, now)), Fault):
                self._meet_again = now + AGAIN
            case.look_at_clock(now)
            self._changed = self._changed or found.roster != before
            return True

    async def _flush(self) -> None:
        """Make new facts durable and published, in order. Other calls wait for the running flush."""
        async with self._flushing:
            await self._report()
            if not self._is_new():
                return
            case, replies, told_of = self._opened(), dict(self._replies.promised), self._seen.told_of
            facts, seq, self._changed = case.take_new_facts(), case.state.seq, False
            flush = Flush(
                state=view(case.state, case.allowed),
                seq=seq,
                facts=facts,
                replies=replies,
                roster=case.state.people.roster,
                opening=None if self._flushed else case.state.opening,
                customer=case.state.opening.received.customer,
                wanted=question(case.state, workflow.now()) if case.state.queued_since else None,
                opened_under=case.state.opening.pinned.identity if case.state.migrated_to else None,
            )
            stored = await local_activity(FLUSH, flush, StoredFacts)
            self._seen.looked_for(told_of)
            if stored.facts:
                self._yield_to(stored)
                return
            self._flushed = seq
            self._replies.keep(replies)

    def _yield_to(self, stored: StoredFacts) -> None:
        """Discard decisions that were not stored, and rebuild the case from the stored facts."""
        self._case = Case.rebuilt(self._opened().state.opening, stored.facts, self._faults.attempt)
        self._flushed = self._case.state.seq
        self._replies.yield_to(stored.replies)
        self._unheard = []
        for heard in self._heard:
            self._receive(heard)

    def _receive(self, received: SignalledFact) -> None:
        """Receive a fact; with a fault in a rule it is received again later."""
        step = f"fact/{received.event_id}"
        if isinstance(self._opened().attempted(step, lambda: self._hand(received)), Fault):
            self._unheard.append(received)
            self._hear_again = workflow.now() + AGAIN

    def _receive_again(self) -> None:
        if self._hear_again and self._hear_again <= workflow.now():
            unheard, self._unheard, self._hear_again = self._unheard, [], None
            for received in unheard:
                self._receive(received)

    def _hand(self, received: SignalledFact) -> None:
        """Hand a fact to the case: a decision of another service counts from its own instant, others now."""
        again = (ContactAdded.NAME, ConcernedAdded.NAME, CarriedOver.NAME, NOTED, URGED)
        came_again = received.name in again
        at = workflow.now() if came_again else received.at
        if received.name == ERASED:
            self._opened().silence()
            return
        if received.name == NOTED:
            self._opened().weigh_input(input_of_texts(Signals.model_validate(received.data)), at)
            return
        if received.name == URGED:
            task, key = str(received.data["task_id"]), str(received.data["key"])
            if not self._opened().urge(task, key, at):
                self._told[task], self._told_at = None, -1  # its workflow does not know the present plan
            return
        self._opened().receive(FACTS[received.name].model_validate(received.data), at)
        self._changed = self._changed or not came_again

    def _tasks_changed(self) -> bool:
        """Whether stored facts may have changed the plan of a department's task."""
        return bool(self._opened().state.tasks) and self._is_stored() and self._told_at != self._flushed

    async def _plan_tasks(self) -> None:
        """Start the workflow of each open task, and send it its plan whenever that has changed."""
        while self._tasks_changed():
            self._told_at, self._planning = self._flushed, True
            found = self._opened().attempted("plans", lambda: list(plans(self._opened().state)))
            for plan in [] if isinstance(found, Fault) else found:
                known = plan.task_id in self._told
                if not plan.same(self._told.get(plan.task_id)) and (known or not plan.over):
                    self._told[plan.task_id] = plan
                    await self._send(plan)
            self._planning = False

    async def _send(self, plan: Plan) -> None:
        """Send a plan to the workflow of its task. The next change sends it again if it did not get there: a
        department never stops the complaint.
        """
        name = f"{task_workflow_id(plan.complaint_id, plan.task_id)}/{plan.version}"
        try:
            await workflow.execute_child_workflow(PLAN, plan, id=name)
        except FailureError:
            self._told[plan.task_id] = None

    def _is_stored(self) -> bool:
        """Whether all that the case knows is durable: until then it may have to yield (`_yield_to`)."""
        return not self._is_new() and self._flushed == self._opened().state.seq

    def _is_new(self) -> bool:
        """Whether something waits to be made durable."""
        return (
            self._opened().has_news
            or self._changed
            or self._unknown(self._seen.told_of)
            or bool(self._replies.promised)
            or bool(self._faults.new)
        )

    def _unknown(self, seq: int) -> bool:
        """Whether this fact is reported as stored, and was neither written nor looked up here."""
        return self._seen.lacks(seq, self._flushed)

    async def _carry_over(self, start: Start) -> None:
        """Go on in a fresh history; the case, its replies and the received facts come along.

        If something came during the last flush, it is done later, since that would be lost.
        """
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._flush()
        if self._is_new() or self._people_wanted(self._roster) or not workflow.all_handlers_finished():
            return
        carried = Carried(
            state=self._opened().state,
            replies=self._replies.given,
            heard=self._heard,
            unheard=self._unheard,
        )
        workflow.continue_as_new(
            Start(complaint_id=start.complaint_id, received=start.received, carried=carried)
        )

    def _opened(self) -> Case:
        if self._case is None:
            raise RuntimeError("a handler ran before the case was open")
        return self._case


def refused(refusal: Refusal, seq: int) -> ApplicationError:
    """Error that carries a refusal to the sender of an Update, with the number of the last fact that it rests
    on.
    """
    return ApplicationError(refusal.message, refusal.model_dump_json(), seq, type=REFUSED, non_retryable=True)
