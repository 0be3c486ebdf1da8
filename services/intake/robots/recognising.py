"""Recognise automatic replies by their wording: absences, bounces, and receipts of ticket systems. Pure.

If a person's message were taken for a machine's, it would be ignored. So in doubt a message is a person's:
a sentence in which a person asks, reproaches or wants something decides against the machine at once. Only
the beginning of a text is read, and RE2 runs the wordings, so the time is bounded.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from services.intake.robots import wordings
from shared.contract.door import FORM_SOURCE
from shared.contract.submission import Submitted
from shared.policy.patterns import LONGEST, Pattern, compiled

LOOKED_AT = 4_000
"""Number of characters of a text that are read; an automatic reply shows at its beginning what it is."""

MOST_FOREIGN = 400
"""Limit of characters in sentences that no wording explains, such as a signature."""

ENDS = re.compile(r"[!?;。\n]+|\.+(?=\s|$)")
REPLY = re.compile(r"(?:(?:re|fwd?|aw|回复|答复|转发) ?: ?|\[ext[a-z]{0,8}\] ?)+")
"""Prefixes that mail programs put before the title of the message that is replied to."""

QUOTED = re.compile(r'"[^"\n]{0,300}"|“[^”\n]{0,300}”|「[^」\n]{0,300}」|‘[^’\n]{0,300}’')
BELOW = (
    "-----original message", "----- original message", "________________________________",
    "-----原始邮件", "------------------ 原始邮件", "----- forwarded", "-----forwarded",
)  # fmt: skip
"""Marks of the beginning of the message that was replied to: its words are not the sender's."""

FOLDED = str.maketrans({"’": "'", "‐": "-", "‑": "-", "–": "-", "\u200b": None, "\ufeff": None})


def is_automatic(submitted: Submitted) -> bool:
    """Whether a machine wrote a submission: it is marked so, or its wording shows it.

    The wording of what came by our own form, or is sent as a danger, is not looked at: a person wrote that.
    """
    data = submitted.data
    if data.automatic or data.safety or submitted.source == FORM_SOURCE:
        return data.automatic
    return written_by_machine(data.title, data.narrative)


def written_by_machine(title: str | None, narrative: str | None) -> bool:
    """Whether the title and the words are those of an automatic reply, and nothing in them is a person's."""
    headline = _folded(title or "")
    body = _own_words(_folded(narrative or ""))
    announced = _found(TITLES, REPLY.sub("", headline, count=1) if REPLY.match(headline) else headline)
    if _found(HUMAN, body) or _written_by_a_person(headline, announced):
        return False
    if _found(WHOLE, body or headline):
        return True
    sentences = [one for part in ENDS.split(body) if (one := part.strip())]
    foreign = sum(len(one) for one in sentences if not (_found(SURE, one) or _kinds(one)))
    return foreign <= MOST_FOREIGN and _enough(sentences, announced)


def _enough(sentences: list[str], announced: bool) -> bool:
    """Whether a sentence is enough by itself, or there are several kinds of automatic wordings."""
    if any(_found(SURE, one) for one in sentences):
        return True
    kinds = {kind for one in sentences for kind in _kinds(one)}
    several = len(kinds) >= wordings.SEVERAL and not kinds <= wordings.POLITE
    return several or (announced and bool(kinds))


def _kinds(sentence: str) -> set[str]:
    return {kind for kind, patterns in LIKELY.items() if _found(patterns, sentence)}


def _written_by_a_person(headline: str, announced: bool) -> bool:
    """Whether a title has words of a person; after `Re:` the words are those of the message replied to."""
    if announced:
        return _found(HUMAN_TITLES, headline)
    return not REPLY.match(headline) and _found(HUMAN, headline)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LOOKED_AT]).lower().translate(FOLDED).strip()


def _own_words(body: str) -> str:
    """Words of the sender, without the message below, its lines, and quotations."""
    for mark in BELOW:
        body = body.partition(mark)[0]
    lines = (line for line in body.split("\n") if not line.lstrip().startswith(">"))
    return QUOTED.sub(" ", "\n".join(lines)).strip()


def _joined(written: Iterable[str]) -> list[Pattern]:
    """Few patterns of many alternatives: each pattern is one walk through the text."""
    groups: list[str] = []
    for one in written:
        if groups and len(groups[-1]) + len(one) < LONGEST:
            groups[-1] += f"|{one}"
        else:
            groups.append(one)
    return [compiled(group) for group in groups]


def _found(patterns: Sequence[Pattern], text: str) -> bool:
    return any(pattern.hits(text) for pattern in patterns)


WHOLE = _joined(wordings.WHOLE)
TITLES = _joined(wordings.TITLES)
SURE = _joined(wordings.SURE)
LIKELY = {kind: _joined(written) for kind, written in wordings.LIKELY.items()}
HUMAN = _joined(wordings.HUMAN)
HUMAN_TITLES = _joined(wordings.HUMAN_TITLES)
