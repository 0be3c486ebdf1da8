"""Gate of every exit: the items that are still open, and the consent to release them.

A complaint leaves by `withdraw`, `refer`, `final_decision`, `confirm_duplicate`, or with its last action.
Before that the first response, agreed actions, departments' tasks, offers and requests are done, moved to
the survivor of a merger, or released by the complainant or by a second person (`release`).
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from services.routing import refusals
from services.routing.rules.decision import Outcome
from services.routing.rules.state import CaseState
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    ApologyGiven,
    CaseEnded,
    Moved,
    MovedQuestion,
    MovedTask,
    OfferMade,
    Referred,
    Resolved,
    Terms,
    Withdrawn,
)
from shared.contract.recorded import Item, Notification, day
from shared.contract.values import ComplaintId, Contact, Stage
from shared.contract.values.problems import Words
from shared.policy.promised import first_call
from shared.policy.recourse import HOUSE, where_next

RESPONSE = "response"
"""Id of the first substantive response among the open items."""

APOLOGISES = ("decision", "resolved", "resolved_released", "referred")
"""Notices of an end that contain an apology where one is due and was not given."""

MOOT = ("extension", "wait", "receipt")
"""Requests about nothing but deadlines of this complaint: they lapse with it."""


class Open(NamedTuple):
    """Open item: its id, and its name in both languages."""

    id: str
    words: Words


def open_items(state: CaseState) -> list[Open]:
    """Everything that is open now."""
    return list(_open(state))


def _open(state: CaseState) -> Iterator[Open]:
    if not state.answered:
        yield Open(RESPONSE, refusals.OPEN_RESPONSE)
    for action in state.actions:
        if not action.done:
            yield Open(action.action_id, refusals.OPEN_ACTION.filled(id=action.action_id))
    if state.apology_due and state.pinned.settlement.apology_before_exit:
        name = state.apology_due.apology_id
        yield Open(name, refusals.OPEN_APOLOGY.filled(id=name))
    for task in state.tasks:
        if not task.done:
            words = refusals.UNSIGNED_TASK if task.finished else refusals.OPEN_TASK
            yield Open(task.task_id, words.filled(id=task.task_id))
    for offer in state.open_offers:
        name = offer.made.offer_id
        yield Open(name, refusals.OPEN_OFFER.filled(id=name))
    for approval in state.approvals:
        if approval.status == "open" and approval.request.what not in MOOT:
            name = approval.request.request_id
            yield Open(name, refusals.OPEN_REQUEST.filled(id=name))


def still_open(state: CaseState, *, but: str | None = None, field: str | None = None) -> Refusal | None:
    """Reason why the complaint cannot leave yet, naming all open items; `but` is the item that is decided
    now.
    """
    items = [item for item in _open(state) if item.id != but]
    if not items:
        return None
    if [item.id for item in items] == [RESPONSE]:
        return refuse(ErrorCode.NEEDS_RESPONSE_FIRST, field=field)
    return refuse(ErrorCode.STILL_OPEN, field=field, detail=Words.listed(item.words for item in items))


def concluded(state: CaseState) -> bool:
    """Whether all that was agreed is done or released, and nothing else is open: then it is resolved."""
    stages = (Stage.IMPLEMENTING, Stage.NEGOTIATING)  # the latter after a broken action that is done now
    return state.stage in stages and state.ending == "agreed" and not any(_open(state))


# --- the facts of the ends ------------------------------------------------------------------------


def resolved(state: CaseState, outcome: Literal["agreed", "decided", "released"]) -> Resolved:
    """Nothing is open any more; follow-up takes over with what it needs to reach the complainant."""
    let_go = [action.action_id for action in state.actions if action.released]
    return Resolved.model_validate({"outcome": outcome, "released": let_go or None, **_for_followup(state)})


def apology_with_notice(state: CaseState) -> list[ApologyGiven]:
    """Apology that is due and was not given: the last notice contains it."""
    wanted = state.apology_due
    return [ApologyGiven(apology_id=wanted.apology_id, how="notice")] if wanted else []


def settled(state: CaseState, at: datetime) -> tuple[Resolved, Notification]:
    """End of an agreement, and its notice, which lists finished and released items separately."""
    done, let_go = _done(state), _let_go(state)
    items = {word: found for word, found in (("done", done), ("released", let_go)) if found}
    if not done:
        told = ending(state, "resolved_released", items=items)
        return resolved(state, "released"), with_call(state, told, "resolved_call", at)
    parts = ["resolved_rest_released"] if let_go else []
    told = ending(state, "resolved", items=items, parts=parts)
    return resolved(state, "agreed"), with_call(state, told, "resolved_call", at)


def withdrawn(
    state: CaseState, by: Literal["customer", "staff"], reason_ref: str | None, asked_by: str | None = None
) -> Withdrawn:
    """Taken back; who was withdrawn by others is called, so follow-up learns how to reach them."""
    said = {"by": by, "reason_ref": reason_ref, "asked_by": asked_by}
    return Withdrawn.model_validate(said | _for_followup(state))


def in_danger(state: CaseState, fact: Outcome) -> Outcome:
    """End by a command that reports a danger: followup reopens it, and the complainant is called."""
    if not isinstance(fact, Withdrawn | Referred):
        return fact
    return fact.model_copy(update={**_for_followup(state), "danger": True})


def _for_followup(state: CaseState) -> dict[str, object]:
    received = state.opening.received
    return {
        "owner": state.owner,
        "handlers": sorted({state.owner, *state.owners, *map(state.present_id, state.owners)}),
        "language": received.language,
        "customer_ref": received.customer_ref,
        "contact": _contact(state),
        "channel": received.channel,
        "regimes": regimes(state),
    }


def _contact(state: CaseState) -> Contact:
    contact = state.opening.received.contact
    return contact.model_copy(update={"preferred_channel": state.place}) if state.place else contact


def case_ended(state: CaseState, into: ComplaintId) -> CaseEnded:
    """End of a duplicate, with all items that go on in its survivor."""
    still_owed = {action.terms for action in state.actions if not action.done}
    moved = Moved(
        agreed=[terms for place, terms in enumerate(state.agreements) if place in still_owed],
        actions=[action.agreed for action in state.actions if not action.done],
        tasks=[
            MovedTask(task_id=task.task_id, unit=task.unit, due=task.due, reads=task.reads)
            for task in state.tasks
            if not task.done
        ],
        offers=[offer.made for offer in state.open_offers],
        before=[one.made for one in state.offers if one.counts and one.status != "open"],
        questions=[MovedQuestion.model_validate(one.model_dump()) for one in state.questions],
    )
    return CaseEnded(why="merged", into=into, moved=moved if moved.anything else None)


# --- notices to the complainant at an end ---------------------------------------------------------


def regimes(state: CaseState) -> list[str]:
    """Regimes of authorities that applied to this complaint, in the order of the policy."""
    applied = {clock.regime for clock in state.clocks}
    return [name for name in state.pinned.recourse if name in applied and name != HOUSE]


def ending(
    state: CaseState, template: str, words: dict[str, str] | None = None, **more: object
) -> Notification:
    """Notice of an end, with the recourse of each regime that applied."""
    said = {"template": template, "words": {"complaint_id": state.complaint_id} | (words or {}), **more}
    told = Notification.model_validate(said)
    if state.apology_due and template in APOLOGISES:
        told.parts.append(f"apology_{state.apology_due.kind}")
    told.sentences["where_next"] = where_next(state.pinned.recourse, regimes(state))
    return told


def with_call(state: CaseState, told: Notification, sentence: str, at: datetime) -> Notification:
    """Notice of an end at `at` with the day of the call that follows it, as followup plans it."""
    pinned = state.pinned
    if pinned.callbacks is None:
        return told
    slot = first_call(pinned.callbacks, pinned.calendar, _contact(state), at, at)
    parts, instants = [*told.parts, sentence], told.instants | {"call_day": day(slot.start)}
    return told.model_copy(update={"parts": parts, "instants": instants})


def merged(state: CaseState, into: ComplaintId, *, agreed: bool) -> Notification:
    """Notice of a duplicate's end; where something was `agreed` and is not done, this states that it goes on
    there.
    """
    parts = ["merged_agreed"] if agreed else []
    return ending(state, "merged", {"into": into}, parts=parts)


def _done(state: CaseState) -> list[Item]:
    """Agreements that were carried out in full, with evidence."""
    unfinished = {action.terms for action in state.actions if action.evidence_ref is None}
    return [titled(state, terms) for place, terms in enumerate(state.agreements) if place not in unfinished]


def _let_go(state: CaseState) -> list[Item]:
    """Agreements that were released before all of them was carried out."""
    return agreed_for(state, [action.action_id for action in state.actions if action.released])


def agreed_for(state: CaseState, items: Collection[str]) -> list[Item]:
    """Agreements that the actions among these items carry out."""
    places = {action.terms for action in state.actions if action.action_id in items}
    return [titled(state, terms) for place, terms in enumerate(state.agreements) if place in places]


def titled(state: CaseState, terms: Terms | OfferMade) -> Item:
    """Agreed or offered remedy by its title in the policy; a remedy that the policy no longer has, by its
    code in words.
    """
    remedy, code = state.pinned.remedies.get(terms.remedy), _readable(terms.remedy)
    title = remedy.title if remedy else {"en": f"another remedy ({code})", "zh": f"其他补救措施（{code}）"}
    return Item(title=dict(title), amount=terms.amount)


def body(state: CaseState, code: str) -> list[Item]:
    """Outside body by the name that the policy gives its code; another code is named in words."""
    name = _readable(code)
    title = state.pinned.bodies.get(code) or {"en": f"an outside body ({name})", "zh": f"外部机构（{name}）"}
    return [Item(title=dict(title))]


def _readable(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")
