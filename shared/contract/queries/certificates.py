"""Certificates: the record of one deadline, complete enough for a third party to compute it again."""

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract.values import ComplaintId, Instant, PolicyId


class CalendarId(BaseModel):
    """Calendar that was used, with the version of its data."""

    id: str
    version: str


class CertifiedBudget(BaseModel):
    """Amount of time on one of the four clocks, such as `15d` of `business_days`."""

    clock: Literal["elapsed", "business", "business_days", "calendar_days"]
    amount: str


class CertifiedPause(BaseModel):
    """Pause of the clock from `start` to `end`; `end` is absent while the clock is paused."""

    start: Instant
    end: Instant | None = None


class CertifiedMove(BaseModel):
    """Change of the due instant at `at`, by `fact`. `budget` is the new budget if a new severity gave one."""

    fact: str
    at: Instant
    was: Instant
    due: Instant
    why: str
    budget: CertifiedBudget | None = None


class CertifiedWarning(BaseModel):
    """`percent` of the time had passed. `reminder`: the rung of the ladder that asked for it."""

    fact: str
    at: Instant
    percent: int
    reminder: str | None = None


class Certificate(BaseModel):
    """Record of one deadline from its start to its end; each `fact` is the id of an event in the stream.

    `start_fact` set the clock because of a fact named `started_by`. Without a `budget` the due instant
    itself was named: promised, agreed or requested. `end_fact` ended the deadline because of a fact named
    `ended_by`. A breach ends it until it is met late; `breach_fact` stays. `version` is that of the rule
    in its regime; it is absent for the smaller clocks of Amends itself. `digest`: see `digest_of`.
    """

    complaint_id: ComplaintId
    obligation: str
    cycle: int
    regime: str
    version: str | None = None
    policy: PolicyId
    calendar: CalendarId
    budget: CertifiedBudget | None = None
    started_at: Instant
    started_by: str
    start_fact: str
    pauses: list[CertifiedPause] = Field(default_factory=list)
    moves: list[CertifiedMove] = Field(default_factory=list)
    warnings: list[CertifiedWarning] = Field(default_factory=list)
    due: Instant
    provisional: bool
    outcome: Literal["running", "met", "met_late", "breached", "cancelled"]
    late_registration: bool = False
    breach_fact: str | None = None
    ended_at: Instant | None = None
    ended_by: str | None = None
    end_fact: str | None = None
    digest: str = ""

    def sealed(self) -> "Certificate":
        """Copy of this certificate with its digest."""
        return self.model_copy(update={"digest": digest_of(self.model_dump(mode="json", exclude_none=True))})


def digest_of(certificate: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the certificate's JSON: without `digest` and absent fields, keys sorted,
    no spaces, UTF-8."""
    rest = {key: value for key, value in certificate.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
