"""Asks every process of a service, and takes the answers of all that are there."""

import asyncio
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from pydantic import BaseModel, ValidationError

ANSWER_WITHIN = 5.0
MORE_WITHIN = 1.0
"""After the first answer: the other processes of the service were asked at the same time."""


Asked = TypeVar("Asked", bound=BaseModel)


async def every_process(client: Client, subject: str, model: type[Asked]) -> list[Asked]:
    """Answers in the order of the processes of a service; none if no process answers."""
    inbox, found = client.new_inbox(), dict[str, Asked]()
    replies = await client.subscribe(inbox)
    try:
        await client.publish(subject, b"", reply=inbox)
        async with asyncio.timeout(ANSWER_WITHIN):
            while True:
                answer = await replies.next_msg(timeout=MORE_WITHIN if found else ANSWER_WITHIN)
                one = model.model_validate_json(answer.data)
                found[str(getattr(one, "process", ""))] = one
    except (TimeoutError, nats.errors.Error, ValidationError):  # no process answers, or no further process
        return [found[process] for process in sorted(found)]
    finally:
        await replies.unsubscribe()
