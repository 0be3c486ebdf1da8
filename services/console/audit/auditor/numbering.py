"""Order of the facts of one complaint: each service numbers its own from 1, without a gap.

A fact that comes before its predecessor waits for it, since an interrupted publication may end in another
order. A repeat of a fact counts once; another fact under its number is a finding.
"""

from collections.abc import Iterator

from services.console.audit.auditor.stream import Fact, Memory, read

MOST_HELD = 100
"""Most facts that wait for a predecessor; with more, the predecessor is taken to be missing."""


class MissingFact(Exception):
    """Raised when the predecessor of a fact is missing: what follows cannot be judged."""


def next_number(memory: Memory, service: str) -> int:
    """Number that the next fact of this service must have."""
    return int(memory.setdefault("next", {}).get(service, 1))


def is_other(memory: Memory, fact: Fact) -> bool:
    """Whether the fact differs from the earlier fact with its number; unknown for closed complaints."""
    digests = memory.get("digests", {}).get(fact.service, [])
    return len(digests) >= fact.seq and digests[fact.seq - 1] != fact.digest


def in_order(memory: Memory, fact: Fact, body: bytes) -> Iterator[Fact]:
    """Facts that can be judged now, in order. Raises `MissingFact`."""
    held = memory.setdefault("held", {}).setdefault(fact.service, {})
    held[str(fact.seq)] = body.decode()
    while (number := next_number(memory, fact.service)) and str(number) in held:
        ready = read(held.pop(str(number)).encode())
        memory["next"][fact.service] = number + 1
        memory.setdefault("digests", {}).setdefault(fact.service, []).append(ready.digest)
        yield ready
    if not held:
        memory.get("held", {}).pop(fact.service, None)
    elif len(held) > MOST_HELD:
        raise MissingFact


def missing(complaint: str, memory: Memory) -> list[str]:
    """Ids of facts for which others wait."""
    return [f"{complaint}-{service}-{next_number(memory, service)}" for service in memory.get("held", {})]
