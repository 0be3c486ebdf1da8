"""Register a submission as a complaint or as a grumble. Pure."""

from datetime import datetime

from services.intake.grumbles.rules import acknowledged
from services.intake.registration import IntakeContext, Registration, register


def admitted(
    subject: str, body: bytes, now: datetime, context: IntakeContext, arrived: datetime | None = None
) -> Registration:
    """Return the registration of a submission with its first facts. Raises `Misfit`."""
    one = register(subject, body, now, context, arrived)
    return one if one.answer_by is None else acknowledged(one, one.answer_by, context.policy)
