"""Policy that a service runs under. A calendar whose years are over is logged and never stops it."""

from datetime import date

from shared.policy.loader import Policy, load_policy
from shared.runtime.log import logger

log = logger("policy")


def policy_in_force(name: str, today: date) -> Policy:
    """Load the pack `name` for a service that starts; its log names the calendars that are over.

    `amends policy check` refuses a calendar whose last year has passed. A service that is restarted on New
    Year's Day takes it all the same: its hash stays, so nothing else changes, and every deadline in
    working time from then on is `provisional`. Raises `PolicyError` for all other problems.
    """
    policy = load_policy(name, today, running=True)
    for calendar in (policy.calendar, *policy.calendars.values()):
        if calendar.published_through < today:
            log.warning(
                "no_holidays_known",
                calendar=calendar.id,
                after=calendar.published_through.isoformat(),
                remedy="deadlines are provisional: announce the year, see docs/policy.md, Calendars",
            )
    return policy
