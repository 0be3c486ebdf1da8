"""Query `text`: the service that stored a text returns it, and logs the read."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.contract.classify import CLASSIFICATION, CLASSIFIER_ACTOR
from shared.contract.clients import GATEWAY_ACTOR, THEIR_OWN, TO_DELIVER, TextKind, kind_of_text
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.queries import TextQuery, TextReply
from shared.contract.subjects import Service
from shared.contract.values import CUSTOMER
from shared.policy.models import Pack
from shared.runtime import refusals
from shared.runtime.texts.keeping import NoSuchText, Texts
from shared.runtime.texts.master_key import UnreadableText

READS = {GATEWAY_ACTOR: TO_DELIVER, CUSTOMER: THEIR_OWN, CLASSIFIER_ACTOR: (TextKind.WORDS,)}
"""Texts that may be read by actors who are not on the roster: the gateway that delivers notices, the
complainant, and a classifier.
"""

SPEAKER = Service.INTAKE
"""Service that answers for references without a service, so that no query ends in silence."""


def readers(pack: Pack) -> frozenset[str]:
    """Actors who may read texts: staff who handle complaints, and those of `READS` their own kinds."""
    return frozenset(one.id for one in pack.staff if one.role != "department") | set(READS)


Conflict = Callable[[str, str], Awaitable[Refusal | None]]
"""Reason why an actor may have no part in a complaint, or None: called with the ids of both."""


ByTask = Callable[[str, str, str], Awaitable[bool]]
"""Whether a task gives a text to an actor: called with the ids of complaint and actor, and the text."""


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
        by_task: ByTask | None = None,
    ) -> None:
        """Make the work. `conflict` gives the reason why a person concerned may not read the text.

        `by_task` finds the members of departments whose open task gives them the text.
        """
        self.conflict = conflict
        self._by_task = by_task
        self.texts = texts
        self.allowed = allowed
        self.now = now

    async def __call__(self, query: TextQuery) -> TextReply | Refusal | None:
        owner = query.text_ref.split(":", 1)[0]
        if owner not in list(Service) and self.texts.service is SPEAKER:
            return refuse(refusals.NO_SUCH_SERVICE, services=", ".join(Service))
        if owner != self.texts.service:
            return None
        complaint = query.text_ref.split(":")[1:2]
        if query.actor.id not in self.allowed and not await self._has_task(query, complaint):
            return refuse(refusals.NO_READER)
        if foreign := _not_theirs(query):
            return foreign
        if self.conflict and complaint and (why := await self.conflict(complaint[0], query.actor.id)):
            return why
        try:
            text = await self.texts.read(query.text_ref, query.actor.id, query.purpose, self.now(), query.via)
        except NoSuchText:
            return await self._erased(query.text_ref) or refuse(refusals.NO_SUCH_TEXT)
        except UnreadableText:
            return refuse(refusals.UNREADABLE_TEXT)
        return TextReply(text_ref=query.text_ref, text=text)

    async def _has_task(self, query: TextQuery, complaint: list[str]) -> bool:
        """Whether an open task of the actor's department gives them this text."""
        if self._by_task is None or not complaint:
            return False
        return await self._by_task(complaint[0], query.actor.id, query.text_ref)

    async def _erased(self, ref: str) -> Refusal | None:
        at = await self.texts.database.read(lambda session: self.texts.erased_at(session, ref))
        return refuse(ErrorCode.ERASED, detail=f"{at:%Y-%m-%d}", field="text_ref") if at else None


def _not_theirs(query: TextQuery) -> Refusal | None:
    """Refusal for an actor of `READS` where a text is not of a kind that they read, and for a classifier that
    reads for another purpose.
    """
    if query.actor.id == CLASSIFIER_ACTOR and query.purpose != CLASSIFICATION:
        return refuse(refusals.OTHER_PURPOSE, purpose=CLASSIFICATION)
    mine = READS.get(query.actor.id)
    if mine is None or kind_of_text(query.text_ref) in mine:
        return None
    kinds = " ".join(mine)
    return refuse(refusals.OTHER_KINDS_OF_TEXT, actor=query.actor.id, kinds=kinds)
