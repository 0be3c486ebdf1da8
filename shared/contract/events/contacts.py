"""Facts after the receipt: further contacts, suspected and merged duplicates, linked customers."""

from typing import Annotated

from pydantic import Field

from shared.contract.completeness import RecordField
from shared.contract.events.base import FromIntake
from shared.contract.events.received import RepresentativeRef, Signals
from shared.contract.subjects import Channel
from shared.contract.submission import Hints
from shared.contract.values import ComplaintId, Concerned, Contact, Instant, Money, TextRef


class ContactAdded(FromIntake):
    """Further contact about the same complaint, by the complainant or by a person on their behalf.

    If the contact was a submission of its own, `alias` is the id that it had and `text_refs` are all its
    texts. The other fields then hold what `received` would hold, and `details` holds its words, too,
    encrypted and stored. `told` names the fields of a record that it supplies (`sources.md` 53). Routing
    weighs the contact: `triaged` follows if it makes the complaint graver, `record_completed` if it
    supplies a missing field.

    `automatic` is true for a text that a machine wrote, such as an out-of-office reply: the sender marked
    it, or its wording shows it. Intake keeps it, but it does not count as words of the complainant: it
    ends no wait and is not answered.

    `unanswered` is true if no notice answers the contact, because the policy's `answers_per_hour` is used
    up.
    """

    NAME = "contact_added"
    channel: Channel
    at: Instant
    text_ref: TextRef
    alias: ComplaintId | None = None
    text_refs: dict[str, TextRef] | None = None
    told: list[RecordField] | None = None
    safety: bool | None = None
    loss: Money | None = None
    losses: list[Money] | None = None
    attachments: Annotated[int, Field(ge=1)] | None = None
    representative: RepresentativeRef | None = None
    group_ref: str | None = None
    remedy_sought: str | None = None
    unit: str | None = None
    about_staff: str | None = None
    concerned: Concerned | None = None
    """People and units that the contact names besides: in the words of those fields, or in the fields that a
    merged complaint had collected.
    """
    vip: bool | None = None
    contact: Contact | None = None
    hints: Hints | None = None
    signals: Signals | None = None
    not_understood: list[str] | None = None
    automatic: bool | None = None
    unanswered: bool | None = None


class DuplicateSuspected(FromIntake):
    """Suggestion for a person: this complaint may be the same as `of`; `score` is from 0 to 1.

    Between different customers it is only a link: their complaints are never merged (`sources.md` P21).
    """

    NAME = "duplicate_suspected"
    of: ComplaintId
    score: Annotated[float, Field(ge=0, le=1)]


class Merged(FromIntake):
    """End of a duplicate: this id is an alias of `into` from now on, for ever (`sources.md` P20).

    A message to the alias reaches `into`. If a submission joined an open complaint as a further contact,
    this is its first and only fact.
    """

    NAME = "merged"
    into: ComplaintId


class CustomerLinked(FromIntake):
    """Statement of a supervisor that a reference in another register names this customer, too.

    From then on complaints of the two references may be suspected and confirmed as duplicates; the
    statement itself merges no complaints. `undone` is true if a supervisor takes the statement back:
    suspicion and confirmation end, and merged complaints stay merged.
    """

    NAME = "customer_linked"
    customer_register: str
    customer_ref: str
    reason_ref: TextRef
    undone: bool | None = None
