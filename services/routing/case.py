"""Case: one complaint from triage to its end, as facts decided by rules. Pure: `now` is passed in.

`open`, `decide`, `receive` and `look_at_clock` are all that can happen to a case. Each records new facts;
`take_new_facts` returns them to be made durable. Rules are in `rules/`, one subject a file.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TypeVar

from services.routing.attempting import AGAIN, Attempt, Fault, copied
from services.routing.rules import contacts, exits, pausing, people
from services.routing.rules.carrying import carried, takes_over
from services.routing.rules.clockwork import Due, fire, next_event, resumption
from services.routing.rules.completeness import completed_by
from services.routing.rules.concerned import named, no_conflict
from services.routing.rules.decision import ActorCommand, Decision, Migrated, Outcome
from services.routing.rules.distant import too_distant
from services.routing.rules.facts import CaseFact
from services.routing.rules.gates import OVER
from services.routing.rules.history import apply, apply_recorded
from services.routing.rules.obligations import following, met_already, opening_clocks, promised
from services.routing.rules.permits import permit
from services.routing.rules.renewing import People, renewed, without_people
from services.routing.rules.repinning import repin
from services.routing.rules.shift_end import announced, passed_unannounced
from services.routing.rules.stakeholders import GRAVE, called_for
from services.routing.rules.state import CaseState, LookedUp, Opening
from services.routing.rules.triage_input import (
    TriageInput,
    input_of_callback,
    input_of_contact,
    input_of_order,
    input_of_texts,
)
from services.routing.rules.urging import urged
from services.routing.rules.verbs import VERBS, allowed, gate, read
from shared.contract.commands import Accepted, Command
from shared.contract.concerned import concerned_in
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    CarriedOver,
    CaseEnded,
    Closed,
    ConcernedAdded,
    ContactAdded,
    DeadlineFact,
    Fact,
    Merged,
    Moved,
    Notice,
    Referred,
    Reopened,
    Withdrawn,
)
from shared.contract.orders import Order
from shared.contract.reading_orders import ReadOnce
from shared.contract.recorded import Notification, RecordedFact, channel_for, notice_ref, record
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER, SYSTEM, Actor, Stage
from shared.policy.pinned import Pinned

Result = TypeVar("Result")

ENDINGS = ("resolved", "withdrawn", "referred", "case_ended")


class Case:
    """Case of one complaint. All instants are UTC."""

    def __init__(self, state: CaseState, attempt: Attempt | None = None) -> None:
        """Make it. With `attempt`, a step with a fault in a rule leaves the case as it was."""
        self.state = state
        self._attempt = attempt
        self._new: list[RecordedFact] = []
        self._orders = ReadOnce(read)

    @classmethod
    def open(cls, opening: Opening, now: datetime, attempt: Attempt | None = None) -> "Case":
        """Triage, the first owner and the clocks; what was missed before we knew is breached at once."""
        triage, received = opening.triage, opening.received
        case = cls(CaseState.opened(opening, now), attempt)
        case._record(triage, now, SYSTEM)
        case._record(people.first_owner(case.state), now, SYSTEM)
        for fact in opening_clocks(case.state, received.received_at):
            case._record(fact, now, SYSTEM)
        case._met_already(now)
        for promise in received.promises:
            case._record(promised(promise.promise_id, now, promise.by_when), now, SYSTEM)
        if triage.safety:
            case._record_all(list(people.escalation(case.state, "lead", "safety")), now, SYSTEM)
        case._record_all(without_people(case.state), now, SYSTEM)
        case._record_all(called_for(case.state, now), now, SYSTEM)
        case._record_all(people.first_wait(case.state, now), now, SYSTEM)
        case.look_at_clock(now)
        return case

    @classmethod
    def rebuilt(cls, opening: Opening, facts: list[RecordedFact], attempt: Attempt | None = None) -> "Case":
        """Case after these facts, which are all that it ever recorded; none of them is new."""
        state = CaseState.opened(opening, facts[0].at)
        for recorded in facts:
            if recorded.cycle > state.cycle:
                apply(state, Reopened(why="dissatisfied", to_cycle=recorded.cycle), recorded.at)
            apply_recorded(state, recorded)
        state.people.due = state.people.due or state.queued_since is not None
        return cls(state, attempt)

    def attempted(self, step: str, work: Callable[[], Result]) -> Result | Fault:
        """Result of a step, or the fault in it; after a fault the case is as it was before."""
        if self._attempt is None:
            return work()
        kept, new = copied(self.state, self.state.opening, self.state.pinned), list(self._new)
        found = self._attempt(f"{step}/{self.state.seq}", work)
        if isinstance(found, Fault):
            self.state, self._new = kept, new
            self._changed()
        return found

    def refusal(self, order: Order) -> Refusal | None:
        """Reason why this order may not even be tried: its gate, or its actor."""
        request = self._admitted(order, self._orders.keep(order))
        if not isinstance(request, Refusal):
            return None
        self._orders.take(order)
        return self._with_allowed(request)

    @cached_property
    def allowed(self) -> list[str]:
        """Verbs that are possible now."""
        return allowed(self.state)

    @cached_property
    def _next(self) -> Due | None:
        """Next event of time."""
        return next_event(self.state)

    def _changed(self) -> None:
        """Forget what was found of the state before it changed: both cost more than a fact does."""
        for name in ("allowed", "_next"):
            self.__dict__.pop(name, None)

    def leaves_a_fact(self, order: Order) -> bool:
        """Whether even a refusal leaves a fact: the complainant ends a wait with it, or reports a danger."""
        danger = input_of_texts(order.signals).danger and (
            self.state.stage in OVER or not self.state.triage.safety
        )
        return order.actor.id == CUSTOMER and not self.over and bool(self.state.pause or danger)

    def _weigh(self, order: Order, now: datetime) -> Decision | Refusal:
        """Decision of the rules on this order now; changes nothing."""
        request = self._admitted(order, self._orders.take(order))
        if isinstance(request, Refusal):
            return self._with_allowed(request)
        distant = too_distant(request.command, now)
        found = distant or VERBS[order.verb].decide(self.state, request, now)
        return self._with_allowed(found) if isinstance(found, Refusal) else found

    def decide(self, order: Order, now: datetime) -> Accepted | Refusal:
        """Do what was asked, if the rules allow it. What fell due by `now` comes first."""
        self.look_at_clock(now)
        found = self.attempted(f"{order.verb}/{order.command_id}", lambda: self._decided(order, now))
        return self._with_allowed(refuse(ErrorCode.INTERNAL)) if isinstance(found, Fault) else found

    def _decided(self, order: Order, now: datetime) -> Accepted | Refusal:
        decision = self._weigh(order, now)
        if isinstance(decision, Refusal):
            if self.leaves_a_fact(order):
                self._end_wait(now)
                self.weigh_input(TriageInput(danger=input_of_texts(order.signals).danger), now)
            return decision
        before, told = len(self._new), input_of_order(order)
        if ends := any(isinstance(fact, Withdrawn | Referred) for fact in decision.facts):
            self.weigh_input(told, now)  # the triage precedes the end, which has the danger, too
        for fact in decision.facts:
            self._record(exits.in_danger(self.state, fact) if told.danger else fact, now, order.actor)
        if order.actor.id == CUSTOMER or order.verb in pausing.WORDS:
            self._end_wait(now)
        self._conclude(now, order.actor)
        if not ends:
            self.weigh_input(told, now)
        return Accepted(
            complaint_id=self.state.complaint_id,
            stage=self.state.stage,
            events=[fact.name for fact in self._new[before:]],
            allowed=self.allowed,
            result=decision.result,
        )

    def receive(self, fact: Fact, at: datetime) -> None:
        """Receive a fact of another service: followup decides a new cycle or the end; intake adds contacts
        and mergers.
        """
        match fact:
            case Merged() if self.state.outcome is None:
                self._end_merged(fact.into, at)
            case Reopened() if self._reopens(fact):
                self._apply(fact, at)
                self._record(people.reopening(self.state), at, SYSTEM)
                self._record_all(list(opening_clocks(self.state, at)), at, SYSTEM)
                self._meet(at, at, "assigned")
                if fact.why == "danger" and self.state.triage.safety:
                    self._record_all(list(people.escalation(self.state, "lead", "safety")), at, SYSTEM)
                self.weigh_input(input_of_callback(fact), at)
            case CarriedOver() if takes_over(self.state, fact):
                self._take_over(fact, at)
            case ContactAdded():
                self.look_at_clock(at)
                self._record_all(named(self.state, concerned_in(fact), "contact", fact.alias), at, SYSTEM)
                over = self.state.stage in OVER
                if not (fact.automatic or over):
                    self._end_wait(at)
                self.weigh_input(input_of_contact(fact), at)
                if not (fact.automatic or over):
                    self._record_all(completed_by(self.state, fact), at, SYSTEM)
            case ConcernedAdded() if self.state.stage != Stage.CLOSED:
                self.look_at_clock(at)
                self._record_all(named(self.state, concerned_in(fact), fact.why, fact.contact), at, SYSTEM)
            case Closed() if self.state.stage != Stage.CLOSED:
                self._apply(fact, at)

    def silence(self) -> None:
        """Stop all notices, since the texts were destroyed."""
        self.state.erased = True

    def _end_wait(self, at: datetime) -> None:
        """End the wait, since the complainant answered. Its planned end has no effect any more."""
        if self.state.pause:
            self._record_all(list(resumption(self.state, "answer", at)), at, SYSTEM)

    def weigh_input(self, reported: TriageInput, at: datetime) -> None:
        """Weigh new input: a graver complaint brings deadlines forward, a danger escalates at once."""
        if reported.weighs:
            self._record_all(contacts.weighed(self.state, reported), at, SYSTEM)
        self.look_at_clock(at)  # a deadline that was brought forward may have run out by it

    def urge(self, task_id: str, key: str, at: datetime) -> bool:
        """Record that a department was urged. False: its task is over, or the urge is known."""
        self.look_at_clock(at)
        facts = urged(self.state, task_id, key)
        self._record_all(facts, at, SYSTEM)
        return bool(facts)

    def meet_people(self, people: People, at: datetime) -> None:
        """Take the people as looked up: a person who is concerned or has left is replaced."""
        if then := passed_unannounced(self.state, at):
            self._record_all(list(announced(self.state)), then, SYSTEM)
        facts = renewed(self.state, people, at)
        standing = self.state.people.roles | people.roles
        self.state.people = LookedUp(
            roster=people.roster,
            roles=standing,
            units=people.units,
            shift_end=people.shift_end,
            shift_of=self.state.owner,
            away=people.away,
            renamed=self.state.people.renamed | people.renamed,
            timed=people.timed,
            changes_at=people.changes_at,
            look_at=people.look_at,
            heads=people.heads,
            instead=people.instead,
        )
        self._changed()
        self._record_all(facts, at, SYSTEM)

    def look_at_clock(self, now: datetime) -> None:
        """Let everything happen that fell due, in order, each dated by its own instant."""
        while (event := self._next) and event.when <= now:
            if event.kind == "look":
                self.state.people.due, self.state.people.look_at = True, None
                self._changed()
                continue
            if isinstance(self.attempted(f"clock/{event.key}", partial(self._fire, event)), Fault):
                self.state.parked[event.key] = now + AGAIN
                self._changed()
        if self.state.parked:  # what will not happen any more needs no other try
            self.state.parked = {key: again for key, again in self.state.parked.items() if again > now}

    def _fire(self, event: Due) -> None:
        self.state.parked.pop(event.key, None)
        self._record_all(list(fire(self.state, event)), event.at, SYSTEM)
        self._conclude(event.at, SYSTEM)

    @property
    def next_due(self) -> datetime | None:
        """Earliest instant at which something will fall due by itself."""
        event, looked = self._next, self.state.people.changes_at
        if self.state.stage in OVER or looked is None:
            return event.when if event else None
        return min(event.when, looked) if event else looked

    @property
    def over(self) -> bool:
        return self.state.stage == Stage.CLOSED

    @property
    def has_news(self) -> bool:
        """Whether facts wait to be made durable."""
        return bool(self._new)

    def take_new_facts(self) -> list[RecordedFact]:
        """Facts since the last call, in order."""
        taken, self._new = self._new, []
        return taken

    def _met_already(self, now: datetime) -> None:
        """Meet the acknowledgement, which was stored at `recorded_at`, and triage and owner now."""
        self._meet(min(self.state.opening.received.recorded_at, now), now, "notice")
        self._meet(now, now, "triaged", "assigned")

    def _meet(self, then: datetime, now: datetime, *facts: str) -> None:
        """Meet the deadlines of facts that existed `then`, after those that had run out by then."""
        clocks = [clock for clock in self.state.present_clocks if {*facts} & {*clock.met_by}]
        if any(clock.due <= then for clock in clocks):
            self.look_at_clock(then)
        self._record_all(list(met_already(self.state, *facts)), now, SYSTEM)

    def _reopens(self, fact: Reopened) -> bool:
        """Only a complaint that was resolved is reopened, and each cycle begins once."""
        resolved = self.state.stage == Stage.FOLLOWING_UP and self.state.outcome is None
        return resolved and fact.to_cycle == self.state.cycle + 1

    def _end_merged(self, into: str, at: datetime) -> None:
        """End a duplicate, after the deadlines that fell due before. Facts that came up meanwhile are not
        published later.
        """
        at = max(at, *self.state.last_fact_at.values())
        self.look_at_clock(at)
        going_on = any(not action.done for action in self.state.actions)
        self._record(exits.case_ended(self.state, into), at, SYSTEM)
        self._record(exits.merged(self.state, into, agreed=going_on), at, SYSTEM)

    def _take_over(self, left: CarriedOver, at: datetime) -> None:
        """Take over the open items of a duplicate; if this complaint was merged meanwhile, pass them to its
        own survivor.
        """
        self.look_at_clock(at)
        if self.state.merged_into:
            moved = Moved.model_validate({name: getattr(left, name) for name in Moved.model_fields})
            self._record(CaseEnded(why="merged", into=self.state.merged_into, moved=moved), at, SYSTEM)
        else:
            self._record(carried(self.state, left), at, SYSTEM)
        self.look_at_clock(at)

    def _admitted(
        self, order: Order, request: ActorCommand[Command] | Refusal
    ) -> ActorCommand[Command] | Refusal:
        """Order with its typed command, if it may be tried at all."""
        if isinstance(request, Refusal):
            return request
        concerned = None if request.by_customer else no_conflict(self.state, request.actor.id, request.units)
        may = VERBS[order.verb].may
        return concerned or gate(self.state, order.verb) or permit(self.state, may, request) or request

    def _with_allowed(self, refusal: Refusal) -> Refusal:
        return refusal.model_copy(update={"allowed": self.allowed})

    def _record_all(self, facts: Sequence[Outcome], at: datetime, actor: Actor) -> None:
        for fact in facts:
            self._record(fact, at, actor)

    def _record(self, fact: Outcome, at: datetime, actor: Actor) -> None:
        """Number the fact, make it part of the state, then record what follows from it for the clocks."""
        if isinstance(fact, Notification):
            self._notify(fact, at)
            return
        if isinstance(fact, Migrated):
            self._append(fact.fact, at, actor, fact.pinned)
            return
        if fact.NAME in ENDINGS and self.state.pause:
            self._record_all(list(resumption(self.state, "end", at)), at, SYSTEM)
        self._append(fact, at, actor)
        self._follow(fact, at)

    def _conclude(self, at: datetime, actor: Actor) -> None:
        """Resolve the complaint when its last item is done, and notify the complainant.

        Called when all that was decided is recorded: items released on the way out resolve nothing.
        """
        if exits.concluded(self.state):
            resolved, told = exits.settled(self.state, at)
            self._record_all(exits.apology_with_notice(self.state), at, SYSTEM)
            self._record(resolved, at, actor)
            self._record(told, at, SYSTEM)

    def _follow(self, fact: CaseFact, at: datetime) -> None:
        """Record the effects of the fact on the clocks."""
        if not isinstance(fact, DeadlineFact):
            for consequence in list(following(self.state, fact, at)):
                self._append(consequence, at, SYSTEM)
        if isinstance(fact, GRAVE) and self.state.clocks:
            self._record_all(called_for(self.state, at), at, SYSTEM)

    def _notify(self, wanted: Notification, at: datetime) -> None:
        if self.state.erased:
            return
        received = self.state.opening.received
        told = Notice(
            template=wanted.template,
            language=received.language,
            channel=self.state.place or channel_for(received.contact.preferred_channel, received.channel),
            customer_ref=received.customer_ref,
            text_ref=notice_ref(Service.ROUTING, self.state.complaint_id, self.state.seq + 1),
        )
        self._append(told, at, SYSTEM)
        zone = received.contact.timezone or self.state.pinned.calendar.zone
        self._new[-1].notification = wanted.model_copy(update={"zone": zone})
        self._follow(told, at)

    def _apply(self, fact: CaseFact, at: datetime) -> None:
        self._changed()
        apply(self.state, fact, at)

    def _append(self, fact: CaseFact, at: datetime, actor: Actor, pinned: Pinned | None = None) -> None:
        state = self.state
        state.seq += 1
        self._apply(fact, at)
        if pinned:
            repin(state, pinned, at)
            self._changed()
        recorded = record(fact, seq=state.seq, cycle=state.cycle, stage=state.stage, actor=actor, at=at)
        recorded.policy = state.migrated_to.identity if state.migrated_to else None
        recorded.pinned = pinned.model_dump(mode="json") if pinned else None
        self._new.append(recorded)
