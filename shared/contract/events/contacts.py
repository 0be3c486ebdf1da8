"""The complainant comes again: further contacts, and complaints about the same matter."""

from typing import Annotated

from pydantic import Field

from shared.contract.completeness import RecordField
from shared.contract.events.base import FromIntake
from shared.contract.events.received import RepresentativeRef, Signals
from shared.contract.subjects import Channel
from shared.contract.submission import Hints
from shared.contract.values import ComplaintId, Concerned, Contact, Instant, Money, TextRef


class ContactAdded(FromIntake):
    """The complainant, or somebody for them, came again about the same matter.

    Where that was a submission of its own, `alias` is the id that it had, `text_refs` are all its texts, and
    what else it brought is here as `received` would have it; what was said is put away in `details`, too.
    `told` names what of a record it holds (`sources.md` 53). Routing weighs it: `triaged` follows where it
    makes the complaint graver, `record_completed` where it tells what was missing.

    `automatic` is true where a machine wrote it, such as an out-of-office reply: the sender marked it, or its
    wording shows it. It is kept, and it is no word of the complainant: it ends no wait and is not answered.

    `unanswered` is true where no notice answers it, because the policy's `answers_per_hour` is used up.
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
    """Whom it names besides: in the words of those fields, or in what a merged complaint had become about."""
    vip: bool | None = None
    contact: Contact | None = None
    hints: Hints | None = None
    signals: Signals | None = None
    not_understood: list[str] | None = None
    automatic: bool | None = None
    unanswered: bool | None = None


class DuplicateSuspected(FromIntake):
    """This complaint may be about the same matter as `of`: a suggestion, `score` from 0 to 1, for a person.

    Between different customers it is a mere link: they are never merged (`sources.md` P21).
    """

    NAME = "duplicate_suspected"
    of: ComplaintId
    score: Annotated[float, Field(ge=0, le=1)]


class Merged(FromIntake):
    """From now on this id is an alias, for ever: whatever is sent to it reaches `into` (`sources.md` P20).

    It is the first and only fact of a submission that joined an open complaint as a further contact.
    """

    NAME = "merged"
    into: ComplaintId


class CustomerLinked(FromIntake):
    """A supervisor says that the customer is also known under another reference, in another register.

    From then on complaints of the two may be suspected and confirmed as duplicates, and nothing is joined of
    itself. `undone`: from then on not any more; what was merged stays merged.
    """

    NAME = "customer_linked"
    customer_register: str
    customer_ref: str
    reason_ref: TextRef
    undone: bool | None = None
