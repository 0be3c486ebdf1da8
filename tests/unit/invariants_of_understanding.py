"""Feelings come before the matter, and nobody but the complainant confirms what the complainant needs."""

from datetime import datetime

from shared.contract.events import (
    ConversationEnded,
    InterestRecorded,
    Listened,
    OfferMade,
    QuestionAnswered,
    Reopened,
    Restated,
    RestatementAnswered,
    Triaged,
)
from shared.contract.values import CUSTOMER, Party
from tests.unit.case_story import Story

HEARD = (Listened, ConversationEnded, QuestionAnswered, RestatementAnswered)


def no_offer_before_the_listening_step(story: Story) -> None:
    """Where the triage at the offer names a style that the policy listens to first."""
    styles = set(story.pack.understanding.listen_first.styles)
    heard, own, triage = False, False, None
    for one in story.told:
        match one.fact:
            case Triaged() as triage:
                pass
            case Reopened():
                heard = False
            case InterestRecorded(how="command" | "link" | "recording"):
                own = True
            case OfferMade():
                assert heard or own or not (triage and styles & {*triage.style})
            case _ if isinstance(one.fact, HEARD):
                heard = True


def a_restatement_is_answered_once_and_in_time(story: Story) -> None:
    present: str | None = None
    ends: dict[str, datetime] = {}
    for one in story.told:
        match one.fact:
            case Restated(restatement_id=name, expires_at=until):
                assert name not in ends
                assert one.at < until
                present, ends[name] = name, until
            case RestatementAnswered(restatement_id=name, how=how, recording_ref=words):
                assert name == present
                assert one.at < ends[name]
                assert (how == "recording") == (one.actor.id != CUSTOMER)
                assert words or how != "recording"
                present = None
            case Reopened():
                present = None


def interests_are_confirmed_by_the_one_who_has_them(story: Story) -> None:
    for one in story.told:
        if isinstance(one.fact, InterestRecorded):
            own = one.fact.party == Party.CUSTOMER and one.fact.confirmed
            assert (one.fact.how is not None) == own
            assert (one.fact.how in ("command", "link")) == (own and one.actor.id == CUSTOMER)


INVARIANTS = (
    no_offer_before_the_listening_step,
    a_restatement_is_answered_once_and_in_time,
    interests_are_confirmed_by_the_one_who_has_them,
)
