"""`POST /v1/complaints`: a CloudEvent in, 202 once it is durable."""

from collections.abc import Collection
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from limits import RateLimitItemPerMinute
from prometheus_client import Counter
from starlette.responses import Response

from services.door.cloud_events import structured_event
from services.door.limits import Rates, Room, read_body
from services.door.publishers import Doorman
from services.door.reading import Sending, prepared
from services.door.refusal import Refused
from services.door.submitting import Line
from shared.contract import subjects
from shared.contract.door import CHANNEL, COMPLAINTS_PATH, Accepted, Trouble
from shared.masking.masker import Kind
from shared.runtime.clients.register import Client

ANSWERS = Counter("amends_door_answers", "Answers to submissions over HTTP.", ["way", "code"])
ACCEPTED = "accepted"


class Api:
    """The way in for other systems."""

    def __init__(
        self,
        doorman: Doorman,
        line: Line,
        rates: Rates,
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
        self.router = APIRouter()
        self.router.add_api_route(COMPLAINTS_PATH, self.submit, methods=["POST"], response_class=Response)

    async def submit(self, request: Request) -> Response:
        """Who it is comes before what it says; nothing is answered with 202 that JetStream does not hold."""
        try:
            publisher = self._doorman.admit(request)
            limit = RateLimitItemPerMinute(publisher.per_minute or self._per_minute)
            self._rates.count(limit, f"publisher {publisher.name}")
            with self._room.place(f"publisher {publisher.name}"):
                sending = await self._read(request, publisher)
                await self._line.submit(sending)
        except Refused as refused:
            ANSWERS.labels("api", refused.problem.code).inc()
            raise
        ANSWERS.labels("api", ACCEPTED).inc()
        return _accepted(sending)

    async def _read(self, request: Request, publisher: Client) -> Sending:
        event = structured_event(request.scope["headers"], await read_body(request, self._room.patience))
        sending = prepared(event, request.query_params.get(CHANNEL), datetime.now(UTC), self._kinds)
        if not publisher.may_speak_for(sending.source):
            raise Refused(Trouble.FOREIGN_SOURCE, field="source")
        return sending


def _accepted(sending: Sending) -> Response:
    """202, and where the complaint can be followed: by whoever may listen there."""
    body = Accepted(
        complaint_id=sending.complaint_id,
        source=sending.source,
        id=sending.external_id,
        not_understood=sending.not_understood,
        timeline=subjects.timeline(sending.complaint_id),
    )
    where = {"Location": f"urn:amends:complaint:{sending.complaint_id}"}
    return Response(body.model_dump_json(exclude_defaults=True), 202, where, media_type="application/json")
