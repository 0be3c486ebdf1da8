"""Who loses copies when the quarantine runs full: the clients with the most bytes, no more than needed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.intake.fair_quarantine import Owner, to_drop

HELD = st.dictionaries(
    st.tuples(st.sampled_from(["", "crm", "web", "shop"]), st.booleans()), st.integers(1, 1000)
)


def by_client(sizes: dict[Owner, int]) -> Counter[str]:
    total: Counter[str] = Counter()
    for (client, _), size in sizes.items():
        total[client] += size
    return total


def test_the_largest_loses_and_the_small_do_not() -> None:
    held = {("crm", False): 900, ("web", False): 50, ("shop", False): 10}
    assert +Counter(to_drop(held, 300)) == {("crm", False): 660}


def test_what_fits_stays() -> None:
    assert not +Counter(to_drop({("crm", False): 300}, 300))


def test_copies_that_report_a_danger_go_last() -> None:
    held = {("crm", True): 200, ("crm", False): 200}
    assert +Counter(to_drop(held, 300)) == {("crm", False): 100}
    assert +Counter(to_drop(held, 100)) == {("crm", False): 200, ("crm", True): 100}


@given(HELD, st.integers(1, 3000))
def test_all_fit_and_nobody_below_an_equal_share_loses(held: dict[Owner, int], room: int) -> None:
    drop = to_drop(held, room)
    kept, before = by_client({one: held[one] - drop.get(one, 0) for one in held}), by_client(held)
    assert all(0 <= drop.get(one, 0) <= held[one] for one in held)
    assert kept.total() <= room
    assert kept.total() > min(room, before.total()) - max(len(before), 1)
    share = room // max(len(before), 1)
    assert all(kept[client] == size for client, size in before.items() if size <= share)
