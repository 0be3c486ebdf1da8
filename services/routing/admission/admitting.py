"""Admission of complaints: each is started at once, or stored in the queue. Its message is acknowledged
last.
"""

from collections.abc import Sequence

from nats.aio.msg import Msg

from services.routing.admission.dispatcher import Dispatcher
from services.routing.admission.queue import Arrival, WaitingQueue
from shared.policy.models import Pack
from shared.runtime.tracing import tracing


class Admission:
    """Takes `received` from the durable `routing-received`, by the batch.

    Nothing is lost: a message is acknowledged when its workflow has started or its row is written. Nothing
    is doubled: a row and a workflow have the complaint's id as their key. While Temporal is away this goes
    on, since it needs the policy and the database only.
    """

    def __init__(self, queue: WaitingQueue, dispatcher: Dispatcher, pack: Pack) -> None:
        self._queue = queue
        self._starter = dispatcher
        self._pack = pack

    async def __call__(self, messages: Sequence[Msg]) -> list[Exception | None]:
        read = [self._read(message) for message in messages]
        arrived = {one.complaint_id: one for one in read if isinstance(one, Arrival)}
        for known in await self._queue.opened(arrived):
            del arrived[known]
        staying = await self._starter.start_at_once(list(arrived.values()))
        if staying:
            await self._queue.join(staying)
            self._starter.wake()
        return [one if isinstance(one, Exception) else None for one in read]

    def _read(self, message: Msg) -> Arrival | Exception:
        try:
            arrival = Arrival.read(message.data, self._pack)
        except Exception as error:
            return error
        tracing().message(arrival.complaint_id, message.subject, message.headers)
        return arrival
