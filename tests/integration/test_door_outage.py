"""The door while the message server is away: 202 only after the acknowledgement, 503 until then."""

import asyncio

from tests.door import Door, an_event


async def test_nothing_is_accepted_while_nats_is_away_and_everything_after(door: Door) -> None:
    event = an_event()
    await door.nats.kill()
    try:
        refused = await door.post(event)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) >= 1
        await door.until_ready(False)
        assert (await door.client.get("/livez")).status_code == 200
    finally:
        await door.nats.start()
    await door.until_ready()
    assert await door.stored(event["id"]) == []
    assert (await door.post(event)).status_code == 202
    assert len(await door.stored(event["id"])) == 1


async def test_a_submission_without_acknowledgement_gets_no_202_and_its_retry_is_stored_once(
    door: Door,
) -> None:
    event = an_event()
    door.nats.pause()
    try:
        refused = await door.post(event)
    finally:
        door.nats.pause(on=False)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    await door.until_ready()
    assert (await door.post(event)).status_code == 202
    assert len(await door.stored(event["id"])) == 1


async def test_a_submission_accepted_before_the_server_was_killed_is_there_afterwards(door: Door) -> None:
    """Ids that got 202 are in the stream exactly once, however often the others were tried."""
    events = [an_event() for _ in range(60)]
    answers = asyncio.gather(*(door.post(event) for event in events))
    await door.post(an_event())
    await door.nats.kill()
    try:
        statuses = [answer.status_code for answer in await answers]
    finally:
        await door.nats.start()
    await door.until_ready()
    assert set(statuses) <= {202, 503}
    kept = [sent["id"] for _, sent in await door.nats.stored()]
    for event, status in zip(events, statuses, strict=True):
        assert kept.count(event["id"]) == 1 or status == 503
    for event in events:
        assert (await door.post(event)).status_code == 202
