"""Web form of a complainant: GET / shows it, POST / sends it, /sent shows the next step."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from limits import RateLimitItemPerHour
from starlette.responses import FileResponse, RedirectResponse, Response

from services.door.api import ACCEPTED, ANSWERS
from services.door.entries import FIELD_OF, FORM, LANG, FilledForm
from services.door.limits import Room, SenderRates, read_body
from services.door.pages import STYLE, Pages, address_of
from services.door.reading import Sending, prepared
from services.door.recent import Recent, Sent, digest_of
from services.door.refusal import RefusedRequest
from services.door.stamps import Stamps
from services.door.submitting import Line
from shared.contract.door import Trouble
from shared.contract.quarantine import Reason

MEDIA = "application/x-www-form-urlencoded"

SAID = {
    Trouble.UNAVAILABLE: "unavailable",
    Trouble.OVERLOADED: "unavailable",
    Trouble.RATE_LIMITED: "rate_limited",
    Reason.TOO_LARGE: "too_large",
    Trouble.FOREIGN_SOURCE: "foreign",
    Reason.ID_REUSED: "sent_before",
}
"""Keys of the sentences for refusals that concern no field."""


class Form:
    """Entrance for people. It needs no script, sets no cookie, and stores no text."""

    def __init__(
        self, stamps: Stamps, pages: Pages, line: Line, rates: SenderRates, room: Room, per_hour: int
    ) -> None:
        self._stamps = stamps
        self._pages = pages
        self._line = line
        self._rates = rates
        self._room = room
        self._limit = RateLimitItemPerHour(per_hour)
        self._recent = Recent()
        self.router = APIRouter(include_in_schema=False)
        for path, way, method in (
            ("/", self.show, "GET"),
            ("/", self.take, "POST"),
            ("/sent", self.sent, "GET"),
        ):
            self.router.add_api_route(path, way, methods=[method], response_class=Response)
        self.router.add_api_route("/door.css", _style, methods=["GET"], response_class=Response)

    async def show(self, request: Request) -> Response:
        """Show an empty form with a new name. The browser may return to it, but asks again otherwise."""
        response = self._pages.form(request, FilledForm({}), self._new_form())
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    async def take(self, request: Request) -> Response:
        """Submit one complaint, however often the form is sent; or show the form again, as it was filled
        in.
        """
        entry = FilledForm({})
        try:
            must_be_ours(request)
            who = f"address {address_of(request)}"
            with self._room.place(who):
                entry = _entry(request, await read_body(request, self._room.patience))
                self._rates.count(self._limit, who)
                response = await self._taken(request, entry)
        except RefusedRequest as refused:
            response = self._again(request, entry, refused)
            ANSWERS.labels("form", refused.problem.code).inc()
        return response

    async def sent(self, request: Request) -> Response:
        """Show the complaint's number and the instant of the promised answer. Only for addresses that this
        door made.
        """
        asked = request.query_params
        number, at, seal = asked.get("id", ""), asked.get("at", ""), asked.get("seal", "")
        if not self._stamps.holds(seal, "sent", number, at):
            return self._pages.gone(request)
        return self._pages.sent(request, number, datetime.fromtimestamp(int(at), UTC))

    async def _taken(self, request: Request, entry: FilledForm) -> Response:
        now = datetime.now(UTC)
        name = self._stamps.form_name(entry[FORM], now)
        faults = entry.faults()
        if faults or name is None:
            said = "" if faults else "expired"
            return self._pages.form(
                request, entry, (name and entry[FORM]) or self._new_form(), faults, said, 422
            )
        known, digest = self._recent.get(name), digest_of(entry)
        if known and known.digest != digest:
            return self._pages.form(request, entry, self._new_form(), {}, "sent_before", 409)
        if known is None:
            sending = self._sending(request, entry, name, now)
            await self._line.submit(sending)
            known = Sent(sending.complaint_id, now, digest)
            self._recent.keep(name, known)
            ANSWERS.labels("form", ACCEPTED).inc()
        return self._onward(request, entry, known)

    def _sending(self, request: Request, entry: FilledForm, name: str, now: datetime) -> Sending:
        language = self._pages.language(request, entry[LANG])
        event = entry.event(name, self._stamps.pseudonym(entry.contact), language, now)
        sending = prepared(event, None, now)
        # Each click has a time of its own, and all are one complaint; but other words are no repeat.
        return replace(sending, message_id=f"{sending.complaint_id}-{digest_of(entry).hex()[:32]}")

    def _onward(self, request: Request, entry: FilledForm, sent: Sent) -> Response:
        """Reloading the page that follows sends nothing again."""
        at = str(int(sent.at.timestamp()))
        language = self._pages.language(request, entry[LANG])
        seal = self._stamps.seal("sent", sent.complaint_id, at)
        return RedirectResponse(
            f"/sent?{urlencode({'id': sent.complaint_id, 'at': at, 'lang': language, 'seal': seal})}", 303
        )

    def _again(self, request: Request, entry: FilledForm, refused: RefusedRequest) -> Response:
        """Form as it was filled in, with the reason of the refusal."""
        code, field = refused.problem.code, FIELD_OF.get(refused.problem.field or "")
        said = {str(known): word for known, word in SAID.items()}.get(code, "unavailable")
        faults: Mapping[str, str] = {}
        if code == Reason.INVALID:
            faults, said = {field or "narrative": "unreadable"}, ""
        stamp = self._new_form() if code == Reason.ID_REUSED else entry[FORM] or self._new_form()
        response = self._pages.form(request, entry, stamp, faults, said, refused.problem.status)
        response.headers.update(refused.headers)
        return response

    def _new_form(self) -> str:
        name = base64.b32encode(secrets.token_bytes(16)).decode().lower().rstrip("=")
        return self._stamps.form(name, datetime.now(UTC))


def must_be_ours(request: Request) -> None:
    """Refuse a form that a page of another site sends (cross-site request forgery)."""
    fetched, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not ours or fetched not in (None, "same-origin", "none") or media != MEDIA:
        raise RefusedRequest(Trouble.FOREIGN_SOURCE)


def _entry(request: Request, body: bytes) -> FilledForm:
    try:
        return FilledForm.of(body)
    except ValueError:
        raise RefusedRequest(Reason.INVALID) from None


async def _style() -> FileResponse:
    return FileResponse(STYLE, headers={"Cache-Control": "public, max-age=3600"})
