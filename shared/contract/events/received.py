"""Facts of a new complaint: its stored record, and the waiting times that the complainant was promised."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.completeness import Completeness
from shared.contract.events.base import FromIntake
from shared.contract.subjects import Channel
from shared.contract.submission import Hints
from shared.contract.values import (
    Category,
    CategoryGuess,
    ComplaintId,
    Concerned,
    Contact,
    Instant,
    Money,
    MotiveGuess,
    Relation,
    Style,
    TextRef,
)


class Signals(BaseModel):
    """Findings of lexicon and classifier in the texts, before these were encrypted: codes, no words."""

    categories: dict[Category, int] = Field(default_factory=dict)
    motives: list[MotiveGuess] = Field(default_factory=list)
    styles: list[Style] = Field(default_factory=list)
    safety: bool = False
    category: CategoryGuess | None = None
    """Guess of the classifier; absent for texts that come later."""
    gravity: Annotated[int, Field(ge=1, le=5)] | None = None
    """Severity that the words alone suggest, where it is above the usual one."""


class Promise(BaseModel):
    """Waiting time that was promised to the complainant (`sources.md` 51)."""

    promise_id: str
    what: str
    by_when: Instant


class RepresentativeRef(BaseModel):
    """Representative of the complainant, with their relation. Name and authority are encrypted and stored."""

    ref: str
    relation: Relation


def customer_key(register: str | None, source: str, ref: str) -> str:
    """Key of a customer: the register, or else the source, and the reference. None of these has a `
    ` in it.
    """
    return f"{register}\n{ref}" if register else f"\n{source}\n{ref}"


class Received(FromIntake):
    """Receipt of a complaint, which is stored from now on.

    `received_at` is the instant at which the complainant spoke, `recorded_at` the instant of recording.
    """

    NAME = "received"
    channel: Channel
    received_at: Instant
    recorded_at: Instant
    language: str
    customer_ref: str
    external_ref: str
    external_source: str
    safety: bool
    loss: Money | None = None
    losses: list[Money] | None = None
    """Losses that a grumble named before, in other currencies than `loss`; Amends does not convert them."""
    attachments: Annotated[int, Field(ge=1)] | None = None
    """Number of attachments, absent if there are none. Their addresses are encrypted and stored with the
    texts.
    """
    completeness: Completeness | None = None
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    """Reference that all complaints of one group have; each complainant has a complaint of their own."""
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    concerned: Concerned | None = None
    """People and units that the words of `about_staff` and `unit` name besides, by the ids and titles of the
    policy.
    """
    product_skills: list[str] | None = None
    """Codes of the policy's `skills` that the words of the product name; its owner should have them."""
    vip: bool = False
    contact: Contact = Field(default_factory=Contact)
    hints: Hints = Field(default_factory=Hints)
    signals: Signals = Field(default_factory=Signals)
    promises: list[Promise] = Field(default_factory=list)
    text_refs: dict[str, TextRef] = Field(default_factory=dict)
    not_understood: list[str] | None = None
    """Wishes of the submission that were left out as not understood, such as `customer.timezone`."""
    grumbled_at: Instant | None = None
    """Instant at which the complainant first grumbled; present only if a grumble became this complaint."""
    grumbles: list[ComplaintId] | None = None
    """Grumbles that became this complaint."""
    customer_register: str | None = None
    """Register of the policy in which the source has its customers; absent for a source of no register."""

    @property
    def customer(self) -> str:
        """Key of the customer: a reference has a meaning only within its own register."""
        return customer_key(self.customer_register, self.external_source, self.customer_ref)


class PromiseMade(FromIntake):
    """Promise in the acknowledgement: the complainant gets an answer by this instant (`sources.md` 51)."""

    NAME = "promise_made"
    promise_id: str
    what: str
    by_when: Instant
