"""Replacement for routing and follow-up, by the contract alone: answers queries, publishes facts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contract import subjects
from shared.contract.errors import ErrorCode, refuse
from shared.contract.events import FACTS, FactHeader
from shared.contract.outgoing import outgoing
from shared.contract.queries import ComplaintState, ObligationState, Rate, Rates, WorkItem
from shared.contract.subjects import Service
from shared.contract.values import Actor, PolicyId
from shared.runtime.messages.settled import settled

POLICY = PolicyId(id="default", hash="0123456789abcdef")


def at(hours: float) -> str:
    """Instant so many hours from now."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def work_item(complaint_id: str, hours: float, **more: Any) -> WorkItem:
    """Open complaint that is due in `hours`."""
    usual = {
        "stage": "analysing",
        "cycle": 1,
        "severity": 3,
        "category": "product",
        "owner": "agent-7",
        "team": "front",
        "received_at": at(-1),
        "next_due": at(hours),
        "next_obligation": "response_24h",
    }
    return WorkItem(complaint_id=complaint_id, **(usual | more))


class Answers:
    """State that the queries answer with."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.items: list[WorkItem] = []
        self.facts: dict[str, list[dict[str, Any]]] = {}
        self.silent: set[str] = set()

    async def start(self) -> None:
        for name in ("worklist", "rates", "complaint", "timeline"):
            for place in (subjects.query(name), subjects.from_client("*", subjects.query(name))):
                await self._client.subscribe(place, cb=self._answer)
        await settled(self._client)

    async def say(self, complaint_id: str, name: str, **own: Any) -> None:
        """Publish a fact as routing would."""
        facts = self.facts.setdefault(complaint_id, [])
        header = FactHeader(
            complaint_id=complaint_id,
            seq=len(facts) + 1,
            cycle=1,
            stage="analysing",
            actor=Actor(id="agent-7", role="agent"),
            policy=POLICY,
        )
        fact = outgoing(Service.ROUTING, header, FACTS[name].model_validate(own), datetime.now(UTC))
        facts.append(json.loads(fact.body))
        await self._client.jetstream().publish(fact.subject, fact.body)

    async def _answer(self, message: Msg) -> None:
        name = message.subject.rsplit(".", 1)[-1]
        if name in self.silent:
            reply: dict[str, Any] = {
                "ok": False,
                "error": refuse(ErrorCode.UNAVAILABLE).model_dump(mode="json"),
            }
        else:
            reply = self._reply(name, json.loads(message.data))
        await message.respond(json.dumps(reply).encode())

    def _reply(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if name == "worklist":
            return {"ok": True, "result": {"items": [item.model_dump(mode="json") for item in self.items]}}
        if name == "rates":
            return {"ok": True, "result": rates().model_dump(mode="json")}
        known = {item.complaint_id: item for item in self.items}
        item = known.get(body["complaint_id"])
        if item is None:
            error = refuse(ErrorCode.UNKNOWN_COMPLAINT).model_dump(mode="json")
            return {"ok": False, "error": error}
        if name == "timeline":
            return {"ok": True, "result": {"events": self.facts.get(item.complaint_id, [])}}
        return {"ok": True, "result": state(item).model_dump(mode="json")}


def rates() -> Rates:
    """41 of 50, and a rate of which nothing was counted yet."""
    known = Rate(numerator=41, denominator=50, rate=0.82, definition="how it is counted")
    return Rates(response=known, resolution=known, satisfaction=known.model_copy(update={"rate": None}))


def state(item: WorkItem) -> ComplaintState:
    """Whole state of the complaint in a row."""
    breached = ObligationState(
        obligation="response_24h",
        regime="default",
        cycle=1,
        started_at=at(-30),
        due=at(-6),
        status="breached",
        warned=[50, 75, 90],
    )
    return ComplaintState(
        **item.model_dump(),
        policy=POLICY,
        channel="web",
        language="zh",
        customer_ref="zhang-wei-88",
        external_ref="2026-1",
        external_source="crm",
        safety=False,
        level=0,
        obligations=[breached],
        allowed=["respond"],
        negotiation={},
        actions=[],
        approvals=[],
        tasks=[],
        followup={},
        text_refs={},
    )
