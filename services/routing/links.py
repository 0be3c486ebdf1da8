"""Links that work once: the token in the notice, and the answers to the door about it.

A token names the complaint, the restatement and its end, with a seal: HMAC-SHA-256 under the key of the
house, which the master key wraps. Nothing is stored for it, since the case knows whether it was used.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from services.routing.store import Store
from shared.contract.commands import ActorRef, CommandRequest, Confirm, Refused
from shared.contract.errors import ErrorCode
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.links import LINK_PATH, TOKEN, LinkAnswer, LinkAsked, LinkStatus
from shared.contract.recorded import LinkOf
from shared.contract.values import CUSTOMER, LINK, Stage
from shared.runtime.messages.requests import Answer, CommandWork
from shared.runtime.texts.digests import Digests

UNKNOWN = LinkAnswer(status="unknown")
OVER = (Stage.FOLLOWING_UP, Stage.CLOSED)


@dataclass(frozen=True)
class Token:
    """Content of a token."""

    complaint_id: str
    restatement_id: str
    until: datetime


class Links:
    """Makes and reads tokens. `address` is the door's for complainants; without it links are relative."""

    def __init__(self, digests: Digests, address: str = "") -> None:
        self._digests = digests
        self._address = address.rstrip("/")

    def url(self, complaint_id: str, link: LinkOf) -> str:
        """Address that the notice has."""
        return f"{self._address}{LINK_PATH}?{urlencode({TOKEN: self.token(complaint_id, link)})}"

    def token(self, complaint_id: str, link: LinkOf) -> str:
        """Token of a restatement."""
        number = link.id.removeprefix("restatement-")
        parts = (complaint_id, number, str(int(link.until.timestamp())))
        return ".".join((*parts, self._seal(*parts)))

    def read(self, token: str) -> Token | None:
        """Content of a token of ours; None for any other."""
        complaint, number, until, seal = (*token.split("."), "", "", "", "")[:4]
        known = hmac.compare_digest(seal.encode(), self._seal(complaint, number, until).encode())
        if not known or token.count(".") != 3 or not re.fullmatch(COMPLAINT_ID_PATTERN, complaint):
            return None
        return Token(complaint, f"restatement-{number}", datetime.fromtimestamp(int(until), UTC))

    def _seal(self, *parts: str) -> str:
        sealed = self._digests.of("\n".join(("link", *parts)).encode())
        return base64.b32encode(sealed).decode().lower()[:32]


class LinkWork:
    """Answers the door: the status of a link, and the complainant's answer by it."""

    def __init__(self, links: Links, store: Store, confirm: CommandWork, now: Callable[[], datetime]) -> None:
        self._links = links
        self._store = store
        self._confirm = confirm
        self._now = now

    def answer(self) -> Answer:
        """Handler of the requests."""

        async def work(body: bytes) -> BaseModel | None:
            try:
                asked = LinkAsked.model_validate_json(body)
            except ValidationError:
                return UNKNOWN
            return await self(asked)

        return work

    async def __call__(self, asked: LinkAsked) -> LinkAnswer:
        """Status of the link; with an answer of the complainant, what became of it."""
        token = self._links.read(asked.token)
        if token is None:
            return UNKNOWN
        row = await self._store.case(token.complaint_id)
        known: dict[str, Any] = (row.state["negotiation"].get("restatement") or {}) if row else {}
        status = self._status(token, known, row.stage if row else None)
        found = LinkAnswer(status=status, complaint_id=token.complaint_id, until=token.until)
        if status != "open":
            return found
        if asked.confirmed is None:
            return found.model_copy(update={"interests": known["interests"]})
        return found.model_copy(update={"status": await self._answered(token, asked)})

    def _status(self, token: Token, known: dict[str, Any], stage: str | None) -> LinkStatus:
        if stage is None or stage in OVER:
            return "over"
        if known.get("restatement_id") != token.restatement_id:
            return "replaced"
        if known.get("confirmed") is not None:
            return "used"
        return "expired" if token.until <= self._now() else "open"

    async def _answered(self, token: Token, asked: LinkAsked) -> LinkStatus:
        """Send the answer as the complainant's command. Its id is of the token, so two at once are one."""
        data = {"restatement_id": token.restatement_id, "confirmed": asked.confirmed, "text": asked.text}
        request = CommandRequest(
            command_id=f"link-{hashlib.sha256(asked.token.encode()).hexdigest()[:32]}",
            complaint_id=token.complaint_id,
            actor=ActorRef(id=CUSTOMER),
            data={name: value for name, value in data.items() if value is not None},
        ).sent_by(LINK)
        reply = await self._confirm(request, Confirm.model_validate(request.data))
        if not isinstance(reply, Refused):
            return "confirmed" if asked.confirmed else "corrected"
        code = reply.error.code
        passing: dict[ErrorCode, LinkStatus] = {
            ErrorCode.TOO_LATE: "expired",
            ErrorCode.UNAVAILABLE: "unavailable",
        }
        return passing.get(code, "used")
