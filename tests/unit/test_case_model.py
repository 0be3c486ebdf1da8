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
from tests.unit.case_invariants import INVARIANTS
from tests.unit.case_story import Story, Told
from tests.unit.cases import MONDAY, play, policy, roster

PEOPLE = sorted(roster())
TEAMS = [team.id for team in policy().pack.teams]


def mostly(usual: st.SearchStrategy[Any], *others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Three times in four `usual`: random histories have to get somewhere before they can go wrong."""
    return st.integers(0, 3).flatmap(lambda roll: usual if roll else st.one_of(*others))


anybody = st.sampled_from([*PEOPLE, CUSTOMER])
owner = mostly(st.just("owner"), st.sampled_from(["lead", "manager"]), anybody)
complainant = mostly(st.just(CUSTOMER), st.just("owner"), anybody)
supervisor = mostly(st.sampled_from(["lead", "manager"]), st.just("owner"), anybody)
named = st.sampled_from([*PEOPLE, "nobody"])
standards = mostly(st.just(["after-sales-7"]), st.sampled_from([["goodwill-1", "price-1"], [], ["no-such"]]))
hours = st.sampled_from([-1, 0.5, 3, 30, 200, 400, 1000])
expiries = mostly(st.none(), hours)
jumps = st.sampled_from([0.01, 0.5, 1, 2, 5, 11.9, 26, 80, 400])
extendables = st.sampled_from(["resolution", "resolution", "response_24h", "action-1", "task-1"])
yuan = st.sampled_from(["50", "100", "199.00", "499.99", "500", "501", "600", "4000", "6000", "60000"])
money = st.builds(
    lambda value, currency: {"value": value, "currency": currency},
    yuan,
    mostly(st.just("CNY"), st.sampled_from(["USD", "JPY"])),
)
options = st.lists(
    st.builds(
        lambda option_id, remedy, amount: {"option_id": option_id, "remedy": remedy, "amount": amount},
        st.sampled_from(["a", "b", "c"]),
        mostly(st.just("refund"), st.sampled_from(["apology", "voucher", "replacement"])),
        mostly(money, st.none()),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: str(one["option_id"]),
)
WEAK = [None, ("customer", False), ("company", True)]
PASSING = ["transfer", "transfer", "change"]
back = mostly(st.just(0), st.integers(1, 3))
SMALL: dict[str, dict[str, Any]] = {
    "clarify": {"cause": "c", "cause_side": "defect", "liability": "company"},
    "set_position": {"text": "t"},
    "raise_feedback": {"trigger": 3, "text": "t"},
    "change": {"what": "place", "to": "shop", "reason": "r"},
    "escalate": {"reason": "r"},
    "accept_transfer": {},
}


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
        names = {"owner": state.owner, "lead": chain.lead, "manager": chain.manager}
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

    @rule(
        person=owner,
        responds=mostly(st.just(True), st.just(False)),
        interest=mostly(
            st.just(("customer", True)), st.sampled_from([None, ("customer", False), ("company", True)])
        ),
        options=mostly(options, st.none()),
        promise=st.none() | hours,
    )
    def prepare(
        self,
        person: str,
        responds: bool,
        interest: tuple[str, bool] | None,
        options: list[dict[str, Any]] | None,
        promise: float | None,
    ) -> None:
        """Some or all of what comes before an offer."""
        if responds:
            self.ask(person, "respond", kind="plan", text="t", promise_by=self.instant(promise))
        if interest:
            party, confirmed = interest
            self.ask(person, "record_interest", party=party, interest="money", confirmed=confirmed)
        if options:
            self.ask(person, "prepare_options", options=options)

    @rule(options=options)
    def prepare_anew(self, options: list[dict[str, Any]]) -> None:
        self.ask("owner", "prepare_options", options=options)

    @rule(
        person=owner, option_id=st.sampled_from("abc"), standards=standards, expires=mostly(st.none(), hours)
    )
    def offer(self, person: str, option_id: str, standards: list[str], expires: float | None) -> None:
        until = self.instant(expires)
        self.ask(person, "offer", option_id=option_id, standards=standards, text="t", expires_at=until)

    @rule(option_id=st.sampled_from("abc"))
    def offer_well(self, option_id: str) -> None:
        self.ask("owner", "offer", option_id=option_id, standards=["after-sales-7"], text="t")

    @rule(person=complainant, back=back, answer=st.sampled_from(["accepted", "rejected", "countered"]))
    def answer(self, person: str, back: int, answer: str) -> None:
        self.ask(person, "answer", offer_id=self.newest("offer", back), answer=answer)

    @rule(person=owner, back=back)
    def withdraw_offer(self, person: str, back: int) -> None:
        self.ask(person, "withdraw_offer", offer_id=self.newest("offer", back), reason="r")

    @rule(person=supervisor, back=back, approved=mostly(st.just(True), st.just(False)))
    def approve(self, person: str, back: int, approved: bool) -> None:
        self.ask(person, "approve", request_id=self.newest("approval", back), approved=approved)

    @rule(person=owner, back=back)
    def complete_action(self, person: str, back: int) -> None:
        self.ask(person, "complete_action", action_id=self.newest("action", back), evidence="e")

    @rule(person=owner, verb=st.sampled_from(["final_decision", "refer", "withdraw"]), standards=standards)
    def end(self, person: str, verb: str, standards: list[str]) -> None:
        said: dict[str, Any] = {"reason": "r", "to": "ombudsman"}
        if verb == "final_decision":
            said = {"decision": "rejected", "standards": standards, "text": "t", "recourse": "12315"}
        self.ask(person, verb, **said)

    @rule(person=owner, severity=st.none() | st.integers(1, 5), safety=st.none() | st.booleans())
    def reclassify(self, person: str, severity: int | None, safety: bool | None) -> None:
        self.ask(person, "reclassify", severity=severity, safety=safety, reason="r")

    @rule(person=owner, to=named, verb=st.sampled_from(PASSING), late=st.booleans())
    def pass_on(self, person: str, to: str, verb: str, late: bool) -> None:
        if self.ask(person, verb, to=to, what="person", reason="r") and not late:
            self.ask(to, "accept_transfer")

    @rule(person=owner)
    def pass_back(self, person: str) -> None:
        to = self.play.case.state.owners[-2:][0]
        if self.ask(person, "transfer", to=to, reason="r"):
            self.ask(to, "accept_transfer")

    @rule(person=owner, verb=st.sampled_from(sorted(SMALL)))
    def do_something_else(self, person: str, verb: str) -> None:
        self.ask(person, verb, **SMALL[verb])

    @rule(person=owner, until=mostly(st.none(), hours), ends=st.booleans())
    def pause_or_resume(self, person: str, until: float | None, ends: bool) -> None:
        if ends:
            self.ask(person, "resume", reason="r")
        else:
            self.ask(person, "pause", until=self.instant(until), reason="r")

    @rule(person=owner, name=extendables, until=hours)
    def extend(self, person: str, name: str, until: float) -> None:
        clock = self.play.case.state.clock(name)
        at = (clock.due if clock else self.play.now) + timedelta(hours=until)
        self.ask(person, "extend", obligation=name, until=at, reason="r")

    @rule(person=owner, due=st.none() | hours, finishes=st.booleans(), back=back)
    def task(self, person: str, due: float | None, finishes: bool, back: int) -> None:
        if finishes:
            self.ask(person, "finish_task", task_id=self.newest("task", back), text="t")
        else:
            self.ask(person, "open_task", unit="warehouse", text="t", due=self.instant(due))

    def newest(self, kind: str, back: int) -> str:
        """The newest id of a kind, or one `back` from it."""
        state = self.play.case.state
        actions = [clock for clock in state.clocks if clock.kind == "action"]
        counts = {
            "offer": state.offers,
            "approval": state.approvals,
            "task": state.tasks,
            "action": actions,
        }
        return f"{kind}-{len(counts[kind]) - back}"

    # --- time and follow-up -----------------------------------------------------------------------

    @rule(hours=jumps)
    def time_passes(self, hours: float) -> None:
        self.play.later(hours=hours)

    @precondition(lambda self: self.play.case.next_due is not None)
    @rule()
    def until_something_is_due(self) -> None:
        self.play.until(self.play.case.next_due)

    @precondition(lambda self: self.play.case.state.stage == Stage.FOLLOWING_UP)
    @rule(closes=mostly(st.just(False), st.just(True)))
    def follow_up(self, closes: bool) -> None:
        self.play.close() if closes else self.play.reopen()

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
