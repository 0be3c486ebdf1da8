"""Instants of a command that lie too far ahead: no promise, task or offer is measured over such a time."""

from datetime import datetime, timedelta

from services.routing import refusals
from shared.contract.commands import Command
from shared.contract.errors import Refusal, refuse

YEARS = 10
FARTHEST = timedelta(days=366 * YEARS)


def too_distant(command: Command, now: datetime) -> Refusal | None:
    """Refusal of the first field with an instant more than ten years ahead."""
    for field in type(command).model_fields:
        value = getattr(command, field)
        if isinstance(value, datetime) and value > now + FARTHEST:
            return refuse(refusals.TOO_DISTANT, field=f"data.{field}", years=YEARS)
    return None
