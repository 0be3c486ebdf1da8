"""Walk through all open complaints after a change of the roster, and through those of two people after a swap
of shifts: each looks its people up again.

Nothing is lost: the rows show which complaints still know another roster, so a walk that was killed goes
on where it was. Nothing is doubled: a complaint that is signalled twice finds nothing to change. The walk
never ends, because a replica that is replaced may open complaints under the earlier policy.
"""

import asyncio

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.routing.names import ROSTER
from services.routing.staffing.live import LivePeople
from services.routing.staffing.swaps_kept import UntoldSwaps
from services.routing.store import Store
from shared.contract.ids import complaint_workflow_id
from shared.runtime.log import logger
from shared.runtime.reasons import reason

log = logger("walking")

PAGE, AT_ONCE = 200, 16
LOOK_SECONDS = 15.0


class Walk:
    """Signals complaints of the roster in force, page by page."""

    def __init__(self, client: Client, store: Store, live: LivePeople, swaps: UntoldSwaps) -> None:
        self._client = client
        self._store = store
        self._live = live
        self._swaps = swaps
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Walk at the start and ever after; cancelled at the end."""
        while True:
            try:
                if told := await self.once():
                    log.info("people_looked_up_anew", complaints=told)
            except Exception as error:  # an outage: the next walk finds the same
                log.warning("walk_stopped", error=reason(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def once(self) -> int:
        """Signal every open complaint that knows another roster; returns their number."""
        roster, after, told = await self._live.roster(), "", 0
        while page := await self._store.under_another_roster(roster, after, PAGE):
            await asyncio.gather(*(self._signal(complaint, roster) for complaint in page))
            told, after = told + len(page), page[-1]
        return told + await self._swapped()

    async def _swapped(self) -> int:
        """Signal the open complaints of two people who swapped shifts: their shifts end at other times."""
        told = 0
        for swap in await self._swaps():
            complaints = await self._store.open_of((swap.by, swap.to))
            await asyncio.gather(*(self._signal(one, f"swap {swap.swap_id}") for one in complaints))
            await self._swaps.told(swap)
            told += len(complaints)
        return told

    async def _signal(self, complaint: str, roster: str) -> None:
        """Signal the workflow. That an open complaint has none, `amends reconcile` finds."""
        async with self._room:
            try:
                handle = self._client.get_workflow_handle(complaint_workflow_id(complaint))
                await handle.signal(ROSTER, roster)
            except RPCError as error:
                if error.status != RPCStatusCode.NOT_FOUND:
                    raise
