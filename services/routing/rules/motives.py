"""Motives: hypotheses with a source, revised by facts and never overwritten (`sources.md` 12, 13, 26, 28)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from services.routing import refusals
from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.errors import Refusal, refuse
from shared.contract.events import ApprovalRequested, InterestRecorded, Triaged
from shared.contract.queries import MotiveRevision
from shared.contract.values import MOTIVES, NEEDED, Motive, MotiveGuess, Need, Party, needs_of
from shared.policy.pinned import Pinned

PROBABLE = 0.5
"""Least confidence of a guess from which something follows for the people of a complaint."""

CONFIRMED, SUPPOSED = 1.0, 0.6
"""Confidence of a motive behind an interest that the complainant confirmed, and of one that staff suppose."""


class PlannedAnswers(NamedTuple):
    """Motives and needs that a plan answers; `wish` if it grants what the complainant asked for."""

    motives: frozenset[Motive]
    needs: frozenset[Need]
    wish: bool = False


class Unanswered(NamedTuple):
    """Motives and needs that are known, and that a plan does not answer."""

    motives: list[Motive]
    needs: list[Need]


def known_motives(state: CaseState) -> list[MotiveGuess]:
    """Hypotheses that hold now: the last revision."""
    return state.motives[-1].motives if state.motives else state.triage.motives


def flagged_needs(state: CaseState) -> list[Need]:
    """Needs behind the motives and the interests, and safety in a danger."""
    motives = needs_of([one.motive for one in known_motives(state)], danger=state.triage.safety)
    own = (one for one in state.interests if one.party == Party.CUSTOMER)
    return list(dict.fromkeys([*motives, *(NEEDED[one.interest] for one in own if one.interest in NEEDED)]))


def answered_by(
    pinned: Pinned, remedies: Iterable[str], wish: str | None, more: Iterable[Need] = ()
) -> PlannedAnswers:
    """Plan of these remedies; `more` are needs that it answers besides."""
    own = [pinned.remedies[one] for one in remedies]
    motives = frozenset(motive for one in own for motive in one.answers)
    needs = {*needs_of(motives, danger=False), *more}
    return PlannedAnswers(motives, frozenset(needs), wish in {one.id for one in own})


def wants_punishment(state: CaseState) -> bool:
    """Whether the complainant probably wants a member of staff punished (`sources.md` 25)."""
    known = (one for one in known_motives(state) if one.motive is Motive.RETALIATION)
    return any(one.confidence >= PROBABLE for one in known)


def needs_independence(state: CaseState) -> bool:
    """Whether an independent person has to handle it: the units of the concerned staff have no part, too."""
    return bool(state.concerned.staff) and wants_punishment(state)


def unanswered(state: CaseState, plan: PlannedAnswers) -> Unanswered:
    """Known motives and needs that the plan leaves out. Harassment asks for nothing."""
    wanted = [one.motive for one in known_motives(state) if one.motive is not Motive.HARASSMENT]
    return Unanswered(
        [one for one in wanted if one not in plan.motives],
        [one for one in flagged_needs(state) if one not in plan.needs],
    )


def answers_something(state: CaseState, plan: PlannedAnswers, why: str | None) -> Refusal | None:
    """Refuse a plan that answers no known motive, unless the owner gives the reason."""
    wanted = [one.motive for one in known_motives(state) if one.motive is not Motive.HARASSMENT]
    if why or plan.wish or not wanted or plan.motives & {*wanted}:
        return None
    return refuse(refusals.ANSWERS_NO_MOTIVE, motives=", ".join(wanted))


def named(left: Unanswered) -> dict[str, object]:
    """Part of the reply that names what the plan does not answer; empty if it answers everything."""
    found = {"motives": [*left.motives], "needs": [*left.needs]}
    return {"unanswered": found} if any(found.values()) else {}


def revise_by_triage(state: CaseState, before: Triaged, fact: Triaged, at: datetime) -> None:
    """Add a revision where a triage brings other motives than the triage before."""
    if not state.motives or fact.motives != before.motives:
        state.motives.append(
            MotiveRevision(at=at, why="triaged", motives=fact.motives, text_ref=fact.reason_ref)
        )


def revise_by_interest(state: CaseState, fact: InterestRecorded, at: datetime) -> None:
    """Add a revision where an interest of the complainant shows a motive, or makes one surer."""
    sure = CONFIRMED if fact.confirmed else SUPPOSED
    known = {one.motive: one for one in known_motives(state)}
    shown = [
        MotiveGuess(motive=one, confidence=sure, source="interest")
        for one in (MOTIVES[fact.interest] if fact.party == Party.CUSTOMER else ())
        if one not in known or known[one].confidence < sure
    ]
    if shown:
        motives = list((known | {one.motive: one for one in shown}).values())
        state.motives.append(MotiveRevision(at=at, why=fact.NAME, motives=motives, text_ref=fact.text_ref))


def harassment_mark(motives: Iterable[MotiveGuess]) -> MotiveGuess | None:
    """Mark that two people set, if there is one."""
    return next((one for one in motives if one.motive is Motive.HARASSMENT), None)


def marked(state: CaseState, request: ApprovalRequested, now: datetime) -> Triaged:
    """Triage with the mark that two people decided, until the policy's time is over."""
    until = due(now, state.pinned.limits.harassment, state.pinned.calendar)
    mark = MotiveGuess(
        motive=Motive.HARASSMENT, confidence=1.0, source=f"person:{request.asked_by}", until=until
    )
    motives = [*without_mark(known_motives(state)), mark]
    return state.triage.model_copy(
        update={"motives": motives, "reason_ref": request.text_ref, "contact": None}
    )


def mark_over(state: CaseState) -> Triaged:
    """Triage after the time of the mark."""
    motives = without_mark(known_motives(state))
    return state.triage.model_copy(update={"motives": motives, "reason_ref": None, "contact": None})


def without_mark(motives: Iterable[MotiveGuess]) -> list[MotiveGuess]:
    """Motives but harassment."""
    return [one for one in motives if one.motive is not Motive.HARASSMENT]
