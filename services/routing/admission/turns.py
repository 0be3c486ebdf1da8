"""Turns of sources: whose complaint is next among complaints of one severity. Pure.

Each waiting complaint has a turn, and the lowest turn is started first. A source gets the turns after its
own last; a source without one begins after the lowest turn that waits. So of those that wait, each source
has one complaint started before any source has its next: ten complaints behind a thousand of another source
have every second place.
"""

from collections.abc import Iterable, Mapping

Queued = tuple[int, str]
"""Severity and source: complaints of one severity form one round."""


def turns(arriving: Iterable[Queued], last: Mapping[Queued, int], reached: Mapping[int, int]) -> list[int]:
    """Turn of each arriving complaint.

    `last` is the last turn of a source that waits, `reached` the lowest turn of a severity that waits.
    """
    given = dict(last)
    found = []
    for severity, source in arriving:
        one = (severity, source)
        given[one] = max(given.get(one, 0), reached.get(severity, 0)) + 1
        found.append(given[one])
    return found


def patient_share(started: int, more: int, every: int) -> int:
    """Number among the next `more` starts, after `started`, that go to those who have waited too long."""
    return (started + more) // every - started // every
