"""Notices: what complainants are told, from the pack's templates, in their language."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from string import Template
from zoneinfo import ZoneInfo

from shared.clocks.budget import due
from shared.policy.loader import Policy
from shared.policy.models import Pack
from shared.policy.obligation import Language


def language_of(pack: Pack, asked: str | None) -> Language:
    """The pack's language that comes nearest to what the complainant speaks."""
    short = (asked or pack.language).split("-")[0]
    return "zh" if short == "zh" else "en" if short == "en" else pack.language


def speaks(pack: Pack, language: Language) -> bool:
    """Whether the pack says all its notices in this language."""
    return all(language in by_language for by_language in pack.notices.values())


def notice(pack: Pack, template: str, language: str, words: dict[str, str]) -> str:
    """The text of a notice. Raises `KeyError` for a template that the pack has not."""
    by_language = pack.notices[template]
    text = by_language.get(language_of(pack, language)) or by_language[pack.language]
    return _template(text).safe_substitute(words)


def part(pack: Pack, template: str, language: str, words: dict[str, str]) -> str:
    """The sentence after a notice, with what stands between the two; empty where the pack has none."""
    if template not in pack.notices:
        return ""
    return _BETWEEN[language_of(pack, language)] + notice(pack, template, language, words)


_BETWEEN: dict[Language, str] = {"zh": "", "en": " "}
_template = lru_cache(maxsize=256)(Template)


def instant(at: datetime, zone: str) -> str:
    """An instant as people of both languages read it, by the clocks of `zone`, which is named."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def dates(policy: Policy, template: str, received_at: datetime, zone: str) -> dict[str, str]:
    """When the deadlines run out that this notice names and that count from the receipt, by their names.

    Those that depend on the severity are left out: nobody knows it yet.
    """
    return {name: instant(at, zone) for name, at in _named(policy, template, received_at)}


def _named(policy: Policy, template: str, received_at: datetime) -> Iterator[tuple[str, datetime]]:
    said = " ".join(policy.pack.notices[template].values())
    for one in policy.pack.obligations:
        if one.starts == "received" and not one.by_severity and f"${one.id}" in said:
            calendar = policy.calendars[one.calendar] if one.calendar else policy.calendar
            yield one.id, due(received_at, one.budget, calendar)
