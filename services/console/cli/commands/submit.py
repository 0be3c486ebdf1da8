"""`amends submit`: publish a complaint and print its id."""

import asyncio
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from nats.js.api import PubAck

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.nats import connected
from shared.client import submitting
from shared.client.failures import AmendsError
from shared.contract.errors import ErrorCode
from shared.contract.ids import complaint_id
from shared.contract.json_objects import parsed, unambiguous
from shared.contract.quarantine import Misfit
from shared.contract.subjects import Channel
from shared.contract.submission import GRUMBLED, SUBMITTED
from shared.contract.submission.reading import KNOWN
from shared.named_file import Unreadable, read_named

DEFAULT_SOURCE = "amends/console"
MOST_BYTES = 4 * 1024 * 1024
"""Limit for a file to submit. It is more than NATS carries, so that the refusal is about the message."""


NOT_ASKED = (
    "Sent. Intake did not answer whether this id is in use; if it is, `amends quarantine list` shows it.  "
    "已提交；未能确认该编号是否已被使用，如已使用，可用 amends quarantine list 查看。"
)


@app.command()
def submit(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CloudEvent, or just its data, as JSON.")],
    channel: Annotated[Channel, typer.Option(help="Channel of the complaint.")] = Channel.WEB,
    source: Annotated[str | None, typer.Option(help="The sender, where the file is just the data.")] = None,
    external_id: Annotated[
        str | None, typer.Option("--id", help="The sender's own id of the complaint.")
    ] = None,
    grumble: Annotated[
        bool,
        typer.Option("--grumble", help="Submit it as a grumble: a dissatisfaction that is no complaint yet."),
    ] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Send it as it is; intake may quarantine it.")
    ] = False,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Submit a complaint; prints its id once the message is durable, and wishes that are not understood."""
    raw = _read(file)
    given = {"source": source, "id": external_id, "type": GRUMBLED if grumble else None}
    strange: list[str] = []
    try:
        event = _envelope(_object(raw), given)
        payload = orjson.dumps(event)
        if not unchecked:
            strange = submitting.checked(channel, payload)
    except Misfit as misfit:
        if not unchecked:
            raise _invalid(misfit) from None
        event, payload = None, raw
    receipt, asked = asyncio.run(_publish(directory, channel, payload, ask=not unchecked))
    identity = _identity(event)
    if not asked:
        print(NOT_ASKED, file=sys.stderr)
    if as_json:
        said = {"ok": True, "complaint_id": identity, "stream": receipt.stream, "seq": receipt.seq}
        document(said | ({"not_understood": strange} if strange else {}))
        return
    print(identity or f"message {receipt.seq} of {receipt.stream}")
    if strange:
        fields = ", ".join(strange)
        print(f"not understood and left out: {fields}  未理解，已略去：{fields}", file=sys.stderr)


def _read(file: str) -> bytes:
    if file == "-":
        return _within(sys.stdin.buffer.read(MOST_BYTES + 1), "the standard input")
    try:
        return read_named(Path(file), MOST_BYTES)
    except Unreadable as error:
        raise typer.BadParameter(f"{file}: {error.why}; a stream is read as `-`.") from None


def _within(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise typer.BadParameter(f"{name} has more than {MOST_BYTES} bytes.")
    return content


def _object(raw: bytes) -> dict[str, Any]:
    """JSON object in the file, parsed as intake parses it. Raises `Misfit`."""
    content = parsed(raw)
    unambiguous(content, raw, KNOWN)
    return content


def _envelope(content: dict[str, Any], given: dict[str, str | None]) -> dict[str, Any]:
    """CloudEvent to send: the content of the file, the values of the options, and the required fields."""
    if "specversion" not in content and "data" not in content:
        content = {"data": content}
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    defaults = {
        "specversion": "1.0",
        "type": SUBMITTED,
        "source": DEFAULT_SOURCE,
        "id": str(uuid.uuid4()),
        "time": now,
    }
    return defaults | content | {name: value for name, value in given.items() if value is not None}


def _invalid(misfit: Misfit) -> AmendsError:
    """Return the failure, in the words with which intake would quarantine the message."""
    return AmendsError(
        f"The complaint is not valid: {misfit.detail}. Correct it, or send it with --unchecked.",
        code=ErrorCode.MALFORMED,
    )


def _identity(event: dict[str, Any] | None) -> str | None:
    if event is None or not isinstance(event["source"], str) or not isinstance(event["id"], str):
        return None
    return complaint_id(event["source"], event["id"])


async def _publish(
    directory: Path | None, channel: Channel, payload: bytes, *, ask: bool
) -> tuple[PubAck, bool]:
    """Publish the message; return the acknowledgement, and whether intake knows its id as free."""
    async with connected(directory) as client:
        free = ask and await submitting.id_is_free(client, payload)
        receipt = await submitting.publish(client, channel, payload)
    return receipt, free or not ask
