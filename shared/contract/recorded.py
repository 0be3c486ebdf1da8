"""A fact on its way out: numbered and dated by the one who decided it, not yet in its envelope."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.contract.envelope import RawEvent
from shared.contract.events import FACTS, Fact, FactHeader, read_fact
from shared.contract.ids import text_ref
from shared.contract.outgoing import Outgoing, message
from shared.contract.subjects import Channel, Service
from shared.contract.values import Actor, Instant, Money, PolicyId, Stage


class Named(BaseModel):
    """An instant that a notice names, and whose limit it is (`shared.policy.formats`)."""

    at: Instant
    limit: Literal["ours", "theirs", "past"]


class Item(BaseModel):
    """Something of the policy by its title in each language, with its amount."""

    title: dict[str, str]
    amount: Money | None = None


class Notification(BaseModel):
    """A notice that a rule wants sent: the template and what it is filled in with, never a text.

    `words` are ids, which are the same in every language. Instants (by the clocks of `zone`), amounts, titles
    and sentences of the policy become words when it is written. `text_of` is the reference of a text that the
    template quotes as `$text`; `texts_of` are those of other words that were told in a text. `parts` are the
    sentences after it, of those that the pack has.
    """

    template: str
    parts: list[str] = Field(default_factory=list)
    words: dict[str, str] = Field(default_factory=dict)
    instants: dict[str, Named] = Field(default_factory=dict)
    items: dict[str, list[Item]] = Field(default_factory=dict)
    sentences: dict[str, list[dict[str, str]]] = Field(default_factory=dict)
    zone: str | None = None
    text_of: str | None = None
    texts_of: dict[str, str] = Field(default_factory=dict)


def ours(at: datetime) -> Named:
    """By when the organisation does something."""
    return Named(at=at, limit="ours")


def theirs(at: datetime) -> Named:
    """By when the complainant has to do something."""
    return Named(at=at, limit="theirs")


class RecordedFact(BaseModel):
    """One fact with its place in the history of a complaint; `notification` only for a `notice`.

    `policy` is the one it was decided under, absent while that is the one the complaint was opened under.
    `pinned` only for `policy_migrated`: the rules from then on, for the case to be rebuilt; never sent.
    """

    name: str
    seq: int
    cycle: int
    stage: Stage
    actor: Actor
    at: Instant
    data: dict[str, Any]
    notification: Notification | None = None
    policy: PolicyId | None = None
    pinned: dict[str, Any] | None = None

    def fact(self) -> Fact:
        """The typed fact."""
        return FACTS[self.name].model_validate(self.data)


def record(fact: Fact, *, seq: int, cycle: int, stage: Stage, actor: Actor, at: datetime) -> RecordedFact:
    """Give a fact its number, its place and its instant."""
    return RecordedFact(
        name=fact.NAME,
        seq=seq,
        cycle=cycle,
        stage=stage,
        actor=actor,
        at=at,
        data=fact.own(),
    )


def message_of(service: Service, complaint_id: str, policy: PolicyId, recorded: RecordedFact) -> Outgoing:
    """The message for a recorded fact. `policy` is the one that the complaint was opened under."""
    header = FactHeader(
        complaint_id=complaint_id,
        seq=recorded.seq,
        cycle=recorded.cycle,
        stage=recorded.stage,
        actor=recorded.actor,
        policy=recorded.policy or policy,
    )
    return message(service, header, recorded.name, recorded.data, recorded.at)


def recorded_from(event: RawEvent, opened_under: PolicyId) -> RecordedFact:
    """A fact on record again, from its message; what was never sent (`notification`, `pinned`) is absent."""
    name, header, fact = read_fact(event)
    assert event.time is not None
    again = record(
        fact,
        seq=header.seq,
        cycle=header.cycle,
        stage=header.stage,
        actor=header.actor,
        at=event.time,
    )
    assert again.name == name
    again.policy = None if header.policy == opened_under else header.policy
    return again


def notice_ref(service: Service, complaint_id: str, seq: int) -> str:
    """Where the text of the notice with this number is put away."""
    return text_ref(service, complaint_id, f"notice-{seq}")


def channel_for(preferred: Channel | None, came_by: Channel) -> Channel:
    """The channel to tell the complainant by: what they prefer, else how they came."""
    return preferred or came_by
