"""Instant, as messages write it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from shared.contract.values.problems import problem

LOOKS_LIKE_ONE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)

WIDEST_EAST, WIDEST_WEST = timedelta(hours=14), timedelta(hours=-12)


def _an_instant(value: Any) -> Any:
    """Refuse a number, also one written as a text: it would be taken for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and LOOKS_LIKE_ONE.match(value)):
        return value
    raise problem("no_instant")


EARLIEST_YEAR, AFTER_ALL = 2000, 2200


def _plausible(instant: datetime) -> datetime:
    """Convert the instant to UTC. Only years from 2000 to 2200 are accepted: calendars end before the year
    9999.
    """
    if not EARLIEST_YEAR <= instant.year < AFTER_ALL:
        raise problem("implausible_year")
    if instant.tzinfo is UTC:
        return instant
    if not WIDEST_WEST <= (instant.utcoffset() or timedelta()) <= WIDEST_EAST:
        raise problem("no_such_offset")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_an_instant), AfterValidator(_plausible)]
"""Instant of RFC 3339 with an offset, from 2000 to 2200; kept and written in UTC."""
