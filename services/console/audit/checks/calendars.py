"""Do the calendars of the policy in force know the holidays of the months to come?"""

import json
from datetime import date, timedelta
from typing import Any

from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well
from shared.client.failures import AmendsError
from shared.client.requests import result_of

AHEAD = timedelta(days=92)
"""Three months before a calendar ends: a year is announced in autumn, and months pass under a deadline."""

REMEDY = "Announce the next year in the pack (docs/policy.md, Calendars), then `amends policy migrate`."


async def check_calendars(client: Client, today: date) -> list[CheckResult]:
    """Finding for each calendar; a routing service that does not answer has a finding of its own already."""
    try:
        in_force = await result_of(client, "policy")
        text = (await result_of(client, "policy", {"hash": in_force["policy"]["hash"]}))["content"]
    except AmendsError:
        return []
    return of_policy(text, today)


def of_policy(content: str, today: date) -> list[CheckResult]:
    """Finding for each calendar in the text of a policy."""
    calendars: dict[str, dict[str, Any]] = json.loads(content)["calendars"]
    return [_finding(one, today) for one in calendars.values()]


def _finding(calendar: dict[str, Any], today: date) -> CheckResult:
    last = date.fromisoformat(calendar["published_through"])
    part = f"calendar {calendar['id']}"
    if last < today:
        seen = f"its holidays ended with {last}: every deadline in working time is provisional"
        return odd(part, seen, REMEDY)
    if last - today < AHEAD:
        return odd(part, f"its holidays are known until {last}: what falls due later is provisional", REMEDY)
    return well(part, f"its holidays are known until {last}")
