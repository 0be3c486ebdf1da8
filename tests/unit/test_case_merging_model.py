"""The case against random people while somebody merges it into another, at any stage: the same holds."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.routing.case import Case
from tests.thorough import THOROUGH
from tests.unit import test_case_model
from tests.unit.audited import audited
from tests.unit.certified import faults, verified

pytestmark = pytest.mark.timeout(400 * THOROUGH)


class Merging(test_case_model.Handling):
    """One complaint that may turn out to be a duplicate."""

    @rule(happens=st.sampled_from([False] * 9 + [True]))
    def it_is_merged(self, happens: bool) -> None:
        """At any stage, and perhaps it is heard twice."""
        if not happens:
            return
        over = self.play.case.state.outcome is not None
        heard = self.play.merged()
        assert [fact.name for fact in heard].count("case_ended") == (0 if over else 1)
        assert self.play.merged() == []

    def teardown(self) -> None:
        """The verifier reckons the same of whatever was merged, and the facts give the case again."""
        if hasattr(self, "play") and "case_ended" in self.play.names:
            assert audited(self.play) == []
            assert faults(verified(self.play)) == {}
            if not self.play.heard:  # what follow-up says is no fact of routing's
                state = self.play.case.state
                again = Case.rebuilt(self.play.opening, self.play.recorded).state
                assert again.model_copy(update={"people": state.people}) == state  # looked up outside


TestMerging = Merging.TestCase
TestMerging.settings = settings(test_case_model.TestHandling.settings, max_examples=25 * THOROUGH)
