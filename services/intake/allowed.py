"""Which of intake's verbs may be sent now; those of routing and followup are not known here."""

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
    """Nothing of what is not on record; of a grumble what it takes as it stands; of a complaint also who
    joins it, while it is open. What is sent to an alias reaches its survivor: then that `is_open`, or not.
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
    """The refusal as it is sent: one that says `allowed` tells what is, for whom it does not yet."""
    if refusal.code != ErrorCode.NOT_ALLOWED_NOW or refusal.allowed:
        return Refused(error=refusal)
    survivor = await ledger_publisher.database.read(lambda session: follow(session, complaint))
    at = await status_of(ledger_publisher.publisher.client, survivor, now)
    may = await ledger_publisher.database.read(lambda session: allowed(session, complaint, at.open))
    return Refused(error=refusal.model_copy(update={"allowed": may}))
