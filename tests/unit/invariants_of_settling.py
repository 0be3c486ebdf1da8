"""Agreed actions outlive all but evidence and the customer, apologies are given, mediators are neutral."""

from shared.contract.events import (
    Agreed,
    ApologyDue,
    ApologyGiven,
    Assigned,
    CaseEnded,
    Changed,
    DeadlineBreached,
    Deadlocked,
    MediationFinished,
    MediatorNamed,
    NegotiationReopened,
    OfferMade,
    Referred,
    Released,
    Reopened,
    Resolved,
    Withdrawn,
)
from tests.unit.case_story import Story


def an_agreed_action_is_released_by_the_customer_alone(story: Story) -> None:
    for one in story.told:
        if isinstance(one.fact, Released) and one.fact.by == "second_person":
            assert not [item for item in one.fact.items if item.startswith("action-")]


def a_broken_action_reopens_the_negotiation_once(story: Story) -> None:
    """It reopens where the agreement was being carried out, and then nothing else does."""
    broken: set[str] = set()
    for one in story.told:
        match one.fact:
            case DeadlineBreached(obligation=name):
                broken.add(name)
            case NegotiationReopened(action_id=name):
                assert name in broken
                assert one.stage == "negotiating"


def an_apology_that_is_due_is_given_before_the_end(story: Story) -> None:
    waiting: str | None = None
    for one in story.told:
        match one.fact:
            case ApologyDue(kind="none") | Reopened() | Withdrawn() | CaseEnded():
                waiting = None
            case ApologyDue(apology_id=name):
                waiting = name
            case ApologyGiven(apology_id=name):
                assert name == waiting
                waiting = None
            case Resolved(outcome="agreed" | "decided") | Referred():
                assert waiting is None


def a_mediator_never_owned_it(story: Story) -> None:
    owners: set[str] = set()
    open_one: str | None = None
    for one in story.told:
        match one.fact:
            case Assigned(owner=owner):
                owners.add(owner)
            case MediatorNamed(mediator=mediator, mediation_id=name, previous=before):
                assert mediator not in owners
                assert open_one == (name if before else None)
                open_one = name
            case MediationFinished(mediation_id=name):
                assert name == open_one
                open_one = None
            case Resolved() | Withdrawn() | Referred() | CaseEnded():
                open_one = None


def a_deadlock_comes_once_until_something_changes(story: Story) -> None:
    deadlocked = offered = False
    for one in story.told:
        match one.fact:
            case OfferMade():
                offered = True
            case Deadlocked():
                assert offered
                assert not deadlocked
                deadlocked = True
            case Changed() | MediationFinished() | Reopened() | NegotiationReopened() | Agreed():
                deadlocked = False


INVARIANTS = (
    an_agreed_action_is_released_by_the_customer_alone,
    a_broken_action_reopens_the_negotiation_once,
    an_apology_that_is_due_is_given_before_the_end,
    a_mediator_never_owned_it,
    a_deadlock_comes_once_until_something_changes,
)
