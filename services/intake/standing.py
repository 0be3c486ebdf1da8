"""Where a complaint stands, by what the stream holds: intake itself only knows how it began."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client

from shared.contract.events import TYPE_PREFIX, Responded
from shared.contract.values import Stage
from shared.runtime.messages.timeline import read_timeline

RESPONDED = f"{TYPE_PREFIX}{Responded.NAME}.v1"


@dataclass(frozen=True)
class Standing:
    """Where a complaint stands by its last fact, and its clock, which may be ahead of the wall's.

    `promised`: by when the complainant was told last that they hear; None if that was the acknowledgement.
    """

    now: datetime
    cycle: int = 1
    stage: Stage = Stage.RECORDED
    promised: datetime | None = None

    @property
    def open(self) -> bool:
        return self.stage != Stage.CLOSED


async def standing_of(client: Client, complaint: str, now: datetime) -> Standing:
    """By the last fact that anybody has said. What nobody has said anything of yet, has just begun."""
    facts = await read_timeline(client, complaint)
    if not facts:
        return Standing(now)
    last = facts[-1]
    at = max(now, datetime.fromisoformat(last["time"]))
    promises = [f["data"].get("promise_by") for f in facts if f["type"] == RESPONDED]
    promised = next((one for one in reversed(promises) if one), None)
    return Standing(
        at,
        last["data"]["cycle"],
        Stage(last["data"]["stage"]),
        datetime.fromisoformat(promised) if promised else None,
    )


async def standings_of(client: Client, complaints: Iterable[str], now: datetime) -> dict[str, Standing]:
    """One after the other: there are few."""
    return {complaint: await standing_of(client, complaint, now) for complaint in complaints}
