"""Whatever comes in: a registration or a clean misfit (`sources.md` F3).

`make fuzz` does the same for as long as one likes, led by which lines of the decoder were reached.
"""

from collections import Counter
from pathlib import Path
from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.judging import judged
from tests.fuzz.mutations import mutated, start
from tests.thorough import THOROUGH

CORPUS = sorted((Path(__file__).parent.parent / "fuzz/corpus").iterdir())
HEAD = b'{"specversion":"1.0","type":"complaints.submitted.v1","source":"s","id":"1","data":'


@settings(max_examples=600 * THOROUGH, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_submission_gone_wrong_is_registered_or_a_clean_misfit(random: Random) -> None:
    judged(mutated(random))


@settings(max_examples=300 * THOROUGH, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_clean_misfit_even_where_data_belong(body: bytes) -> None:
    assert judged(body) != "registered"
    judged(HEAD + body + b"}")


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_seeds_and_former_findings_of_fuzzing_are_judged_cleanly(file: Path) -> None:
    judged(file.read_bytes())


def test_mutations_reach_both_ends() -> None:
    """A fuzzer that only ever makes rubbish, or only ever good messages, finds nothing."""
    ends = Counter(judged(mutated(Random(seed))) for seed in range(400))

    assert judged(orjson.dumps(start())) == "registered"
    assert ends["registered"] > 40
    assert ends["invalid"] > 100
    assert ends["not_json"] > 20
    assert ends["not_cloudevent"] > 5
