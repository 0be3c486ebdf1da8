"""Check whether every team with shifts has a person on shift in the coming two weeks."""

import json
from datetime import datetime

from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well
from services.console.display.cover import gap_in_words
from shared.client.failures import AmendsError
from shared.client.requests import result_of
from shared.policy.cover import gaps
from shared.policy.models import Pack

SHOWN = 5
REMEDY = "The two people agree who covers it, or the roster gets another person on shift."


async def check_cover(client: Client, now: datetime) -> list[CheckResult]:
    """Finding about the roster in force; that routing does not answer, is a finding of its own."""
    try:
        in_force = await result_of(client, "policy")
        text = (await result_of(client, "policy", {"hash": in_force["policy"]["hash"]}))["content"]
    except AmendsError:
        return []
    return [of_roster(Pack.model_validate(json.loads(text)["pack"]), now)]


def of_roster(pack: Pack, now: datetime) -> CheckResult:
    """Finding about the shifts of a pack."""
    found = gaps(pack, now)
    if not found:
        return well("cover", "every team with shifts has a person there in them for two weeks")
    some = "; ".join(gap_in_words(gap, pack.calendar.zone) for gap in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return odd("cover", f"{some}{more}", REMEDY)
