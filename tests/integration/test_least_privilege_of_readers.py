"""What agents, the board and gateways may do in their accounts, and what the server keeps them from."""

import json

import pytest

from deploy.nats.clients import AGENT, BOARD, GATEWAY
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
from tests.patience import PATIENCE

RESPOND, POLICY = subjects.command("respond"), subjects.query("policy")

# --- agent and board ------------------------------------------------------------------------------


async def test_an_agent_commands_and_the_service_learns_who_speaks(nats_server: NatsServer) -> None:
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        logged_in(nats_server, AGENT) as (agent, denied),
    ):
        heard = await routing.subscribe(subjects.from_client("*", RESPOND))
        await settled(routing)
        asked = await agent.subscribe(agent.new_inbox())
        await agent.publish(RESPOND, b"{}", reply=asked.subject)
        order = await heard.next_msg(timeout=PATIENCE)
        assert order.subject == "complaints.v1.from.agent.command.respond"
        await order.respond(b"done")
        assert (await asked.next_msg(timeout=PATIENCE)).data == b"done"
        assert denied == []


async def test_an_asker_who_names_a_fact_as_the_reply_subject_gets_nowhere(nats_server: NatsServer) -> None:
    forged = subjects.event("closed", some_complaint())
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, _),
        logged_in(nats_server, AGENT) as (agent, _),
    ):
        asked = await routing.subscribe(subjects.from_client("*", POLICY))
        await settled(routing)
        await agent.publish(POLICY, b"{}", reply=forged)
        question = await asked.next_msg(timeout=PATIENCE)
        assert question.reply.startswith("_R_.")
        await question.respond(b"forged")
        await settled(routing)
    assert await count(nats_server, EVENTS_STREAM, forged) == 0


@pytest.mark.parametrize("user", [AGENT, BOARD])
async def test_readers_of_facts_publish_none(nats_server: NatsServer, user: str) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        assert await may_publish(client, denied, subjects.query("worklist"))
        for name in FACTS:
            assert not await may_publish(client, denied, subjects.event(name, "Cnobody")), name
        assert not await may_publish(client, denied, subjects.submit("web"))


async def test_the_board_cannot_command(nats_server: NatsServer) -> None:
    async with logged_in(nats_server, BOARD) as (client, denied):
        assert not await may_publish(client, denied, RESPOND)


@pytest.mark.parametrize("user", [AGENT, BOARD])
async def test_readers_read_facts_live_from_their_durable_and_singly(
    nats_server: NatsServer, user: str
) -> None:
    complaint = some_complaint()
    async with logged_in(nats_server, user) as (client, denied):
        live = await client.subscribe(subjects.timeline(complaint))
        await settled(client)
        await say(nats_server, Service.ROUTING, "responded", complaint)
        assert (await live.next_msg(timeout=PATIENCE)).data == b"responded"
        js = client.jetstream()
        assert (await js.account_info()).streams == 3
        pulled = await js.pull_subscribe_bind(f"client-{user}", stream=EVENTS_STREAM)
        seen = False
        while not seen:
            for message in await pulled.fetch(100, timeout=PATIENCE):
                seen = seen or message.subject.endswith(complaint)
                await message.ack_sync()
        latest = await js.get_last_msg(EVENTS_STREAM, subjects.event("responded", complaint), direct=True)
        assert latest.data == b"responded"
        assert denied == []


@pytest.mark.parametrize("user", [AGENT, BOARD, GATEWAY])
@pytest.mark.parametrize(
    "call",
    [
        "CONSUMER.MSG.NEXT.{stream}.{name}",
        "CONSUMER.INFO.{stream}.{name}",
        "CONSUMER.DELETE.{stream}.{name}",
        "CONSUMER.CREATE.{stream}",
        "CONSUMER.CREATE.{stream}.{name}",
        "CONSUMER.CREATE.{stream}.{name}.complaints.v1.event.notice.*",
        "CONSUMER.CREATE.{stream}.own.complaints.v1.event.notice.*",
        "CONSUMER.DURABLE.CREATE.{stream}.{name}",
        "CONSUMER.PAUSE.{stream}.{name}",
        "CONSUMER.RESET.{stream}.{name}",
        "CONSUMER.NAMES.{stream}",
        "CONSUMER.LIST.{stream}",
        "STREAM.NAMES",
        "STREAM.UPDATE.{stream}",
        "STREAM.PURGE.{stream}",
        "STREAM.DELETE.{stream}",
        "STREAM.MSG.GET.{stream}",
        "STREAM.MSG.DELETE.{stream}",
    ],
)
async def test_readers_touch_no_durable_but_their_own_and_no_stream(
    nats_server: NatsServer, user: str, call: str
) -> None:
    others = [(durable.stream, durable.name) for durable in DURABLES]
    others += [(EVENTS_STREAM, f"client-{name}") for name in (AGENT, BOARD, GATEWAY) if name != user]
    async with logged_in(nats_server, user) as (client, denied):
        for stream, name in others:
            subject = "$JS.API." + call.format(stream=stream, name=name)
            assert not await may_publish(client, denied, subject), subject


@pytest.mark.parametrize("user", [AGENT, BOARD, GATEWAY])
async def test_readers_cannot_acknowledge_for_another(nats_server: NatsServer, user: str) -> None:
    async with logged_in(nats_server, user) as (client, denied):
        assert await may_publish(client, denied, f"$JS.ACK.{EVENTS_STREAM}.client-{user}.1.1.1.1.0")
        others = [durable.name for durable in DURABLES] + [
            f"client-{name}" for name in (AGENT, BOARD, GATEWAY) if name != user
        ]
        for name in others:
            for head in ("$JS.ACK", "$JS.ACK._.hash"):
                subject = f"{head}.{EVENTS_STREAM}.{name}.1.1.1.1.0"
                assert not await may_publish(client, denied, subject), subject


async def test_the_name_of_a_durable_in_the_body_of_a_request_does_not_reach_it(
    nats_server: NatsServer,
) -> None:
    """Permissions see the subject alone, and one form of the request has the name in its body alone."""
    async with logged_in(nats_server, "admin") as (admin, _):
        before = (await admin.jetstream().consumer_info(EVENTS_STREAM, FOLLOWUP_EVENTS.name)).config
    name = FOLLOWUP_EVENTS.name
    async with logged_in(nats_server, Service.ROUTING) as (client, denied):
        for form in ("CONSUMER.CREATE.{}", "CONSUMER.CREATE.{}.own", "CONSUMER.DURABLE.CREATE.{}.own"):
            for hidden in ({"name": name}, {"durable_name": name}):
                config = hidden | {"ack_policy": "explicit", "max_ack_pending": 1}
                body = json.dumps({"stream_name": EVENTS_STREAM, "config": config}).encode()
                subject = "$JS.API." + form.format(EVENTS_STREAM)
                await denial(client, denied, lambda: client.request(subject, body))  # noqa: B023
    async with logged_in(nats_server, "admin") as (admin, _):
        after = (await admin.jetstream().consumer_info(EVENTS_STREAM, FOLLOWUP_EVENTS.name)).config
    assert after == before


# --- gateway --------------------------------------------------------------------------------------


async def test_a_gateway_reads_notices_live_and_from_its_durable(nats_server: NatsServer) -> None:
    complaint = some_complaint()
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        live = await client.subscribe(subjects.every("notice"))
        await settled(client)
        await say(nats_server, Service.ROUTING, "responded", complaint)
        await say(nats_server, Service.FOLLOWUP, "notice", complaint)
        assert (await live.next_msg(timeout=PATIENCE)).subject == subjects.event("notice", complaint)
        pulled = await client.jetstream().pull_subscribe_bind("client-gateway", stream=EVENTS_STREAM)
        messages = await pulled.fetch(1, timeout=PATIENCE)
        assert all(".notice." in message.subject for message in messages)
        await messages[0].ack_sync()
        assert await may_publish(client, denied, subjects.query("text"))
        assert denied == []


@pytest.mark.parametrize(
    "subject", ["complaints.v1.event.>", "complaints.v1.event.*.Cabc", "complaints.v1.event.received.*"]
)
async def test_a_gateway_receives_no_other_facts(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        assert not await may_subscribe(client, denied, subject)


@pytest.mark.parametrize(
    "subject",
    [
        RESPOND,
        subjects.event("notice", "Cabc"),
        subjects.submit("web"),
        subjects.from_client(GATEWAY, RESPOND),
        subjects.from_client(AGENT, RESPOND),
        f"$JS.API.STREAM.INFO.{EVENTS_STREAM}",
        f"$JS.API.DIRECT.GET.{EVENTS_STREAM}",
    ],
)
async def test_a_gateway_publishes_nothing(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, GATEWAY) as (client, denied):
        assert not await may_publish(client, denied, subject)


async def test_a_service_answers_a_client_in_its_own_account(nats_server: NatsServer) -> None:
    async with (
        logged_in(nats_server, Service.ROUTING) as (routing, denied),
        logged_in(nats_server, BOARD) as (board, _),
    ):
        await routing.subscribe(subjects.from_client("*", POLICY), cb=done)
        await settled(routing)
        assert (await board.request(POLICY, b"{}", timeout=PATIENCE)).data == b"done"
        assert denied == []
