"""Merge a confirmed duplicate into another complaint. In the caller's transaction.

Nothing is lost or doubled: the alias, both facts and the reply are written together. The deciding process
locks the customer, so that two merges at once cannot make a circle.
"""

from dataclasses import dataclass

from sqlmodel import Session

from services.intake import refusals
from services.intake.allowed import allowed
from services.intake.complaint_status import ComplaintStatus
from services.intake.duplicates.candidates import details_of, follow, hold, received_of
from services.intake.duplicates.customer_links import are_linked
from services.intake.duplicates.fields_given import fields_given
from services.intake.duplicates.joining import brought, noticed
from services.intake.duplicates.open_items import requests_in
from services.intake.ledger import Entry, enter, entered, next_seq
from services.intake.losses import as_fields
from services.intake.registration import fact_of
from services.intake.tables import ComplaintRow
from shared.contract.commands import Accepted, CommandRequest
from shared.contract.concerned import concerned_by
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ContactAdded, Merged
from shared.contract.values import Actor, Stage
from shared.contract.values.problems import Words
from shared.runtime.messages.aliases import MergedInto
from shared.runtime.texts.keeping import Texts
from shared.triage.finding import together

OF = "data.of"


@dataclass(frozen=True)
class Pair:
    """Duplicate and the complaint that it is merged into, each with its status."""

    duplicate: str
    survivor: str
    statuses: dict[str, ComplaintStatus]


def moved_on(session: Session, complaint: str) -> MergedInto | None:
    """Next complaint that an alias leads to, one step."""
    row = session.get(ComplaintRow, complaint)
    return MergedInto(row.merged_into) if row and row.merged_into else None


def why_not(session: Session, request: CommandRequest, of: str) -> Refusal | Pair:
    """Pair to merge, or the refusal. Whether both are open is not checked here."""
    duplicate = session.get(ComplaintRow, request.complaint_id)
    wanted = session.get(ComplaintRow, of)
    if duplicate is None:
        return refuse(ErrorCode.UNKNOWN_COMPLAINT, field="complaint_id")
    if wanted is None:
        return refuse(ErrorCode.UNKNOWN_COMPLAINT, field=OF)
    if duplicate.merged_into:
        return refuse(refusals.MERGED_BEFORE, into=duplicate.merged_into)
    survivor = follow(session, of)
    if survivor == duplicate.complaint_id:
        if of == survivor:
            return refuse(refusals.DUPLICATE_OF_ITSELF)
        return refuse(refusals.MERGED_IN_CIRCLE, of=of)
    other = session.get_one(ComplaintRow, survivor).customer
    if duplicate.customer != other and not are_linked(session, duplicate.customer, other):
        return refuse(refusals.DIFFERENT_CUSTOMERS)
    if received_of(session, duplicate) is None:
        return refuse(refusals.IS_A_GRUMBLE)
    return Pair(duplicate.complaint_id, survivor, {})


def closed(pair: Pair) -> Refusal | None:
    """Refusal if a complaint of the pair is closed, so that the two cannot be merged any more."""
    for complaint, field in ((pair.duplicate, "complaint_id"), (pair.survivor, OF)):
        if not pair.statuses[complaint].open:
            return refuse(refusals.COMPLAINT_CLOSED, field=field, complaint=complaint)
    return _dropped(pair)


def _dropped(pair: Pair) -> Refusal | None:
    """Refusal for items that the survivor could not continue: requests, and every item once the survivor is
    resolved.
    """
    duplicate, survivor = pair.statuses[pair.duplicate], pair.statuses[pair.survivor]
    resolved = survivor.stage == Stage.FOLLOWING_UP
    items = duplicate.left_open if resolved else requests_in(duplicate.left_open)
    if not items:
        return None
    return refuse(ErrorCode.STILL_OPEN, detail=Words.listed(items), field="complaint_id")


def merge(
    session: Session, texts: Texts, request: CommandRequest, of: str, actor: Actor, seen: Pair
) -> Entry | Refusal:
    """Make the duplicate an alias of its survivor; of two tries at once, the second finds the first."""
    row = session.get(ComplaintRow, request.complaint_id)
    hold(session, _customers(session, row, of))
    session.expire_all()
    if known := entered(session, request.complaint_id, request.command_id):
        return known
    pair = why_not(session, request, of)
    if isinstance(pair, Refusal):
        return pair
    if pair.survivor != seen.survivor:
        return refuse(ErrorCode.UNAVAILABLE)
    if refusal := closed(seen):
        return refusal
    return _merged(session, texts, request, actor, seen)


def _customers(session: Session, row: ComplaintRow | None, of: str) -> list[str]:
    """Customers to lock. A linked pair has two, and the deciding process locks both."""
    survivor = session.get(ComplaintRow, follow(session, of))
    return [one.customer for one in (row, survivor) if one]


def _merged(session: Session, texts: Texts, request: CommandRequest, actor: Actor, pair: Pair) -> Entry:
    row = session.get_one(ComplaintRow, pair.duplicate)
    mine, theirs = pair.statuses[pair.duplicate], pair.statuses[pair.survivor]
    seq, policy = next_seq(session, pair.duplicate)
    other, others_policy = next_seq(session, pair.survivor)
    contact, merged = _contact(session, texts, row, mine), Merged(into=pair.survivor)
    said = [
        fact_of(
            pair.survivor, other, actor, others_policy, contact, theirs.now,
            cycle=theirs.cycle, stage=theirs.stage,
        ),
        fact_of(pair.duplicate, seq, actor, policy, merged, mine.now, cycle=mine.cycle, stage=mine.stage),
    ]  # fmt: skip
    row.merged_into = pair.survivor
    session.add(row)
    reply = Accepted(
        complaint_id=pair.survivor,
        stage=theirs.stage,
        events=[merged.NAME, contact.NAME],
        allowed=allowed(session, pair.survivor, theirs.open),
        result={"into": pair.survivor, "duplicate": pair.duplicate},
    )
    return enter(session, request.command_id, reply, seq, said, complaint=pair.duplicate)


def _contact(session: Session, texts: Texts, row: ComplaintRow, since: ComplaintStatus) -> ContactAdded:
    """Content of the duplicate as a contact of the survivor, with the staff and units that it was about at
    the end.

    Its texts stay where they are. `since` also holds the losses and signals that were reported and found
    after its receipt.
    """
    received = received_of(session, row)
    if received is None:
        raise ValueError(f"{row.complaint_id} is no complaint")
    refs, own = received.text_refs, brought(received)
    own |= {name: value for name, value in as_fields(since.losses).items() if value}
    own["concerned"] = since.concerned.beyond(concerned_by(own | {"concerned": None})) or None
    received = received.model_copy(update={"signals": together(received.signals, since.reported)})
    return ContactAdded(
        channel=received.channel,
        at=received.received_at,
        text_ref=refs.get("narrative") or refs["title"],
        alias=row.complaint_id,
        text_refs=refs,
        told=fields_given(received, details_of(session, texts, received)) or None,
        **own,
        **noticed(received),
    )
