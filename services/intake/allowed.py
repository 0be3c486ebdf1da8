"""Verbs of intake that may be sent now; those of routing and followup are not known here."""

from datetime import datetime

from sqlmodel import Session

from services.intake.complaint_status import status_of
from services.intake.duplicates.candidates import follow
from services.intake.grumbles.rules import ALLOWED
from services.intake.publishing import LedgerPublisher
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.commands import AddContact, ConfirmDuplicate, Erase, LinkCustomer, Refused
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.queries import GrumbleStatus


def allowed(session: Session, complaint: str, is_open: bool) -> list[str]:
    """List the verbs that may be sent now; none for an id that is not stored.

    A grumble takes what its status allows. An open complaint takes contacts, merges, links and `erase`; a
    complaint that has ended only takes `erase`. A command that is sent to an alias reaches its survivor:
    then `is_open` is the survivor's.
    """
    row, grumble = session.get(ComplaintRow, complaint), session.get(GrumbleRow, complaint)
    if row is None:
        return []
    if grumble is not None and grumble.standing not in (GrumbleStatus.PROMOTED, GrumbleStatus.JOINED):
        return ALLOWED[GrumbleStatus(grumble.standing)]
    if not is_open:
        return [Erase.VERB]
    joins = [] if row.merged_into else [ConfirmDuplicate.VERB, LinkCustomer.VERB]
    return [AddContact.VERB, *joins, Erase.VERB]


async def refused(
    ledger_publisher: LedgerPublisher, refusal: Refusal, complaint: str, now: datetime
) -> Refused:
    """Refusal as it is sent. If it has a list `allowed` that is not filled yet, the list is filled here."""
    if refusal.code != ErrorCode.NOT_ALLOWED_NOW or refusal.allowed:
        return Refused(error=refusal)
    survivor = await ledger_publisher.database.read(lambda session: follow(session, complaint))
    at = await status_of(ledger_publisher.publisher.client, survivor, now)
    may = await ledger_publisher.database.read(lambda session: allowed(session, complaint, at.open))
    return Refused(error=refusal.model_copy(update={"allowed": may}))
