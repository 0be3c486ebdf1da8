"""What holds in every history of a follow-up, over random orders and moves of the clock."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.followup.followup import FollowUp
from shared.contract.errors import Refusal
from shared.contract.orders import Order
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor
from tests.unit.followups import (
    COLLEAGUE,
    COMPLAINANT,
    HANDLER,
    RESOLVED_AT,
    names,
    opening,
    policy,
    report,
    verdict,
)

ACTORS = st.sampled_from([COLLEAGUE, COMPLAINANT, HANDLER])
RESULTS = st.sampled_from(["reached", "no_answer", "busy", "wrong_number", "later", "refused"])


class Histories(RuleBasedStateMachine):
    """One complaint through all of its cycles; a reopened one is resolved again at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = RESOLVED_AT
        self.history: list[RecordedFact] = []

    @initialize(because=st.sampled_from(["agreed", "agreed", "decided", "withdrawn"]))
    def is_resolved(self, because: str) -> None:
        self._open(1, because)

    def _open(self, cycle: int, because: str) -> None:
        said = opening(cycle=cycle, because=because, at=self.now, seq=len(self.history))
        self.followup = FollowUp(said)
        self._take(self.followup.open(self.now))

    def _take(self, facts: list[RecordedFact]) -> None:
        self.followup.apply(facts)
        self.history.extend(facts)
        if self.followup.progress.reopened:
            self._open(self.followup.opening.cycle + 1, "agreed")

    @rule(hours=st.integers(0, 24 * 10))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._take(self.followup.look_at_clock(self.now))

    @rule(minutes=st.integers(0, 600))
    def something_falls_due(self, minutes: int) -> None:
        due = self.followup.next_due
        if due is not None:
            self.now = max(self.now, due + timedelta(minutes=minutes))
            self._take(self.followup.look_at_clock(self.now))

    @rule(shift=st.sampled_from([0, 0, 0, 1]), result=RESULTS, actor=ACTORS)
    def somebody_reports(self, shift: int, result: str, actor: Actor) -> None:
        order = report(max(1, self.followup.progress.attempt + shift), result, actor)
        self._obey(order)

    @rule(resolved=st.booleans(), overall=st.integers(1, 5), actor=ACTORS)
    def somebody_records_the_verdict(self, resolved: bool, overall: int, actor: Actor) -> None:
        self._obey(verdict(actor, resolved=resolved, overall=overall))

    def _obey(self, order: Order) -> None:
        before = self.followup.progress
        decided = self.followup.decide(order, self.now)
        assert self.followup.progress is before
        if isinstance(decided, Refusal):
            assert (
                decided.allowed == self._allowed_with_what_is_due() or decided.code == "conflict_of_interest"
            )
        else:
            assert order.verb in self._allowed_with_what_is_due()
            self._take(decided)

    def _allowed_with_what_is_due(self) -> list[str]:
        """What is allowed once the clock has been looked at, as `decide` does first."""
        looked = FollowUp(self.followup.opening)
        looked.progress = self.followup.progress
        looked.apply(self.followup.look_at_clock(self.now))
        return looked.allowed

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        assert [fact.seq for fact in self.history] == list(range(1, len(self.history) + 1))

    @invariant()
    def time_never_goes_back(self) -> None:
        instants = [fact.at for fact in self.history]
        assert instants == sorted(instants)

    @invariant()
    def one_verdict_in_a_cycle_at_most(self) -> None:
        cycles = [fact.cycle for fact in self.history if fact.name == "satisfaction_recorded"]
        assert len(cycles) == len(set(cycles))

    @invariant()
    def every_attempt_is_scheduled_and_due_once_and_there_are_not_too_many(self) -> None:
        for name in ("callback_scheduled", "callback_due"):
            attempts = [(fact.cycle, fact.data["attempt"]) for fact in self.history if fact.name == name]
            assert len(attempts) == len(set(attempts))
            assert all(attempt <= 2 * policy().callbacks.attempts for _, attempt in attempts)

    @invariant()
    def a_reported_attempt_had_been_due_and_was_the_last_one(self) -> None:
        last = (0, 0)
        for fact in self.history:
            if fact.name == "callback_due":
                last = (fact.cycle, fact.data["attempt"])
            if fact.name == "callback_reported":
                assert (fact.cycle, fact.data["attempt"]) == last

    @invariant()
    def an_attempt_is_reported_again_only_beside_a_refusal_or_after_the_planned_ones(self) -> None:
        results: dict[tuple[int, int], list[str]] = {}
        for fact in self.history:
            if fact.name == "callback_reported":
                results.setdefault((fact.cycle, fact.data["attempt"]), []).append(fact.data["result"])
        for (_, attempt), told in results.items():
            after_reached = told[told.index("reached") + 1 :] if "reached" in told else []
            assert set(after_reached) <= {"refused"}
            before = len(told) - len(after_reached)
            assert before <= 1 or attempt >= policy().callbacks.attempts

    @invariant()
    def no_handler_alone_makes_anybody_unreachable(self) -> None:
        if names(self.history)[-1:] == ["closed"] and self.history[-1].data.get("why") == "not_reached":
            cycle = [fact for fact in self.history if fact.cycle == self.history[-1].cycle]
            missed = {fact.actor.id for fact in cycle if fact.name == "callback_reported"}
            assert missed - {HANDLER.id}

    @invariant()
    def nothing_comes_after_the_end(self) -> None:
        assert "closed" not in names(self.history)[:-1]
        reopened = names(self.history).count("reopened")
        assert reopened <= policy().callbacks.most_reopenings

    @invariant()
    def only_people_an_opening_or_a_whole_ladder_end_a_complaint(self) -> None:
        if names(self.history)[-1:] == ["closed"] and len(self.history) > 1:
            assert names(self.history)[-2] == "notice"
            last = names(self.history)[-3]
            assert last in ("callback_reported", "satisfaction_recorded", "callback_overdue")
            climbed = self.history[-3].data.get("level")
            assert climbed is None or climbed == len(policy().callbacks.ladder)

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        assert self.followup.progress.ended or self.followup.next_due is not None

    @invariant()
    def something_can_still_happen_until_the_end(self) -> None:
        assert self.followup.progress.ended or self.followup.allowed


Histories.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestFollowUpHistories = Histories.TestCase
