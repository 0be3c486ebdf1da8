"""Notices to complainants, from the pack's templates, in their language."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from string import Template

from shared.clocks.budget import due
from shared.contract.recorded import Item, Notification
from shared.policy import formats
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.obligation import Language


def language_of(pack: Pack, asked: str | None) -> Language:
    """Language of the pack that is nearest to the complainant's."""
    short = (asked or pack.language).split("-")[0]
    return "zh" if short == "zh" else "en" if short == "en" else pack.language


def speaks(pack: Pack, language: Language) -> bool:
    """Whether the pack has all its notices in this language."""
    return all(language in by_language for by_language in pack.notices.values())


def notice(pack: Pack, template: str, language: str, words: dict[str, str]) -> str:
    """Text of a notice. Raises `KeyError` for a template that the pack has not."""
    by_language = pack.notices[template]
    text = by_language.get(language_of(pack, language)) or by_language[pack.language]
    return _template(text).safe_substitute(words)


def part(pack: Pack, template: str, language: str, words: dict[str, str]) -> str:
    """Sentence after a notice, with the separator between the two; empty where the pack has none."""
    if template not in pack.notices:
        return ""
    return _BETWEEN[language_of(pack, language)] + notice(pack, template, language, words)


_BETWEEN: dict[Language, str] = {"zh": "", "en": " "}
_template = lru_cache(maxsize=256)(Template)


def written(pack: Pack, wanted: Notification, asked: str, quoted: Mapping[str, str]) -> str:
    """Whole text of a notice that a rule requests; `quoted` are the decrypted texts that it quotes."""
    language, zone = language_of(pack, asked), wanted.zone or "UTC"
    words = {**wanted.words, **quoted}
    words |= {word: formats.named(one, zone, language) for word, one in wanted.instants.items()}
    for word, items in wanted.items.items():
        words[word] = formats.listed([_item(pack, one, language) for one in items], language)
    for word, sentences in wanted.sentences.items():
        words[word] = _BETWEEN[language].join(dict.fromkeys(_in(pack, one, language) for one in sentences))
    text = notice(pack, wanted.template, asked, words)
    return text + "".join(part(pack, one, asked, words) for one in wanted.parts)


def _item(pack: Pack, item: Item, language: Language) -> str:
    title = _in(pack, item.title, language)
    if item.amount is None:
        return title
    amount = formats.amount(item.amount, language)
    return f"{title}（{amount}）" if language == "zh" else f"{title} ({amount})"


def _in(pack: Pack, words: Mapping[str, str], language: Language) -> str:
    """Text in this language; where it is missing, in the pack's language, or in any."""
    return words.get(language) or words.get(pack.language) or next(iter(words.values()), "")


def dates(policy: Policy, template: str, received_at: datetime, zone: str, asked: str) -> dict[str, str]:
    """Due instants, by name, of the deadlines that this notice names and that count from the receipt.

    Those that depend on the severity are left out, since it is not known yet.
    """
    language = language_of(policy.pack, asked)
    return {
        name: formats.ours(at, zone, language) for name, at in named_deadlines(policy, template, received_at)
    }


def named_deadlines(policy: Policy, template: str, received_at: datetime) -> Iterator[tuple[str, datetime]]:
    """Deadlines that a notice names. Each is an obligation of the complaint, and has its clock."""
    said = " ".join(policy.pack.notices[template].values())
    for one in policy.pack.obligations:
        if one.starts == "received" and not one.by_severity and f"${one.id}" in said:
            calendar = policy.calendars[one.calendar] if one.calendar else policy.calendar
            yield one.id, due(received_at, one.budget, calendar)
