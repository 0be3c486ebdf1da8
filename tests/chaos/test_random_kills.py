"""Routing is killed at random points while clocks run out: each miss is a breach once, and nothing else is.

Clocks are not moved here: complaints are received long enough ago that their 24 hours end within the test.
"""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.stack import Stack
from shared.client.failures import AmendsError
from tests.outside import Outside, name_of
from tests.patience import PATIENCE
from tests.patience import until as seen
from tests.thorough import THOROUGH

COMPLAINTS = 300 if THOROUGH > 1 else 60
"""Every third is answered in its last seconds; the others are missed."""

MISSED_WITHIN = 15.0 if THOROUGH == 1 else 60.0
MET_WITHIN = (40.0, 55.0) if THOROUGH == 1 else (100.0, 160.0)
"""So many seconds after it was sent a complaint that is answered would run out: while workers are killed."""
LAST_SECONDS = (20.0, 45.0) if THOROUGH == 1 else (5.0, 40.0)
"""So long before its end it is answered; if its worker is away until then, that is late, and a breach."""
KILLS = 4 if THOROUGH == 1 else 15
SEED = 20261121
DAY = timedelta(hours=24)
TASK_TIMEOUT = timedelta(seconds=15)
"""So long after a kill Temporal may wait for a task that it had given to the worker that died."""


async def kill_at_random(stack: Stack, dice: random.Random) -> list[tuple[datetime, datetime]]:
    """Kill routing again and again, at moments that the dice choose; when it was away."""
    away = []
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.3, MISSED_WITHIN / KILLS))
        killed = datetime.now(UTC)
        with suppress(ProcessLookupError, AmendsError):
            await stack.kill("routing")
        await stack.wait_ready("routing")
        away.append((killed, datetime.now(UTC) + TASK_TIMEOUT))
    return away


async def missed(outside: Outside, dice: random.Random) -> str:
    """A complaint whose 24 hours end soon, and nobody answers."""
    soon = timedelta(seconds=dice.uniform(3, MISSED_WITHIN))
    received_at = datetime.now(UTC) - DAY + soon
    complaint = await outside.submit(received_at=received_at.isoformat())
    await until(received_at + DAY)  # hundreds that ask all the time would be a load of their own
    await seen(lambda: outside.facts(complaint), ends_of_the_rule, seconds=2 * PATIENCE, every=0.5)
    return complaint


async def met(outside: Outside, dice: random.Random) -> tuple[str, datetime]:
    """A complaint that is answered seconds before its end, and when the answer was sent."""
    due = datetime.now(UTC) + timedelta(seconds=dice.uniform(*MET_WITHIN))
    answer_at = due - timedelta(seconds=dice.uniform(*LAST_SECONDS))
    complaint = await outside.submit(received_at=(due - DAY).isoformat())
    await until(answer_at)
    await outside.until(complaint, "assigned", seconds=2 * PATIENCE)
    sent_at = datetime.now(UTC)
    await do(outside, "respond", complaint, kind="explanation", text="我们已经查明原因。")
    await until(due)
    # Whatever has run out by now is said before this: no breach is on its way any more.
    await do(outside, "record_interest", complaint, party="customer", interest="fix", confirmed=True)
    return complaint, sent_at


def had_time(sent_at: datetime, due: datetime, away: list[tuple[datetime, datetime]]) -> bool:
    """Whether routing was there for a while between the sending of an answer and its end."""
    free = sent_at
    for start, end in away:
        if start <= free + TASK_TIMEOUT and end > free:
            free = end
    return free + TASK_TIMEOUT < due


async def until(instant: datetime) -> None:
    """Clocks are not moved here."""
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


async def do(outside: Outside, verb: str, complaint: str, **data: object) -> None:
    """Done by whoever is accountable: it may have changed hands while nobody answered."""
    while True:
        owner = [e for e in await outside.facts(complaint) if name_of(e) == "assigned"][-1]["data"]["owner"]
        reply = await outside.command(verb, complaint, owner, **data)
        if reply["ok"]:
            return
        assert reply["error"]["code"] == "not_owner", reply


def ends_of_the_rule(events: list[dict[str, object]]) -> Counter[str]:
    """How the 24-hour rule of one complaint ended, counted."""
    return Counter(
        name_of(event)
        for event in events
        if name_of(event) in ("deadline_breached", "deadline_met")
        and event["data"]["obligation"] == "response_24h"  # type: ignore[index]
    )


@pytest.mark.timeout(400 * THOROUGH)
async def test_every_miss_is_one_breach_and_no_met_deadline_is_a_breach(own_stack: Stack) -> None:
    assert own_stack.ready
    ready, dice = own_stack.ready, random.Random(SEED)
    outside = await Outside.connect(
        ready.nats_url, ready.credentials.publisher, ready.credentials.agent, patience=40
    )
    killing = asyncio.create_task(kill_at_random(own_stack, dice))
    late = [missed(outside, dice) for number in range(COMPLAINTS) if number % 3]
    good = [met(outside, dice) for number in range(COMPLAINTS) if number % 3 == 0]
    missed_ones, met_ones = await asyncio.gather(asyncio.gather(*late), asyncio.gather(*good))
    away = await killing
    assert len(away) == KILLS
    for complaint in missed_ones:
        events = await outside.facts(complaint)
        assert ends_of_the_rule(events) == {"deadline_breached": 1}
        opened = next(e for e in events if name_of(e) == "triaged")
        breach = next(e for e in events if name_of(e) == "deadline_breached")
        assert breach["time"] == breach["data"]["due"]
        assert breach["data"]["late_registration"] is (breach["time"] < opened["time"])
    in_time, had_to_be = 0, 0
    for complaint, sent_at in met_ones:
        events = await outside.facts(complaint)
        ends = [e for e in events if e["data"].get("obligation") == "response_24h"]
        due = datetime.fromisoformat(ends[-1]["data"]["due"])
        answered = datetime.fromisoformat(next(e["time"] for e in events if name_of(e) == "responded"))
        in_time += answered <= due
        if had_time(sent_at, due, away):
            had_to_be += 1
            assert answered <= due, f"{complaint} is late, and routing was there to take the answer"
        expected = {"deadline_met": 1} if answered <= due else {"deadline_breached": 1, "deadline_met": 1}
        assert ends_of_the_rule(events) == expected, complaint
    print(f"{in_time} of {len(met_ones)} in time, of which {had_to_be} had to be")
    await outside.close()
    if not had_to_be and in_time < len(met_ones) / 2:
        pytest.skip("the machine was too slow: most answers came late, and routing was away for each of them")
