"""What publishers, services and `deploy` may do, and what the server keeps them from."""

import asyncio
import secrets
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import APIError

from deploy.nats import provision
from deploy.nats.clients import AGENT, DOOR, PUBLISHER
from deploy.nats.config import write_seeds
from deploy.nats.permissions import ADMIN, DEPLOY, permissions
from shared.contract import subjects
from shared.contract.consumers import DURABLES, ROUTING_RECEIVED
from shared.contract.events import FACTS
from shared.contract.subjects import EVENTS_STREAM, QUARANTINE_STREAM, SUBMIT_STREAM, Service
from shared.runtime.messages.settled import settled
from tests.conftest import NatsServer
from tests.integration.privilege import (
    SOON,
    count,
    done,
    ignore,
    logged_in,
    may_publish,
    may_subscribe,
    say,
    some_complaint,
)
from tests.patience import PATIENCE

SUBMITTERS = (PUBLISHER, DOOR)

# --- publisher ------------------------------------------------------------------------------------


async def test_a_publisher_submits_on_any_channel_and_gets_the_acknowledgement(
    nats_server: NatsServer,
) -> None:
    async with logged_in(nats_server, PUBLISHER) as (client, denied):
        for channel in ("phone", f"unheard-of-{secrets.token_hex(4)}"):
            ack = await client.jetstream().publish(subjects.submit(channel), b"{}")
            assert ack.stream == SUBMIT_STREAM
        assert denied == []


@pytest.mark.parametrize(
    "subject",
    [
        subjects.event("offer_made", "Cabc"),
        subjects.event("received", "Cabc"),
        subjects.command("respond"),
        subjects.quarantine("invalid"),
        subjects.deadletter("intake"),
        f"$JS.API.STREAM.INFO.{SUBMIT_STREAM}",
        f"$JS.API.STREAM.MSG.GET.{SUBMIT_STREAM}",
        f"$JS.API.STREAM.PURGE.{EVENTS_STREAM}",
        f"$JS.API.DIRECT.GET.{EVENTS_STREAM}",
        f"$JS.API.CONSUMER.CREATE.{SUBMIT_STREAM}",
        f"$JS.API.CONSUMER.MSG.NEXT.{SUBMIT_STREAM}.intake-submissions",
        "_INBOX.somebody.else",
    ],
)
async def test_a_publisher_publishes_nothing_else_and_neither_does_the_door(
    nats_server: NatsServer, subject: str
) -> None:
    for user in SUBMITTERS:
        async with logged_in(nats_server, user) as (client, denied):
            assert await may_publish(client, denied, subjects.submit("web"))
            assert not await may_publish(client, denied, subject)


@pytest.mark.parametrize(
    "subject", ["complaints.v1.submit.>", "complaints.v1.event.>", "complaints.>", ">", "_INBOX_routing.>"]
)
async def test_a_publisher_receives_nothing_but_its_replies(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, PUBLISHER) as (client, denied):
        assert await may_subscribe(client, denied, client.new_inbox())
        assert not await may_subscribe(client, denied, subject)


@pytest.mark.parametrize("subject", ["complaints.>", ">", "_INBOX_publisher.>"])
async def test_the_door_receives_nothing_but_its_replies(nats_server: NatsServer, subject: str) -> None:
    async with logged_in(nats_server, DOOR) as (client, denied):
        assert await may_subscribe(client, denied, client.new_inbox())
        assert not await may_subscribe(client, denied, subject)
    async with logged_in(nats_server, PUBLISHER) as (client, denied):
        assert not await may_subscribe(client, denied, "_INBOX_door.>")


@pytest.mark.parametrize("user", SUBMITTERS)
async def test_an_acknowledgement_of_a_submission_cannot_be_sent_into_the_record(
    nats_server: NatsServer, user: str
) -> None:
    forged = subjects.event("received", some_complaint())
    channel = f"forging-{secrets.token_hex(4)}"
    async with logged_in(nats_server, user) as (client, _):
        await client.publish(subjects.submit(channel), b"{}", reply=forged)
        await client.jetstream().publish(subjects.submit(channel), b"{}")
    # By now the first acknowledgement was sent; a fact after it comes after it in the stream as well.
    await say(nats_server, Service.INTAKE, "received", some_complaint())
    inside = subjects.from_client(user, subjects.submit(channel))
    assert await count(nats_server, SUBMIT_STREAM, inside) == 2
    assert await count(nats_server, EVENTS_STREAM, forged) == 0


async def test_a_publisher_overhears_no_reply_to_others(nats_server: NatsServer) -> None:
    async with (
        logged_in(nats_server, PUBLISHER) as (publisher, _),
        logged_in(nats_server, AGENT) as (agent, _),
        logged_in(nats_server, Service.ROUTING) as (routing, _),
    ):
        overheard = await publisher.subscribe("_INBOX.>")
        await routing.subscribe(subjects.from_client("*", subjects.command("clarify")), cb=done)
        await asyncio.gather(settled(publisher), settled(routing))
        assert (await agent.request(subjects.command("clarify"), b"{}", timeout=PATIENCE)).data == b"done"
        await settled(publisher)
        assert overheard.pending_msgs == 0


# --- services -------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", list(Service))
async def test_a_service_publishes_its_own_facts_and_no_others(
    nats_server: NatsServer, service: Service
) -> None:
    async with logged_in(nats_server, service) as (client, denied):
        for name, fact in FACTS.items():
            said = await may_publish(client, denied, subjects.event(name, "Cnobody"))
            assert said == (service in fact.BY), name


async def test_followup_cannot_make_an_offer_and_routing_can(nats_server: NatsServer) -> None:
    complaint = some_complaint()
    subject = subjects.event("offer_made", complaint)
    async with logged_in(nats_server, Service.FOLLOWUP) as (client, denied):
        assert not await may_publish(client, denied, subject)
    assert await count(nats_server, EVENTS_STREAM, subject) == 0
    await say(nats_server, Service.ROUTING, "offer_made", complaint)
    assert await count(nats_server, EVENTS_STREAM, subject) == 1


@pytest.mark.parametrize("durable", DURABLES, ids=lambda durable: durable.name)
async def test_a_durable_is_read_by_its_own_service_alone(nats_server: NatsServer, durable) -> None:  # type: ignore[no-untyped-def]
    question = f"$JS.API.CONSUMER.INFO.{durable.stream}.{durable.name}"
    for service in Service:
        async with logged_in(nats_server, service) as (client, denied):
            assert await may_publish(client, denied, question) == (service == durable.service), service


async def test_routing_fetches_and_acknowledges_from_its_durable_and_cannot_change_it(
    nats_server: NatsServer,
) -> None:
    complaint = some_complaint()
    await say(nats_server, Service.INTAKE, "received", complaint)
    async with logged_in(nats_server, Service.ROUTING) as (client, denied):
        durable = await client.jetstream().pull_subscribe_bind(
            ROUTING_RECEIVED.name, stream=EVENTS_STREAM, inbox_prefix=b"_INBOX_routing."
        )
        seen = False
        while not seen:
            for message in await durable.fetch(100, timeout=PATIENCE):
                seen = seen or message.subject.endswith(complaint)
                await message.ack_sync()
        assert denied == []
        settings = provision.consumer_config(ROUTING_RECEIVED)
        with pytest.raises(NatsTimeout):
            await client.jetstream(timeout=SOON).add_consumer(EVENTS_STREAM, settings, max_ack_pending=1)


@pytest.mark.parametrize("service", list(Service))
async def test_a_service_answers_its_own_verbs_and_receives_no_submission_of_others(
    nats_server: NatsServer, service: Service
) -> None:
    verb = {Service.INTAKE: "add_contact", Service.ROUTING: "respond", Service.FOLLOWUP: "report_callback"}
    async with logged_in(nats_server, service) as (client, denied):
        for owner, name in verb.items():
            # Routing also answers verbs that nobody knows, so it may hear them all.
            expected = owner == service or service is Service.ROUTING
            assert await may_subscribe(client, denied, subjects.command(name)) == expected, name
        assert not await may_subscribe(client, denied, "_INBOX.>")
        assert not await may_subscribe(client, denied, subjects.submit("*"))
        assert not await may_subscribe(client, denied, subjects.from_client("*", subjects.submit("*")))
        assert not await may_publish(client, denied, subjects.command("respond"))


async def test_intake_alone_quarantines_and_each_service_has_its_own_dead_letters(
    nats_server: NatsServer,
) -> None:
    for service in Service:
        async with logged_in(nats_server, service) as (client, denied):
            quarantines = await may_publish(client, denied, subjects.quarantine("invalid"))
            assert quarantines == (service is Service.INTAKE)
            for other in Service:
                buries = await may_publish(client, denied, subjects.deadletter(other))
                assert buries == (service is other)


# --- deploy, and all ------------------------------------------------------------------------------


async def test_provisioning_twice_changes_nothing(nats_server: NatsServer) -> None:
    async def settings() -> list[object]:
        async with logged_in(nats_server, "admin") as (admin, _):
            js = admin.jetstream()
            durables = [await js.consumer_info(durable.stream, durable.name) for durable in DURABLES]
            return [info.config for info in [*await js.streams_info(), *durables]]

    before = await settings()
    await provision.run(nats_server.url, str(nats_server.seeds[DEPLOY]))
    assert await settings() == before


async def test_deploy_reads_and_deletes_nothing(nats_server: NatsServer) -> None:
    async with logged_in(nats_server, DEPLOY) as (client, denied):
        for stream in (SUBMIT_STREAM, EVENTS_STREAM, QUARANTINE_STREAM):
            for call in ("DELETE", "PURGE", "MSG.GET", "MSG.DELETE"):
                assert not await may_publish(client, denied, f"$JS.API.STREAM.{call}.{stream}")
        with pytest.raises((NatsTimeout, APIError)):
            await client.jetstream(timeout=SOON).add_stream(name="ANOTHER", subjects=["another"])


async def test_a_client_with_another_seed_is_refused(nats_server: NatsServer, tmp_path: Path) -> None:
    strangers = write_seeds(tmp_path)
    with pytest.raises(Error, match="Authorization"):
        await provision.connect(nats_server.url, str(strangers[DEPLOY]))


async def test_a_client_without_a_seed_is_refused(nats_server: NatsServer) -> None:
    client = Client()
    with pytest.raises(Error, match="Authorization"):
        await client.connect(nats_server.url, allow_reconnect=False, error_cb=ignore)
    await client.close()


def test_no_user_has_an_empty_list_that_would_mean_everything() -> None:
    for name, may in permissions().items():
        assert may.publish, name
        assert may.subscribe, name


async def test_intake_alone_orders_texts_to_be_destroyed(nats_server: NatsServer) -> None:
    for user in set(permissions()) - {ADMIN}:
        async with logged_in(nats_server, user) as (client, denied):
            for service in (Service.ROUTING, Service.FOLLOWUP):
                allowed = await may_publish(client, denied, subjects.erasure(service))
                assert allowed == (user == Service.INTAKE), (user, service)


async def test_a_service_receives_its_own_erasures_only(nats_server: NatsServer) -> None:
    async with logged_in(nats_server, Service.ROUTING) as (client, denied):
        assert await may_subscribe(client, denied, subjects.erasure(Service.ROUTING))
        assert not await may_subscribe(client, denied, subjects.erasure(Service.FOLLOWUP))
        overwrite = f"$JS.API.STREAM.MSG.DELETE.{QUARANTINE_STREAM}"
        assert not await may_publish(client, denied, overwrite)
