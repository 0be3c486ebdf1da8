"""Answering `amends rebuild`: page by page, each of which may be asked for again."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import BaseModel, ValidationError

from shared.contract import subjects
from shared.contract.rebuilding import NotRebuilt, RebuildAsked, Rebuilt
from shared.runtime.log import logger
from shared.runtime.messages.requests import Answer
from shared.runtime.messages.timeline import read_on

log = logger("rebuilding")

PAGE = 40
"""Complaints, or facts received again, of one page: a few seconds of work."""

Page = Callable[[str], Awaitable[Rebuilt]]
"""Rebuilds the page after this place."""


def rebuild_answer(works: Mapping[str, Page]) -> Answer:
    """Answer to an administrator on the service's subject. After any failure, the page is requested again."""

    async def answer(body: bytes) -> BaseModel:
        try:
            asked = RebuildAsked.model_validate_json(body)
            return await works[asked.what](asked.after)
        except (ValidationError, KeyError):
            return NotRebuilt(error="malformed")
        except Exception as error:
            log.warning("not_rebuilt", error=type(error).__name__, exc_info=error)
            return NotRebuilt(error=type(error).__name__)

    return answer


def in_turn(steps: Sequence[tuple[str, Page]]) -> Page:
    """Work of several steps in turn: the place is the name of a step and a place in it."""
    names = [name for name, _ in steps]

    async def page(after: str) -> Rebuilt:
        name, _, place = after.partition(":")
        number = names.index(name) if name else 0
        done = await steps[number][1](place)
        if done.after is not None:
            return done.model_copy(update={"after": f"{names[number]}:{done.after}"})
        following = names[number + 1 : number + 2]
        return done.model_copy(update={"after": f"{following[0]}:" if following else None})

    return page


def received_again(
    client: Callable[[], Client], name: str, receive: Callable[[Msg], Awaitable[object]]
) -> Page:
    """Receive every fact of this name in the stream again. The receiver knows what it has done."""

    async def page(after: str) -> Rebuilt:
        found = await read_on(client(), subjects.every(name), int(after or 0), PAGE)
        for _, body in found:
            await receive(as_message(name, body))
        return Rebuilt(after=str(found[-1][0]) if len(found) == PAGE else None)

    return page


def as_message(name: str, body: bytes) -> Msg:
    """Fact in the form of a delivered message, without headers, which is never acknowledged."""
    return Msg(cast(Client, None), subject=f"{subjects.EVENT}.{name}.", data=body)
