"""`amends quarantine`: what was set aside, why, and how to send it on its way again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from nats.js import JetStreamContext
from rich.table import Table

from services.console.app import Debug, Dir, Json, app
from services.console.messages import connected
from services.console.output import document, pretty, terminal
from services.console.set_aside import SetAside, read_all, read_one, replay

Result = TypeVar("Result")
Seq = Annotated[int, typer.Argument(metavar="SEQ", min=1, help="Its number in `quarantine list`.")]

quarantine = typer.Typer(no_args_is_help=True, help="Messages set aside: bad submissions and dead letters.")
app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many, oldest first.")] = 100,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """List what was set aside, with the reason."""
    found = _with_stream(directory, lambda js: read_all(js, limit))
    if as_json:
        document({"items": [one.summary() for one in found]})
    elif found:
        terminal().print(_table(found))
    else:
        print("Nothing is set aside.")


@quarantine.command()
def show(seq: Seq, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Show one message with its headers and its content, which may hold personal data."""
    one = _with_stream(directory, lambda js: read_one(js, seq))
    (document if as_json else pretty)(one.whole())


@quarantine.command("replay")
def replay_(seq: Seq, directory: Dir = None, as_json: Json = False, debug: Debug = False) -> None:
    """Publish one message again where it came from; the copy here is deleted once that is durable."""

    async def again(js: JetStreamContext) -> dict[str, object]:
        one = await read_one(js, seq)
        receipt = await replay(js, one)
        return {
            "ok": True,
            "seq": seq,
            "subject": one.subject,
            "stream": receipt.stream,
            "stream_seq": receipt.seq,
        }

    done = _with_stream(directory, again)
    if as_json:
        document(done)
    else:
        print(f"Message {seq} was published again on {done['subject']}.")


def _with_stream(directory: Path | None, work: Callable[[JetStreamContext], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with connected(directory) as client:
            return await work(client.jetstream(timeout=10))

    return asyncio.run(run())


def _table(found: list[SetAside]) -> Table:
    table = Table(title="Set aside 隔离", title_justify="left")
    columns = ("seq", "at", "kind", "reason", "field", "detail", "subject", "bytes")
    for column in columns:
        table.add_column(column, overflow="fold")
    for one in found:
        summary = one.summary() | {"at": (one.at or "")[:19]}
        table.add_row(*(str(summary[column] or "—") for column in columns))
    return table
