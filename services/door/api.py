"""`POST /v1/complaints`: a CloudEvent in, 202 once it is durable."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from prometheus_client import Counter
from pydantic import WithJsonSchema
from starlette.responses import Response

from services.door.cloud_events import structured_event
from services.door.described import EXTRA, RESPONSES
from services.door.limits import Room, SenderRates, read_body
from services.door.publishers import Doorman
from services.door.reading import Sending, prepared
from services.door.refusal import RefusedRequest
from services.door.submitting import Line
from shared.contract import subjects
from shared.contract.door import COMPLAINTS_PATH, Accepted, Trouble
from shared.contract.subjects import Channel
from shared.masking.masker import Kind
from shared.runtime.clients.register import Client
from shared.runtime.traceparent import TRACEPARENT, trace_of

ANSWERS = Counter("amends_door_answers", "Answers to submissions over HTTP.", ["way", "code"])
ACCEPTED = "accepted"

TOKEN = HTTPBearer(
    scheme_name="token",
    description="The token of a publisher, made by the operator with `amends door-token`. It speaks for one "
    "source.",
    auto_error=False,
)
CHANNEL = Query(
    description="Channel of the complaint; `web` if neither this nor the attribute `channel` is given.",
)

router = APIRouter()


@router.post(
    COMPLAINTS_PATH,
    status_code=202,
    operation_id="submitComplaint",
    summary="Submit a complaint.",
    response_model=Accepted,
    response_description="The complaint is durable.",
    responses=RESPONSES,
    openapi_extra=EXTRA,
)
async def submit(
    request: Request,
    token: Annotated[HTTPAuthorizationCredentials | None, Security(TOKEN)],
    channel: Annotated[str | None, CHANNEL, WithJsonSchema({"type": "string", "enum": [*Channel]})] = None,
) -> Response:
    """Send a complaint as a CloudEvent 1.0, structured (`application/cloudevents+json`) or binary (every
    attribute in a `ce-` header, the data as `application/json`). 202 comes only after the complaint is
    durable; without it send the same again. The same `source` and `id`, however often and however late, is
    the same complaint. At most 256 KiB.
    """
    api: Api = request.app.state.api
    return await api.submit(request, token.credentials if token else None, channel)


class Api:
    """Entrance for other systems."""

    def __init__(
        self,
        doorman: Doorman,
        line: Line,
        rates: SenderRates,
        room: Room,
        per_minute: int,
        kinds: Collection[Kind],
    ) -> None:
        self._doorman = doorman
        self._line = line
        self._rates = rates
        self._room = room
        self._per_minute = per_minute
        self._kinds = kinds

    async def submit(self, request: Request, token: str | None, channel: str | None) -> Response:
        """Identify the sender before reading the content. 202 is answered only for a message that JetStream
        holds.
        """
        try:
            publisher = self._doorman.admit(token)
            limit = RateLimitItemPerMinute(publisher.per_minute or self._per_minute)
            self._rates.count(limit, f"publisher {publisher.name}")
            with self._room.place(f"publisher {publisher.name}"):
                sending = await self._read(request, publisher, channel)
                await self._line.submit(sending)
        except RefusedRequest as refused:
            ANSWERS.labels("api", refused.problem.code).inc()
            raise
        ANSWERS.labels("api", ACCEPTED).inc()
        return _accepted(sending)

    async def _read(self, request: Request, publisher: Client, channel: str | None) -> Sending:
        event = structured_event(request.scope["headers"], await read_body(request, self._room.patience))
        sending = prepared(event, channel, datetime.now(UTC), self._kinds)
        if not publisher.may_speak_for(sending.source):
            raise RefusedRequest(Trouble.FOREIGN_SOURCE, field="source")
        return replace(sending, trace=trace_of(request.headers.get(TRACEPARENT, "")))


def _accepted(sending: Sending) -> Response:
    """Response 202, with the subject on which permitted clients can follow the complaint."""
    body = Accepted(
        complaint_id=sending.complaint_id,
        source=sending.source,
        id=sending.external_id,
        not_understood=sending.not_understood,
        timeline=subjects.timeline(sending.complaint_id),
    )
    where = {"Location": f"urn:amends:complaint:{sending.complaint_id}"}
    return Response(body.model_dump_json(exclude_defaults=True), 202, where, media_type="application/json")
