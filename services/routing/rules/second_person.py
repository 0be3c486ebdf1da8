"""Decisions of two people: one person asks, and a second confirms (`sources.md` 81).

A rule that needs a second person returns `ask(...)`. The request is a fact with a clock of its own. A
supervisor other than the asker confirms it with `approve`; `approvals.GRANTED` has the effects.
"""

from typing import Any

from services.routing import refusals
from services.routing.rules.authority import one_level_up
from services.routing.rules.decision import Decision
from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import ApprovalRequested
from shared.contract.values import Actor


def ask(
    state: CaseState, asker: Actor, what: str, *, field: str | None = None, before: int = 0, **fields: Any
) -> Decision | Refusal:
    """Request for `what` to the person above the asker; `fields` are further fields of the fact.

    `before` is the number of earlier requests of the same command.

    Refused: `not_allowed_now` (at `field`) while the same is asked for already, `needs_second_person`
    where no other person could confirm it.
    """
    waiting = asked_already(state, what, fields.get("obligation"))
    if waiting:
        return refuse(refusals.ASKED_ALREADY, field=field, request_id=waiting.request_id)
    above = one_level_up(state, asker)
    if above is None:
        return refuse(ErrorCode.NEEDS_SECOND_PERSON, field="actor.id")
    request = ApprovalRequested.model_validate(
        {
            "request_id": f"approval-{len(state.approvals) + before + 1}",
            "what": what,
            "asked_by": asker.id,
            "to": above.to,
            "least_role": above.role,
            **fields,
        }
    )
    return Decision([request], {"request_id": request.request_id, "to": above.to})


def asked_already(state: CaseState, what: str, obligation: str | None = None) -> ApprovalRequested | None:
    """Open request for the same thing, since two requests would undo each other."""
    asked = (one.request for one in state.approvals if one.status == "open")
    return next((one for one in asked if one.what == what and one.obligation == obligation), None)
