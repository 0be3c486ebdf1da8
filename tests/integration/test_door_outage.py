"""The door while the message server is away: 202 only after the acknowledgement, 503 until then."""

import asyncio

from tests.door import Door, an_event
from tests.own_servers import NO_LIMIT, largest_file


async def test_nothing_is_accepted_while_nats_is_away_and_everything_after(http_door: Door) -> None:
    event = an_event()
    await http_door.nats.kill()
    try:
        refused = await http_door.post(event)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) >= 1
        await http_door.until_ready(False)
        assert (await http_door.client.get("/livez")).status_code == 200
    finally:
        await http_door.nats.start()
    await http_door.until_ready()
    assert await http_door.stored(event["id"]) == []
    await http_door.until_accepted(event)
    assert (await http_door.stored_once(event["id"]))[1] == event


async def test_a_submission_without_acknowledgement_gets_no_202_and_its_retry_is_the_same_message(
    http_door: Door,
) -> None:
    """A door whose last submission was not acknowledged is ready again once one is."""
    event = an_event()
    http_door.nats.pause()
    try:
        refused = await http_door.post(event)
    finally:
        http_door.nats.pause(on=False)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    await http_door.until_accepted(event)
    await http_door.until_ready()
    assert (await http_door.stored_once(event["id"]))[1] == event


async def test_a_submission_accepted_before_the_server_was_killed_is_there_afterwards(
    http_door: Door,
) -> None:
    """Ids that got 202 are in the stream exactly once, however often the others were tried."""
    events = [an_event() for _ in range(60)]
    answers = asyncio.gather(*(http_door.post(event) for event in events))
    await http_door.post(an_event())
    await http_door.nats.kill()
    try:
        statuses = [answer.status_code for answer in await answers]
    finally:
        await http_door.nats.start()
    await http_door.until_ready()
    assert set(statuses) <= {202, 503}
    kept = [sent["id"] for _, sent in await http_door.nats.stored()]
    for event, status in zip(events, statuses, strict=True):
        assert kept.count(event["id"]) == 1 or status == 503
    for event in events:
        await http_door.until_accepted(event)


async def test_a_door_is_not_ready_while_what_it_sends_is_not_stored(http_door: Door) -> None:
    """A full disk: NATS answers every question, and stores nothing."""
    pid = http_door.nats.pid
    largest_file(pid, 1)
    try:
        refused = await http_door.post(an_event())
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        await http_door.until_ready(False)
    finally:
        largest_file(pid, NO_LIMIT)
        await http_door.nats.kill()  # it stores nothing more until it is started anew
        await http_door.nats.start()
    await http_door.until_accepted(an_event())
    await http_door.until_ready()
