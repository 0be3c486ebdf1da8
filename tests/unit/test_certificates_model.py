"""Whatever happens to a case, the verifier reckons the same as the engine, and says so."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shared.policy.pinned import pin
from tests.unit import test_case_model
from tests.unit.case_packs import LONGER, SHORTER, edited
from tests.unit.cases import policy
from tests.unit.certified import certified, faults, verified

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


class Proving(test_case_model.Handling):
    """Random histories, at the end of which every certificate is recomputed."""

    def teardown(self) -> None:
        if hasattr(self, "play"):
            assert certified(self.play, *POLICIES)
            assert faults(verified(self.play, *POLICIES)) == {}


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
TestMigrating.settings = test_case_model.TestHandling.settings
