"""The one gate of every way out: what is still open, and who has let it go.

A complaint leaves by `withdraw`, `refer`, `final_decision`, `confirm_duplicate`, or with its last action.
Before that the first response, agreed actions, departments' tasks, offers and requests are done, moved to the
survivor of a merger, or released by the complainant or by a second person (`release`).
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from services.routing.rules.decision import Outcome
from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import CaseEnded, Moved, MovedTask, Referred, Resolved, Withdrawn
from shared.contract.recorded import Item, Notification
from shared.contract.values import ComplaintId, Stage
from shared.policy.recourse import HOUSE, where_next

RESPONSE = "response"
"""Stands for the first substantive response among the ids of what is open."""

MOOT = ("extension", "wait", "receipt")
"""Requests about nothing but deadlines of this complaint: they lapse with it."""


class Open(NamedTuple):
    """Something that somebody still waits for: its id, and how it is named in both languages."""

    id: str
    en: str
    zh: str


def open_items(state: CaseState) -> list[Open]:
    """Everything that is open now."""
    return list(_open(state))


def _open(state: CaseState) -> Iterator[Open]:
    if not state.answered:
        yield Open(RESPONSE, "the first response (response)", "首次答复（response）")
    for action in state.actions:
        if not action.done:
            yield Open(
                action.action_id, f"the agreed action {action.action_id}", f"约定事项 {action.action_id}"
            )
    for task in state.tasks:
        if not task.done:
            yield Open(task.task_id, f"the department's task {task.task_id}", f"部门任务 {task.task_id}")
    for offer in state.open_offers:
        name = offer.made.offer_id
        yield Open(name, f"the offer {name}", f"待答复的方案 {name}")
    for approval in state.approvals:
        if approval.status == "open" and approval.request.what not in MOOT:
            name = approval.request.request_id
            yield Open(name, f"the request {name}", f"待审批的请求 {name}")


def still_open(state: CaseState, *, but: str | None = None, field: str | None = None) -> Refusal | None:
    """Why the complaint cannot leave yet, naming all that is open; `but` is what is decided now."""
    items = [item for item in _open(state) if item.id != but]
    if not items:
        return None
    if [item.id for item in items] == [RESPONSE]:
        return refuse(ErrorCode.NEEDS_RESPONSE_FIRST, field=field)
    return refuse(
        ErrorCode.STILL_OPEN,
        detail=", ".join(item.en for item in items),
        detail_zh="、".join(item.zh for item in items),
        field=field,
    )


def concluded(state: CaseState) -> bool:
    """Whether all that was agreed is done or released, and nothing else is open: then it is resolved."""
    return state.stage == Stage.IMPLEMENTING and state.ending == "agreed" and not any(_open(state))


# --- the facts of the ends ------------------------------------------------------------------------


def resolved(state: CaseState, outcome: Literal["agreed", "decided"]) -> Resolved:
    """Everything is done or decided; follow-up takes over with what it needs to reach the complainant."""
    return Resolved.model_validate({"outcome": outcome, **_for_followup(state)})


def withdrawn(
    state: CaseState, by: Literal["customer", "staff"], reason_ref: str | None, asked_by: str | None = None
) -> Withdrawn:
    """Taken back; who was withdrawn by others is called, so follow-up learns how to reach them."""
    said = {"by": by, "reason_ref": reason_ref, "asked_by": asked_by}
    return Withdrawn.model_validate(said | _for_followup(state))


def in_danger(state: CaseState, fact: Outcome) -> Outcome:
    """The end by a command that tells of a danger: follow-up reopens it, and somebody calls."""
    if not isinstance(fact, Withdrawn | Referred):
        return fact
    return fact.model_copy(update={**_for_followup(state), "danger": True})


def _for_followup(state: CaseState) -> dict[str, object]:
    received = state.opening.received
    return {
        "owner": state.owner,
        "handlers": sorted({state.owner, *state.owners}),
        "language": received.language,
        "customer_ref": received.customer_ref,
        "contact": received.contact,
        "channel": received.channel,
        "regimes": regimes(state),
    }


def case_ended(state: CaseState, into: ComplaintId) -> CaseEnded:
    """The end of a duplicate, with all that goes on in its survivor."""
    moved = Moved(
        agreed=[terms for terms in state.agreements if any(not action.done for action in state.actions)],
        actions=[action.agreed for action in state.actions if not action.done],
        tasks=[
            MovedTask(task_id=task.task_id, unit=task.unit, due=task.due)
            for task in state.tasks
            if not task.done
        ],
        offers=[offer.made for offer in state.open_offers],
    )
    return CaseEnded(why="merged", into=into, moved=moved if moved.anything else None)


# --- what the complainant is told at an end -------------------------------------------------------


def regimes(state: CaseState) -> list[str]:
    """The regimes of authorities that applied to this complaint, in the order of the policy."""
    applied = {clock.regime for clock in state.clocks}
    return [name for name in state.pinned.recourse if name in applied and name != HOUSE]


def ending(
    state: CaseState, template: str, words: dict[str, str] | None = None, **more: object
) -> Notification:
    """The notice of an end: with where the complainant can turn under each regime that applied."""
    said = {"template": template, "words": {"complaint_id": state.complaint_id} | (words or {}), **more}
    told = Notification.model_validate(said)
    told.sentences["where_next"] = where_next(state.pinned.recourse, regimes(state))
    return told


def merged(state: CaseState, into: ComplaintId, *, agreed: bool) -> Notification:
    """The notice of a duplicate's end; what was `agreed`, and is not done, is said to go on there."""
    parts = ["merged_agreed"] if agreed else []
    return ending(state, "merged", {"into": into}, parts=parts)


def done(state: CaseState) -> list[Item]:
    """What was agreed, by the titles of the policy."""
    remedies = state.pinned.remedies
    return [
        Item(title=dict(remedies[terms.remedy].title), amount=terms.amount)
        for terms in state.agreements
        if terms.remedy in remedies
    ]


def body(state: CaseState, code: str) -> list[Item]:
    """A body outside by the name that the policy gives its code; another code is its own name."""
    title = state.pinned.bodies.get(code) or {"en": code, "zh": code}
    return [Item(title=dict(title))]
