"""Updates of one workflow wait in order, and one that Temporal has no room for is sent again."""

import asyncio
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from shared.contract.commands import Accepted
from shared.contract.orders import Order
from shared.contract.values import SYSTEM, Stage
from shared.runtime.workflows import updates
from shared.runtime.workflows.updates import AT_ONCE, Updates


class Workflows:
    """Temporal with room for so many Updates, which are answered when a test lets them."""

    def __init__(self, room: int) -> None:
        self.room, self.inside, self.most, self.refused = room, 0, 0, 0
        self.order: list[str] = []

    def get_workflow_handle(self, _: str) -> "Workflows":
        return self

    async def execute_update(self, _: str, order: Order, *, id: str, result_type: type) -> Accepted:
        if self.inside >= self.room:
            self.refused += 1
            raise RPCError("too many", RPCStatusCode.RESOURCE_EXHAUSTED, b"")
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.order.append(id)
        await asyncio.sleep(0)
        self.inside -= 1
        return Accepted(complaint_id=order.verb, stage=Stage.ANALYSING, events=[], allowed=[], result={})


def order(number: int) -> Order:
    return Order(command_id=f"c-{number:02}", verb="respond", actor=SYSTEM)


async def sent(server: Workflows, count: int, to: str = "complaint/1") -> Updates:
    all_updates = Updates(cast(Client, cast(Any, server)))
    await asyncio.gather(*(all_updates.send(to, order(number)) for number in range(count)))
    return all_updates


async def test_forty_orders_at_once_are_all_answered_in_order() -> None:
    server = Workflows(room=10)
    done = await sent(server, 40)
    assert server.order == [f"c-{number:02}" for number in range(40)]
    assert (server.most, server.refused) == (AT_ONCE, 0)
    assert done._places == {}


async def test_an_order_that_temporal_has_no_room_for_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "PAUSE_SECONDS", 0)
    server = Workflows(room=1)
    await sent(server, 10)
    assert server.refused
    assert sorted(server.order) == [f"c-{number:02}" for number in range(10)]
