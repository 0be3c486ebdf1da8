"""The case against random people, commands and clocks: what must hold in every history does.

After every step the facts alone are judged, by rules written apart from the case (`case_invariants`).
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.routing.rules.gates import OVER
from services.routing.rules.history import apply, apply_recorded
from services.routing.rules.state import CaseState
from services.routing.rules.verbs import allowed
from services.routing.view import view
from shared.contract.commands import Accepted
from shared.contract.concerned import concerned_in
from shared.contract.events import Closed, Reopened
from shared.contract.values import CUSTOMER, SYSTEM, Stage
from tests.thorough import THOROUGH
from tests.unit.case_commands import CommandData
from tests.unit.case_invariants import INVARIANTS
from tests.unit.case_story import Story, TriageInput
from tests.unit.cases import DECIDED, MONDAY, OPTIONS, play, policy, roster

pytestmark = pytest.mark.timeout(400)

PEOPLE = sorted(roster())
AGENTS = tuple(one for one in PEOPLE if one.startswith("agent-"))
TEAMS = [team.id for team in policy().pack.teams]
LIKELY = {
    "respond": 2,
    "record_interest": 2,
    "prepare_options": 4,
    "offer": 8,
    "answer": 6,
    "approve": 6,
    "complete_action": 6,
    "transfer": 3,
    "accept_transfer": 8,
    "hand_over": 2,
}
"""How often a verb is tried that is possible: most histories should get somewhere before they go wrong."""

PREPARATIONS: list[tuple[str, dict[str, Any]]] = [
    ("respond", {"kind": "plan", "text": "t"}),
    ("record_interest", {"party": "customer", "interest": "money", "confirmed": True}),
    ("prepare_options", {"options": OPTIONS}),
]
ENDS = ("final_decision", "refer", "withdraw")


class Handling(RuleBasedStateMachine):
    """One complaint, handled by anybody in any order."""

    @initialize(
        about_staff=st.none() | st.sampled_from(PEOPLE),
        unit=st.none() | st.sampled_from(TEAMS),
        category=st.sampled_from(["product", "service", "price", "policy"]),
        days_ago=st.sampled_from([0, 0, 0, 60 / 86400, 0.01, 0.6, 1, 3, 40]),
        severity=st.integers(1, 5),
        safety=st.booleans(),
        prepared=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        full=st.sampled_from([(), (), AGENTS, AGENTS[:3]]),
    )
    def opened(
        self,
        about_staff: str | None,
        unit: str | None,
        category: str,
        days_ago: float,
        severity: int,
        safety: bool,
        prepared: tuple[bool, bool, bool],
        full: tuple[str, ...],
    ) -> None:
        self.play = play(
            MONDAY - timedelta(days=days_ago),
            opened_at=MONDAY,
            about_staff=about_staff,
            unit=unit,
            safety=safety,
            load=dict.fromkeys(full, 500),
            hints={"category": category, "severity": severity},
        )
        self.story = Story(policy().pack, concerned_in(self.play.opening.received), MONDAY, [], MONDAY)
        self.shadow = CaseState.opened(self.play.opening, MONDAY)
        self.told = 0
        for ready, (verb, said) in zip(prepared, PREPARATIONS, strict=True):
            if ready:
                self.play.owner(verb, **said)

    # --- people -----------------------------------------------------------------------------------

    @rule(data=st.data(), times=st.integers(2, 8))
    def people_act(self, data: st.DataObject, times: int) -> None:
        """Several in a row; once it is over one vain try is enough."""
        for _ in range(times):
            self.somebody_does_something(data)
            if self.play.case.state.stage in OVER:
                break

    def somebody_does_something(self, data: st.DataObject) -> None:
        """Mostly what is possible, by the one whose part it is; sometimes anything, by anybody."""
        self.play.later()
        state = self.play.case.state
        possible = allowed(state)
        assert view(state).allowed == possible
        gated = [verb for verb in possible if verb in DECIDED and verb not in ENDS]
        sensible = [verb for verb in gated for _ in range(LIKELY.get(verb, 1))]
        kind = data.draw(st.sampled_from(["sensible"] * 30 + ["an end", "anything", "anything"]))
        verbs = {"an end": list(ENDS), "sensible": sensible}.get(kind) or sorted(DECIDED)
        verb = data.draw(st.sampled_from(verbs))
        person = self.draw_person(data, verb)
        said = CommandData(state, self.play.now, data.draw).of(verb)
        reply = self.play.ask(person, verb, **said)
        if isinstance(reply, Accepted):
            assert verb in possible
            assert reply.allowed == allowed(self.play.case.state)
        else:
            assert reply.allowed == possible

    def draw_person(self, data: st.DataObject, verb: str) -> str:
        """Whose part the verb is, or anybody."""
        state = self.play.case.state
        chain = state.pinned.chain
        asked = [approval.request.asked_by for approval in state.approvals]
        usual = {
            "answer": [CUSTOMER],
            "confirm": [CUSTOMER, state.owner],
            "withdraw": [CUSTOMER],
            "approve": [chain.lead, chain.manager, *asked[-1:]],
            "correct_receipt": [chain.lead, chain.manager],
            "acknowledge_feedback": [chain.lead, chain.manager],
            "accept_transfer": [state.transfer.to if state.transfer else state.owner],
        }.get(verb, [state.owner])
        if data.draw(st.sampled_from([False] * 6 + [True])):
            return data.draw(st.sampled_from([*PEOPLE, CUSTOMER, chain.lead, chain.manager]))
        return data.draw(st.sampled_from(usual))

    # --- time and follow-up -----------------------------------------------------------------------

    @rule(hours=st.sampled_from([0.01, 0.1, 0.5, 1, 1, 2, 5, 11.9, 26, 80, 400]))
    def time_passes(self, hours: float) -> None:
        self.play.later(hours=hours)

    @precondition(lambda self: self.play.case.state.queued_since is not None)
    @rule(full=st.sampled_from([(), AGENTS, AGENTS[:4]]))
    def a_person_may_be_free(self, full: tuple[str, ...]) -> None:
        """The workflow is called from the queue: it looks its people up."""
        self.play.meet_people(load=dict.fromkeys(full, 500))

    @precondition(lambda self: self.play.case.next_due is not None)
    @rule()
    def until_something_is_due(self) -> None:
        self.play.until(self.play.case.next_due)

    @precondition(lambda self: self.play.case.state.stage == Stage.FOLLOWING_UP)
    @rule(closes=st.sampled_from([False] * 4 + [True]))
    def follow_up(self, closes: bool) -> None:
        closes = closes or self.play.case.state.outcome is not None
        self.play.close() if closes else self.play.reopen()

    @rule(
        loss=st.none() | st.sampled_from(["50", "1000", "20000"]),
        hint=st.none() | st.integers(1, 5),
        style=st.sampled_from(["prepared", "angry"]),
        safety=st.sampled_from([False] * 9 + [True]),
    )
    def comes_again(self, loss: str | None, hint: int | None, style: str, safety: bool) -> None:
        """What it brings never makes the complaint lighter; when nobody handles it, only a danger counts."""
        self.play.later()
        gone = self.play.case.state.outcome is not None
        before, over = self.play.case.state.triage, self.play.case.state.stage in OVER
        self.play.came_again(
            loss={"value": loss, "currency": "CNY"} if loss else None,
            hints={"severity": hint},
            signals={"styles": [style]},
            safety=safety,
        )
        after = self.play.case.state.triage
        assert after.severity >= before.severity
        assert after.safety == (before.safety or (safety and not gone))
        assert not over or after == before or (safety and after.safety)

    @rule(cycle=st.integers(1, 3))
    def a_stale_reopening(self, cycle: int) -> None:
        """One that comes twice, or for a complaint that is not resolved, changes nothing."""
        state = self.play.case.state
        if state.stage == Stage.FOLLOWING_UP and cycle == state.cycle + 1:
            return
        before = state.model_copy(deep=True)
        self.play.case.receive(Reopened(why="dissatisfied", to_cycle=cycle), self.play.now)
        assert self.play.case.state == before
        assert not self.play.case.has_news

    # --- what holds -------------------------------------------------------------------------------

    @invariant()
    def every_invariant_holds(self) -> None:
        self.read_on()
        for holds in INVARIANTS:
            holds(self.story)

    @invariant()
    def the_facts_are_the_state(self) -> None:
        """Folded from the opening, the facts give the state: it changes by nothing else."""
        people = self.play.case.state.people  # looked up outside, and no part of the story
        assert self.shadow.model_copy(update={"people": people}) == self.play.case.state

    def read_on(self) -> None:
        """Tell the story, and fold the shadow, from what is new."""
        for recorded in self.play.recorded[self.told :]:
            for at, fact, when in self.play.heard:
                if at == recorded.seq - 1 and not any(one.fact is fact for one in self.story.told):
                    self.receive(fact, when)
            self.story.tell(recorded)
            apply_recorded(self.shadow, recorded)
        self.told = len(self.play.recorded)
        for _, fact, when in self.play.heard:
            if not any(one.fact is fact for one in self.story.told):
                self.receive(fact, when)
        self.story.now = self.play.now

    def receive(self, fact: Any, when: Any) -> None:
        cycle = fact.to_cycle if isinstance(fact, Reopened) else self.shadow.cycle
        assert isinstance(fact, Reopened | Closed)
        self.story.told.append(TriageInput(fact, when, cycle, 0, SYSTEM))
        apply(self.shadow, fact, when)


TestHandling = Handling.TestCase
TestHandling.settings = settings(
    max_examples=40 if THOROUGH == 1 else 400,
    stateful_step_count=40,
    deadline=None,
    derandomize=THOROUGH == 1,
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=list(HealthCheck),
)
