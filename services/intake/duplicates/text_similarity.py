"""How alike two texts are, 0 to 1, in Chinese, in English, or in both mixed. Pure; rapidfuzz compares.

Whoever says the same thing twice uses other words, in another order, but speaks of the same things: so what
counts is which terms both texts have, the numbers and models more than the words. Chinese writes no spaces,
so its terms are pairs of characters. What every complaint says (`refund`, 客服, 要求) tells nothing apart.
"""

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from services.intake.duplicates.everyday_words import ASKING, ASKING_WORDS, CHARACTERS, COMMON, EVERYDAY
from shared.contract.values.normal_form import normal_form

MOST = 2000
"""So many characters of a text are compared: what a matter is about is said by then."""

HAN = "\u3400-\u9fff"
PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
ENDINGS = re.compile(r"(?:ing|ed|es|s|ly)$")

SAME_TERM = 85
"""Latin terms so alike (0 to 100) are one word in two forms, or one typing error away."""

NUMBER, WORD, PAIR, CHARACTER = 2.0, 1.0, 0.6, 0.3
"""What a number or model weighs, a word, a pair of Chinese characters (a word has about two), and one."""

LITTLE = 0.8
"""Texts that share so much weight have in common half of what their share says."""

OTHER_THING, LONG_NAME = 0.5, 4
"""What is left of the likeness where numbers or models of so many characters name other things."""

NEARLY_WORD_FOR_WORD = 0.9
"""From here on the score is that of the texts as written; for the same matter in other words it ends here."""

SPECIFIC = 4.0
"""Texts that weigh less say what anybody might of anything: about four English words, or a short clause."""

SENTENCE, NAMED = 6, 2.0
"""A text of so many words (as it is spaced) that names so much besides asking is a case told, no greeting."""

ONLY_ASKS = 0.7
"""A text that weighs less apart from its asking names nothing: one Chinese character or two are left."""

LONG = 20_000
"""A text of more characters is the same only as it was written: to fold it would stop the service a while."""

MARK = "\0"
"""Stands around what tells something and is neither letter nor digit; it cannot stand in a text."""

BLANKS = re.compile(r" +")
MARKS = re.compile(f"(?: ?{MARK})+ ?")
IN_CHINESE = re.compile(rf" (?=[{HAN}])|(?<=[{HAN}]) ")


def plain(text: str) -> str:
    """The text as it is compared: one form of each character, no punctuation, small letters."""
    folded = normal_form("NFKC", text[:MOST]).casefold()
    return " ".join(PIECE.findall(folded[:MOST]))


def verbatim(text: str) -> str:
    """The whole text for "the same words": no letter or sign of money is dropped, however long it is."""
    if len(text) > LONG:
        return text
    folded = normal_form("NFKC", text).casefold()
    told = MARKS.sub("", BLANKS.sub(" ", folded.translate(TOLD)))
    return IN_CHINESE.sub("", told).strip()


class _Told(dict[int, str]):
    """What becomes of each character: parts of letters and signs such as those of currencies tell something.

    Punctuation tells nothing.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        tells = unicodedata.category(character)[0] in "MS"
        word = character.isalnum() and character != "_"
        self[code] = found = character if word else f"{MARK}{character}{MARK}" if tells else " "
        return found


TOLD = _Told()


def specific(text: str) -> bool:
    """Whether a plain text says so much that one matter is meant by it; `refund please` and 投诉 do not.

    Told in a whole sentence, ordinary words are enough: who sends it twice, means the same both times.
    """
    if sum(terms(text).values()) >= SPECIFIC:
        return True
    return len(text.split()) >= SENTENCE and sum(terms(beyond_asking(text)).values()) >= NAMED


def only_asks(text: str) -> bool:
    """Whether a plain text only asks how it stands, and names nothing that it could be about."""
    return sum(terms(beyond_asking(text)).values()) < ONLY_ASKS


def beyond_asking(text: str) -> str:
    """What is left of a plain text without the words that only ask how it stands."""
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
    """How alike two texts are that `plain` made: 1 for the same, 0 for nothing in common."""
    if not one or not other:
        return 0.0
    as_written = fuzz.ratio(one, other) / 100
    if as_written > NEARLY_WORD_FOR_WORD and _numbers(one) == _numbers(other):
        return round(as_written, 2)
    return round(min(_in_common(terms(one), terms(other)), NEARLY_WORD_FOR_WORD), 2)


def terms(text: str) -> dict[str, float]:
    """What a plain text speaks of, with the weight of each."""
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
    """The share of what both speak of; little in common counts less, other things by number count against."""
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
    """What a plain text writes in digits: form letters differ in nothing else."""
    return {piece for piece in text.split() if any(character.isdigit() for character in piece)}


def _found(term: str, terms: dict[str, float]) -> bool:
    if term in terms:
        return True
    if not term.isalpha() or not term.isascii() or len(term) < 4:
        return False
    return process.extractOne(term, list(terms), scorer=fuzz.ratio, score_cutoff=SAME_TERM) is not None
