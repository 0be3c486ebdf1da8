"""The `text` query: the service that put a text away reads it back, and puts the read on record."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.contract.clients import GATEWAY_ACTOR, THEIR_OWN, TO_DELIVER, kind_of_text
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import TextQuery, TextReply
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER
from shared.policy.models import Pack
from shared.runtime.texts.keeping import NoSuchText, Texts, UnreadableText

NO_READER = (
    "This actor may read no texts. Use a staff id of the policy pack, `gateway` for a notice, or `customer` "
    "for the complainant's own words."
)
NO_READER_ZH = (
    "此操作人无权读取文本。请使用策略包中的员工编号；读取通知可用 gateway，客户本人的内容可用 customer。"
)

READS = {GATEWAY_ACTOR: TO_DELIVER, CUSTOMER: THEIR_OWN}
"""What those read who are not on the roster: who delivers notices, and the complainant."""

SPEAKER = Service.INTAKE
"""Answers for references that belong to nobody, so that no question ends in silence."""


def readers(pack: Pack) -> frozenset[str]:
    """Who may read texts: the staff of the policy, and those of `READS` what is theirs."""
    return frozenset(person.id for person in pack.staff) | set(READS)


Conflict = Callable[[str, str], Awaitable[Refusal | None]]
"""Why an actor may have no part in a complaint, or None: asked with the ids of both."""


class TextWork:
    """Answers `text` for one service; None leaves the reply to the service that the reference names.

    Refused: `unknown_actor`, `conflict_of_interest` for whom the complaint is about, `erased`, and
    `malformed` for a reference without a text.
    """

    def __init__(
        self,
        texts: Texts,
        allowed: frozenset[str],
        now: Callable[[], datetime],
        conflict: Conflict | None = None,
    ) -> None:
        """`conflict` says why somebody whom the complaint is about may not read it."""
        self.conflict = conflict
        self.texts = texts
        self.allowed = allowed
        self.now = now

    async def __call__(self, query: TextQuery) -> TextReply | Refusal | None:
        owner = query.text_ref.split(":", 1)[0]
        if owner not in list(Service) and self.texts.service is SPEAKER:
            services = ", ".join(Service)
            return _no_such(
                f"a text_ref begins with the name of a service: {services}",
                f"text_ref 以服务名开头：{services}",
            )
        if owner != self.texts.service:
            return None
        if query.actor.id not in self.allowed:
            refusal = refuse(ErrorCode.UNKNOWN_ACTOR, field="actor.id")
            return refusal.model_copy(update={"message": NO_READER, "message_zh": NO_READER_ZH})
        if foreign := _not_theirs(query):
            return foreign
        complaint = query.text_ref.split(":")[1:2]
        if self.conflict and complaint and (why := await self.conflict(complaint[0], query.actor.id)):
            return why
        try:
            text = await self.texts.read(query.text_ref, query.actor.id, query.purpose, self.now(), query.via)
        except NoSuchText as error:
            return await self._erased(query.text_ref) or _no_such(str(error), "此引用下没有文本，或已被删除")
        except UnreadableText as error:
            return _no_such(str(error), "该文本无法用现有密钥解密")
        return TextReply(text_ref=query.text_ref, text=text)

    async def _erased(self, ref: str) -> Refusal | None:
        at = await self.texts.database.read(lambda session: self.texts.erased_at(session, ref))
        return (
            refuse(ErrorCode.ERASED, detail=f"{at:%Y-%m-%d}", detail_zh=f"{at:%Y-%m-%d}", field="text_ref")
            if at
            else None
        )


def _not_theirs(query: TextQuery) -> Refusal | None:
    """A refusal for the gateway and the complainant where a text is not of a kind that they read."""
    mine = READS.get(query.actor.id)
    if mine is None or kind_of_text(query.text_ref) in mine:
        return None
    kinds = " ".join(mine)
    return refuse(
        ErrorCode.OVER_AUTHORITY,
        detail=f"{query.actor.id} reads texts of these kinds: {kinds}",
        detail_zh=f"{query.actor.id} 只能读取以下种类的文本：{kinds}",
        field="text_ref",
    )


def _no_such(detail: str, detail_zh: str) -> Refusal:
    return refuse(ErrorCode.MALFORMED, detail=detail, detail_zh=detail_zh, field="text_ref")
