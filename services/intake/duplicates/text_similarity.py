"""Similarity of two texts, 0 to 1, in Chinese, in English, or in both mixed. Pure; rapidfuzz compares.

A sender who repeats a report uses other words, in another order, but names the same things. So the
score counts the terms that both texts have, and numbers and models count more than words. Chinese has
no spaces, so its terms are pairs of characters. Words that every complaint has (`refund`, 客服, 要求) do
not distinguish complaints.
"""

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from services.intake.duplicates.everyday_words import ASKING, ASKING_WORDS, CHARACTERS, COMMON, EVERYDAY
from shared.contract.values.normal_form import normal_form

MOST = 2000
"""Number of characters of a text that are compared: by then the text has named its subject."""

HAN = "\u3400-\u9fff"
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
ENDINGS = re.compile(r"(?:ing|ed|es|s|ly)$")

SAME_TERM = 85
"""Latin terms so alike (0 to 100) are one word in two forms, or one typing error away."""

NUMBER, WORD, PAIR, CHARACTER = 2.0, 1.0, 0.6, 0.3
"""Weights of a number or model, of a word, of a pair of Chinese characters (a word has about two), and of one
character.
"""

LITTLE = 0.8
"""Shared weight at which a score is halved: with less in common it falls further."""

OTHER_THING, LONG_NAME = 0.5, 4
"""Factor for the score where numbers or models of at least so many characters name different things."""

NEARLY_WORD_FOR_WORD = 0.9
"""Score of the texts as written from which it is used as it is; a score for the same subject in other words
never exceeds it.
"""

SPECIFIC = 4.0
"""Weight below which a text could be about anything: about four English words, or a short clause."""

SENTENCE, NAMED = 6, 2.0
"""Number of words (separated by spaces) and weight besides asking from which a text reports a case and is no
greeting.
"""

ONLY_ASKS = 0.7
"""Weight apart from asking below which a text names nothing: one or two Chinese characters are left."""

LONG = 20_000
"""Characters above which a text is compared only as it was written: folding it would stop the service for a
while.
"""

MARK = "\0"
"""Mark around a significant character that is neither letter nor digit; no text can contain the mark."""

BLANKS = re.compile(r" +")
MARKS = re.compile(f"(?: ?{MARK})+ ?")
IN_CHINESE = re.compile(rf" (?=[{HAN}])|(?<=[{HAN}]) ")


def plain(text: str) -> str:
    """Text in the form in which it is compared: one form of each character, no punctuation, small letters."""
    folded = normal_form("NFKC", text[:MOST]).casefold()
    return " ".join(PIECE.findall(folded[:MOST]))


def verbatim(text: str) -> str:
    """Whole text for comparing word for word: no letter or currency sign is dropped, however long the text
    is.
    """
    if len(text) > LONG:
        return text
    folded = normal_form("NFKC", text).casefold()
    marked = MARKS.sub("", BLANKS.sub(" ", folded.translate(SIGNIFICANT)))
    return IN_CHINESE.sub("", marked).strip()


class _Significant(dict[int, str]):
    """Translation table of characters: parts of letters, and signs such as currency signs, are significant.

    Punctuation is not significant.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        tells = unicodedata.category(character)[0] in "MS"
        word = character.isalnum() and character != "_"
        self[code] = found = character if word else f"{MARK}{character}{MARK}" if tells else " "
        return found


SIGNIFICANT = _Significant()


def specific(text: str) -> bool:
    """Whether a plain text is so specific that it means one subject; `refund please` and 投诉 are not.

    In a whole sentence, ordinary words are enough: a sender who sends it twice means the same both times.
    """
    if sum(terms(text).values()) >= SPECIFIC:
        return True
    return len(text.split()) >= SENTENCE and sum(terms(beyond_asking(text)).values()) >= NAMED


def only_asks(text: str) -> bool:
    """Whether a plain text only asks for the progress, and names nothing that it could be about."""
    return sum(terms(beyond_asking(text)).values()) < ONLY_ASKS


def beyond_asking(text: str) -> str:
    """Plain text without the words that only ask for the progress."""
    for phrase in ASKING:
        text = text.replace(phrase, " ")
    return " ".join(word for word in text.split() if word not in ASKING_WORDS)


def form_letters(one: str, other: str) -> bool:
    """Whether plain texts are nearly word for word the same, and each has terms that the other has not."""
    if fuzz.ratio(one, other) / 100 <= NEARLY_WORD_FOR_WORD:
        return False
    mine, theirs = terms(one), terms(other)
    return bool(mine.keys() - theirs.keys() and theirs.keys() - mine.keys())


def text_similarity(one: str, other: str) -> float:
    """Similarity of two texts that `plain` made: 1 for the same, 0 for nothing in common."""
    if not one or not other:
        return 0.0
    as_written = fuzz.ratio(one, other) / 100
    if as_written > NEARLY_WORD_FOR_WORD and _numbers(one) == _numbers(other):
        return round(as_written, 2)
    return round(min(_in_common(terms(one), terms(other)), NEARLY_WORD_FOR_WORD), 2)


def terms(text: str) -> dict[str, float]:
    """Terms of a plain text, with the weight of each."""
    return dict(_terms(text))


def _terms(text: str) -> Iterator[tuple[str, float]]:
    for piece in text.split():
        if "\u3400" <= piece[0] <= "\u9fff":
            pairs = {piece[at : at + 2] for at in range(len(piece) - 1)}
            yield from ((pair, PAIR) for pair in pairs - COMMON)
            yield from ((character, CHARACTER) for character in set(piece) - CHARACTERS)
        elif any(character.isdigit() for character in piece):
            yield piece, NUMBER if len(piece) > 1 else CHARACTER
        elif piece not in EVERYDAY and len(piece) > 1:
            yield ENDINGS.sub("", piece) if len(piece) > 4 else piece, WORD


def _in_common(one: dict[str, float], other: dict[str, float]) -> float:
    """Share of the terms in both texts. A small common weight lowers it, and so do different numbers."""
    small, large = sorted((one, other), key=lambda found: sum(found.values()))
    least, most = sum(small.values()), sum(large.values())
    shared = sum(weight for term, weight in small.items() if _found(term, large))
    if not shared:
        return 0.0
    share = 0.5 * shared / least + shared / (least + most)
    return share * shared / (shared + LITTLE) * (OTHER_THING if _named_apart(one, other) else 1.0)


def _named_apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Both name things by long numbers or models, and none of them is the same."""
    mine, theirs = _long_names(one), _long_names(other)
    return bool(mine and theirs and not mine & theirs)


def _long_names(terms: dict[str, float]) -> set[str]:
    return {term for term in terms if len(term) >= LONG_NAME and sum(c.isdigit() for c in term) >= 3}


def _numbers(text: str) -> set[str]:
    """Terms of a plain text that are written in digits: form letters differ only in these."""
    return {piece for piece in text.split() if any(character.isdigit() for character in piece)}


def _found(term: str, terms: dict[str, float]) -> bool:
    if term in terms:
        return True
    if not term.isalpha() or not term.isascii() or len(term) < 4:
        return False
    return process.extractOne(term, list(terms), scorer=fuzz.ratio, score_cutoff=SAME_TERM) is not None
