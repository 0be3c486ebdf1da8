"""What cannot be told of one complaint: a pass over all of them goes on, and names it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.console.failure import in_one_sentence
from shared.contract.queries import Kept

Told = TypeVar("Told")


class Untold(Exception):
    """One complaint cannot be told; the message is a sentence that says what of it, and why."""


async def told(what: str, reading: Awaitable[Told], still_there: Callable[[], Awaitable[object]]) -> Told:
    """What `reading` reads of one complaint. Raises `Untold` if it fails, whatever the reason.

    `still_there` asks the same part about nobody: if that fails as well, the part is away altogether, there
    is nothing to go on with, and its failure is raised as it is.
    """
    try:
        return await reading
    except Exception as error:
        await still_there()
        raise Untold(f"{what} cannot be told: {_why(error)}") from error


def _why(error: Exception) -> str:
    """A sentence for what is expected; of anything else its type, since its words may quote a value."""
    failure = in_one_sentence(error)
    return type(error).__name__ if failure.code == "unexpected" else failure.sentence


def lost(kept: Kept) -> str | None:
    """The sentence that names what is missing behind a complaint; None if all is on record."""
    facts = [f"fact {number} of routing" for number in kept.missing_facts]
    policies = [f"the text of policy {identity}" for identity in kept.missing_policies]
    what = ", ".join([*facts, *policies])
    return f"Not on record any more: {what}. Its deadlines cannot be certified." if what else None
