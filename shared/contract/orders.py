"""A command on its way into a workflow: its actor looked up, its texts put away."""

from typing import Any

from pydantic import BaseModel, Field

from shared.contract.commands import Accepted
from shared.contract.events import Signals
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor, Concerned

UPDATE = "command"
"""The name of the Update by which every workflow takes its orders."""

REFUSED = "refused"
"""The type of the `ApplicationError` whose details are a `Refusal` as JSON and the fact that it rests on."""


class Order(BaseModel):
    """What a workflow is asked to do.

    `data` are the fields of the verb's command with each text replaced by its reference. `named` is what
    the roster says (`id`, `role`, `team`) of the staff id that `data` names in `to`, else of the actor.
    `units` are the teams that the actor belongs to or leads, `named_units` those of whom `to` names, and
    `roster` identifies the roster that says so: a case that knows another one looks its people up anew.
    `told` is whom its words name as those whom the complaint is about.
    `attached` is what the service adds to the command of its own, such as the policy to migrate to.
    `signals` is what was found in its texts before they were put away; absent where there is nothing.
    `on_record` is the number of the last fact that stands on record: told to a workflow that refused without
    knowing it, because a worker died after writing; the workflow looks there before it decides.
    """

    command_id: str
    verb: str
    actor: Actor
    data: dict[str, Any] = Field(default_factory=dict)
    named: dict[str, str] = Field(default_factory=dict)
    units: list[str] = Field(default_factory=list)
    named_units: list[str] = Field(default_factory=list)
    roster: str = ""
    told: Concerned = Field(default_factory=Concerned)
    attached: dict[str, Any] | None = None
    on_record: int = 0
    signals: Signals | None = None


class StoredFacts(BaseModel):
    """What a flush found on record in the place of what it was to write: this is what happened.

    A worker that died after writing, before Temporal heard of it, leaves facts that its workflow does not
    know. Perhaps the next try decides otherwise, since time has passed; then these facts hold. `replies`
    are those of all commands of the complaint that were accepted. Without facts, nothing stood in the way.
    """

    facts: list[RecordedFact] = Field(default_factory=list)
    replies: dict[str, Accepted] = Field(default_factory=dict)
