"""`amends submit`: publish a complaint and say its id."""

import asyncio
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from nats.js.api import PubAck
from pydantic import ValidationError

from services.console.app import Debug, Dir, Json, app
from services.console.failure import ConsoleFailure, first_problem
from services.console.messages import connected
from services.console.output import document
from shared.contract import subjects
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.errors import ErrorCode
from shared.contract.ids import complaint_id
from shared.contract.subjects import Channel
from shared.contract.submission import GRUMBLED, MAX_BYTES, SUBMITTED, Submitted

DEFAULT_SOURCE = "amends/console"


@app.command()
def submit(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CloudEvent, or just its data, as JSON.")],
    channel: Annotated[Channel, typer.Option(help="How the complainant came to us.")] = Channel.WEB,
    source: Annotated[str | None, typer.Option(help="The sender, where the file is just the data.")] = None,
    external_id: Annotated[
        str | None, typer.Option("--id", help="The sender's own id of the complaint.")
    ] = None,
    grumble: Annotated[
        bool, typer.Option("--grumble", help="Somebody is not content, but does not complain yet.")
    ] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Send it as it is; intake may quarantine it.")
    ] = False,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Submit a complaint; prints its id once the message is durable."""
    raw = _read(file)
    event = _envelope(raw, source, external_id, GRUMBLED if grumble else None)
    payload = raw if event is None else json.dumps(event, ensure_ascii=False).encode()
    if not unchecked:
        _check(payload)
    receipt = asyncio.run(_publish(directory, channel, payload))
    identity = _identity(event)
    if as_json:
        document({"ok": True, "complaint_id": identity, "stream": receipt.stream, "seq": receipt.seq})
    else:
        print(identity or f"message {receipt.seq} of {receipt.stream}")


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.") from None


def _envelope(
    raw: bytes, source: str | None, external_id: str | None, kind: str | None
) -> dict[str, Any] | None:
    """The CloudEvent to send; None where the bytes are not a JSON object and can only go as they are."""
    try:
        content = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    if "specversion" not in content and "data" not in content:
        content = {"data": content}
    given = {"source": source, "id": external_id, "type": kind}
    content |= {name: value for name, value in given.items() if value is not None}
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    defaults = {
        "specversion": "1.0",
        "type": SUBMITTED,
        "source": DEFAULT_SOURCE,
        "id": str(uuid.uuid4()),
        "time": now,
    }
    return defaults | content


def _check(payload: bytes) -> None:
    """Say now what intake would put into quarantine later."""
    if len(payload) > MAX_BYTES:
        raise ConsoleFailure("The complaint is larger than 256 KiB. Shorten it.", code=ErrorCode.MALFORMED)
    try:
        Submitted.model_validate_json(payload)
    except ValidationError as error:
        raise ConsoleFailure(
            f"The complaint is not valid: {first_problem(error)}. Correct it, or send it with --unchecked.",
            code=ErrorCode.MALFORMED,
        ) from None


def _identity(event: dict[str, Any] | None) -> str | None:
    if event is None or not isinstance(event["source"], str) or not isinstance(event["id"], str):
        return None
    return complaint_id(event["source"], event["id"])


async def _publish(directory: Path | None, channel: Channel, payload: bytes) -> PubAck:
    """Send it with an acknowledgement, and without a message id.

    Intake knows a repeat by source and id. A message id would make the server swallow a corrected complaint
    that follows a quarantined one within the duplicate window.
    """
    async with connected(directory) as client:
        return await client.jetstream(timeout=10).publish(
            subjects.submit(channel),
            payload,
            stream=subjects.SUBMIT_STREAM,
            headers={"content-type": CONTENT_TYPE},
        )
