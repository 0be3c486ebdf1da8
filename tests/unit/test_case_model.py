"""The case against random people, commands and clocks: what must hold in every history does.

After every step the facts alone are judged, by rules written apart from the case (`case_invariants`).
"""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.routing.rules.gates import allowed
from services.routing.rules.history import apply
from services.routing.rules.state import CaseState
from services.routing.view import view
from shared.contract.commands import Accepted
from shared.contract.events import Closed, Reopened
from shared.contract.values import CUSTOMER, SYSTEM, Stage
from tests.unit.case_invariants import INVARIANTS, Story, Told
from tests.unit.cases import MONDAY, play, policy, roster

PEOPLE = sorted(roster())
TEAMS = [team.id for team in policy().pack.teams]
who = st.one_of(
    st.just("owner"), st.just("owner"), st.just("lead"), st.just("manager"), st.just("proposed"),
    st.just(CUSTOMER), st.sampled_from(PEOPLE),
)  # fmt: skip
anybody = st.sampled_from([*PEOPLE, "nobody"])
amounts = st.sampled_from(["50", "100", "199.00", "499.99", "500", "501", "4000", "6000", "60000"])
money = st.builds(
    lambda value, currency: {"value": value, "currency": currency},
    amounts,
    st.sampled_from(["CNY", "CNY", "CNY", "USD", "JPY"]),
)
option_ids = st.sampled_from(["a", "b", "c"])
option = st.builds(
    lambda option_id, remedy, amount: {"option_id": option_id, "remedy": remedy, "amount": amount},
    option_ids,
    st.sampled_from(["apology", "refund", "voucher", "replacement"]),
    st.none() | money,
)
options = st.lists(option, min_size=2, max_size=3, unique_by=lambda one: str(one["option_id"]))
standards = st.sampled_from([["after-sales-7"], ["goodwill-1", "price-1"], [], ["no-such"]])
hours = st.sampled_from([-1, 0.5, 3, 30, 200, 400, 1000])
jumps = st.sampled_from([0.01, 1, 5, 11.9, 12.1, 26, 80, 170, 700])


class Handling(RuleBasedStateMachine):
    """One complaint, handled by anybody in any order."""

    @initialize(
        about_staff=st.none() | st.sampled_from(PEOPLE),
        unit=st.none() | st.sampled_from(TEAMS),
        category=st.sampled_from(["product", "service", "price", "policy"]),
        days_ago=st.sampled_from([0, 0, 0, 0.01, 0.6, 1, 3, 40]),
        severity=st.integers(1, 5),
        safety=st.booleans(),
    )
    def opened(
        self,
        about_staff: str | None,
        unit: str | None,
        category: str,
        days_ago: float,
        severity: int,
        safety: bool,
    ) -> None:
        self.play = play(
            MONDAY - timedelta(days=days_ago),
            opened_at=MONDAY,
            about_staff=about_staff,
            unit=unit,
            safety=safety,
            hints={"category": category, "severity": severity},
        )
        self.story = Story(policy().pack, about_staff, unit, MONDAY, [], MONDAY)
        self.shadow = CaseState.opened(self.play.opening, MONDAY)
        self.told = 0

    # --- people -----------------------------------------------------------------------------------

    def ask(self, person: str, verb: str, **data: Any) -> Accepted | None:
        """Ask; what is not in `allowed` must be refused, whoever asks."""
        state = self.play.case.state
        chain = state.pinned.chain
        proposed = state.transfer.to if state.transfer else "agent-2"
        names = {"owner": state.owner, "lead": chain.lead, "manager": chain.manager, "proposed": proposed}
        self.play.later()
        possible = allowed(state)
        assert view(state).allowed == possible
        reply = self.play.ask(names.get(person, person), verb, **data)
        if not isinstance(reply, Accepted):
            assert reply.allowed == possible
            return None
        assert verb in possible
        assert reply.allowed == allowed(state)
        return reply

    @rule(person=who, promise=st.none() | hours)
    def respond(self, person: str, promise: float | None) -> None:
        self.ask(person, "respond", kind="plan", text="t", promise_by=self.instant(promise))

    @rule(person=who, confirmed=st.booleans(), party=st.sampled_from(["customer", "company"]))
    def record_interest(self, person: str, confirmed: bool, party: str) -> None:
        self.ask(person, "record_interest", party=party, interest="money", confirmed=confirmed)

    @rule(person=who, options=options)
    def prepare_options(self, person: str, options: list[dict[str, Any]]) -> None:
        self.ask(person, "prepare_options", options=options)

    @rule(options=options)
    def get_ready(self, options: list[dict[str, Any]]) -> None:
        self.ask("owner", "respond", kind="plan", text="t")
        self.ask("owner", "record_interest", party="customer", interest="money", confirmed=True)
        self.ask("owner", "prepare_options", options=options)

    @rule(person=who, option_id=option_ids, standards=standards, expires=st.none() | hours)
    def offer(self, person: str, option_id: str, standards: list[str], expires: float | None) -> None:
        self.ask(
            person,
            "offer",
            option_id=option_id,
            standards=standards,
            text="t",
            expires_at=self.instant(expires),
        )

    @rule(option_id=option_ids)
    def offer_well(self, option_id: str) -> None:
        self.ask("owner", "offer", option_id=option_id, standards=["after-sales-7"], text="t")

    @rule(person=who, number=st.integers(1, 4), answer=st.sampled_from(["accepted", "rejected", "countered"]))
    def answer(self, person: str, number: int, answer: str) -> None:
        self.ask(person, "answer", offer_id=f"offer-{number}", answer=answer)

    @rule(answer=st.sampled_from(["accepted", "rejected"]))
    def answer_the_last(self, answer: str) -> None:
        self.ask(CUSTOMER, "answer", offer_id=f"offer-{len(self.play.case.state.offers)}", answer=answer)

    @rule(person=who, number=st.integers(1, 4))
    def withdraw_offer(self, person: str, number: int) -> None:
        self.ask(person, "withdraw_offer", offer_id=f"offer-{number}", reason="r")

    @rule(person=who, back=st.integers(0, 2), approved=st.booleans())
    def approve(self, person: str, back: int, approved: bool) -> None:
        number = len(self.play.case.state.approvals) - back
        self.ask(person, "approve", request_id=f"approval-{number}", approved=approved)

    @rule(person=who, back=st.integers(0, 1))
    def complete_action(self, person: str, back: int) -> None:
        number = sum(clock.kind == "action" for clock in self.play.case.state.clocks) - back
        self.ask(person, "complete_action", action_id=f"action-{number}", evidence="e")

    @rule(person=who, standards=standards)
    def final_decision(self, person: str, standards: list[str]) -> None:
        data = {"decision": "rejected", "standards": standards, "text": "t", "recourse": "12315"}
        self.ask(person, "final_decision", **data)

    @rule(person=who, verb=st.sampled_from(["refer", "withdraw"]))
    def give_up(self, person: str, verb: str) -> None:
        self.ask(person, verb, reason="r", to="ombudsman")

    @rule(person=who, severity=st.none() | st.integers(1, 5), safety=st.none() | st.booleans())
    def reclassify(self, person: str, severity: int | None, safety: bool | None) -> None:
        self.ask(person, "reclassify", severity=severity, safety=safety, reason="r")

    @rule(person=who, to=anybody)
    def transfer(self, person: str, to: str) -> None:
        self.ask(person, "transfer", to=to, reason="r")

    @rule(person=who)
    def accept_transfer(self, person: str) -> None:
        self.ask(person, "accept_transfer")

    @rule(person=who, to=anybody, back=st.booleans())
    def pass_on(self, person: str, to: str, back: bool) -> None:
        to = self.play.case.state.owners[0] if back else to
        if self.ask(person, "transfer", to=to, reason="r"):
            self.ask(to, "accept_transfer")

    @rule(person=who, what=st.sampled_from(["person", "place", "time"]), to=anybody)
    def change(self, person: str, what: str, to: str) -> None:
        self.ask(person, "change", what=what, to=to, reason="r")

    @rule(person=who)
    def escalate(self, person: str) -> None:
        self.ask(person, "escalate", reason="r")

    @rule(person=who, until=st.none() | hours)
    def pause(self, person: str, until: float | None) -> None:
        self.ask(person, "pause", until=self.instant(until), reason="r")

    @rule(person=who)
    def resume(self, person: str) -> None:
        self.ask(person, "resume", reason="r")

    @rule(
        person=who,
        name=st.sampled_from(["resolution", "resolution", "response_24h", "action-1", "task-1"]),
        until=hours,
    )
    def extend(self, person: str, name: str, until: float) -> None:
        clock = self.play.case.state.clock(name)
        at = (clock.due if clock else self.play.now) + timedelta(hours=until)
        self.ask(person, "extend", obligation=name, until=at, reason="r")

    @rule(person=who, trigger=st.integers(1, 6))
    def raise_feedback(self, person: str, trigger: int) -> None:
        self.ask(person, "raise_feedback", trigger=trigger, text="t")

    @rule(person=who, due=st.none() | hours)
    def open_task(self, person: str, due: float | None) -> None:
        self.ask(person, "open_task", unit="warehouse", text="t", due=self.instant(due))

    @rule(person=who, number=st.integers(1, 3))
    def finish_task(self, person: str, number: int) -> None:
        self.ask(person, "finish_task", task_id=f"task-{number}", text="t")

    # --- time and follow-up -----------------------------------------------------------------------

    @rule(hours=jumps)
    def time_passes(self, hours: float) -> None:
        self.play.later(hours=hours)

    @precondition(lambda self: self.play.case.next_due is not None)
    @rule()
    def until_something_is_due(self) -> None:
        self.play.until(self.play.case.next_due)

    @precondition(lambda self: self.play.case.state.stage == Stage.FOLLOWING_UP)
    @rule()
    def reopen(self) -> None:
        self.play.reopen()

    @precondition(lambda self: self.play.case.state.stage == Stage.FOLLOWING_UP)
    @rule()
    def close(self) -> None:
        self.play.close()

    @rule(cycle=st.integers(1, 3))
    def a_stale_reopening(self, cycle: int) -> None:
        """One that comes twice, or for a complaint that is not resolved, changes nothing."""
        state = self.play.case.state
        if state.stage == Stage.FOLLOWING_UP and cycle == state.cycle + 1:
            return
        before = state.model_copy(deep=True)
        self.play.case.hear(Reopened(why="dissatisfied", to_cycle=cycle), self.play.now)
        assert self.play.case.state == before
        assert not self.play.case.has_news

    def instant(self, hours: float | None) -> Any:
        return None if hours is None else self.play.now + timedelta(hours=hours)

    # --- what holds -------------------------------------------------------------------------------

    @invariant()
    def every_invariant_holds(self) -> None:
        self.read_on()
        for holds in INVARIANTS:
            holds(self.story)

    @invariant()
    def the_facts_are_the_state(self) -> None:
        """Folded from the opening, the facts give the state: it changes by nothing else."""
        assert self.shadow == self.play.case.state

    def read_on(self) -> None:
        """Tell the story, and fold the shadow, from what is new."""
        for recorded in self.play.recorded[self.told :]:
            for at, fact, when in self.play.heard:
                if at == recorded.seq - 1 and not any(one.fact is fact for one in self.story.told):
                    self.hear(fact, when)
            self.story.tell(recorded)
            apply(self.shadow, recorded.fact(), recorded.at)
            self.shadow.seq = recorded.seq
        self.told = len(self.play.recorded)
        for _, fact, when in self.play.heard:
            if not any(one.fact is fact for one in self.story.told):
                self.hear(fact, when)
        self.story.now = self.play.now

    def hear(self, fact: Any, when: Any) -> None:
        cycle = fact.to_cycle if isinstance(fact, Reopened) else self.shadow.cycle
        assert isinstance(fact, Reopened | Closed)
        self.story.told.append(Told(fact, when, cycle, 0, SYSTEM))
        apply(self.shadow, fact, when)


TestHandling = Handling.TestCase
TestHandling.settings = settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=list(HealthCheck),
)
