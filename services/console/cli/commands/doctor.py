"""`amends doctor`: check every part, and report what is wrong and what to do."""

import asyncio
from collections.abc import Awaitable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import nats.errors
import typer
from rich.table import Table
from rich.text import Text

from services.console.audit.checks import CheckResult, odd, well, wrong
from services.console.audit.checks.backlog import check_quarantine, check_waiting
from services.console.audit.checks.calendars import check_calendars
from services.console.audit.checks.condition import check_condition
from services.console.audit.checks.cover import check_cover
from services.console.audit.checks.disks import check_disks, store_limit
from services.console.audit.checks.keys import check_keys
from services.console.audit.checks.people import check_people
from services.console.audit.checks.services import check_board, check_door, check_services
from services.console.audit.checks.streams import check_durables, check_store, check_streams
from services.console.audit.checks.temporal import check_temporal
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.connection.nats import connect
from services.console.connection.place import Place, find
from shared.client.failures import AmendsError, in_one_sentence

_STYLE = {"ok": "green", "warning": "yellow", "wrong": "bold red"}


@app.command()
def doctor(directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Check every part; exit status 1 if something is wrong."""
    findings = asyncio.run(examine(directory))
    healthy = all(finding.state != "wrong" for finding in findings)
    if as_json:
        document({"ok": healthy, "findings": [asdict(finding) for finding in findings]})
    else:
        terminal().print(_table(findings))
        for finding in findings:
            if finding.remedy:
                print(f"{finding.part}: {finding.remedy}")
    if not healthy:
        raise typer.Exit(1)


async def examine(directory: Path | None) -> list[CheckResult]:
    """All findings. Where no stack is found, only those about this machine."""
    try:
        place = find(directory)
    except AmendsError as failure:
        return [*check_programs(needed=True), wrong("stack", failure.sentence, "Run `amends up`.")]
    where = f"ready file in {place.directory}" if place.directory else "addresses from the environment"
    found = [*check_programs(needed=place.directory is not None), well("stack", where)]
    messages, temporal, board, door = await asyncio.gather(
        _messages(place),
        _guarded("temporal", check_temporal(place)),
        check_board(place.ready.get("board_url")),
        check_door(place.ready.get("door_url")),
    )
    return [*found, *check_disks(place.directory), *messages, *temporal, *board, *door]


def check_programs(*, needed: bool) -> list[CheckResult]:
    """Check the two servers of the embedded stack; other stacks bring their own."""
    from deploy.local import binaries
    from deploy.local.failure import StackFailure

    found = []
    for program in (binaries.NATS, binaries.TEMPORAL):
        try:
            binaries.find(program)
            found.append(well(f"program {program}", "found"))
        except StackFailure as failure:
            say = wrong if needed else odd
            found.append(say(f"program {program}", "missing", str(failure)))
    return found


async def _messages(place: Place) -> list[CheckResult]:
    """Checks that are made through NATS."""
    try:
        client = await connect(place)
    except AmendsError:
        remedy = "Run `amends up`, or check AMENDS_NATS_URL."
        return [wrong("nats", f"{place.nats_url} does not answer", remedy)]
    except nats.errors.Error as error:
        return [wrong("nats", in_one_sentence(error).sentence, "Check the seed file.")]
    try:
        js = client.jetstream(timeout=5)
        server = well("nats", f"{place.nats_url}, {str(client.connected_server_version).strip('<>')}")
        found = [server]
        for look in (
            check_streams(client),
            check_store(client, store_limit(place.directory)),
            check_durables(client),
            check_services(client),
            check_condition(client),
            check_keys(client),
            check_calendars(client, datetime.now(UTC).date()),
            check_cover(client, datetime.now(UTC)),
            check_waiting(client),
            check_people(client),
            check_quarantine(js),
        ):
            found += await _guarded("nats", look)
        return found
    finally:
        await client.close()


async def _guarded(part: str, look: Awaitable[list[CheckResult]]) -> list[CheckResult]:
    """Result of a check. A check that fails is itself a finding."""
    try:
        return await look
    except Exception as error:
        return [
            wrong(part, in_one_sentence(error).sentence, "Run it again with --debug, or look into the logs.")
        ]


def _table(findings: list[CheckResult]) -> Table:
    table = Table(title="Amends", title_justify="left")
    for column in ("part", "state", "seen"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.part, Text(finding.state, style=_STYLE[finding.state]), finding.seen)
    return table
