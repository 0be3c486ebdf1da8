"""Facts of ownership: the accountable person, the people who must not take part, and the changes of both."""

from typing import Literal

from shared.contract.events.base import FromRouting
from shared.contract.subjects import Channel
from shared.contract.values import ComplaintId, HeldLevel, Instant, TextRef

ReplacedBecause = Literal["conflict", "gone", "absent", "renamed", "returned", "policy"]
"""Reason of a replacement: an interest in the complaint, absence from the roster in this role, an absence for
a time, another id of the same person, the return of an absent person, or a policy that now names others.
"""


class Assigned(FromRouting):
    """Assignment: from now on exactly this person is accountable (`sources.md` 67).

    `owner` is `nobody` if each possible owner is concerned or gone; `unattended` reports that, too.
    `junior` and `language`: by now the complaint is graver than the former owner may own, or the owner no
    longer speaks its language.
    """

    NAME = "assigned"
    owner: str
    team: str
    level: int
    why: Literal[
        "triage",
        "transfer",
        "hand_over",
        "escalation",
        "reopening",
        "conflict",
        "gone",
        "absent",
        "renamed",
        "junior",
        "language",
        "queue",
    ]
    previous: str | None = None
    reasons: list[str] | None = None
    """Codes of what decided the choice, and of the wishes that were left out, such as `team_left_out`."""


class Queued(FromRouting):
    """Wait in the queue of `team`, since all who may own the complaint are away or have no room.

    `to` is accountable meanwhile and is notified: the lead. `waits` are the rules that no person meets now.
    All deadlines go on.
    """

    NAME = "queued"
    team: str
    to: str
    since: Instant
    waits: list[str]


class Transferred(FromRouting):
    """Proposal of a transfer; the owner stays accountable until `to` accepts (`sources.md` 96)."""

    NAME = "transferred"
    transfer_id: str
    sender: str
    to: str
    reason_ref: TextRef | None = None


class TransferReturned(FromRouting):
    """End of a proposed transfer without a new owner.

    `why` is absent if the proposal was not accepted in time.
    """

    NAME = "transfer_returned"
    transfer_id: str
    sender: str
    to: str
    why: Literal["conflict", "gone", "absent", "renamed", "junior", "language"] | None = None


class ConcernedAdded(FromRouting):
    """More people and units that the complaint is about: they have no part in handling it from now on.

    `contact` is the id of the submission or of the merged complaint that names them, if one does.
    `retaliation`: the complainant wants a concerned person punished, so their unit has no part, too.
    """

    NAME = "concerned_added"
    staff: list[str]
    units: list[str]
    why: Literal["contact", "completed", "merged", "renamed", "retaliation"]
    contact: ComplaintId | None = None


class ChainChanged(FromRouting):
    """Other people are above the owner from now on; `nobody` if all have an interest.

    `above` are the levels above the manager, from the lowest; absent if the policy has none.
    """

    NAME = "chain_changed"
    lead: str
    manager: str
    was_lead: str
    was_manager: str
    above: list[HeldLevel] | None = None
    was_above: list[HeldLevel] | None = None
    why: ReplacedBecause


class Unattended(FromRouting):
    """Alarm: no person is left for these roles of the complaint; the policy has to name another person.

    A role is owner, approver, department, or a level of the chain: lead, manager, or a higher one.
    """

    NAME = "unattended"
    roles: list[str]


class Changed(FromRouting):
    """Change of the person (`to`), the place or the time of the talks (`sources.md` 65).

    A place is a `channel`, which notices use from now on, or described in words (`to_ref`). A time is a
    `slot`, promised to the complainant and over at `due`, or described in words.
    """

    NAME = "changed"
    what: Literal["person", "place", "time"]
    to: str | None = None
    to_ref: TextRef | None = None
    channel: Channel | None = None
    slot: Instant | None = None
    due: Instant | None = None
    reason_ref: TextRef | None = None


class Escalated(FromRouting):
    """Escalation by one level. `level` counts up within a cycle; each level comes once.

    `obligation` is the breached deadline whose ladder was climbed; it is absent if a person escalated.
    `copied_to` are the people who are notified as well.
    """

    NAME = "escalated"
    level: int
    why: str
    to: str
    obligation: str | None = None
    copied_to: list[str] | None = None
    reason_ref: TextRef | None = None
