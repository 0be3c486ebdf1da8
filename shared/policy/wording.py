"""Notices: what complainants are told, from the pack's templates, in their language."""

from datetime import datetime
from string import Template
from zoneinfo import ZoneInfo

from shared.policy.models import Pack


def language_of(pack: Pack, asked: str | None) -> str:
    """The pack's language that comes nearest to what the complainant speaks."""
    short = (asked or pack.language).split("-")[0]
    return short if short in ("zh", "en") else pack.language


def notice(pack: Pack, template: str, language: str, words: dict[str, str]) -> str:
    """The text of a notice. Raises `KeyError` for a template that the pack has not."""
    by_language = pack.notices[template]
    text = by_language.get(language_of(pack, language)) or by_language[pack.language]  # type: ignore[call-overload]
    return Template(text).safe_substitute(words)


def instant(at: datetime, zone: str) -> str:
    """An instant as people of both languages read it, by the clocks of `zone`, which is named."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
