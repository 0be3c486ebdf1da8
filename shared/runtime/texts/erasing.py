"""Erasure of the keys and texts of a complaint in one service, so that no file of it holds them any more.

Nothing is lost that was not meant: a repeat of an erasure leaves alone what came since. Nothing comes
back: an accepted command stores its texts once, and a submission is stored once.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import BaseModel, ValidationError
from sqlmodel import Session, col, delete, update

from shared.contract.erasure import Destroyed, ErasureOrder, NotDestroyed
from shared.contract.ids import text_ref
from shared.runtime.log import logger
from shared.runtime.messages.requests import Answer
from shared.runtime.reasons import reason
from shared.runtime.texts.keeping import Texts
from shared.runtime.texts.tables import TextErasureRow, TextKeyRow, TextReadRow, TextRow

log = logger("erasing")

ERASED = "erased"
"""Replacement for the purpose of a read of an erased text, since the purpose was free text, too."""


Silence = Callable[[list[str]], Awaitable[None]]
"""Signals the workflows of these complaints to send no notices any more."""


class Eraser:
    """Destroys texts in one service: call it with an order; returns how many there were.

    `silence` is called before the erasure is confirmed: no notice is decided after that.
    """

    def __init__(self, texts: Texts, now: Callable[[], datetime], silence: Silence | None = None) -> None:
        self._texts = texts
        self._silence = silence
        self._database = texts.database
        self._now = now

    async def __call__(self, order: ErasureOrder) -> int:
        """Durable when it returns. Raises what the database raises; then ask again."""
        destroyed = await self._database.write(lambda session: self._destroy_all(session, order))
        if self._silence:
            await self._silence(order.complaint_ids)
        await self._database.scrub(TextKeyRow, TextRow, TextReadRow)
        log.info("erased", complaint_ids=order.complaint_ids, texts=destroyed)
        return destroyed

    def _destroy_all(self, session: Session, order: ErasureOrder) -> int:
        return sum(self._destroy(session, order.erasure_id, one) for one in order.complaint_ids)

    def _destroy(self, session: Session, erasure_id: str, complaint: str) -> int:
        known = session.get(TextErasureRow, complaint)
        if known is not None and known.erasure_id == erasure_id:
            return known.texts
        connection = session.connection()
        # The key first: a transaction that encrypts a text under it holds a lock on it, and that text then
        # goes as well.
        connection.execute(delete(TextKeyRow).where(col(TextKeyRow.complaint_id) == complaint))
        gone = connection.execute(delete(TextRow).where(col(TextRow.complaint_id) == complaint)).rowcount
        refs = text_ref(self._texts.service, complaint, "")
        connection.execute(
            update(TextReadRow).where(col(TextReadRow.ref).startswith(refs)).values(purpose=ERASED)
        )
        session.merge(
            TextErasureRow(complaint_id=complaint, erasure_id=erasure_id, erased_at=self._now(), texts=gone)
        )
        return gone


def erasure_answer(eraser: Eraser) -> Answer:
    """Answer to intake on the service's subject for erasures. After any failure, intake is asked to repeat
    it.
    """

    async def answer(body: bytes) -> BaseModel:
        try:
            return Destroyed(texts=await eraser(ErasureOrder.model_validate_json(body)))
        except ValidationError:
            return NotDestroyed(error="malformed")
        except Exception as error:
            log.warning("not_erased", error=reason(error))
            return NotDestroyed(error=type(error).__name__)

    return answer
