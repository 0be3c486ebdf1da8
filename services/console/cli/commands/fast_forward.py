"""`amends fast-forward`: move the clock of one complaint, and see what fell due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from nats.aio.client import Client
from nats.aio.msg import Msg

from services.console.cli.app import ComplaintArg, Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.cli.usage import UsageError
from services.console.connection.nats import connect
from services.console.connection.place import Place, find
from services.console.connection.temporal import temporal_client
from services.console.display.durations import clock_text, instant_text, parse_duration
from shared.client.facts import PublishedFact, distinct, read_fact
from shared.contract import subjects
from shared.runtime.messages.settled import settled

if TYPE_CHECKING:
    from shared.client.fast_forward import ClockMove


@app.command("fast-forward")
def fast_forward(
    complaint_id: ComplaintArg,
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="Such as 90m, 25h, 7d, 1d12h.")],
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Move the clock of a complaint; answers when what fell due has been published."""
    try:
        delta = parse_duration(duration)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    moved, facts = asyncio.run(_run(directory, complaint_id, delta))
    if as_json:
        document(_as_document(moved, facts))
        return
    print(_sentence(moved))
    for fact in facts:
        print(f"  {instant_text(fact.time)}  {fact.name}  {fact.details}")


def _sentence(moved: "ClockMove") -> str:
    """Sentence about the move. A clock that ended on the way has no state any more that could be shown."""
    if moved.ended:
        return (
            f"The last workflow of {moved.complaint_id} ended within these {clock_text(moved.delta)}: "
            "it has no clock any more, and nothing is left to fall due."
        )
    return f"{moved.complaint_id} is now at {instant_text(moved.now)}, {clock_text(moved.delta)} later."


def _as_document(moved: "ClockMove", facts: list[PublishedFact]) -> dict[str, Any]:
    return {
        "complaint_id": moved.complaint_id,
        "moved": clock_text(moved.delta),
        "now": moved.now.isoformat().replace("+00:00", "Z"),
        "workflows": moved.workflows,
        "ended": moved.ended,
        "events": [fact.name for fact in facts],
    }


async def _run(
    directory: Path | None, complaint_id: str, delta: timedelta
) -> "tuple[ClockMove, list[PublishedFact]]":
    from shared.client import fast_forward as moving

    place = find(directory)
    async with _listening(place, complaint_id) as (client, facts):
        moved = await moving.fast_forward(await temporal_client(place), complaint_id, delta)
        await client.flush()
        return moved, distinct(facts)


@asynccontextmanager
async def _listening(place: Place, complaint_id: str) -> AsyncIterator[tuple[Client, list[PublishedFact]]]:
    """Collect the facts of a complaint from now on."""
    client = await connect(place)
    facts: list[PublishedFact] = []

    async def collect(message: Msg) -> None:
        fact = read_fact(message.data)
        if fact is not None:
            facts.append(fact)

    try:
        await client.subscribe(subjects.timeline(complaint_id), cb=collect)
        await settled(client)
        yield client, facts
    finally:
        await client.close()
