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

from services.console.app import ComplaintArg, Debug, Dir, Json, app
from services.console.durations import clock_text, instant_text, parse_duration
from services.console.facts import SeenFact, distinct, read_fact
from services.console.failure import Usage
from services.console.messages import connect
from services.console.output import document
from services.console.place import Place, find
from services.console.temporal import temporal_client
from shared.contract import subjects
from shared.runtime.messages.settled import settled

if TYPE_CHECKING:
    from services.console.clock import Moved


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
        raise Usage(f"{error}.") from None
    moved, facts = asyncio.run(_run(directory, complaint_id, delta))
    if as_json:
        document(_as_document(moved, facts))
        return
    print(_told(moved))
    for fact in facts:
        print(f"  {instant_text(fact.time)}  {fact.name}  {fact.details}")


def _told(moved: "Moved") -> str:
    """One sentence. Of what ended on the way there is no clock any more that could be said."""
    if moved.ended:
        return (
            f"The last workflow of {moved.complaint_id} ended within these {clock_text(moved.delta)}: "
            "it has no clock any more, and nothing is left to fall due."
        )
    return f"{moved.complaint_id} is now at {instant_text(moved.now)}, {clock_text(moved.delta)} later."


def _as_document(moved: "Moved", facts: list[SeenFact]) -> dict[str, Any]:
    return {
        "complaint_id": moved.complaint_id,
        "moved": clock_text(moved.delta),
        "now": moved.now.isoformat().replace("+00:00", "Z"),
        "workflows": moved.workflows,
        "ended": moved.ended,
        "events": [fact.name for fact in facts],
    }


async def _run(directory: Path | None, complaint_id: str, delta: timedelta) -> "tuple[Moved, list[SeenFact]]":
    from services.console import clock

    place = find(directory)
    async with _listening(place, complaint_id) as (client, facts):
        moved = await clock.fast_forward(await temporal_client(place), complaint_id, delta)
        await client.flush()
        return moved, distinct(facts)


@asynccontextmanager
async def _listening(place: Place, complaint_id: str) -> AsyncIterator[tuple[Client, list[SeenFact]]]:
    """Collect the facts of a complaint from now on."""
    client = await connect(place)
    facts: list[SeenFact] = []

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
