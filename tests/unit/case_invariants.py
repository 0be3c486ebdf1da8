"""Invariants of every history of a complaint (design: The case), read from its facts alone.

Each function takes the whole story so far and asserts one thing. None looks at the case's own state.
"""

from collections.abc import Callable
from datetime import datetime

from shared.contract.events import (
    CaseEnded,
    Closed,
    DeadlineCancelled,
    DeadlineMet,
    Notice,
    Referred,
    Reopened,
    Resolved,
    Triaged,
    Withdrawn,
)
from shared.contract.values import SYSTEM
from tests.unit import (
    invariants_of_clocks,
    invariants_of_negotiation,
    invariants_of_people,
    invariants_of_settling,
    invariants_of_understanding,
)
from tests.unit.case_story import Story


def seq_has_no_gaps(story: Story) -> None:
    numbers = [one.seq for one in story.told if one.seq]
    assert numbers == list(range(1, len(numbers) + 1))


def every_end_tells_the_complainant(story: Story) -> None:
    """Every end has a notice of that very end, at its instant."""
    said = [(one.fact.template, one.at) for one in story.told if isinstance(one.fact, Notice)]
    for one in story.told:
        match one.fact:
            case Resolved(outcome=outcome):
                template = {"decided": "decision", "released": "resolved_released"}.get(outcome, "resolved")
                assert (template, one.at) in said
            case Withdrawn(by=by):
                assert ("withdrawn" if by == "customer" else "withdrawn_for_you", one.at) in said
            case Referred():
                assert ("referred", one.at) in said
            case CaseEnded():
                assert ("merged", one.at) in said


def nothing_after_the_end(story: Story) -> None:
    """After `closed` no fact; after `resolved` and its like only what follows from it at that instant.

    A danger that is reported later is a new triage, by which followup knows to reopen the complaint.
    """
    over: datetime | None = None
    closed = False
    for one in story.told:
        assert not closed, one
        match one.fact:
            case Closed():
                closed = True
            case Reopened():
                over = None
            case CaseEnded():
                over = one.at  # also of one that was resolved: it is merged while its follow-up runs
            case Resolved() | Withdrawn() | Referred():
                assert over is None
                over = one.at
            case Triaged(safety=True) if over:
                assert one.actor == SYSTEM
            case _ if over:
                assert isinstance(one.fact, DeadlineMet | DeadlineCancelled | Notice)
                assert one.at == over
                assert one.actor == SYSTEM


INVARIANTS: tuple[Callable[[Story], None], ...] = (
    seq_has_no_gaps,
    nothing_after_the_end,
    every_end_tells_the_complainant,
    *invariants_of_people.INVARIANTS,
    *invariants_of_clocks.INVARIANTS,
    *invariants_of_negotiation.INVARIANTS,
    *invariants_of_settling.INVARIANTS,
    *invariants_of_understanding.INVARIANTS,
)
