"""A command on its way into a workflow: its actor looked up, its texts put away."""

from typing import Any

from pydantic import BaseModel, Field

from shared.contract.values import Actor

UPDATE = "command"
"""The name of the Update by which every workflow takes its orders."""

REFUSED = "refused"
"""The type of the `ApplicationError` whose first detail is a `Refusal` as JSON."""


class Order(BaseModel):
    """What a workflow is asked to do.

    `data` are the fields of the verb's command with each text replaced by its reference. `named` is what
    the roster says of a staff id that `data` names in `to`: `id`, `role`, `team`; empty if there is none.
    """

    command_id: str
    verb: str
    actor: Actor
    data: dict[str, Any] = Field(default_factory=dict)
    named: dict[str, str] = Field(default_factory=dict)
