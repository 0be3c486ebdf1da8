"""What was set aside is handed over again, and then everything is as if it had come right at once."""

from datetime import datetime

import orjson
import pytest
from nats.aio.client import Client

from services.console.audit.quarantine import Selection, find, read_one
from services.console.audit.replaying import replay
from shared.contract import quarantine, subjects
from shared.contract.ids import complaint_id
from shared.runtime.messages.timeline import read_timeline
from tests.amends_command import amends
from tests.conftest import NatsServer
from tests.integration.intake_service import Door, new_submission, seen
from tests.integration.privilege import logged_in, may_publish
from tests.patience import PATIENCE
from tests.unit.submissions import registered, submission

SAID = ["received", "promise_made", "notice"]


async def held_back(door: Door, arrived: str = "2026-11-21T03:00:00+00:00") -> tuple[str, int]:
    """A submission that says no time and was in order, but was held back; its complaint and its number."""
    complaint, message = new_submission(received_at=None)
    del message["time"]
    headers = {
        quarantine.HEADER_SUBJECT: subjects.submit("phone"),
        quarantine.HEADER_REASON: "rate_limited",
        quarantine.HEADER_AT: "2026-11-21T03:00:05+00:00",
        quarantine.HEADER_ARRIVED: arrived,
    }
    put = await door.admin.jetstream().publish(
        subjects.quarantine("rate_limited"), orjson.dumps(message), headers=headers
    )
    return complaint, put.seq


async def is_gone(client: Client, seq: int) -> bool:
    return seq not in {one.seq for one in await find(client.jetstream(), Selection())}


async def test_a_submission_that_was_held_back_is_the_complaint_that_it_would_have_been(door: Door) -> None:
    complaint, seq = await held_back(door)
    async with door.open():
        (done,) = await replay(door.admin, [seq])
        assert done.answer.ok
        received = (await read_timeline(door.admin, complaint))[0]["data"]
        assert await door.names(complaint) == SAID

    assert datetime.fromisoformat(received["received_at"]) == datetime.fromisoformat("2026-11-21T03:00Z")
    assert received["channel"] == "phone"
    assert await is_gone(door.admin, seq)


async def test_a_replay_that_died_before_the_copy_was_taken_away_is_repeated_without_effect(
    door: Door,
) -> None:
    complaint, seq = await held_back(door)
    one = await read_one(door.admin.jetstream(), seq)
    async with door.open():
        headers = {name: value for name, value in one.copy.items() if not name.startswith("Nats-")}
        await door.admin.request(subjects.redeliver("intake"), one.payload, headers=headers, timeout=PATIENCE)
        assert await door.names(complaint) == SAID
        assert not await is_gone(door.admin, seq)
        (done,) = await replay(door.admin, [seq])
        assert done.answer.ok
        assert await door.names(complaint) == SAID

    assert await is_gone(door.admin, seq)


async def test_many_are_replayed_by_their_reason_and_those_that_are_bad_stay(
    door: Door, nats_server: NatsServer
) -> None:
    good = [await held_back(door) for _ in range(40)]
    spoilt = await door.admin.jetstream().publish(
        subjects.quarantine("rate_limited"), b"not json", headers={quarantine.HEADER_SUBJECT: "x.y"}
    )
    environment = {
        "AMENDS_NATS_URL": nats_server.url,
        "AMENDS_NATS_SEED_FILE": str(nats_server.seeds["admin"]),
    }
    words = ("quarantine", "replay", "--reason", "rate_limited", "--kind", "quarantine")
    async with door.open():
        ran = await amends(*words, environment=environment)
        names = [await door.names(complaint) for complaint, _ in good]

    assert ran.status == 1
    assert ran.out.splitlines()[-1].endswith("1 stayed.")
    assert names == [SAID] * len(good)
    assert [one.seq for one in await find(door.admin.jetstream(), Selection(reason="rate_limited"))] == [
        spoilt.seq
    ]
    await door.admin.jetstream().delete_msg(subjects.QUARANTINE_STREAM, spoilt.seq)


async def test_a_dead_letter_goes_to_the_service_that_failed_and_publishes_nothing_again(
    admin: Client,
) -> None:
    external = "dead-letter-replayed"
    complaint = complaint_id(submission()["source"], external)
    (received, *_) = registered(submission(external)).facts
    headers = {quarantine.HEADER_SUBJECT: received.subject, quarantine.HEADER_REASON: "ValueError"}
    put = await admin.jetstream().publish(subjects.deadletter("routing"), received.body, headers=headers)
    for _ in range(2):
        answer = await admin.request(
            subjects.redeliver("routing"), received.body, headers=headers, timeout=PATIENCE
        )
        assert orjson.loads(answer.data) == {"ok": True}
    (done,) = await replay(admin, [put.seq])
    assert done.answer.ok

    async def opened() -> list[str] | None:
        names = [event["type"].split(".")[2] for event in await read_timeline(admin, complaint)]
        return names if "assigned" in names else None

    names = await seen(opened)
    assert "received" not in names
    assert names.count("triaged") == 1  # what was missed long ago may bring a second owner at once
    assert await is_gone(admin, put.seq)


@pytest.mark.parametrize("user", ["publisher", "agent", "gateway", "board", "followup"])
async def test_an_admin_alone_replays_messages(nats_server: NatsServer, user: str) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        assert not await may_publish(client, denied, subjects.redeliver("intake"))
    async with logged_in(nats_server, "admin") as (client, denied):
        assert await may_publish(client, denied, subjects.redeliver("intake"))
