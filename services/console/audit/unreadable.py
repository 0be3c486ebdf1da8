"""Reads of one complaint that fail: a pass over all complaints reports them and goes on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.client.failures import in_one_sentence

Value = TypeVar("Value")


class UnreadablePart(Exception):
    """Part of one complaint that cannot be read; the message names the part, and the reason."""


async def read_part(
    what: str, reading: Awaitable[Value], still_there: Callable[[], Awaitable[object]]
) -> Value:
    """Await `reading`, which reads one complaint. Raises `UnreadablePart` if it fails, for any reason.

    `still_there` makes a request to the same service about no complaint. If it fails as well, the service
    is not available, and that failure is raised as it is.
    """
    try:
        return await reading
    except Exception as error:
        await still_there()
        raise UnreadablePart(f"{what} cannot be read: {_why(error)}") from error


def _why(error: Exception) -> str:
    """Sentence for an expected failure; else the failure's type, because its message may quote a value."""
    failure = in_one_sentence(error)
    return type(error).__name__ if failure.code == "unexpected" else failure.sentence
