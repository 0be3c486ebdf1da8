"""What agents, the board and gateways may do, and what the server keeps them from."""

import json
import secrets

import pytest
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from deploy.nats.permissions import AGENT, BOARD, GATEWAY
from shared.contract import subjects
from shared.contract.consumers import DURABLES, FOLLOWUP_EVENTS
from shared.contract.events import FACTS
from shared.contract.subjects import EVENTS_STREAM, Service
from shared.runtime.messages.settled import settled
from tests.conftest import NatsServer
from tests.integration.privilege import (
    count,
    denial,
    done,
    logged_in,
    may_publish,
    may_subscribe,
    say,
    some_complaint,
)

# --- agent and board ------------------------------------------------------------------------------


async def test_an_agent_commands_and_the_service_answers(nats_server: NatsServer) -> None:
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        logged_in(nats_server, AGENT) as (agent, denied),
    ):
        await routing.subscribe(subjects.command("respond"), cb=done)
        await settled(routing)
        assert (await agent.request(subjects.command("respond"), b"{}", timeout=5)).data == b"done"
        assert denied == []


async def test_a_service_replies_to_inboxes_only(nats_server: NatsServer) -> None:
    """An asker who names the fact of another service as the reply subject gets nowhere."""
    forged = subjects.event("closed", some_complaint())
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, denied),
        logged_in(nats_server, AGENT) as (agent, _),
    ):
        asked = await routing.subscribe(subjects.query("policy"))
        await settled(routing)
        await agent.publish(subjects.query("policy"), b"{}", reply=forged)
        question = await asked.next_msg(timeout=5)
        assert "publish" in await denial(routing, denied, lambda: question.respond(b"forged"))
    assert await count(nats_server, EVENTS_STREAM, forged) == 0


@pytest.mark.parametrize("user", [AGENT, BOARD])
async def test_readers_of_facts_say_none(nats_server: NatsServer, user: str) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        assert await may_publish(client, denied, subjects.query("worklist"))
        for name in FACTS:
            assert not await may_publish(client, denied, subjects.event(name, "Cnobody")), name
        assert not await may_publish(client, denied, subjects.submit("web"))


async def test_the_board_cannot_command(nats_server: NatsServer) -> None:
    async with logged_in(nats_server, BOARD) as (client, denied):
        assert not await may_publish(client, denied, subjects.command("respond"))
        assert not await may_subscribe(client, denied, "_INBOX.>")


@pytest.mark.parametrize("user", [AGENT, BOARD])
async def test_readers_read_facts_live_and_from_the_stream(nats_server: NatsServer, user: str) -> None:
    complaint = some_complaint()
    async with logged_in(nats_server, user) as (client, denied):
        live = await client.subscribe(subjects.timeline(complaint))
        await settled(client)
        await say(nats_server, Service.ROUTING, "responded", complaint)
        assert (await live.next_msg(timeout=5)).data == b"responded"
        js = client.jetstream()
        filter_ = subjects.timeline(complaint)
        named = ConsumerConfig(name=f"{user}-ordered-{complaint}")
        ordered = await js.subscribe(filter_, ordered_consumer=True, config=named)
        assert (await ordered.next_msg(timeout=5)).data == b"responded"
        prefix = f"_INBOX_{user}.".encode()
        pulled = await js.pull_subscribe(filter_, durable=f"{user}-own", inbox_prefix=prefix)
        [message] = await pulled.fetch(1, timeout=5)
        await message.ack_sync()
        await js.delete_consumer(EVENTS_STREAM, f"{user}-own")
        latest = await js.get_last_msg(EVENTS_STREAM, subjects.event("responded", complaint), direct=True)
        assert latest.data == b"responded"
        await ordered.unsubscribe()
        assert denied == []


@pytest.mark.parametrize("user", [AGENT, BOARD, GATEWAY])
@pytest.mark.parametrize(
    "call",
    [
        "CONSUMER.MSG.NEXT.{stream}.{name}",
        "CONSUMER.INFO.{stream}.{name}",
        "CONSUMER.DELETE.{stream}.{name}",
        "CONSUMER.CREATE.{stream}.{name}",
        "CONSUMER.CREATE.{stream}.{name}.complaints.v1.event.notice.*",
        "CONSUMER.DURABLE.CREATE.{stream}.{name}",
        "CONSUMER.PAUSE.{stream}.{name}",
        "CONSUMER.RESET.{stream}.{name}",
    ],
)
async def test_readers_cannot_touch_the_durables_of_services(
    nats_server: NatsServer, user: str, call: str
) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        for durable in DURABLES:
            subject = "$JS.API." + call.format(stream=durable.stream, name=durable.name)
            assert not await may_publish(client, denied, subject), subject


@pytest.mark.parametrize("user", [AGENT, BOARD, GATEWAY])
async def test_readers_cannot_acknowledge_for_a_service(nats_server: NatsServer, user: str) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        assert await may_publish(client, denied, f"$JS.ACK.{EVENTS_STREAM}.own.1.1.1.1.0")
        for name in ("routing-received", "routing-events", "followup-events"):
            for head in ("$JS.ACK", "$JS.ACK._.hash"):
                subject = f"{head}.{EVENTS_STREAM}.{name}.1.1.1.1.0"
                assert not await may_publish(client, denied, subject), subject


@pytest.mark.parametrize(
    "form", ["CONSUMER.CREATE.{}", "CONSUMER.CREATE.{}.own", "CONSUMER.DURABLE.CREATE.{}.own"]
)
@pytest.mark.parametrize("user", [AGENT, BOARD, Service.ROUTING])
async def test_the_name_of_a_durable_in_the_body_of_a_request_does_not_reach_it(
    nats_server: NatsServer, user: str, form: str
) -> None:
    """Permissions see the subject alone, and one form of the request has the name in its body alone."""
    async with logged_in(nats_server, "admin") as (admin, _):
        before = (await admin.jetstream().consumer_info(EVENTS_STREAM, FOLLOWUP_EVENTS.name)).config
    name = FOLLOWUP_EVENTS.name
    async with logged_in(nats_server, user) as (client, denied):
        for hidden in ({"name": name}, {"durable_name": name}, {"name": name, "durable_name": name}):
            config = hidden | {"ack_policy": "explicit", "max_ack_pending": 1}
            body = json.dumps({"stream_name": EVENTS_STREAM, "config": config}).encode()
            subject = "$JS.API." + form.format(EVENTS_STREAM)
            await denial(client, denied, lambda: client.request(subject, body))  # noqa: B023
    async with logged_in(nats_server, "admin") as (admin, _):
        after = (await admin.jetstream().consumer_info(EVENTS_STREAM, FOLLOWUP_EVENTS.name)).config
    assert after == before


# --- gateway --------------------------------------------------------------------------------------


async def test_a_gateway_reads_notices_live_and_from_the_stream(nats_server: NatsServer) -> None:
    complaint = some_complaint()
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        live = await client.subscribe(subjects.every("notice"))
        await settled(client)
        await say(nats_server, Service.FOLLOWUP, "notice", complaint)
        assert (await live.next_msg(timeout=5)).subject == subjects.event("notice", complaint)
        pulled = await client.jetstream().pull_subscribe(
            subjects.every("notice"), durable="gateway-own", stream=EVENTS_STREAM
        )
        messages = await pulled.fetch(1, timeout=5)
        assert all(".notice." in message.subject for message in messages)
        await messages[0].ack_sync()
        assert await may_publish(client, denied, subjects.query("text"))
        assert denied == []


@pytest.mark.parametrize(
    "subject", ["complaints.v1.event.>", "complaints.v1.event.*.Cabc", "complaints.v1.event.received.*"]
)
async def test_a_gateway_hears_no_other_facts(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        assert not await may_subscribe(client, denied, subject)


@pytest.mark.parametrize(
    "filters",
    [
        {"filter_subject": "complaints.v1.event.>"},
        {"filter_subjects": ["complaints.v1.event.notice.*", "complaints.v1.event.received.*"]},
        {"filter_subjects": ["complaints.v1.event.>"]},
        {"filter_subject": None},
    ],
)
async def test_a_gateway_cannot_widen_the_filter_of_a_consumer(nats_server: NatsServer, filters) -> None:  # type: ignore[no-untyped-def]
    name = f"gateway-{secrets.token_hex(4)}"
    config = ConsumerConfig(name=name, ack_policy=AckPolicy.EXPLICIT, **filters).as_dict()
    request = json.dumps({"stream_name": EVENTS_STREAM, "config": config}).encode()
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        subject = f"$JS.API.CONSUMER.CREATE.{EVENTS_STREAM}.{name}.{subjects.every('notice')}"
        reply = json.loads((await client.request(subject, request, timeout=5)).data)
        assert "error" in reply
        assert denied == []
    async with logged_in(nats_server, "admin") as (admin, _):
        with pytest.raises(NotFoundError):
            await admin.jetstream().consumer_info(EVENTS_STREAM, name)


@pytest.mark.parametrize(
    "subject",
    [
        subjects.command("respond"),
        subjects.query("complaint"),
        subjects.event("notice", "Cabc"),
        subjects.submit("web"),
        f"$JS.API.STREAM.INFO.{EVENTS_STREAM}",
        f"$JS.API.DIRECT.GET.{EVENTS_STREAM}",
        f"$JS.API.STREAM.MSG.GET.{EVENTS_STREAM}",
        f"$JS.API.CONSUMER.CREATE.{EVENTS_STREAM}",
        f"$JS.API.CONSUMER.CREATE.{EVENTS_STREAM}.mine",
        f"$JS.API.CONSUMER.CREATE.{EVENTS_STREAM}.mine.complaints.v1.event.>",
        f"$JS.API.CONSUMER.DURABLE.CREATE.{EVENTS_STREAM}.mine",
    ],
)
async def test_a_gateway_says_nothing(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        assert not await may_publish(client, denied, subject)
