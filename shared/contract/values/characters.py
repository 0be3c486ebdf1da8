"""Characters that a text and an identifier may hold. Each check takes a value and returns it, or raises.

A text keeps the characters that people write: every script, emoji, the joiners of Persian and of emoji,
the marks LRM and RLM. An identifier is compared, sorted and shown beside others: it may hold no hidden or
misleading character.
"""

import re
import unicodedata

from shared.contract.values.problems import problem

LINES = r"\n\r\t"
CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
TURNING = r"\u202a-\u202e\u2066-\u2069"
"""Embeddings, overrides and isolates: they show a text in another order than it is read by a program."""

HIDDEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028\u2029\u2060-\u2064\u206a-\u206f"
    r"\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
)
HIDDEN_ABOVE = r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
"""Invisible characters beyond the first plane: tags, ideographic and other variation selectors."""

EMOJI = re.compile(
    r"[\u20e3\u231a-\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55"
    r"\U0001f000-\U0001faff]"
)

bad_in_text = re.compile(f"[{CONTROL}{TURNING}]").search
bad_in_ref = re.compile(f"[{CONTROL}{LINES}{TURNING}{HIDDEN}{HIDDEN_ABOVE}]|{EMOJI.pattern}").search
TURN = re.compile(f"[{TURNING}]")

TEXT_PATTERN = f"^[^{CONTROL}{TURNING}]*$"
REF_PATTERN = f"^[^{CONTROL}{LINES}{TURNING}{HIDDEN}]+$"
"""Pattern for a JSON Schema, which leaves out the characters beyond the first plane."""


def has_content(text: str) -> str:
    """Check for at least one letter, digit, mark or symbol: blanks and invisible characters are no text."""
    # Nearly every text begins with a letter; this is asked of every field of every submission.
    if not text[:1].isalnum() and all(unicodedata.category(character)[0] in "ZC" for character in text):
        raise problem("says_nothing")
    return text


def plain_text(text: str) -> str:
    """Free text: any script, any emoji, several lines."""
    if found := bad_in_text(text):
        raise problem("direction_trick" if TURN.match(found[0]) else "control_character")
    return has_content(text)


def plain_line(text: str) -> str:
    """Free text of one line."""
    if "\n" in text or "\r" in text:
        raise problem("line_break")
    return plain_text(text)


def plain_ref(ref: str) -> str:
    """Check an identifier."""
    if found := bad_in_ref(ref):
        raise problem(_kind(found[0]))
    return has_content(ref)


def _kind(character: str) -> str:
    if TURN.match(character):
        return "direction_trick"
    if EMOJI.match(character):
        return "emoji"
    return "control_character" if unicodedata.category(character) == "Cc" else "invisible_character"
