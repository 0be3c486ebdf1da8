"""Names the reason of a failure for logs, health and metrics: types and codes, never a value or a text.

The words of a driver quote the statement and its parameters, and these may be personal data.
"""

import errno
import re
from collections.abc import Iterator
from enum import Enum

from nats.js.errors import APIError

from shared.runtime.probes.lost import StoreLost

DEEPEST = 4
"""Most causes that are followed."""

SQLITE_WORDS = (
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
    "database disk image is malformed",
    "no such table",
)
"""Fixed words of SQLite that are worth reading; what may follow them is cut off."""

CODE = re.compile(r"[A-Za-z0-9_]{1,60}")


def reason(error: BaseException) -> str:
    """Type of an error with its code, and those of its causes: `OperationalError SQLITE_FULL (…)`."""
    return " < ".join(dict.fromkeys(_one(part) for part in _chain(error)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(DEEPEST):
        if found is None:
            return
        yield found
        found = _cause(found)


def _cause(error: BaseException) -> BaseException | None:
    if hasattr(error, "orig"):
        return None  # SQLAlchemy's: its cause is the driver's error, which is part of it
    if isinstance(error, BaseExceptionGroup):
        first: BaseException = error.exceptions[0]
        return first
    return error.__cause__


def _one(error: BaseException) -> str:
    kind = type(error).__name__
    named = getattr(error, "type", None)  # of an error that Temporal passed on
    if isinstance(named, str) and CODE.fullmatch(named):
        kind = named
    return f"{kind} {code}" if (code := _code(error)) else kind


def _code(error: BaseException) -> str:
    if isinstance(error, APIError):
        return f"{error.code}/{error.err_code}"
    if isinstance(status := getattr(error, "status", None), Enum):  # of Temporal's RPCError
        return status.name
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, "")
    return _of_driver(getattr(error, "orig", error))


def _of_driver(error: BaseException | None) -> str:
    """Code of SQLite with its fixed words, or the SQLSTATE of PostgreSQL."""
    if isinstance(error, StoreLost):
        return StoreLost.__name__
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    words = next((known for known in SQLITE_WORDS if error and known in str(error)), None)
    return " ".join(part for part in (name, f"({words})" if words else None) if part)
