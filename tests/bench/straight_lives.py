"""Complaints that go straight through, driven from outside: by messages alone, with no polling."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

import nats
from nats.aio.msg import Msg
from temporalio.client import Client

from deploy.local.ready import Ready
from shared.runtime.messages.settled import settled
from tests.bench.keyed_values import KeyedValues
from tests.lives import RATINGS
from tests.outside import OPTIONS, STANDARD, Outside

AWAITED = ("assigned", "agreed", "callback_scheduled", "closed")
"""Facts after which the people of a straight life act."""


class StraightLives:
    """Outside of a running stack; call it with a name for one life."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._facts: KeyedValues[Mapping[str, Any]] = KeyedValues()
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        ready, seeds = self._ready, self._ready.credentials
        self._temporal = await Client.connect(ready.temporal_address, namespace=ready.temporal_namespace)
        self._outside = await Outside.connect(ready.nats_url, seeds.publisher, seeds.agent)
        self._held.push_async_callback(self._outside.close)
        listener = await nats.connect(ready.nats_url, nkeys_seed=seeds.agent)
        self._held.push_async_callback(listener.close)
        for fact in AWAITED:
            await listener.subscribe(f"complaints.v1.event.{fact}.*", cb=self._hear)
        await settled(listener)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._held.aclose()

    async def __call__(self, name: str) -> str:
        """Run from submission to the end of routing's workflow, eight commands; return the complaint's id."""
        complaint = await self._outside.submit(external_id=name)
        owner = (await self._fact("assigned", complaint))["owner"]
        await self._answered(complaint, owner)
        await self._settled(complaint, owner)
        await self._fact("callback_scheduled", complaint)
        await self._outside.do(
            "record_satisfaction", complaint, "customer", resolved=True, overall=5, **RATINGS
        )
        await self._fact("closed", complaint)
        await self._temporal.get_workflow_handle(f"complaint/{complaint}").result()
        return complaint

    async def _answered(self, complaint: str, owner: str) -> None:
        do = self._outside.do
        await do("respond", complaint, owner, kind="plan", text="我们正在核实，今天内给您方案。")
        await do("clarify", complaint, owner, cause="battery", cause_side="defect", liability="company")
        await do("record_interest", complaint, owner, party="customer", interest="fix", confirmed=True)

    async def _settled(self, complaint: str, owner: str) -> None:
        do = self._outside.do
        await do("prepare_options", complaint, owner, options=OPTIONS)
        made = await do("offer", complaint, owner, option_id="refund", standards=[STANDARD], text="方案")
        await do("answer", complaint, "customer", offer_id=made["offer_id"], answer="accepted")
        for action in (await self._fact("agreed", complaint))["actions"]:
            await do("complete_action", complaint, owner, action_id=action["action_id"], evidence="receipt")

    @staticmethod
    def workflow_ids(complaint: str) -> tuple[str, str]:
        """Workflow ids of one life."""
        return f"complaint/{complaint}", f"followup/{complaint}/1"

    async def _fact(self, name: str, complaint: str) -> Mapping[str, Any]:
        return await self._facts.wait_for(f"{name}.{complaint}")

    async def _hear(self, message: Msg) -> None:
        name_and_complaint = message.subject.removeprefix("complaints.v1.event.")
        self._facts.set(name_and_complaint, json.loads(message.data)["data"])
