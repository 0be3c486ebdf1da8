"""Whatever happens to a case, the verifier reckons the same as the engine, and says so."""

from tests.unit import test_case_model
from tests.unit.certified import certified, faults, verified


class Proving(test_case_model.Handling):
    """Random histories, at the end of which every certificate is recomputed."""

    def teardown(self) -> None:
        if hasattr(self, "play"):
            assert certified(self.play)
            assert faults(verified(self.play)) == {}


TestProving = Proving.TestCase
TestProving.settings = test_case_model.TestHandling.settings
