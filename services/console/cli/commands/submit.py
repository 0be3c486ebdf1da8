"""`amends submit`: publish a complaint and say its id."""

import asyncio
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import nats.errors
import orjson
import typer
from nats.aio.client import Client
from nats.js.api import PubAck
from pydantic import ValidationError

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.nats import connected
from shared.client.failures import AmendsError
from shared.contract import subjects
from shared.contract.door import Reused
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.errors import ErrorCode
from shared.contract.ids import complaint_id
from shared.contract.quarantine import Misfit, Reason
from shared.contract.subjects import Channel
from shared.contract.submission import GRUMBLED, SUBMITTED, TAKEN
from shared.contract.submission.decoding import parsed, unambiguous
from shared.contract.submission.identifiers import EVERY_KIND, refuse_numbers
from shared.contract.submission.reading import KNOWN, read_submission

DEFAULT_SOURCE = "amends/console"

ASK_SECONDS = 2.0
"""So long intake may take to say whether an id is known. Who may not ask gets no answer."""

NOT_ASKED = (
    "Sent. Intake did not say whether this id is in use; if it is, `amends quarantine list` shows it.  "
    "已提交；未能确认该编号是否已被使用，如已使用，可用 amends quarantine list 查看。"
)


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
    """Submit a complaint; prints its id once the message is durable, and wishes that are not understood."""
    raw = _read(file)
    given = {"source": source, "id": external_id, "type": GRUMBLED if grumble else None}
    strange: list[str] = []
    try:
        event = _envelope(_object(raw), given)
        payload = orjson.dumps(event)
        if not unchecked:
            _, submitted = read_submission(subjects.submit(channel), payload, datetime.now(UTC), TAKEN)
            refuse_numbers(submitted, EVERY_KIND)
            strange = submitted.data.not_understood
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
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.") from None


def _object(raw: bytes) -> dict[str, Any]:
    """The JSON object in the file, read as intake would. Raises `Misfit`."""
    content = parsed(raw)
    unambiguous(content, raw, KNOWN)
    return content


def _envelope(content: dict[str, Any], given: dict[str, str | None]) -> dict[str, Any]:
    """The CloudEvent to send: what the file says, what the options say, and what has to be there."""
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
    """Now, in the same words, what intake would say when it puts it into quarantine."""
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
    """Send it with an acknowledgement, and without a message id; and whether intake knows its id as free.

    Intake knows a repeat by source and id. A message id would make the server swallow a corrected complaint
    that follows a quarantined one within the duplicate window.
    """
    async with connected(directory) as client:
        free = ask and await _unused(client, payload)
        receipt = await client.jetstream(timeout=10).publish(
            subjects.submit(channel),
            payload,
            stream=subjects.SUBMIT_STREAM,
            headers={"content-type": CONTENT_TYPE},
        )
    return receipt, free or not ask


async def _unused(client: Client, payload: bytes) -> bool:
    """Whether intake says that this id means nothing else, as the door asks it; False where it says nothing.

    Nothing is sent where it is another complaint's: it would lie in the quarantine while its id was printed.
    """
    try:
        answer = await client.request(subjects.REUSED, payload, timeout=ASK_SECONDS)
        reused = Reused.model_validate_json(answer.data)
    except (nats.errors.Error, ValidationError, TimeoutError):
        return False
    if reused.detail:
        raise AmendsError(
            f"The complaint was not sent: {reused.detail}  未提交：{reused.detail_zh}", code=Reason.ID_REUSED
        )
    return True
