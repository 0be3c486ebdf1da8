"""`amends show`: one complaint, its obligations and its timeline; or a grumble, and what became of it."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.aio.client import Client

from services.console.cli.app import ComplaintArg, Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from services.console.display.complaint_view import complaint_view, grumble_view
from services.console.display.languages import Language, language_of
from services.console.display.negotiation_view import negotiation_story
from shared.client.facts import PublishedFact, distinct, read_fact
from shared.client.failures import RequestRefused
from shared.client.paging import timeline_of, whole_state
from shared.client.requests import ask, result_of
from shared.contract.errors import ErrorCode
from shared.contract.queries import (
    ComplaintState,
    GrumbleQuery,
    GrumbleState,
    Negotiation,
    NegotiationQuery,
    PolicyQuery,
)


@app.command()
def show(
    complaint_id: ComplaintArg,
    negotiation: Annotated[
        bool, typer.Option("--negotiation", help="Show the negotiation as a story instead.")
    ] = False,
    as_actor: Annotated[
        str | None,
        typer.Option("--actor", "--as", metavar="ID", help="Who asks: owners and leads see the reserve."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the story, en or zh [of the locale].", show_default=False)
    ] = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the whole state of a complaint, or of a grumble, and its timeline."""
    if negotiation:
        found, policy = asyncio.run(_negotiation(directory, complaint_id, as_actor))
        _print_story(found, policy, language, as_json)
        return
    state, events = asyncio.run(_read(directory, complaint_id))
    if as_json:
        document(state | {"timeline": events})
        return
    facts = [fact for event in events if (fact := read_fact(event))]
    if "standing" in state:
        terminal().print(grumble_view(GrumbleState.model_validate(state), in_order(facts)))
    else:
        terminal().print(complaint_view(ComplaintState.model_validate(state), in_order(facts)))


def _print_story(found: dict[str, Any], policy: dict[str, Any], language: str | None, as_json: bool) -> None:
    """Print a negotiation as a story, or as the reply of the query."""
    if as_json:
        document(found)
        return
    if language not in (None, "en", "zh"):
        raise UsageError(f"--language: {language!r} must be en or zh.")
    chosen: Language = "zh" if language == "zh" else "en" if language else language_of(os.environ)
    titles = {remedy["id"]: remedy["title"] for remedy in policy["remedies"]}
    print("\n".join(negotiation_story(Negotiation.model_validate(found), chosen, titles)))


async def _negotiation(
    directory: Path | None, complaint_id: str, actor: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Negotiation, and the policy in force, whose titles name the remedies."""
    async with connected(directory) as client:
        asker = {"actor": {"id": actor}} if actor else {}
        found = await result_of(client, NegotiationQuery.NAME, {"complaint_id": complaint_id, **asker})
        return found, await result_of(client, PolicyQuery.NAME, {})


def in_order(facts: list[PublishedFact]) -> list[PublishedFact]:
    """Each fact once, by the instant at which it became true; the stream's order among equals."""
    return sorted(distinct(facts), key=lambda fact: fact.time)


async def _read(directory: Path | None, complaint_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with connected(directory) as client:
        body = {"complaint_id": complaint_id}
        state, timeline = await asyncio.gather(_state(client, body), timeline_of(client, body))
        return state, timeline


async def _state(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """State of a complaint from routing; of a grumble, which routing never receives, from intake."""
    try:
        return await whole_state(client, body)
    except RequestRefused as refused:
        reply = await ask(client, GrumbleQuery.NAME, body)
        if refused.code != ErrorCode.UNKNOWN_COMPLAINT or not reply.get("ok"):
            raise
        return dict(reply["result"])
