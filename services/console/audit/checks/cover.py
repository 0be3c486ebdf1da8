"""Check whether every team with shifts has a person on shift in the coming two weeks."""

import json
from collections.abc import Mapping
from datetime import datetime

from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well
from services.console.display.cover import gap_in_words
from shared.client.failures import AmendsError
from shared.client.requests import result_of
from shared.contract.queries.presence import SwapState
from shared.policy.cover import gaps
from shared.policy.models import Pack
from shared.policy.timetable import Exchange

SHOWN = 5
REMEDY = "The two people agree who covers it, or the roster gets another person on shift."


async def check_cover(client: Client, now: datetime) -> list[CheckResult]:
    """Finding about the roster in force; that routing does not answer, is a finding of its own."""
    try:
        in_force = await result_of(client, "policy")
        text = (await result_of(client, "policy", {"hash": in_force["policy"]["hash"]}))["content"]
        swaps = (await result_of(client, "presence", {"limit": 500})).get("swaps", [])
    except AmendsError:
        return []
    pack = Pack.model_validate(json.loads(text)["pack"])
    return [of_roster(pack, now, swapped([SwapState.model_validate(one) for one in swaps]))]


def swapped(swaps: list[SwapState]) -> dict[str, Exchange]:
    """Shifts given and taken by each person, of the swaps that both agreed to."""
    found = dict[str, Exchange]()
    for swap in swaps:
        first, second = (swap.by_since, swap.by_until), (swap.to_since, swap.to_until)
        for who, given, taken in ((swap.by, first, second), (swap.to, second, first)):
            had = found.get(who, Exchange())
            if swap.status == "accepted":
                found[who] = Exchange((*had.given, given), (*had.taken, taken))
    return found


def of_roster(pack: Pack, now: datetime, exchanges: Mapping[str, Exchange] | None = None) -> CheckResult:
    """Finding about the shifts of a pack, with the swaps of shifts."""
    found = gaps(pack, now, exchanges)
    if not found:
        return well("cover", "every team with shifts has a person there in them for two weeks")
    some = "; ".join(gap_in_words(gap, pack.calendar.zone) for gap in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return odd("cover", f"{some}{more}", REMEDY)
