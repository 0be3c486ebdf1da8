"""Do the three services answer, the board, and the door?"""

import asyncio
import urllib.request

import nats.errors
from nats.aio.client import Client

from services.console.audit.checks import CheckResult, odd, well, wrong
from shared.contract import subjects
from shared.contract.commands import AddContact
from shared.contract.queries import PolicyQuery, RatesQuery
from shared.contract.subjects import Service

PROBES = {
    Service.INTAKE: subjects.command(AddContact.VERB),
    Service.ROUTING: subjects.query(PolicyQuery.NAME),
    Service.FOLLOWUP: subjects.query(RatesQuery.NAME),
}
"""Request that changes nothing: intake refuses an empty command, the others answer a query."""

ANSWER_WITHIN = 5.0


async def check_services(client: Client) -> list[CheckResult]:
    """Finding for each service."""
    return list(await asyncio.gather(*(_probe(client, service) for service in PROBES)))


async def _probe(client: Client, service: Service) -> CheckResult:
    part = f"service {service}"
    remedy = f"Start it: `amends up`, or `python -m services.{service}`."
    try:
        await client.request(PROBES[service], b"{}", timeout=ANSWER_WITHIN)
    except nats.errors.NoRespondersError:
        return wrong(part, "it is not running", remedy)
    except (TimeoutError, nats.errors.Error):
        return wrong(part, f"it did not answer within {ANSWER_WITHIN:.0f} seconds", "Look into its log.")
    return well(part, "answers")


async def check_board(url: str | None) -> list[CheckResult]:
    """Check the board, where the ready file names one."""
    if url is None:
        return []
    try:
        await asyncio.to_thread(_get, f"{url.rstrip('/')}/readyz")
    except OSError:
        return [
            odd(
                "board",
                f"{url} is not ready",
                "Start it: `amends up`, or `python -m services.console.board`.",
            )
        ]
    return [well("board", url)]


async def check_door(url: str | None) -> list[CheckResult]:
    """Check the door, where the ready file names one: without it no complaint arrives over HTTP."""
    if url is None:
        return []
    try:
        await asyncio.to_thread(_get, f"{url.rstrip('/')}/readyz")
    except OSError:
        return [wrong("door", f"{url} is not ready", "Start it: `amends up`, or `python -m services.door`.")]
    return [well("door", url)]


def _get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=ANSWER_WITHIN) as answer:
        answer.read()
