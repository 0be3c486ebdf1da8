"""Language of a complainant who does not state it, by the script of their words. Pure."""

import re

from shared.contract.submission import Submission
from shared.policy.models import Pack
from shared.policy.obligation import Language
from shared.policy.wording import speaks

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
KANA_OR_HANGUL = re.compile(r"[\u1100-\u11ff\u3041-\u30fa\uac00-\ud7a3]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
OTHER = re.compile(r"[^\W\d_A-Za-z\u00aa-\u024f]")
ENOUGH = 2_000
"""Characters that are looked at; a script shows itself sooner."""


def language_spoken(data: Submission, pack: Pack) -> str:
    """Language that they state; else Chinese for Han characters, English for Latin letters; else the pack's.

    Only title and narrative count; names and places may be foreign. A script is no language: Japanese is
    not taken for Chinese, and French is taken for English only where the pack's language is English.
    """
    if data.language:
        return data.language
    words = " ".join(text[:ENOUGH] for text in (data.title, data.narrative) if text)
    return _by_script(words, pack) or pack.language


def _by_script(words: str, pack: Pack) -> Language | None:
    if KANA_OR_HANGUL.search(words):
        return None
    if HAN.search(words):
        return "zh"
    latin = len(LATIN.findall(words))
    return "en" if latin > len(OTHER.findall(words)) and speaks(pack, "en") else None
