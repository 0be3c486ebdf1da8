"""Instants of the callback plan. Pure."""

from datetime import datetime, timedelta

from services.followup.progress import Opening, Progress
from shared.clocks.slots import Slot, next_working_slot, slot_after
from shared.clocks.working_time import working_time
from shared.contract.events import CallbackReported
from shared.policy.promised import first_call, long_enough

LONGEST_PUT_OFF = timedelta(days=60)
"""Longest time by which a complainant may postpone a call. A later `again_at` is taken for a mistake."""


def first_slot(opening: Opening, now: datetime) -> Slot:
    """Slot of the first attempt, as the notice of the end promises it."""
    policy = opening.policy
    return first_call(policy.callbacks, policy.calendar, opening.contact, opening.at, now)


def slot_after_failure(
    opening: Opening, progress: Progress, now: datetime, report: CallbackReported | None = None
) -> Slot:
    """Slot of the next attempt: the hour that the complainant named, else another time of another day."""
    if report is not None and report.result == "later" and report.again_at is not None:
        asked = max(report.again_at, now)
        return _long_enough(opening, next_working_slot(asked, opening.policy.calendar, *_wishes(opening)))
    if progress.window_start is None or progress.window_end is None:
        raise ValueError("there was no earlier attempt")
    last = Slot(progress.window_start, progress.window_end)
    slot = slot_after(last, opening.policy.calendar, *_wishes(opening), not_before=now)
    return _long_enough(opening, slot)


def is_provisional(opening: Opening, slot: Slot) -> bool:
    """Whether the slot lies beyond the days for which holidays are published."""
    calendar = opening.policy.calendar
    return working_time(calendar).working_date(slot.start) > calendar.published_through


def _wishes(opening: Opening) -> tuple[str | None, str | None]:
    return opening.contact.contact_hours, opening.contact.timezone


def _long_enough(opening: Opening, slot: Slot) -> Slot:
    return long_enough(slot, opening.policy.calendar, opening.contact)
