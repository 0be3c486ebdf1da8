"""`amends show`: one complaint, its obligations and its timeline."""

import asyncio
from pathlib import Path
from typing import Any

from services.console.app import ComplaintArg, Debug, Dir, Json, app
from services.console.facts import SeenFact, distinct, read_fact
from services.console.messages import connected, result_of
from services.console.output import document, terminal
from services.console.portrait import portrait
from shared.contract.queries import ComplaintState


@app.command()
def show(
    complaint_id: ComplaintArg, directory: Dir = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Show the whole state of a complaint and its timeline."""
    state, events = asyncio.run(_read(directory, complaint_id))
    if as_json:
        document(state | {"timeline": events})
        return
    facts = [fact for event in events if (fact := read_fact(event))]
    terminal().print(portrait(ComplaintState.model_validate(state), in_order(facts)))


def in_order(facts: list[SeenFact]) -> list[SeenFact]:
    """Each fact once, by the instant at which it became true; the stream's order among equals."""
    return sorted(distinct(facts), key=lambda fact: fact.time)


async def _read(directory: Path | None, complaint_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with connected(directory) as client:
        body = {"complaint_id": complaint_id}
        state, timeline = await asyncio.gather(
            result_of(client, "complaint", body), result_of(client, "timeline", body)
        )
        return state, timeline["events"]
