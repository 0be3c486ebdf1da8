"""Whatever happens to a case, the verifier reckons the same as the engine, and facts and row agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.console.audit.reconciler.comparing import findings
from services.routing.rules.gates import OVER
from services.routing.rules.state import ObligationClock
from shared.contract.values import Stage
from shared.policy.pinned import pin
from tests.thorough import THOROUGH
from tests.unit import test_case_model
from tests.unit.audited import audited
from tests.unit.case_packs import LONGER, SHORTER, edited
from tests.unit.cases import Playing, policy
from tests.unit.certified import certified, faults, verified
from tests.unit.test_reconciler import of

pytestmark = pytest.mark.timeout(400 * THOROUGH)

NOTED = {
    "id": "noted",
    "starts": "interest_recorded",
    "budget": {"clock": "business", "amount": "9h"},
    "warn_at": [20, 60],
    "met_by": ["clarified", "resolved"],
    "restarted_by": ["position_set"],
    "pausable": True,
}
POLICIES = (
    policy(),
    edited(resolution=LONGER, more=(NOTED,)),
    edited(resolution=SHORTER | {"pausable": False}, without="silence"),
)


def met_in_time(case: Playing) -> Iterator[tuple[ObligationClock, datetime]]:
    """The clocks of the first cycle that count from the receipt, and when each was met in truth."""
    state = case.case.state
    if state.cycle > 1 or state.stage in OVER:
        return
    for clock in state.clocks:
        obligation = state.pinned.obligation(clock.kind)
        if clock.status == "met" and clock.met_at and obligation and obligation.starts == "received":
            early = clock.met_fact == "notice"  # said when the complaint was recorded
            yield clock, case.opening.received.recorded_at if early else clock.met_at


class Proving(test_case_model.Handling):
    """Random histories, at the end of which every certificate is recomputed and all views are compared."""

    @precondition(lambda self: any(met_in_time(self.play)))
    @rule(data=st.data(), microseconds=st.sampled_from([-1, 0, 0, 0, 1]))
    def it_was_due_when_it_was_met(self, data: st.DataObject, microseconds: int) -> None:
        """A receipt with which something would have run out at the very instant at which it was met."""
        self.play.later()
        clock, at = data.draw(st.sampled_from(list(met_in_time(self.play))))
        received_at = at - (clock.due - clock.started_at) + timedelta(microseconds=microseconds)
        chain = self.play.case.state.pinned.chain
        who = chain.lead if self.play.owned_by != chain.lead else chain.manager
        self.play.ask(who, "correct_receipt", received_at=received_at, reason="r")

    def teardown(self) -> None:
        if hasattr(self, "play"):
            assert audited(self.play) == []
            assert certified(self.play, *POLICIES)
            assert faults(verified(self.play, *POLICIES)) == {}
            facts, row, workflow = of(self.play)
            facts.closed = self.play.case.state.stage == Stage.CLOSED  # the timeline ends before `closed`
            running = None if facts.closed else workflow
            assert list(findings(facts, row, running, self.play.now)) == []


class Migrating(Proving):
    """The same, and now and then under another policy; the invariants are about one policy only."""

    @rule(number=st.integers(0, len(POLICIES) - 1))
    def goes_on_under_another_policy(self, number: int) -> None:
        to, pinned = POLICIES[number], self.play.opening.pinned
        self.play.in_force = pin(to, pinned.team, pinned.chain)
        self.play.ask(pinned.chain.lead, "migrate_policy", reason="r")
        self.play.in_force = None

    def every_invariant_holds(self) -> None:
        """Not asked here."""

    def the_facts_are_the_state(self) -> None:
        """Nor this."""


TestProving = Proving.TestCase
TestProving.settings = test_case_model.TestHandling.settings
TestMigrating = Migrating.TestCase
TestMigrating.settings = settings(test_case_model.TestHandling.settings, max_examples=20 * THOROUGH)
