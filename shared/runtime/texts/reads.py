"""Query `reads`: the log of reads of one service's texts, for the privacy role."""

from typing import Annotated

from pydantic import Field, TypeAdapter
from sqlmodel import Session, col, select

from shared.contract.cursors import BadCursor, bad_cursor, cursor_of, position_in
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import Reads, ReadsQuery, TextRead
from shared.policy.models import Pack
from shared.runtime import refusals
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.master_key import UnreadableText
from shared.runtime.texts.query import Conflict
from shared.runtime.texts.tables import TextReadRow


def complaint_of(ref: str) -> str:
    """Complaint of a text reference."""
    return ref.split(":")[1]


POSITION: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=2**62)])
"""Number of the last read of the previous page. New reads have higher numbers, and come before it."""


class ReadsWork:
    """Answers `reads` for one service; None leaves the reply to the service that was named.

    A person concerned by a complaint does not learn who read its texts: the query is refused
    (`conflict_of_interest`). From a page of all complaints these reads are left out, so it may have fewer
    items than its limit. Refused also: `unknown_actor`, `over_authority` for any other role, `malformed`
    for an invalid cursor.
    """

    def __init__(self, texts: Texts, pack: Pack, conflict: Conflict) -> None:
        self._texts = texts
        self._conflict = conflict
        self._roles = {person.id: person.role for person in pack.staff}

    async def __call__(self, query: ReadsQuery) -> Reads | Refusal | None:
        if query.service != self._texts.service:
            return None
        role = self._roles.get(query.actor.id)
        if role is None:
            return refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id")
        if role != "privacy":
            return refuse(refusals.ONLY_PRIVACY_READS_LOG)
        if query.complaint_id and (why := await self._conflict(query.complaint_id, query.actor.id)):
            return why
        try:
            page = await self._texts.database.read(lambda session: self._page(session, query))
        except BadCursor:
            return bad_cursor()
        return await self._open_to(query.actor.id, page)

    async def _open_to(self, actor: str, page: Reads) -> Reads:
        """Page without the complaints that concern the actor; each is checked once."""
        whose = {complaint_of(item.text_ref) for item in page.items}
        hidden = {one for one in sorted(whose) if await self._conflict(one, actor)}
        items = [item for item in page.items if complaint_of(item.text_ref) not in hidden]
        return page.model_copy(update={"items": items})

    def _page(self, session: Session, query: ReadsQuery) -> Reads:
        number = col(TextReadRow.id)
        statement = select(TextReadRow).order_by(number.desc()).limit(query.limit + 1)
        if query.cursor:
            before = position_in(query.cursor, query.NAME, query.chosen(), POSITION)
            statement = statement.where(number < before)
        if query.complaint_id:
            begins = f"{self._texts.service}:{query.complaint_id}:"
            statement = statement.where(col(TextReadRow.ref).startswith(begins, autoescape=True))
        if query.reader:
            statement = statement.where(TextReadRow.actor == query.reader)
        rows = session.exec(statement).all()
        page = rows[: query.limit]
        more = len(rows) > query.limit
        cursor = cursor_of(query.NAME, query.chosen(), page[-1].id) if more else None
        return Reads(items=[self._read(session, row) for row in page], next_cursor=cursor)

    def _read(self, session: Session, row: TextReadRow) -> TextRead:
        try:
            purpose: str | None = self._texts.purpose_of(session, row)
        except UnreadableText:
            purpose = None
        return TextRead(text_ref=row.ref, actor=row.actor, read_at=row.read_at, purpose=purpose, via=row.via)
