"""Gaps in the cover of teams, in words."""

from zoneinfo import ZoneInfo

from shared.policy.cover import CoverGap


def gap_in_words(gap: CoverGap, zone: str) -> str:
    """Sentence about one gap, in local time."""
    since, until = (at.astimezone(ZoneInfo(zone)) for at in (gap.since, gap.until))
    end = f"{until:%R}" if since.date() == until.date() else f"{until:%F %R}"
    between = f"between {gap.before or 'none'} and {gap.after or 'none'}"
    return f"{gap.team} has no agent on shift from {since:%F %R} to {end} ({zone}), {between}"
