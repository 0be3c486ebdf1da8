"""A complaint comes in: what is on record of it, and what the complainant was told to expect."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.completeness import Completeness
from shared.contract.events.base import FromIntake
from shared.contract.subjects import Channel
from shared.contract.submission import Hints
from shared.contract.values import (
    Category,
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
    """What the policy's lexicon found in the texts before they were put away: codes, no words."""

    categories: dict[Category, int] = Field(default_factory=dict)
    motives: list[MotiveGuess] = Field(default_factory=list)
    styles: list[Style] = Field(default_factory=list)
    safety: bool = False


class Promise(BaseModel):
    """A waiting time that a complainant was told (`sources.md` 51)."""

    promise_id: str
    what: str
    by_when: Instant


class RepresentativeRef(BaseModel):
    """Somebody who complains for the complainant: who, and as what. Name and authority are put away."""

    ref: str
    relation: Relation


def customer_key(register: str | None, source: str, ref: str) -> str:
    """What tells customers apart: the register, or else the source, and the reference. No `\n` is in them."""
    return f"{register}\n{ref}" if register else f"\n{source}\n{ref}"


class Received(FromIntake):
    """The complaint is on record. `received_at`: when the complainant spoke, `recorded_at`: when we wrote."""

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
    """Those that were told before, in a grumble, in other currencies than `loss`: nobody can compare them."""
    attachments: Annotated[int, Field(ge=1)] | None = None
    """How many there are, absent when there are none; which, is put away with the texts."""
    completeness: Completeness | None = None
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    """One matter, many complainants: the same for all of them; each is a complaint of its own."""
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    concerned: Concerned | None = None
    """Whom the words of `about_staff` and `unit` name besides, by the ids and titles of the policy."""
    vip: bool = False
    contact: Contact = Field(default_factory=Contact)
    hints: Hints = Field(default_factory=Hints)
    signals: Signals = Field(default_factory=Signals)
    promises: list[Promise] = Field(default_factory=list)
    text_refs: dict[str, TextRef] = Field(default_factory=dict)
    not_understood: list[str] | None = None
    """Wishes of the submission that were left out as not understood, such as `customer.timezone`."""
    grumbled_at: Instant | None = None
    """When the complainant first grumbled about it; only where a grumble became this complaint."""
    grumbles: list[ComplaintId] | None = None
    """The grumbles that became this complaint."""
    customer_register: str | None = None
    """The register of the policy in which the source has its customers; absent for a source on its own."""

    @property
    def customer(self) -> str:
        """Who it is: a reference means something only among those of its own register."""
        return customer_key(self.customer_register, self.external_source, self.customer_ref)


class PromiseMade(FromIntake):
    """The acknowledgement told the complainant by when they hear (`sources.md` 51)."""

    NAME = "promise_made"
    promise_id: str
    what: str
    by_when: Instant
