"""Content of a pack on disk, or its faults, for people and for programs."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from rich.console import RenderableType
from rich.table import Table

from services.console.display.cover import gap_in_words
from shared.clocks.calendar import Calendar
from shared.contract.errors import ErrorCode
from shared.policy.cover import CoverGap, gaps
from shared.policy.loader import Policy
from shared.policy.problems import PolicyError

_GAPS = TypeAdapter(CoverGap)
COUNTED = ("standards", "remedies", "teams", "staff", "notices")


def as_document(policy: Policy, now: datetime) -> dict[str, Any]:
    """Identity and content as JSON, with the gaps in the cover of its teams."""
    calendars = (policy.calendar, *policy.calendars.values())
    return {
        "ok": True,
        "policy": policy.identity.model_dump() | {"version": policy.pack.version},
        **({"extends": policy.pack.extends} if policy.pack.extends else {}),
        "calendars": [_calendar(one) for one in calendars],
        "regimes": [one.model_dump(include={"id", "version", "source", "title"}) for one in policy.regimes],
        "obligations": [
            one.model_dump(mode="json", include={"id", "regime", "version", "starts", "budget", "met_by"})
            for one in policy.pack.obligations
        ],
        **{name: len(getattr(policy.pack, name)) for name in COUNTED},
        "gaps": [_GAPS.dump_python(gap, mode="json") for gap in gaps(policy.pack, now)],
    }


def failure(error: PolicyError) -> dict[str, Any]:
    """Problems as JSON."""
    return {
        "ok": False,
        "error": {"code": str(ErrorCode.MALFORMED), "message": str(error)},
        "problems": [
            {"file": one.file, "line": one.line, "field": one.field, "message": one.sentence}
            for one in error.problems
            if one.file
        ],
    }


def summary(policy: Policy, now: datetime) -> RenderableType:
    """OK, the identity, what the pack holds, and warnings."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column()
    grid.add_row("OK", f"{policy.identity.id} {policy.pack.version} {policy.identity.hash}")
    if policy.pack.extends:
        grid.add_row("extends 继承", policy.pack.extends)
    for one in (policy.calendar, *policy.calendars.values()):
        grid.add_row("calendar 日历", f"{one.id}, {one.zone}; provisional after {one.published_through}")
    for regime in policy.regimes:
        title = regime.title.get(policy.pack.language, regime.id)
        grid.add_row("regime 规则", f"{regime.id} {regime.version}: {title}, {regime.source}")
    for obligation in policy.pack.obligations:
        budget = f"{obligation.budget.amount} {obligation.budget.clock}"
        met = " or ".join(obligation.met_by)
        grid.add_row("obligation 时限", f"{obligation.id} ({obligation.regime}): {budget}, met by {met}")
    counts = (f"{len(getattr(policy.pack, name))} {name}" for name in COUNTED)
    grid.add_row("content 内容", ", ".join(counts))
    for gap in gaps(policy.pack, now):
        grid.add_row("warning 警告", gap_in_words(gap, policy.pack.calendar.zone))
    return grid


def _calendar(calendar: Calendar) -> dict[str, str]:
    return {
        "id": calendar.id,
        "zone": calendar.zone,
        "version": calendar.version,
        "published_through": calendar.published_through.isoformat(),
    }
