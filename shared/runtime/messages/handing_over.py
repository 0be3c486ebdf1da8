"""Hand-over of every fact that a service has stored, in the order of complaints and numbers."""

from collections.abc import Awaitable, Callable, Sequence

from shared.contract.outgoing import Outgoing
from shared.contract.rebuilding import Rebuilt
from shared.runtime.messages.rebuilding import Page

COMPLAINTS = 20
MOST_BYTES = 400_000
"""Limits of one page, well below the limit of a message."""

Load = Callable[[str, int], Awaitable[Sequence[tuple[str, Sequence[Outgoing]]]]]
"""Loads the facts of a number of complaints, by their ids, from an id on."""


def handed_over(load: Load) -> Page:
    """Pages of facts; the place is a complaint, and how many of its facts were handed over."""

    async def page(after: str) -> Rebuilt:
        complaint, _, count = after.partition("/")
        facts: list[str] = []
        size, found = 0, await load(complaint, COMPLAINTS)
        for name, all_facts in found:
            done = int(count or 0) if name == complaint else 0
            for number, fact in enumerate(all_facts[done:], done):
                size += len(fact.body)
                if facts and size > MOST_BYTES:
                    return Rebuilt(facts=facts, after=f"{name}/{number}")
                facts.append(fact.body.decode())
        full = len(found) == COMPLAINTS
        return Rebuilt(facts=facts, after=f"{found[-1][0]}/{len(found[-1][1])}" if full else None)

    return page
