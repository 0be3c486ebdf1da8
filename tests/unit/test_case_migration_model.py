"""The case against random people who also migrate it, there and back: the same holds."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.routing.case import Case
from shared.policy.pinned import pin
from tests.thorough import THOROUGH
from tests.unit import test_case_model
from tests.unit.case_packs import SHORTER, VISIT, edited
from tests.unit.cases import policy
from tests.unit.certified import faults, verified

pytestmark = pytest.mark.timeout(400 * THOROUGH)

OTHER = edited(resolution=SHORTER, without="silence", more=(VISIT,))


class Migrating(test_case_model.Handling):
    """One complaint under two policies, in any order."""

    @rule(there=st.booleans())
    def migrate(self, there: bool) -> None:
        self.play.later()
        pinned = self.play.opening.pinned
        self.play.in_force = pin(OTHER if there else policy(), pinned.team, pinned.chain)
        self.play.ask(pinned.chain.manager, "migrate_policy", reason="r")
        self.play.in_force = None

    def teardown(self) -> None:
        """Whatever happened, the verifier reckons the same, and the facts give the case again."""
        if not hasattr(self, "play"):
            return
        assert faults(verified(self.play, policy(), OTHER)) == {}
        if not self.play.heard:  # what follow-up says is no fact of routing's
            rebuilt, state = Case.rebuilt(self.play.opening, self.play.recorded).state, self.play.case.state
            assert rebuilt.model_copy(update={"people": state.people}) == state  # people are looked up


TestMigrating = Migrating.TestCase
TestMigrating.settings = settings(test_case_model.TestHandling.settings, max_examples=20 * THOROUGH)
