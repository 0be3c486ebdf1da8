"""Robots that answer our notices: known ones are never answered, and whatever else loops, ends."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import nats
import pytest

from deploy.local.stack import Stack
from shared.contract import subjects
from tests.listening import outside, ready_of
from tests.lives import owner_of
from tests.outside import Json, Outside, name_of
from tests.patience import PATIENCE

SETTLED = 3.0
"""Seconds in which nothing more is published: then the loop has ended."""

PER_HOUR = 10


async def answering(
    stack: Stack, system: Outside, complaint: str, customer: Json, words: Json, expected: int
) -> int:
    """A mailbox that answers each notice about this complaint, until no more come than are expected; how many
    it answered.
    """
    ready = ready_of(stack)
    client = await nats.connect(ready.nats_url, nkeys_seed=ready.credentials.admin)
    answered = 0
    try:
        notices = await client.jetstream().subscribe(
            subjects.event("notice", complaint), stream=subjects.EVENTS_STREAM, ordered_consumer=True
        )
        with suppress(TimeoutError):
            while answered < 5 * PER_HOUR:
                patience = PATIENCE if answered < expected else SETTLED
                notice = json.loads((await notices.next_msg(timeout=patience)).data)
                answered += 1
                text = words["narrative"].format(complaint=complaint, n=notice["data"]["seq"])
                await system.submit(
                    channel="email", customer=customer, remedy_sought=None, **(words | {"narrative": text})
                )
    finally:
        await client.close()
    return answered


def named(facts: list[Json], name: str) -> list[Json]:
    return [fact["data"] for fact in facts if name_of(fact) == name]


@pytest.mark.parametrize(
    "words",
    [
        {"title": "Automatic reply: Your complaint", "narrative": "I am out of the office until Monday."},
        {"title": "自动回复：投诉受理", "narrative": "您的邮件我已收到，回来后会尽快回复。"},
        {"title": "Re", "narrative": "Message {n}", "automatic": True},
    ],
)
async def test_each_notice_gets_an_automatic_reply_and_no_reply_a_notice(stack: Stack, words: Json) -> None:
    async with outside(stack) as system:
        customer = {"ref": f"robot-{abs(hash(str(words)))}"}
        complaint = await system.submit(customer=customer)
        owner = await owner_of(system, complaint)
        until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
        await system.do("pause", complaint, owner, until=until, reason="r")
        before = len(named(await system.facts(complaint), "notice"))
        answered = await answering(stack, system, complaint, customer, words, before)
        await system.until(complaint, "contact_added", times=answered)
        facts = await system.facts(complaint)
        assert (answered, len(named(facts, "notice"))) == (before, before)
        assert all(one["automatic"] for one in named(facts, "contact_added"))
        assert (named(facts, "resumed"), named(facts, "paused") != []) == ([], True)
        await system.do("add_contact", complaint, "customer", channel="email", text="I found the receipt.")
        await system.until(complaint, "resumed")


async def test_an_unrecognised_robot_gets_no_more_notices_than_the_policy_allows(stack: Stack) -> None:
    async with outside(stack) as system:
        customer = {"ref": "robot-unknown"}
        complaint = await system.submit(customer=customer)
        await owner_of(system, complaint)
        words = {"title": "Beep", "narrative": "{complaint} was heard here. Counter: {n}."}
        answered = await answering(stack, system, complaint, customer, words, 1 + PER_HOUR)
        await system.until(complaint, "contact_added", times=answered)
        facts = await system.facts(complaint)
        joined = [one for one in named(facts, "notice") if one["template"] == "contact_joined"]
        contacts = named(facts, "contact_added")
        assert len(joined) == PER_HOUR
        assert [one.get("unanswered") for one in contacts] == [None] * PER_HOUR + [True]
        owner = await owner_of(system, complaint)
        await system.do("respond", complaint, owner, kind="plan", text="We come on Monday.")
