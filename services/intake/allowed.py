"""Which of intake's verbs may be sent now; those of routing and followup are not known here."""

from sqlmodel import Session

from services.intake.grumbles.rules import ALLOWED
from services.intake.tables import ComplaintRow, GrumbleRow
from shared.contract.commands import AddContact, ConfirmDuplicate, Erase
from shared.contract.queries import Standing


def allowed(session: Session, complaint: str, is_open: bool) -> list[str]:
    """Nothing of what is not on record; of a grumble what it takes as it stands; of a complaint also who
    joins it, while it is open."""
    if session.get(ComplaintRow, complaint) is None:
        return []
    row = session.get(GrumbleRow, complaint)
    if row is not None and row.standing != Standing.PROMOTED:
        return ALLOWED[Standing(row.standing)]
    return [AddContact.VERB, ConfirmDuplicate.VERB, Erase.VERB] if is_open else [Erase.VERB]
