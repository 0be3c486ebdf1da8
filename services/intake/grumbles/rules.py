"""Grumble: a dissatisfaction short of a complaint, and how it becomes a complaint (`sources.md` 9). Pure.

    grumbled ── answer_grumble ──▶ answered        (rests, and still counts as the first of a repeat)
    │                             │
    └── unanswered, request, repeat, danger ──▶ promoted: `received` is published, a complaint begins

A grumble about the same subject as an open complaint of its customer joins that complaint from the beginning,
as a contact. An erased grumble has no texts any more: it rests for good, and is the first of no repeat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.intake import refusals
from services.intake.losses import as_fields, largest
from services.intake.notices import Template
from services.intake.registration import (
    FactsWithTexts,
    Registration,
    fact_of,
    headline,
    notice_of,
    opening,
    promised,
)
from shared.clocks.budget import due
from shared.contract.concerned import concerned_in
from shared.contract.errors import Refusal, refuse
from shared.contract.events import GrumbleAnswered, Grumbled, Promoted, PromotedBecause, Received
from shared.contract.outgoing import Outgoing
from shared.contract.queries import GrumbleStatus
from shared.contract.values import CUSTOMER, SYSTEM, Actor, Concerned
from shared.policy import formats
from shared.policy.loader import Policy
from shared.policy.record import measured
from shared.policy.wording import language_of, notice
from shared.triage.finding import together

ALLOWED = {
    GrumbleStatus.OPEN: ["add_contact", "answer_grumble", "promote", "erase"],
    GrumbleStatus.ANSWERED: ["add_contact", "promote", "erase"],
    GrumbleStatus.PROMOTED: ["add_contact", "erase"],
    GrumbleStatus.JOINED: ["add_contact", "erase"],
    GrumbleStatus.ERASED: ["add_contact", "erase"],
}
FOR_GOOD = (GrumbleStatus.PROMOTED, GrumbleStatus.JOINED, GrumbleStatus.ERASED)
"""Final statuses: a grumble that has one does not change any more."""


@dataclass(frozen=True)
class Promotion:
    """Promotion of grumbles to the complaint `into`: the reason, the actor who wants it, and the instant.
    `grumbled_at` is that of the first grumble.
    """

    because: PromotedBecause
    into: str
    grumbles: list[str]
    grumbled_at: datetime
    actor: Actor
    at: datetime
    reason_ref: str | None = None

    def fact(self, complaint: str, seq: int, policy: Policy) -> Outgoing:
        """Fact that is published about each of the grumbles."""
        said = Promoted(
            because=self.because, into=self.into, grumbles=self.grumbles, reason_ref=self.reason_ref
        )
        return fact_of(complaint, seq, self.actor, policy.identity, said, self.at)


def acknowledged(one: Registration, answer_by: datetime, policy: Policy) -> Registration:
    """Grumble that is not promoted: its fact, and a polite notice that we received it."""
    complaint, received = one.complaint_id, one.received
    words = {
        "title": headline(one.texts, complaint),
        "complaint_id": complaint,
        "by_when": formats.ours(
            answer_by,
            received.contact.timezone or policy.calendar.zone,
            language_of(policy.pack, received.language),
        ),
    }
    grumbled = fact_of(complaint, 1, SYSTEM, policy.identity, _grumbled(received, answer_by), one.recorded_at)
    told = _notice(Template.GRUMBLE_ACKNOWLEDGEMENT, words, received, complaint, 2, policy, one.recorded_at)
    return replace(one, texts=one.texts | told.texts, facts=[grumbled, *told.facts])


OWN = ("answer_by", "concerned")
"""Fields of a grumble that differ from those of the complaint that it may become."""


def _grumbled(received: Received, answer_by: datetime) -> Grumbled:
    shared = {name: getattr(received, name) for name in Grumbled.model_fields if name not in OWN}
    return Grumbled(**shared, answer_by=answer_by, concerned=concerned_in(received) or None)


def _notice(
    template: Template,
    words: Mapping[str, str],
    received: Received,
    complaint: str,
    seq: int,
    policy: Policy,
    at: datetime,
) -> FactsWithTexts:
    """Single notice to the complainant, and its text."""
    told = notice_of(template, received, complaint, seq, policy)
    text = notice(policy.pack, template, received.language, dict(words))
    return FactsWithTexts(
        [fact_of(complaint, seq, SYSTEM, policy.identity, told, at)], {f"notice-{seq}": text}
    )


# --- becoming a complaint ---------------------------------------------------------------------------


def is_repeat(one: datetime, other: datetime, policy: Policy) -> bool:
    """Whether two grumbles of a customer were spoken so close together that they are a complaint."""
    first, second = sorted((one, other))
    return second <= due(first, policy.pack.grumbles.repeat_within, policy.calendar)


def dangerous(received: Received) -> bool:
    """Whether a grumble reports a danger: then it is promoted at once, without waiting for the customer to
    complain.
    """
    return received.safety or received.signals.safety


def in_danger(one: Registration) -> Promotion:
    """Promotion of a grumble that reports a danger: it is a complaint from the beginning."""
    return Promotion(
        because="danger",
        into=one.complaint_id,
        grumbles=[one.complaint_id],
        grumbled_at=one.received_at,
        actor=SYSTEM,
        at=one.recorded_at,
    )


def weighed_with(received: Received, before: Iterable[Received]) -> dict[str, Any]:
    """Fields of a complaint that its earlier grumbles make graver, so that no earlier report is lost."""
    spoken = [*before, received]
    return {
        "signals": together(*(one.signals for one in spoken)),
        "safety": any(one.safety for one in spoken),
    }


def with_earlier_reports(received: Received, spoken: Sequence[Received], policy: Policy) -> Received:
    """Last of several grumbles, with the reports of those `spoken` before: the largest losses, the first
    remedy.
    """
    remedy, own = None, concerned_in(received)
    about = own
    for one in spoken:
        about = about.joined(concerned_in(one))
        remedy = remedy or one.remedy_sought
    losses = largest(loss for said in (received, *spoken) for loss in (said.loss, *(said.losses or ())))
    told: dict[str, Any] = as_fields(losses) | {"remedy_sought": remedy or received.remedy_sought}
    lacking = set(received.completeness.missing) if received.completeness else set()
    known = set(policy.pack.record.weights) - lacking | {name for name, value in told.items() if value}
    known |= {"remedy_sought"} if losses else set()
    told["concerned"] = (received.concerned or Concerned()).joined(about.beyond(own)) or None
    measure = {"completeness": measured(known, policy.pack.record)}
    return received.model_copy(update=told | measure | weighed_with(received, spoken))


def repeated(
    one: Registration, promotion: Promotion, policy: Policy, before: Sequence[Received] = ()
) -> Registration:
    """Second grumble, which is a complaint at once. One notice to the complainant is enough."""
    heard = one.facts[0]
    texts = without_notices(one.texts)
    received = with_earlier_reports(one.received, before, policy)
    begun = become(received, texts, promotion, policy, first=2)
    return replace(one, texts=texts | begun.texts, facts=[heard, *begun.facts])


def wanted(one: Registration, grumbles: Mapping[str, datetime]) -> Promotion:
    """Promotion because the customer complains about the same as in these grumbles; `grumbles` has the
    instant of each, by id.
    """
    return Promotion(
        because="request",
        into=one.complaint_id,
        grumbles=sorted(grumbles, key=lambda grumble: grumbles[grumble]),
        grumbled_at=min(grumbles.values()),
        actor=Actor(id=CUSTOMER, role=CUSTOMER),
        at=one.recorded_at,
    )


def with_grumbles(
    one: Registration, promotion: Promotion, policy: Policy, before: Sequence[Received]
) -> Registration:
    """Complaint that names the grumbles that it includes, with all that they reported `before`.

    The complaint is also about the staff and units that they name: its owner and helpers are chosen by
    that. The remedy that it asks for itself comes first.
    """
    own = {"remedy_sought": one.received.remedy_sought} if one.received.remedy_sought else {}
    told = {"grumbled_at": promotion.grumbled_at, "grumbles": promotion.grumbles}
    received = with_earlier_reports(one.received, before, policy).model_copy(update=told | own)
    first = fact_of(one.complaint_id, 1, SYSTEM, policy.identity, received, one.recorded_at)
    last = promotion.fact(one.complaint_id, len(one.facts) + 1, policy)
    return replace(one, received=received, facts=[first, *one.facts[1:], last])


def without_notices(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of the complainant, without the notices to them."""
    return {key: text for key, text in texts.items() if not key.startswith("notice-")}


def become(
    received: Received, texts: Mapping[str, str], promotion: Promotion, policy: Policy, *, first: int
) -> FactsWithTexts:
    """Fact `promoted`, and all facts with which a complaint begins: its clocks start at the promotion.

    `received` and `texts` are those stored with the grumble; the policy is the current policy.
    """
    begun = received.model_copy(
        update={
            "received_at": promotion.at,
            "recorded_at": promotion.at,
            "promises": promised(promotion.at, policy),
            "grumbled_at": promotion.grumbled_at,
            "grumbles": promotion.grumbles,
        }
    )
    said = opening(begun, promotion.into, texts, policy, first=first + 1)
    return replace(said, facts=[promotion.fact(promotion.into, first, policy), *said.facts])


# --- what people order ------------------------------------------------------------------------------


def answered(
    received: Received,
    complaint: str,
    answer: tuple[str, str],
    actor: Actor,
    at: datetime,
    first: int,
    policy: Policy,
) -> FactsWithTexts:
    """Answer, a text with its reference, and the notice to the complainant."""
    text, ref = answer
    fact = fact_of(complaint, first, actor, policy.identity, GrumbleAnswered(text_ref=ref), at)
    words = {"text": text, "complaint_id": complaint}
    told = _notice(Template.GRUMBLE_ANSWER, words, received, complaint, first + 1, policy, at)
    return replace(told, facts=[fact, *told.facts])


def why_not_answer(status: GrumbleStatus, into: str | None, actor: Actor) -> Refusal | None:
    """Staff answer a grumble, once, and only while it is no complaint."""
    if status in FOR_GOOD:
        return _over(status, into)
    if actor.role == CUSTOMER:
        return refuse(
            refusals.STAFF_ANSWER, allowed=[verb for verb in ALLOWED[status] if verb != "answer_grumble"]
        )
    if status == GrumbleStatus.ANSWERED:
        return refuse(refusals.ANSWERED_ALREADY, allowed=ALLOWED[status])
    return None


def why_not_promote(status: GrumbleStatus, into: str | None) -> Refusal | None:
    """Refusal of a promotion. Every actor may ask for it, also after an answer; a second promotion is
    refused.
    """
    return _over(status, into) if status in FOR_GOOD else None


def not_a_grumble() -> Refusal:
    """Refusal for the id of a complaint that never was a grumble."""
    return refuse(refusals.NEVER_A_GRUMBLE)


def _over(status: GrumbleStatus, into: str | None) -> Refusal:
    return refuse(refusals.GRUMBLE_OVER[status.value], into=into)
