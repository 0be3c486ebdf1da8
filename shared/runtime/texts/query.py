"""The `text` query: the service that put a text away reads it back, and puts the read on record."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import TextQuery, TextReply
from shared.contract.subjects import Service
from shared.policy.models import Pack
from shared.runtime.texts.keeping import NoSuchText, Texts, UnreadableText

GATEWAY = "gateway"
"""The one that delivers notices reads them without being on the roster."""

NO_READER = "This actor may read no texts. Use a staff id of the policy pack, or `gateway` for a notice."
NO_READER_ZH = "此操作人无权读取文本。请使用策略包中的员工编号；读取通知可用 gateway。"

SPEAKER = Service.INTAKE
"""Answers for references that belong to nobody, so that no question ends in silence."""


def readers(pack: Pack) -> frozenset[str]:
    """Who may read texts: the staff of the policy, and the gateway. Not the complainant."""
    return frozenset(person.id for person in pack.staff) | {GATEWAY}


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
        if query.actor.id == GATEWAY and not query.text_ref.rsplit(":", 1)[-1].startswith("notice-"):
            return refuse(
                ErrorCode.OVER_AUTHORITY,
                detail="the gateway reads notices",
                detail_zh="网关只能读取通知",
                field="text_ref",
            )
        complaint = query.text_ref.split(":")[1:2]
        if self.conflict and complaint and (why := await self.conflict(complaint[0], query.actor.id)):
            return why
        try:
            text = await self.texts.read(query.text_ref, query.actor.id, query.purpose, self.now())
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


def _no_such(detail: str, detail_zh: str) -> Refusal:
    return refuse(ErrorCode.MALFORMED, detail=detail, detail_zh=detail_zh, field="text_ref")
