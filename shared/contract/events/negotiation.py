"""Alternatives, offers, their answers, and who has to agree to them first."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.events.base import FromRouting
from shared.contract.events.ownership import ReplacedBecause
from shared.contract.values import Category, CauseSide, Instant, Interest, Money, Need, TextRef


class PreparedOption(BaseModel):
    """Alternative that was prepared before the first offer; `interests` are those that it answers."""

    option_id: str
    remedy: str
    amount: Money | None = None
    value_to_customer: float | None = None
    value_to_company: float | None = None
    interests: list[Interest] | None = None
    text_ref: TextRef | None = None


class OptionsPrepared(FromRouting):
    """List of the alternatives, best for the complainant last (`sources.md` 74)."""

    NAME = "options_prepared"
    options: list[PreparedOption]
    needs: list[Need] = Field(default_factory=list)
    why_ref: TextRef | None = None
    """Reason for alternatives that answer no known motive."""


class CitedPrecedent(BaseModel):
    """Figures of what comparable closed complaints got, as they were when they were cited: at least five."""

    category: Category
    cause_side: CauseSide
    severity: int
    loss_from: str | None = None
    currency: str
    cases: Annotated[int, Field(ge=5)]
    median: Money
    lower: Money
    upper: Money


class StandardRef(BaseModel):
    """Objective standard that is cited, at the version in force (`sources.md` 73).

    `precedent` has the figures of a standard of this kind.
    """

    id: str
    version: str
    precedent: CitedPrecedent | None = None


class AppliedRate(BaseModel):
    """Rate of the policy by which an amount was valued: one unit of `currency` is worth this much."""

    currency: str
    worth: str
    published: date


class ForOffer(BaseModel):
    """Terms of an offer beside the option: the same in a request for it and in the offer itself.

    `value` is what the policy takes it to be worth to the complainant, by `rates` where it is of other
    currencies. `outside`: it lies above or below the policy's band, for the reason `why_outside_ref`.
    """

    value: Money | None = None
    rates: list[AppliedRate] = Field(default_factory=list)
    conditions_ref: TextRef | None = None
    outside: Literal["above", "below"] | None = None
    why_outside_ref: TextRef | None = None


class OfferMade(ForOffer, FromRouting):
    """Offer to the complainant; it is open until it is answered, withdrawn or expires."""

    NAME = "offer_made"
    offer_id: str
    round: int
    option_id: str
    remedy: str
    amount: Money | None = None
    standards: list[StandardRef]
    expires_at: Instant
    text_ref: TextRef


class GoneBack(FromRouting):
    """Decision of two people that an offer may be worse than the earlier offer `below` (`sources.md` 79).

    `asked_by` gave the reason, and the actor agreed. Later offers are compared with `offer_id`, and with no
    offer before it.
    """

    NAME = "gone_back"
    offer_id: str
    below: str
    asked_by: str
    why_ref: TextRef


class Counter(BaseModel):
    """Remedy that the complainant would accept instead.

    `remedy` is a word of the policy. For any other word it is `described`, and `remedy_ref` leads to that
    word.
    """

    remedy: str
    remedy_ref: TextRef | None = None
    amount: Money | None = None


class OfferAnswered(FromRouting):
    """Answer of the complainant to an offer.

    On a rejection `next_option_id` is the alternative that Amends proposes to the owner.
    """

    NAME = "offer_answered"
    offer_id: str
    answer: Literal["accepted", "rejected", "countered"]
    counter: Counter | None = None
    next_option_id: str | None = None
    text_ref: TextRef | None = None


class OfferWithdrawn(FromRouting):
    """Withdrawal of an offer by the owner before it was answered."""

    NAME = "offer_withdrawn"
    offer_id: str
    reason_ref: TextRef | None = None


class OfferExpired(FromRouting):
    """Expiry of an offer that was not answered in time."""

    NAME = "offer_expired"
    offer_id: str


class ApprovalRequested(ForOffer, FromRouting):
    """Request to a person with more authority, or to a second person, to agree first (`sources.md` 81).

    `reasons` for which an offer needs it. `going_back`: it is worse than `below`, for the reason
    `why_worse_ref`. `not_comparable`: whether it is worse than `below` cannot be computed.

    `to` is the person who is asked. Any other person who agrees in their place has `least_role` or a
    higher role.
    """

    NAME = "approval_requested"
    request_id: str
    what: Literal[
        "offer",
        "safety_downgrade",
        "severity_downgrade",
        "extension",
        "wait",
        "receipt",
        "withdrawal",
        "release",
        "harassment",
    ]
    to: str
    asked_by: str
    least_role: str | None = None
    amount: Money | None = None
    option_id: str | None = None
    standards: list[StandardRef] = Field(default_factory=list)
    expires_at: Instant | None = None
    obligation: str | None = None
    until: Instant | None = None
    severity: int | None = Field(default=None, ge=1, le=5)
    received_at: Instant | None = None
    items: list[str] = Field(default_factory=list)
    text_ref: TextRef | None = None
    reasons: list[Literal["over_authority", "going_back", "not_comparable"]] = Field(default_factory=list)
    below: str | None = None
    why_worse_ref: TextRef | None = None


class ApprovalPassed(FromRouting):
    """Handover of an open approval request to another person; `to` is `nobody` if no person is left.

    `why`: the person who was asked has an interest in the complaint, has left, is absent, or was renamed.
    """

    NAME = "approval_passed"
    request_id: str
    was: str
    to: str
    why: ReplacedBecause


class ApprovalGiven(FromRouting):
    """Answer to an approval request; `approved` is true if it was granted."""

    NAME = "approval_given"
    request_id: str
    approved: bool
    reason_ref: TextRef | None = None
