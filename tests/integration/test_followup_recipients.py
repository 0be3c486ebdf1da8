"""Who is told that no verdict is recorded, on real servers: of the roster in force, never a concerned one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.contract import subjects
from shared.contract.events import ConcernedAdded, ContactAdded, Fact, FactHeader, Received
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, PolicyId, Stage
from shared.policy.loader import load_policy
from tests.conftest import NatsServer
from tests.integration.followup_service import FollowUpService, own_complaint
from tests.integration.test_followup import until_due
from tests.integration.test_live_people import without
from tests.temporal import TemporalServer
from tests.unit.cases import received

OF_INTAKE = (Received, ContactAdded)


@pytest.fixture
async def service(
    nats_server: NatsServer, temporal_server: TemporalServer, tmp_path: Path
) -> AsyncIterator[FollowUpService]:
    running = await FollowUpService.prepare(nats_server, temporal_server, tmp_path)
    await running.start()
    yield running
    await running.stop()


def submitted(about: str | None = None) -> Received:
    return received(datetime.now(UTC), about_staff=about)


def came_again() -> ContactAdded:
    return ContactAdded(
        channel="phone", at=datetime.now(UTC), text_ref="intake:C:contact-1", about_staff="lead-1"
    )


def named_by_routing() -> ConcernedAdded:
    return ConcernedAdded(staff=["lead-1"], units=[], why="contact")


async def tell(service: FollowUpService, complaint: str, fact: Fact, seq: int) -> None:
    """Publish a fact as the service does that says such facts."""
    if not isinstance(fact, OF_INTAKE):
        await service.say(complaint, fact, datetime.now(UTC))
        return
    header = FactHeader(
        complaint_id=complaint,
        seq=seq,
        cycle=1,
        stage=Stage.RECORDED,
        actor=SYSTEM,
        policy=PolicyId(id="default", hash=load_policy("default").identity.hash),
    )
    intake = await service.nats.connect("intake")
    message = outgoing(Service.INTAKE, header, fact, datetime.now(UTC)).body
    stream = intake.jetstream()
    await stream.publish(subjects.event(fact.NAME, complaint), message, stream=subjects.EVENTS_STREAM)
    await intake.close()


async def reached(service: FollowUpService, complaint: str) -> None:
    """The first callback falls due, and the complainant is reached; nobody records what they say."""
    await until_due(service, complaint)
    reply = await service.command(complaint, "report_callback", "agent-4", "c1", attempt=1, result="reached")
    assert reply["ok"], reply


async def first_told(service: FollowUpService, complaint: str) -> tuple[str, str]:
    """What is late, and who is told of it first."""
    await service.fast_forward(complaint, timedelta(days=5))
    facts = await service.facts(complaint)
    data = next(one["data"] for one in facts if one["type"].split(".")[2] == "callback_overdue")
    return data["what"], data["to"]


async def test_a_concerned_person_is_never_notified_however_late_they_were_named(
    service: FollowUpService,
) -> None:
    """At the submission, by a contact before the resolution, after it, and while the verdict is awaited."""
    told = {}
    for when in ("never", "submission", "before", "after", "awaited", "by routing"):
        complaint = own_complaint()
        await tell(service, complaint, submitted("lead-1" if when == "submission" else None), 1)
        if when == "before":
            await tell(service, complaint, came_again(), 2)
        await service.resolve(complaint)
        if when == "after":
            await tell(service, complaint, came_again(), 2)
        await reached(service, complaint)
        if when == "awaited":
            await tell(service, complaint, came_again(), 2)
        if when == "by routing":
            await tell(service, complaint, named_by_routing(), 2)
        told[when] = await first_told(service, complaint)
    assert told.pop("never") == ("verdict", "lead-1")
    assert told == dict.fromkeys(told, ("verdict", "lead-2"))


async def test_a_person_who_left_during_the_follow_up_is_not_notified(
    service: FollowUpService, tmp_path: Path
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await reached(service, complaint)
    await service.start_again(str(without(tmp_path, lead_1="lead-9")))
    assert await first_told(service, complaint) == ("verdict", "lead-9")


async def test_a_person_who_left_and_their_concerned_successor_are_not_notified(
    service: FollowUpService, tmp_path: Path
) -> None:
    complaint = own_complaint()
    await service.resolve(complaint)
    await reached(service, complaint)
    await service.start_again(str(without(tmp_path, lead_1="lead-9")))
    await tell(service, complaint, ConcernedAdded(staff=["lead-9"], units=[], why="contact"), 2)
    assert await first_told(service, complaint) == ("verdict", "lead-2")
