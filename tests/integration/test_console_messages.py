"""Commands that need the message server and nothing else: submit, quarantine, contract permissions."""

import json
import secrets
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nkeys
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract import quarantine, subjects
from shared.contract.ids import complaint_id
from tests.amends_command import Ran, amends
from tests.conftest import NatsServer


@pytest.fixture
async def bare_admin(nats_server: NatsServer) -> AsyncIterator[Client]:
    client = await nats_server.connect("admin")
    yield client
    await client.close()


async def run(nats_server: NatsServer, *words: str, user: str = "admin", stdin: bytes | None = None) -> Ran:
    environment = {"AMENDS_NATS_URL": nats_server.url, "AMENDS_NATS_SEED_FILE": str(nats_server.seeds[user])}
    return await amends(*words, stdin=stdin, environment=environment)


def complaint(**more: Any) -> bytes:
    return json.dumps({"customer": {"ref": "cust-1"}, "narrative": "It broke.", **more}).encode()


async def set_aside(
    bare_admin: Client, payload: bytes, headers: dict[str, str], subject: str | None = None
) -> int:
    """Put a message where intake puts it, and give its number."""
    on = subject or subjects.submit("web")
    ours = {
        quarantine.HEADER_SUBJECT: on,
        quarantine.HEADER_REASON: "invalid",
        quarantine.HEADER_DETAIL: "no",
    }
    receipt = await bare_admin.jetstream().publish(
        subjects.quarantine("invalid"), payload, headers=ours | headers
    )
    return receipt.seq


async def test_a_submission_is_durable_and_its_id_can_be_computed(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    external = str(uuid.uuid4())
    ran = await run(
        nats_server,
        "submit",
        "-",
        "--source",
        "crm",
        "--id",
        external,
        "--channel",
        "phone",
        stdin=complaint(),
    )
    assert (ran.status, ran.out.strip()) == (0, complaint_id("crm", external))
    stored = await bare_admin.jetstream().get_last_msg(subjects.SUBMIT_STREAM, subjects.submit("phone"))
    event = json.loads(stored.data or b"")
    assert (event["specversion"], event["type"]) == ("1.0", "complaints.submitted.v1")
    assert event["data"]["narrative"] == "It broke."
    await bare_admin.jetstream().delete_msg(subjects.SUBMIT_STREAM, stored.seq or 0)


async def test_a_publisher_may_submit_and_its_json_names_the_place(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    event = json.dumps({"specversion": "1.0", "type": "complaints.submitted.v1", "source": "s", "id": "1"} | {
        "data": json.loads(complaint())
    }).encode()  # fmt: skip
    ran = await run(nats_server, "submit", "-", "--json", user="publisher", stdin=event)
    assert ran.status == 0, ran.err
    assert ran.document["complaint_id"] == complaint_id("s", "1")
    assert ran.document["stream"] == subjects.SUBMIT_STREAM
    await bare_admin.jetstream().delete_msg(subjects.SUBMIT_STREAM, ran.document["seq"])


async def test_an_id_that_means_something_else_is_not_sent(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    """Intake, which is played here, says so, as it does to the door."""
    asked: list[Any] = []

    async def in_use(message: Msg) -> None:
        asked.append(json.loads(message.data))
        await message.respond(
            b'{"detail": "id: is in use", "detail_zh": "id\xef\xbc\x9a\xe5\xb7\xb2\xe7\x94\xa8"}'
        )

    before = (await bare_admin.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.last_seq
    intake = await bare_admin.subscribe(subjects.REUSED, cb=in_use)
    try:
        ran = await run(nats_server, "submit", "-", "--source", "shop", "--id", "cli1", stdin=complaint())
    finally:
        await intake.unsubscribe()
    assert (ran.status, ran.out) == (1, "")
    assert "id: is in use" in ran.err
    assert [(one["source"], one["id"]) for one in asked] == [("shop", "cli1")]
    assert (await bare_admin.jetstream().stream_info(subjects.SUBMIT_STREAM)).state.last_seq == before


async def test_the_command_line_names_the_place_to_look_when_intake_does_not_answer(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    ran = await run(nats_server, "submit", "-", "--json", stdin=complaint())
    assert ran.status == 0
    assert "amends quarantine list" in ran.err
    await bare_admin.jetstream().delete_msg(subjects.SUBMIT_STREAM, ran.document["seq"])


async def test_an_unchecked_submission_goes_as_it_is(nats_server: NatsServer, bare_admin: Client) -> None:
    refused = await run(nats_server, "submit", "-", stdin=b"not json")
    assert (refused.status, refused.out) == (1, "")
    ran = await run(nats_server, "submit", "-", "--unchecked", "--channel", "letter", stdin=b"not json")
    assert ran.status == 0, ran.err
    stored = await bare_admin.jetstream().get_last_msg(subjects.SUBMIT_STREAM, subjects.submit("letter"))
    assert stored.data == b"not json"
    await bare_admin.jetstream().delete_msg(subjects.SUBMIT_STREAM, stored.seq or 0)


@pytest.mark.parametrize(
    ("changes", "options", "field"),
    [
        ({"customer": {"ref": "13800138000"}}, (), "data.customer.ref"),
        ({"customer": {"ref": "a.b@shop.example"}}, (), "data.customer.ref"),
        ({}, ("--id", "13800138000"), "id"),
    ],
)
async def test_an_identifier_that_intake_would_refuse_is_refused_at_once(
    nats_server: NatsServer, changes: dict[str, Any], options: tuple[str, ...], field: str
) -> None:
    ran = await run(nats_server, "submit", "-", *options, stdin=complaint(**changes))
    assert (ran.status, ran.out) == (1, "")
    assert f"{field}: is " in ran.err
    assert "13800138000" not in ran.err


async def test_a_shortened_list_names_its_full_length_and_the_way_to_more(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    first, second = [await set_aside(bare_admin, complaint(title=word), {}) for word in ("a", "b")]
    cut = (await run(nats_server, "quarantine", "list", "--json", "--limit", "1")).document
    whole = (await run(nats_server, "quarantine", "list", "--json", "--limit", "10000")).document
    told = (await run(nats_server, "quarantine", "list", "--limit", "1")).out
    numbers = [one["seq"] for one in whole["items"]]
    assert numbers == sorted(numbers)
    assert {first, second} <= set(numbers)
    assert cut["total"] == whole["total"] == len(numbers)
    assert [one["seq"] for one in cut["items"]] == numbers[:1]
    assert f"1 of {len(numbers)}, the oldest: see more with --limit" in told


async def test_an_unknown_reason_is_a_usage_error_that_names_the_known_reasons(
    nats_server: NatsServer,
) -> None:
    ran = await run(nats_server, "quarantine", "list", "--reason", "nosuch")
    assert (ran.status, ran.out) == (2, "")
    assert "not_json" in ran.err
    assert "routing" in ran.err
    assert (await run(nats_server, "quarantine", "list", "--reason", "TimeoutError")).status == 0


async def test_a_quarantined_message_is_listed_and_shown(nats_server: NatsServer, bare_admin: Client) -> None:
    payload = complaint(title="坏了")
    seq = await set_aside(bare_admin, payload, {quarantine.HEADER_FIELD: "data.customer", "trace": "t1"})
    listed = (await run(nats_server, "quarantine", "list", "--json", "--limit", "10000")).document["items"]
    (mine,) = [one for one in listed if one["seq"] == seq]
    assert (mine["kind"], mine["reason"], mine["field"]) == ("quarantine", "invalid", "data.customer")
    assert "content" not in mine
    shown = (await run(nats_server, "quarantine", "show", str(seq), "--json")).document
    assert shown["content"] == json.loads(payload)
    assert shown["headers"] == {"trace": "t1"}
    table = await run(nats_server, "quarantine", "list")
    assert table.status == 0
    assert "data.customer" in table.out


async def test_an_unreadable_message_is_shown_without_an_error(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    for payload in (b'{"data": "a\\ud800b"}', b"[" * 10_000 + b"]" * 10_000, b'{"id": "1", "id": "2"}'):
        seq = await set_aside(bare_admin, payload, {})
        for words in ((), ("--json",)):
            ran = await run(nats_server, "quarantine", "show", str(seq), *words)
            assert (ran.status, ran.err) == (0, "")
            assert ran.document["content"].startswith(payload[:4000].decode())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (b'"customer": {"ref": "somebody-else"}', "customer is given twice"),
        (b'"safety": "yes"', "data.safety: must be true or false"),
        (
            b'"received_at": "2199-01-01T00:00:00Z"',
            "data.received_at: it (or time, where it is absent) is more",
        ),
        (b'"title": "\\ud800"', "half a character"),
        (b'"x": ' + b"[" * 10_000 + b"]" * 10_000, "nested deeper than 64 levels"),
    ],
)
async def test_submit_refuses_in_the_words_of_intake(
    nats_server: NatsServer, more: bytes, field: str
) -> None:
    body = complaint()[:-1] + b"," + more + b"}"
    for whole in (body, b'{"source": "s", "id": "1", "data": ' + body + b"}"):
        ran = await run(nats_server, "submit", "-", stdin=whole)
        assert ran.status == 1
        assert field in ran.err


async def test_the_list_is_filtered_by_kind_reason_and_time(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    early, late = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
    reason = f"Odd{secrets.token_hex(4)}"
    put = {quarantine.HEADER_SUBJECT: subjects.submit("web"), quarantine.HEADER_REASON: reason}
    for at in (early, late):
        headers = put | {quarantine.HEADER_AT: at}
        await bare_admin.jetstream().publish(subjects.deadletter("followup"), b"{}", headers=headers)

    async def listed(*words: str) -> list[str]:
        ran = await run(nats_server, "quarantine", "list", "--reason", reason, *words, "--json")
        return [one["at"] for one in ran.document["items"]]

    assert await listed() == [early, late]
    assert await listed("--kind", "deadletter", "--limit", "1") == [early]
    assert await listed("--kind", "quarantine") == []
    assert await listed("--since", "2026-01-01T12:00Z") == [late]
    assert await listed("--since", "2h") == []
    assert (await run(nats_server, "quarantine", "list", "--since", "soon")).status == 2
    assert (await run(nats_server, "quarantine", "replay")).status == 2
    assert (await run(nats_server, "quarantine", "replay", "1", "--all")).status == 2


async def test_a_message_that_no_service_takes_stays(nats_server: NatsServer, bare_admin: Client) -> None:
    seq = await set_aside(bare_admin, complaint(), {}, subjects.submit("email"))
    ran = await run(nats_server, "quarantine", "replay", str(seq))
    assert ran.status == 1
    assert "The intake service is not running" in ran.err
    assert (await run(nats_server, "quarantine", "show", str(seq))).status == 0


async def test_a_message_without_its_origin_stays(nats_server: NatsServer, bare_admin: Client) -> None:
    receipt = await bare_admin.jetstream().publish(subjects.deadletter("routing"), b"{}")
    ran = await run(nats_server, "quarantine", "replay", str(receipt.seq))
    assert ran.status == 1
    assert "does not name the subject on which it came" in ran.err
    assert (await run(nats_server, "quarantine", "show", str(receipt.seq))).status == 0


async def test_a_command_names_the_service_that_does_not_run(nats_server: NatsServer) -> None:
    ran = await run(nats_server, "command", "respond", "C1", "kind=plan", "text=x", "--actor", "agent-7")
    assert (ran.status, ran.out) == (1, "")
    assert "routing service is not running" in ran.err


async def test_foreign_credentials_are_refused_in_a_sentence(nats_server: NatsServer, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER))
    environment = {"AMENDS_NATS_URL": nats_server.url, "AMENDS_NATS_SEED_FILE": str(stranger)}
    ran = await amends("list", environment=environment)
    assert ran.status == 1
    assert "does not accept these credentials" in ran.err


async def test_doctor_names_every_missing_part(nats_server: NatsServer) -> None:
    ran = await run(nats_server, "doctor", "--json")
    assert ran.status == 1
    states = {finding["part"]: finding["state"] for finding in ran.document["findings"]}
    assert states["nats"] == "ok"
    assert {states[f"stream {config.name}"] for config in subjects.streams()} == {"ok"}
    assert {states[f"service {service}"] for service in subjects.Service} == {"wrong"}
    assert states["temporal"] == "wrong"


async def test_a_message_deleted_from_the_quarantine_is_gone(
    nats_server: NatsServer, bare_admin: Client
) -> None:
    seq = await set_aside(bare_admin, b"not for ever", {})
    deleted = await run(nats_server, "quarantine", "delete", str(seq), "--json")
    assert deleted.document == {"ok": True, "seq": seq}
    again = await run(nats_server, "quarantine", "delete", str(seq))
    assert (again.status, again.err.count("\n")) == (1, 1)
