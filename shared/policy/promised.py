"""Instants that a notice at an end promises: the call afterwards, and the answer after a reopening. Pure.

The follow-up plans by the same functions, so that the promise and the plan cannot differ.
"""

from datetime import datetime, timedelta

from shared.clocks.budget import due
from shared.clocks.calendar import Calendar
from shared.clocks.slots import Slot, next_working_slot
from shared.contract.values import Contact
from shared.policy.models import Callbacks
from shared.policy.obligation import Obligation

SHORTEST_WINDOW = timedelta(minutes=30)
"""Shortest useful window for a call. Of a window that is nearly over, the following window is taken."""


def first_call(
    plan: Callbacks, calendar: Calendar, contact: Contact, ended_at: datetime, now: datetime
) -> Slot:
    """Working hour at or after `after_days` (`sources.md` 86), never in the past."""
    at = max(ended_at + timedelta(days=plan.after_days), now)
    wishes = contact.contact_hours, contact.timezone
    return long_enough(next_working_slot(at, calendar, *wishes), calendar, contact)


def long_enough(slot: Slot, calendar: Calendar, contact: Contact) -> Slot:
    """Slot itself, or the following one where it is too short for a call."""
    if slot.end - slot.start >= SHORTEST_WINDOW:
        return slot
    return next_working_slot(slot.end, calendar, contact.contact_hours, contact.timezone)


def answer_after_reopening(response: Obligation | None, calendar: Calendar, at: datetime) -> datetime | None:
    """Due instant of the response clock of a new cycle; None where no single clock begins with it.

    A clock that goes on from the first receipt, or depends on the severity, promises no instant here.
    """
    if response is None or response.starts != "received" or response.from_receipt or response.by_severity:
        return None
    return due(at, response.budget, calendar)
