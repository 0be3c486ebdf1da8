"""Hand quarantined messages to their services again; a processed message leaves the quarantine.

A copy goes only after the service has answered that all is durable. A crash in between leaves a copy whose
message was processed; handed over again, it changes nothing, because every effect is known by its id.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import nats.js.errors
from nats.aio.client import Client
from nats.errors import NoRespondersError

from services.console.audit.quarantine import Quarantined, read_one
from shared.client.failures import AmendsError
from shared.contract import subjects
from shared.contract.redelivery import Redelivered

ANSWER_WITHIN = 20.0
AT_ONCE = 16


@dataclass(frozen=True)
class Replayed:
    """Outcome of one message."""

    seq: int
    subject: str | None
    answer: Redelivered

    def plain(self) -> dict[str, Any]:
        said = self.answer.model_dump(exclude_none=True)
        return {"seq": self.seq, "subject": self.subject, **said}

    def sentence(self) -> str:
        """Sentence for a person."""
        if self.answer.ok:
            return f"Message {self.seq} was done as if it had come right on {self.subject}."
        return f"Message {self.seq} stays: {self.answer.detail} [{self.answer.reason}]"


async def replay(client: Client, seqs: Sequence[int]) -> list[Replayed]:
    """Replay these, some at a time, in order. Raises `AmendsError` if a service does not answer."""
    done: list[Replayed] = []
    for start in range(0, len(seqs), AT_ONCE):
        done += await asyncio.gather(*(_replay(client, seq) for seq in seqs[start : start + AT_ONCE]))
    return done


async def _replay(client: Client, seq: int) -> Replayed:
    js = client.jetstream(timeout=ANSWER_WITHIN)
    one = await read_one(js, seq)
    answer = await _hand_over(client, one)
    if answer.ok:
        with suppress(nats.js.errors.NotFoundError):  # another process has replayed it at the same time
            await js.delete_msg(subjects.QUARANTINE_STREAM, seq)
    return Replayed(seq, one.subject, answer)


async def _hand_over(client: Client, one: Quarantined) -> Redelivered:
    if not one.subject:
        raise AmendsError(
            f"Message {one.seq} does not name the subject on which it came, so it cannot be replayed."
        )
    headers = {name: value for name, value in one.copy.items() if not name.startswith("Nats-")}
    try:
        reply = await client.request(
            subjects.redeliver(one.service), one.payload, timeout=ANSWER_WITHIN, headers=headers
        )
    except NoRespondersError:
        raise AmendsError(
            f"The {one.service} service is not running, so message {one.seq} stays. Run `amends doctor`."
        ) from None
    return Redelivered.model_validate_json(reply.data)
