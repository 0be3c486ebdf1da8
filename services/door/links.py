"""Page of a one-time link: GET shows what may be confirmed, POST sends the complainant's answer, once."""

from fastapi import APIRouter, Request
from limits import RateLimitItemPerHour
from pydantic import ValidationError
from starlette.responses import Response

from services.door.entries import FilledForm
from services.door.form import must_be_ours
from services.door.limits import Room, SenderRates, read_body
from services.door.pages import Pages, address_of
from services.door.refusal import RefusedRequest
from services.door.submitting import Line
from shared.contract.links import LINK_PATH, TOKEN, LinkAnswer, LinkAsked

STATUSES = {"unknown": 404, "expired": 410, "used": 410, "replaced": 410, "over": 410, "unavailable": 503}
"""HTTP status of each status of a link that is no success."""

ANSWER = "answer"
LONGEST = 5_000
"""Most characters of a correction."""


class LinkPage:
    """Page without script or cookie. A look changes nothing, so a preview of the link uses nothing up."""

    def __init__(self, pages: Pages, line: Line, rates: SenderRates, room: Room, per_hour: int) -> None:
        self._pages = pages
        self._line = line
        self._rates = rates
        self._room = room
        self._limit = RateLimitItemPerHour(per_hour)
        self.router = APIRouter(include_in_schema=False)
        for way, method in ((self.show, "GET"), (self.take, "POST")):
            self.router.add_api_route(LINK_PATH, way, methods=[method], response_class=Response)

    async def show(self, request: Request) -> Response:
        """Show what the link confirms, or why it does not any more."""
        return await self._answered(request, request.query_params.get(TOKEN, ""), None, None)

    async def take(self, request: Request) -> Response:
        """Send the answer: the restatement is right, or what is wrong with it."""
        try:
            must_be_ours(request)
            with self._room.place(f"address {address_of(request)}"):
                entry = FilledForm.of(await read_body(request, self._room.patience))
        except (RefusedRequest, ValueError):
            return self._pages.link(request, LinkAnswer(status="unknown"), "", 400)
        token, text = request.query_params.get(TOKEN, "") or entry[TOKEN], entry["text"]
        yes = entry[ANSWER] == "yes"
        if entry[ANSWER] not in ("yes", "no") or (not yes and not text) or len(text) > LONGEST:
            return await self._answered(request, token, None, None, problem="link_missing")
        return await self._answered(request, token, yes, text or None)

    async def _answered(
        self, request: Request, token: str, confirmed: bool | None, text: str | None, problem: str = ""
    ) -> Response:
        try:
            self._rates.count(self._limit, f"address {address_of(request)}")
            asked = LinkAsked(token=token, confirmed=confirmed, text=text)
        except (RefusedRequest, ValidationError) as error:
            status = 429 if isinstance(error, RefusedRequest) else 404
            problem = "rate_limited" if status == 429 else ""
            return self._pages.link(request, LinkAnswer(status="unknown"), "", status, problem)
        found = await self._line.link(asked)
        if found is None:
            return self._pages.link(request, LinkAnswer(status="unknown"), token, 503, "link_unavailable")
        status = 422 if problem else STATUSES.get(found.status, 200)
        return self._pages.link(request, found, token, status, problem)
