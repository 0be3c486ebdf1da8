"""`amends quarantine`: list quarantined messages with their reasons, and process them again."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from nats.aio.client import Client
from rich.table import Table

from services.console.audit.quarantine import (
    KINDS,
    Quarantined,
    Selection,
    delete,
    find,
    gravest_first,
    read_one,
)
from services.console.audit.replaying import Replayed, replay
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, pretty, terminal
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from services.console.display.durations import parse_duration
from shared.contract.quarantine import Reason as Cause
from shared.contract.subjects import Service

Result = TypeVar("Result")
Seq = Annotated[int, typer.Argument(metavar="SEQ", min=1, help="Its number in `quarantine list`.")]
Seqs = Annotated[
    list[int] | None, typer.Argument(metavar="SEQ…", min=1, help="Numbers of `quarantine list`.")
]
Kind = Annotated[str | None, typer.Option(help="Only `quarantine`, or only `deadletter`.")]
Reason = Annotated[str | None, typer.Option(help="Only messages with this reason, or of this service.")]
Since = Annotated[str | None, typer.Option(help="Only messages since an instant, or since a time ago (2h).")]

REASONS = (*map(str, Cause), *map(str, Service))
FAILURE = re.compile(r"[A-Z][A-Za-z0-9]*")
"""Class name of a failure. Dead letters are selected by it, too, and no list has all such classes."""

quarantine = typer.Typer(no_args_is_help=True, help="Quarantined messages: bad submissions and dead letters.")
app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_(
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, help="Most rows: dangers, then oldest first.")
    ] = 100,
    kind: Kind = None,
    reason: Reason = None,
    since: Since = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List quarantined messages with their reasons, and their number."""
    wanted = _wanted(kind, reason, since)
    found = _connected(directory, lambda client: find(client.jetstream(timeout=10), wanted))
    shown = gravest_first(found)[:limit]
    if as_json:
        document({"items": [one.summary() for one in shown], "total": len(found)})
    elif found:
        terminal().print(_table(shown))
        if len(found) > limit:
            print(
                f"{limit} of {len(found)}, the oldest: see more with --limit, or later messages with --since."
            )
    else:
        print("The quarantine is empty.")


@quarantine.command()
def show(seq: Seq, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Show one message with its headers and its content, which may hold personal data."""
    one = _connected(directory, lambda client: read_one(client.jetstream(timeout=10), seq))
    (document if as_json else pretty)(one.whole())


@quarantine.command("delete")
def delete_(seq: Seq, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Overwrite one message for good, such as a message with texts that were erased elsewhere."""
    _connected(directory, lambda client: delete(client.jetstream(timeout=10), seq))
    if as_json:
        document({"ok": True, "seq": seq})
    else:
        print(f"Number {seq} is gone for good.")


@quarantine.command("replay")
def replay_(
    seqs: Seqs = None,
    everything: Annotated[bool, typer.Option("--all", help="All messages that the filters select.")] = False,
    kind: Kind = None,
    reason: Reason = None,
    since: Since = None,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Deliver messages to their service again; a message that is handled leaves the quarantine."""
    filtered = everything or kind or reason or since
    if bool(seqs) == bool(filtered):
        raise UsageError(
            "Name the numbers of messages, or give --all, --kind, --reason or --since; not both."
        )
    wanted = _wanted(kind, reason, since)

    async def again(client: Client) -> list[Replayed]:
        chosen = seqs or [one.seq for one in await find(client.jetstream(timeout=10), wanted)]
        return await replay(client, list(dict.fromkeys(chosen)))

    _print_results(_connected(directory, again), as_json)


def _print_results(done: list[Replayed], as_json: bool) -> None:
    stayed = [one for one in done if not one.answer.ok]
    counts = {"replayed": len(done) - len(stayed), "stayed": len(stayed)}
    if as_json:
        document({"ok": not stayed, **counts, "items": [one.plain() for one in done]})
    else:
        for one in done:
            print(one.sentence())
        if len(done) != 1:
            print(f"{counts['replayed']} replayed, {counts['stayed']} stayed.")
    if stayed:
        raise typer.Exit(1)


def _wanted(kind: str | None, reason: str | None, since: str | None) -> Selection:
    if kind not in (None, *KINDS):
        raise UsageError(f"--kind must be {' or '.join(KINDS)}.")
    if reason and reason not in REASONS and not FAILURE.fullmatch(reason):
        raise UsageError(f"--reason must be one of {', '.join(REASONS)}, or the class of a failure.")
    try:
        return Selection(kind, reason, _instant(since) if since else None)
    except ValueError:
        raise UsageError(
            "--since takes an instant such as 2026-11-21T09:00Z, or a time ago such as 2h."
        ) from None


def _instant(since: str) -> datetime:
    try:
        instant = datetime.fromisoformat(since)
    except ValueError:
        return datetime.now(UTC) - parse_duration(since)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _connected(directory: Path | None, work: Callable[[Client], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with connected(directory) as client:
            return await work(client)

    return asyncio.run(run())


def _table(found: list[Quarantined]) -> Table:
    table = Table(title="Quarantine 隔离", title_justify="left")
    columns = ("seq", "danger", "at", "kind", "reason", "field", "detail", "subject", "bytes")
    for column in columns:
        table.add_column(column, overflow="fold")
    for one in found:
        summary = one.summary() | {"at": (one.at or "")[:19], "danger": "!" if one.danger else ""}
        table.add_row(*(str(summary[column] or "—") for column in columns))
    return table
