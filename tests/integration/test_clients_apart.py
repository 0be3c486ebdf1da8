"""Tricks that one seed for a whole kind of client allowed. Each fails on a real server."""

import asyncio
import json
import secrets
from contextlib import AsyncExitStack

import pytest
from nats.errors import Error, NoRespondersError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from deploy.nats.clients import AGENT, BOARD, GATEWAY
from shared.contract import subjects
from shared.contract.clients import Kind
from shared.contract.subjects import EVENTS_STREAM, SUBMIT_STREAM, Service
from shared.runtime.messages.settled import settled
from tests.conftest import NatsServer
from tests.integration.clients import added, revoked, speaking_as
from tests.integration.privilege import count, done, logged_in, say, some_complaint
from tests.patience import PATIENCE

RESPOND = subjects.command("respond")
WINDOW = 2 * subjects.SUBMIT_DUPLICATE_WINDOW_SECONDS


def fresh(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(4)}"


@pytest.mark.parametrize("reader", [AGENT, BOARD, GATEWAY])
async def test_a_push_consumer_that_delivers_commands_cannot_be_made(
    nats_server: NatsServer, reader: str
) -> None:
    name = fresh("push")
    config = ConsumerConfig(
        name=name, deliver_subject=RESPOND, deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.NONE
    )
    body = json.dumps({"stream_name": EVENTS_STREAM, "config": config.as_dict()}).encode()
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        speaking_as(nats_server, reader) as client,
    ):
        heard = [await routing.subscribe(place) for place in (RESPOND, subjects.from_client("*", RESPOND))]
        await settled(routing)
        for form in ("CREATE.{}", "CREATE.{}.{}", "DURABLE.CREATE.{}.{}"):
            with pytest.raises((NoRespondersError, Error)):
                await client.request(f"$JS.API.CONSUMER.{form.format(EVENTS_STREAM, name)}", body, timeout=1)
        await say(nats_server, Service.INTAKE, "received", some_complaint())
        await settled(routing)
        assert [one.pending_msgs for one in heard] == [0, 0]
    async with logged_in(nats_server, "admin") as (admin, _):
        with pytest.raises(NotFoundError):
            await admin.jetstream().consumer_info(EVENTS_STREAM, name)


async def test_a_pull_that_names_a_command_as_its_reply_subject_reaches_no_service(
    nats_server: NatsServer,
) -> None:
    """A gateway has no import of commands, so the messages stay in its own account."""
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        speaking_as(nats_server, GATEWAY) as client,
    ):
        heard = await routing.subscribe(subjects.from_client("*", RESPOND))
        await settled(routing)
        await say(nats_server, Service.FOLLOWUP, "notice", some_complaint())
        ask = f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS_STREAM}.client-{GATEWAY}"
        await client.publish(ask, json.dumps({"batch": 5}).encode(), reply=RESPOND)
        await settled(client)
        await settled(routing)
        assert heard.pending_msgs == 0


async def test_a_client_receives_no_replies_of_another_client(nats_server: NatsServer) -> None:
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        speaking_as(nats_server, GATEWAY) as gateway,
        speaking_as(nats_server, AGENT) as agent,
    ):
        everything = await gateway.subscribe("_INBOX.>")
        await routing.subscribe(subjects.from_client("*", RESPOND), cb=done)
        await settled(gateway)
        await settled(routing)
        assert (await agent.request(RESPOND, b"{}", timeout=PATIENCE)).data == b"done"
        await settled(gateway)
        assert everything.pending_msgs == 0


async def test_a_client_reads_and_deletes_no_durable_of_another_client(nats_server: NatsServer) -> None:
    one, other = fresh("mailer"), fresh("mailer")
    for name in (one, other):
        await added(nats_server, name, kind=Kind.GATEWAY, actors=["gateway"], follow=["notice"])
    complaint = some_complaint()
    await say(nats_server, Service.ROUTING, "notice", complaint)
    async with speaking_as(nats_server, other) as thief:
        stolen = await thief.subscribe(thief.new_inbox())
        calls = f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS_STREAM}", f"$JS.API.CONSUMER.DELETE.{EVENTS_STREAM}"
        for call in calls:
            await thief.publish(f"{call}.client-{one}", b'{"batch": 10}', reply=stolen.subject)
        await settled(thief)
        assert stolen.pending_msgs == 0
    async with speaking_as(nats_server, one) as owner:
        pulled = await owner.jetstream().pull_subscribe_bind(f"client-{one}", stream=EVENTS_STREAM)
        [message] = await pulled.fetch(1, timeout=PATIENCE)
        assert message.subject == subjects.event("notice", complaint)
        await message.ack_sync()


async def test_two_senders_with_one_message_id_lose_nothing(nats_server: NatsServer) -> None:
    names = fresh("crm"), fresh("shop")
    for name in names:
        await added(nats_server, name, kind=Kind.PUBLISHER, sources=[name])
    channel, same = fresh("channel"), {"Nats-Msg-Id": secrets.token_hex(4)}
    for name in names:
        async with speaking_as(nats_server, name) as client:
            stored = await client.jetstream().publish(subjects.submit(channel), b"{}", headers=same)
            assert not stored.duplicate
        await asyncio.sleep(WINDOW)  # the least that a server takes
    for name in names:
        inside = subjects.from_client(name, subjects.submit(channel))
        assert await count(nats_server, SUBMIT_STREAM, inside) == 1


async def test_a_sender_cannot_let_a_submission_expire_after_it_was_acknowledged(
    nats_server: NatsServer,
) -> None:
    name, channel = fresh("crm"), fresh("channel")
    inside = subjects.from_client(name, subjects.submit(channel))
    await added(nats_server, name, kind=Kind.PUBLISHER, sources=[name])
    async with speaking_as(nats_server, name) as client:
        for lasting in ("1s", "1", "never"):
            with pytest.raises(APIError, match="TTL"):
                await client.jetstream().publish(
                    subjects.submit(channel), b"{}", headers={"Nats-TTL": lasting}
                )
        assert await count(nats_server, SUBMIT_STREAM, inside) == 0
        await client.jetstream().publish(subjects.submit(channel), b"{}")
    assert await count(nats_server, SUBMIT_STREAM, inside) == 1


async def test_a_client_with_all_its_connections_locks_no_other_client_out(nats_server: NatsServer) -> None:
    name = fresh("greedy")
    await added(nats_server, name, kind=Kind.READER, max_connections=8)
    async with AsyncExitStack() as held:
        for _ in range(8):
            await held.enter_async_context(speaking_as(nats_server, name))
        for _ in range(4):
            with pytest.raises(Error, match="maximum account active connections"):
                await held.enter_async_context(speaking_as(nats_server, name))
        async with speaking_as(nats_server, AGENT) as agent:
            assert agent.is_connected
        async with logged_in(nats_server, Service.ROUTING) as (routing, _):
            assert routing.is_connected


async def test_a_message_larger_than_the_register_allows_ends_the_connection_of_its_client_alone(
    nats_server: NatsServer,
) -> None:
    name = fresh("small")
    await added(nats_server, name, kind=Kind.PUBLISHER, sources=[name], max_payload=2048)
    async with speaking_as(nats_server, name) as client, speaking_as(nats_server, AGENT) as agent:
        with pytest.raises((Error, APIError)):
            await client.jetstream(timeout=2).publish(subjects.submit("web"), b"x" * 4096)
        await settled(agent)
        assert agent.is_connected


async def test_a_client_comes_and_goes_while_others_stay_connected(nats_server: NatsServer) -> None:
    name = fresh("anna")
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, denied),
        speaking_as(nats_server, AGENT) as agent,
    ):
        live = await agent.subscribe(subjects.every("responded"))
        await routing.subscribe(subjects.from_client("*", RESPOND), cb=done)
        await settled(routing)
        await settled(agent)
        await added(nats_server, name, kind=Kind.PERSON, actors=["agent-1"])
        async with speaking_as(nats_server, name) as anna:
            assert (await anna.request(RESPOND, b"{}", timeout=PATIENCE)).data == b"done"
            await revoked(nats_server, name)
            async with asyncio.timeout(PATIENCE):
                while anna.is_connected:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        with pytest.raises(Error, match="Authorization"):
            async with speaking_as(nats_server, name):
                pass
        assert (await agent.request(RESPOND, b"{}", timeout=PATIENCE)).data == b"done"
        complaint = some_complaint()
        await say(nats_server, Service.ROUTING, "responded", complaint)
        assert (await live.next_msg(timeout=PATIENCE)).subject == subjects.event("responded", complaint)
        assert denied == []
