"""`erase` at intake: who may, what happens while a service is down or intake dies, and what is never kept."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError

from services.intake.service import Intake
from shared.contract.quarantine import HEADER_COMPLAINT
from shared.contract.subjects import QUARANTINE_STREAM, Service, command, erasure, event, query
from shared.runtime.messages.settled import settled
from tests.conftest import NatsServer
from tests.integration.intake_service import Door, new_submission, seen
from tests.markers import holding
from tests.patience import PATIENCE
from tests.unit.submissions import PERSONAL

OTHERS = (Service.ROUTING, Service.FOLLOWUP)


@asynccontextmanager
async def answering(nats_server: NatsServer, *services: Service, texts: int = 1) -> AsyncIterator[list[Msg]]:
    """Other services that destroy what they are told to, as these users; what they were told."""
    told: list[Msg] = []
    clients = [await nats_server.connect(service) for service in services]

    async def destroy(message: Msg) -> None:
        first = orjson.loads(message.data)["erasure_id"] not in [_order(one)["erasure_id"] for one in told]
        told.append(message)
        await message.respond(orjson.dumps({"ok": True, "texts": texts if first or len(told) <= 2 else 0}))

    for service, client in zip(services, clients, strict=True):
        await client.subscribe(erasure(service), cb=destroy)
        await settled(client)
    try:
        yield told
    finally:
        for client in clients:
            await client.close()


def _order(message: Msg) -> dict[str, Any]:
    order: dict[str, Any] = orjson.loads(message.data)
    return order


def order(complaint: str, actor: str = "privacy-1", reason: str = "requested") -> dict[str, Any]:
    name = secrets.token_hex(8)
    return {"command_id": name, "complaint_id": complaint, "actor": {"id": actor}, "data": {"reason": reason}}


async def erase(door: Door, request: dict[str, Any]) -> dict[str, Any]:
    answer = await door.admin.request(command("erase"), orjson.dumps(request), timeout=PATIENCE)
    reply: dict[str, Any] = orjson.loads(answer.data)
    return reply


async def submitted(door: Door, **changes: Any) -> str:
    complaint, message = new_submission(**changes)
    await door.submit(message)
    await said(door, complaint, "notice")
    return complaint


async def said(door: Door, complaint: str, name: str) -> None:
    """Wait for a fact."""

    async def look() -> bool | None:
        return True if name in await door.names(complaint) else None

    await seen(look)


async def texts_left(intake: Intake, complaint: str) -> list[str]:
    return await intake.store.database.read(
        lambda session: [
            str(row[0])
            for table in ("text", "text_key")
            for row in session.connection().exec_driver_sql(
                f"SELECT complaint_id FROM {table} WHERE complaint_id = '{complaint}'"
            )
        ]
    )


@pytest.mark.parametrize(
    ("actor", "code"),
    [("agent-1", "over_authority"), ("manager-1", "over_authority"), ("customer", "over_authority"),
     ("stranger", "unknown_actor")],
)  # fmt: skip
async def test_a_privacy_officer_alone_erases(
    door: Door, nats_server: NatsServer, actor: str, code: str
) -> None:
    async with door.open() as intake, answering(nats_server, *OTHERS) as told:
        complaint = await submitted(door)
        reply = await erase(door, order(complaint, actor))
        assert reply["error"]["code"] == code
        assert reply["error"]["field"] == "actor.id"
        assert told == []
        assert await texts_left(intake, complaint) != []


@pytest.mark.parametrize("complaint", ["Cabcdefghijklmno", "", "C*", "complaint/1"])
async def test_an_unknown_complaint_cannot_be_erased(
    door: Door, nats_server: NatsServer, complaint: str
) -> None:
    async with door.open(), answering(nats_server, *OTHERS) as told:
        reply = await erase(door, order(complaint))
        assert reply["error"]["code"] == "unknown_complaint"
        assert told == []


async def test_a_repeated_erasure_repeats_the_first_reply_and_destroys_nothing_more(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open(), answering(nats_server, *OTHERS) as told:
        complaint = await submitted(door)
        request = order(complaint)
        first = await erase(door, request)
        again = await erase(door, request)
        assert first["ok"], first
        assert again == first
        assert len(told) == len(OTHERS)
        assert (await door.names(complaint)).count("erased") == 1


async def test_words_given_as_a_reason_are_kept_nowhere(
    door: Door, nats_server: NatsServer, tmp_path: Path
) -> None:
    words = f"王小明 {secrets.token_hex(8)}"
    async with door.open(), answering(nats_server, *OTHERS):
        complaint = await submitted(door)
        reply = await erase(door, order(complaint, reason=words))
        assert reply["result"]["reason"] == "other"
    assert holding(tmp_path, [words.encode()]) == []


async def test_the_asker_is_notified_that_a_service_is_down_and_later_gets_the_true_reply(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open():
        complaint = await submitted(door)
        request = order(complaint)
        async with answering(nats_server, Service.ROUTING):
            assert (await erase(door, request))["error"]["code"] == "unavailable"
            assert "erased" not in await door.names(complaint)
        async with answering(nats_server, *OTHERS):
            reply = await erase(door, request)
            assert (reply["ok"], reply["events"]) == (True, ["erased"])
            assert (await door.names(complaint)).count("erased") == 1


async def test_an_erasure_that_was_asked_for_is_carried_out_after_a_restart_without_being_asked_again(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open():
        complaint = await submitted(door)
        request = order(complaint)
        assert (await erase(door, request))["error"]["code"] == "unavailable"
    async with answering(nats_server, *OTHERS) as told, door.open():
        await said(door, complaint, "erased")
        assert {_order(one)["complaint_ids"][0] for one in told} == {complaint}
        assert (await erase(door, request))["events"] == ["erased"]
        assert len(told) == len(OTHERS)


async def test_two_erasures_at_the_same_time_leave_one_fact(door: Door, nats_server: NatsServer) -> None:
    async with door.open(), answering(nats_server, *OTHERS, texts=0):
        complaint = await submitted(door)
        replies = await asyncio.gather(*(erase(door, order(complaint)) for _ in range(4)))
        assert all(reply["ok"] for reply in replies), replies
        assert sorted(len(reply["events"]) for reply in replies) == [0, 0, 0, 1]
        assert (await door.names(complaint)).count("erased") == 1


async def test_a_merged_id_erases_its_survivor_and_everything_that_was_merged_into_it(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open() as intake, answering(nats_server, *OTHERS) as told:
        customer = {"ref": secrets.token_hex(4)}
        survivor = await submitted(door, customer=customer)
        alias = await submitted(door, customer=customer, title=None, narrative="发票金额开错了，请重开。")
        merge = order(alias, "lead-1") | {"data": {"of": survivor}}
        merging = asyncio.create_task(door.ask(command("confirm_duplicate"), merge))
        await said(door, alias, "merged")  # its answer waits for the end, which followup would say
        end = {"type": "complaints.event.closed.v1", "id": f"{alias}-followup-1"}
        await door.admin.jetstream().publish(event("closed", alias), orjson.dumps(end))
        reply = await erase(door, order(alias))
        assert (reply["complaint_id"], reply["events"]) == (survivor, ["erased"])
        assert [set(_order(one)["complaint_ids"]) for one in told] == [{survivor, alias}] * len(OTHERS)
        assert await texts_left(intake, alias) == await texts_left(intake, survivor) == []
        await merging


async def test_quarantined_copies_of_the_same_submission_are_deleted_and_no_others(
    door: Door, nats_server: NatsServer
) -> None:
    complaint, message = new_submission()
    other, neighbour = new_submission()

    def bad(good: dict[str, Any]) -> dict[str, Any]:
        return good | {"data": good["data"] | {"loss": {"value": "-1", "currency": "CNY"}}}

    async with door.open(), answering(nats_server, *OTHERS):
        for submission in (bad(message), bad(neighbour), message):
            await door.submit(submission)
        await said(door, complaint, "notice")

        async def put_aside() -> bool | None:
            return True if await _put_aside(door, other) else None

        await seen(put_aside)
        assert (await erase(door, order(complaint)))["ok"]
        assert await _put_aside(door, complaint) == 0
        assert await _put_aside(door, other) == 1


async def test_a_submission_that_was_only_quarantined_is_destroyed_and_a_repeat_gets_the_first_reply(
    door: Door, nats_server: NatsServer
) -> None:
    complaint, message = new_submission()
    neighbour, other = new_submission()

    async def both_aside() -> bool | None:
        return True if await _put_aside(door, complaint) == 2 and await _put_aside(door, neighbour) else None

    async with door.open(), answering(nats_server, *OTHERS) as told:
        for one, loss in ((message, "-1"), (message, "-2"), (other, "-1")):
            await door.submit(one | {"data": one["data"] | {"loss": {"value": loss, "currency": "CNY"}}})
        await seen(both_aside)
        request = order(complaint)
        first = await erase(door, request)
        assert (first["ok"], first["events"], first["allowed"]) == (True, [], [])
        assert first["result"] == {"reason": "requested", "texts": 0, "put_aside": 2}
        assert (await _put_aside(door, complaint), await _put_aside(door, neighbour)) == (0, 1)
        assert await erase(door, request) == first
        assert (await erase(door, order(complaint)))["error"]["code"] == "unknown_complaint"
        assert told == []
        await door.submit(message)  # corrected: the id is as good as new
        await said(door, complaint, "notice")
        assert (await erase(door, order(complaint)))["events"] == ["erased"]
        assert await door.names(complaint) == ["received", "promise_made", "notice", "erased"]


async def _put_aside(door: Door, complaint: str) -> int:
    stream, found, seq = door.admin.jetstream(), 0, 1
    with suppress(NotFoundError):
        while True:
            message = await stream.get_msg(QUARANTINE_STREAM, seq=seq, subject=">", next=True)
            found += (message.headers or {}).get(HEADER_COMPLAINT) == complaint
            seq = (message.seq or seq) + 1
    return found


async def test_the_same_submission_and_a_repeated_contact_restore_nothing_after_an_erasure(
    door: Door, nats_server: NatsServer, tmp_path: Path
) -> None:
    complaint, message = new_submission()
    again = {"command_id": "c-1", "complaint_id": complaint, "actor": {"id": "agent-1"}}
    again["data"] = {"channel": "phone", "text": "再说一遍"}
    async with door.open() as intake, answering(nats_server, *OTHERS):
        await door.submit(message)
        await said(door, complaint, "notice")
        added = await door.ask(command("add_contact"), again)
        assert (await erase(door, order(complaint)))["ok"]
        await door.submit(message)
        await door.idle()
        assert await door.ask(command("add_contact"), again) == added
        assert await texts_left(intake, complaint) == []
        asked = {"text_ref": added["result"]["text_ref"], "actor": {"id": "agent-1"}, "purpose": "test"}
        assert (await door.ask(query("text"), asked))["error"]["code"] == "erased"
    assert holding(tmp_path, [PERSONAL["name"].encode()]) == []
    with sqlite3.connect(tmp_path / "intake.db") as reading:
        assert reading.execute("SELECT count(*) FROM complaint").fetchone() == (1,)
    reading.close()
