"""Order: a command on its way into a workflow, with its actor looked up and its texts encrypted and
stored.
"""

from typing import Any

from pydantic import BaseModel, Field

from shared.contract.commands import Accepted
from shared.contract.events import Signals
from shared.contract.recorded import RecordedFact
from shared.contract.values import Actor, Concerned

UPDATE = "command"
"""Name of the Update by which every workflow receives its orders."""

REFUSED = "refused"
"""Type of the `ApplicationError` whose details are a `Refusal` as JSON and the number of the fact behind
it.
"""


class Order(BaseModel):
    """Order to a workflow.

    `data` are the fields of the verb's command, with each text replaced by its reference. `named` are `id`,
    `role` and `team` in the roster of the staff id that `data` names in `to`, else of the actor. `units`
    are the teams that the actor belongs to or leads, `named_units` those of the person in `to`. `formerly`
    are former ids of the actor. `roster` identifies the roster that was used: a case that knows another
    roster looks its people up anew. `told` are the people and units that the command's words name as
    concerned. `attached` are values that the service adds to the command, such as the policy to migrate to.
    `signals` are the findings in its texts before these were encrypted; absent if there are none.
    `on_record` is the number of the last stored fact. The service sets it for a workflow that refused
    without knowing that fact, because a worker died after writing; the workflow reads the stored facts
    before it decides.
    """

    command_id: str
    verb: str
    actor: Actor
    data: dict[str, Any] = Field(default_factory=dict)
    named: dict[str, str] = Field(default_factory=dict)
    units: list[str] = Field(default_factory=list)
    named_units: list[str] = Field(default_factory=list)
    formerly: list[str] = Field(default_factory=list)
    roster: str = ""
    concerned: Concerned = Field(default_factory=Concerned)
    attached: dict[str, Any] | None = None
    on_record: int = 0
    signals: Signals | None = None


class StoredFacts(BaseModel):
    """Stored facts that a flush found in place of the facts that it had to write; the stored facts hold.

    A worker that died after writing, before Temporal received its result, leaves facts that its workflow
    does not know. The next try may decide otherwise, since time has passed; then the stored facts hold.
    `replies` are the replies to all accepted commands of the complaint. Without facts, the flush found no
    difference.
    """

    facts: list[RecordedFact] = Field(default_factory=list)
    replies: dict[str, Accepted] = Field(default_factory=dict)
