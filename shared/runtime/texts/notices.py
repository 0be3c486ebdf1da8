"""Putting a notice into words: the policy's template, and the text that it quotes; then sealing it."""

from collections.abc import Callable

from sqlmodel import Session

from shared.contract.events import Notice
from shared.contract.recorded import LinkOf, RecordedFact
from shared.policy.models import Pack
from shared.policy.wording import written
from shared.runtime.texts.keeping import NoSuchText, Texts


def write_notices(
    session: Session,
    texts: Texts,
    pack: Pack,
    complaint_id: str,
    facts: list[RecordedFact],
    link: Callable[[str, LinkOf], str] | None = None,
) -> None:
    """Render, encrypt and store the text of every notice among `facts`; a repeat keeps the first.

    `link` makes the one-time link of a notice that has one.
    """
    for recorded in facts:
        wanted = recorded.notification
        fact = recorded.fact() if wanted else None
        if wanted is None or not isinstance(fact, Notice):
            continue
        if texts.erased_at(session, fact.text_ref):
            continue  # no notices follow an erasure
        refs = wanted.texts_of | ({"text": wanted.text_of} if wanted.text_of else {})
        quoted = {word: _quote(session, texts, ref, fact.language) for word, ref in refs.items()}
        if wanted.link_of and link:
            quoted["link"] = link(complaint_id, wanted.link_of)
        text = written(pack, wanted, fact.language, quoted)
        texts.put(session, complaint_id, {fact.text_ref.rsplit(":", 1)[1]: text})


GONE = {"zh": "（内容已删除）", "en": "(erased)"}
"""Words in a notice in place of a quoted text that was erased before."""


def _quote(session: Session, texts: Texts, ref: str, language: str) -> str:
    try:
        return texts.open(session, ref)
    except NoSuchText:
        return GONE.get(language, GONE["en"])
