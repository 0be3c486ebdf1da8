"""Putting a notice into words: the policy's template, and the text that it quotes; then sealing it."""

from sqlmodel import Session

from shared.contract.events import Notice
from shared.contract.recorded import RecordedFact
from shared.policy.models import Pack
from shared.policy.wording import notice
from shared.runtime.texts import Texts


def write_notices(
    session: Session, texts: Texts, pack: Pack, complaint_id: str, facts: list[RecordedFact]
) -> None:
    """Render and put away the text of every notice among `facts`; a repeat keeps the first."""
    for recorded in facts:
        wanted = recorded.notification
        fact = recorded.fact() if wanted else None
        if wanted is None or not isinstance(fact, Notice):
            continue
        words = dict(wanted.words)
        if wanted.text_of:
            words["text"] = texts.open(session, wanted.text_of)
        text = notice(pack, wanted.template, fact.language, words)
        texts.put(session, complaint_id, {fact.text_ref.rsplit(":", 1)[1]: text})
