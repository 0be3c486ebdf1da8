"""Reads of one complaint that fail: a pass over all complaints reports them and goes on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.client.failures import in_one_sentence

Value = TypeVar("Value")


class Unreadable(Exception):
    """A part of one complaint cannot be read; the message says which part, and why."""


async def read_part(
    what: str, reading: Awaitable[Value], still_there: Callable[[], Awaitable[object]]
) -> Value:
    """Await `reading`, which reads one complaint. Raises `Unreadable` if it fails, whatever the reason.

    `still_there` makes a request to the same service about no complaint. If it fails as well, the service is
    not available, and that failure is raised as it is.
    """
    try:
        return await reading
    except Exception as error:
        await still_there()
        raise Unreadable(f"{what} cannot be read: {_why(error)}") from error


def _why(error: Exception) -> str:
    """A sentence for what is expected; of anything else its type, since its words may quote a value."""
    failure = in_one_sentence(error)
    return type(error).__name__ if failure.code == "unexpected" else failure.sentence
