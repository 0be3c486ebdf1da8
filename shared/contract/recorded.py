"""Recorded fact: numbered and dated by the workflow that decided it, not yet in its envelope."""

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
    """Instant in a notice, with the party whose limit it is (`shared.policy.formats`)."""

    at: Instant
    limit: Literal["ours", "theirs", "past", "day"]


class Item(BaseModel):
    """Entry of the policy by its title in each language, with its amount."""

    title: dict[str, str]
    amount: Money | None = None


class LinkOf(BaseModel):
    """Link in a notice, used once, as `$link`: by it the complainant confirms `id` until `until`.

    The link itself is made when the notice is written, and is in no fact.
    """

    id: str
    until: Instant


class Notification(BaseModel):
    """Request to send a notice: the template and its values, never a text.

    `words` are ids, which are the same in every language. Instants (in the time of `zone`), amounts,
    titles and sentences of the policy become words when the notice is written. `text_of` is the reference
    of a text that the template quotes as `$text`; `texts_of` are those of other quoted words. `parts` are
    the sentences after it, of those that the pack has.
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
    link_of: LinkOf | None = None


def ours(at: datetime) -> Named:
    """Instant by which the organisation has to act."""
    return Named(at=at, limit="ours")


def theirs(at: datetime) -> Named:
    """Instant by which the complainant has to act."""
    return Named(at=at, limit="theirs")


def day(at: datetime) -> Named:
    """Instant of which the notice names the day alone."""
    return Named(at=at, limit="day")


class RecordedFact(BaseModel):
    """Fact with its place in the history of a complaint; `notification` is present only for a `notice`.

    `policy` is the policy of the decision; it is absent if the complaint was opened under it. `pinned` is
    present only for `policy_migrated`: the rules from then on, by which the case is rebuilt. It is never
    sent.
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
        """Fact in its type."""
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
    """Message for a recorded fact. `policy` is the policy that the complaint was opened under."""
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
    """Recorded fact from its published message; the fields that are never sent (`notification`, `pinned`) are
    absent.
    """
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
    """Reference under which the text of the notice with this number is encrypted and stored."""
    return text_ref(service, complaint_id, f"notice-{seq}")


def channel_for(preferred: Channel | None, came_by: Channel) -> Channel:
    """Channel for a notice to the complainant: the channel that they prefer, else that of the complaint."""
    return preferred or came_by
