"""Complaints of one severity are started source by source however complaints arrive in between."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.admission.turns import patient_share, turns

SOURCES = "ABCD"
Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from([*SOURCES, "start"]), st.integers(1, 12)), min_size=1, max_size=60)


class Line:
    """Queue of one severity, without a database: its rows are a turn, a number of arrival and a source."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, str]] = []
        self.arrived = 0

    def join(self, source: str, count: int) -> None:
        own = [turn for turn, _, other in self.rows if other == source]
        last = {(3, source): max(own)} if own else {}
        reached = {3: min(turn for turn, _, _ in self.rows)} if self.rows else {}
        for turn in turns([(3, source)] * count, last, reached):
            self.arrived += 1
            self.rows.append((turn, self.arrived, source))

    def start(self) -> str:
        first = min(self.rows)
        self.rows.remove(first)
        return first[2]

    @property
    def waiting(self) -> set[str]:
        return {source for _, _, source in self.rows}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(STEPS)
def test_no_source_gets_more_than_two_starts_ahead_of_another_that_waits(steps: list[Step]) -> None:
    line = Line()
    since: dict[str, Counter[str]] = {}
    for what, count in steps:
        if what != "start":
            line.join(what, count)
        for _ in range(count if what == "start" else 0):
            if not line.rows:
                break
            started = line.start()
            for source, others in since.items():
                others[started] += 1
                own = others[source]
                assert all(others[other] <= own + 2 for other in others if other != source), (source, others)
            since = {source: since[source] for source in since if source in line.waiting}
        since = {source: since.get(source, Counter()) for source in line.waiting}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(large=st.integers(1, 400), small=st.integers(1, 20), begun=st.integers(0, 100))
def test_a_small_source_has_every_second_place_from_its_arrival(large: int, small: int, begun: int) -> None:
    line = Line()
    line.join("large", large)
    for _ in range(min(begun, large)):
        line.start()
    line.join("small", small)
    order = [line.start() for _ in range(len(line.rows))]
    last = max(place for place, source in enumerate(order, start=1) if source == "small")
    assert last <= 2 * small + 1


def test_a_severity_has_rounds_of_its_own() -> None:
    arriving = [(5, "A"), (3, "A"), (3, "B"), (3, "A"), (5, "B")]
    assert turns(arriving, {(3, "A"): 7}, {3: 5}) == [1, 8, 6, 9, 1]


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.integers(1, 9), max_size=50))
def test_of_four_starts_one_is_for_those_who_waited_too_long_however_few_start_at_once(
    claims: list[int],
) -> None:
    started = shares = 0
    for more in claims:
        shares += patient_share(started, more, 4)
        started += more
    assert shares == started // 4
