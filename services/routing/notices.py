"""Putting a notice into words: the policy's template, and the text that it quotes; then sealing it."""

from sqlmodel import Session

from shared.contract.events import Notice
from shared.contract.recorded import RecordedFact
from shared.policy.models import Pack
from shared.policy.wording import notice, part
from shared.runtime.texts.keeping import NoSuchText, Texts


def write_notices(
    session: Session, texts: Texts, pack: Pack, complaint_id: str, facts: list[RecordedFact]
) -> None:
    """Render and put away the text of every notice among `facts`; a repeat keeps the first."""
    for recorded in facts:
        wanted = recorded.notification
        fact = recorded.fact() if wanted else None
        if wanted is None or not isinstance(fact, Notice):
            continue
        quoted = wanted.texts_of | ({"text": wanted.text_of} if wanted.text_of else {})
        told = {word: _quote(session, texts, ref, fact.language) for word, ref in quoted.items()}
        words = wanted.words | told
        text = notice(pack, wanted.template, fact.language, words)
        text += "".join(part(pack, one, fact.language, words) for one in wanted.parts)
        texts.put(session, complaint_id, {fact.text_ref.rsplit(":", 1)[1]: text})


GONE = {"zh": "（内容已删除）", "en": "(erased)"}
"""What a notice says in the place of a text that was erased before it could be told."""


def _quote(session: Session, texts: Texts, ref: str, language: str) -> str:
    try:
        return texts.open(session, ref)
    except NoSuchText:
        return GONE.get(language, GONE["en"])
