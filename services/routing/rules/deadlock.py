"""Deadlock: rounds that failed, or time that passed, after which others have to help (`sources.md` 65)."""

from collections.abc import Iterator
from datetime import datetime

from services.routing.rules.state import CaseState
from shared.clocks.budget import due
from shared.contract.events import (
    Changed,
    Deadlocked,
    MediationFinished,
    NegotiationReopened,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from shared.contract.queries import SuggestedStep
from shared.contract.values import Stage

ENDED = (OfferAnswered.NAME, OfferExpired.NAME, OfferWithdrawn.NAME)
BEGINS = (Changed.NAME, MediationFinished.NAME, NegotiationReopened.NAME)
"""Facts after which the rounds and the time count anew."""


def deadlock_at(state: CaseState) -> datetime | None:
    """Instant of the deadlock; None where there is none, or while an offer waits for its answer."""
    quiet = state.stage != Stage.NEGOTIATING or state.deadlocked or state.mediation
    if quiet or state.open_offer or _since(state) is None:
        return None
    found = [at for at in (_by_rounds(state), _by_time(state)) if at]
    terms = state.pinned.settlement.deadlock
    wanted = sum(one is not None for one in (terms.rounds, terms.after))
    if not found or (terms.needs == "both" and len(found) < wanted):
        return None
    at = max(found) if terms.needs == "both" else min(found)
    return max(
        at, *(state.last_fact_at[name] for name in ENDED if name in state.last_fact_at), _since(state) or at
    )


def deadlocked(state: CaseState, at: datetime) -> Iterator[Deadlocked]:
    """Fact of the deadlock, to the person above."""
    rounds, time = _by_rounds(state), _by_time(state)
    by_time = time is not None and time <= at
    why = "both" if rounds and by_time else "rounds" if rounds else "time"
    since = _since(state) or at
    yield Deadlocked.model_validate(
        {"why": why, "rounds": state.failed_rounds, "since": since, "to": state.chain.at("lead")}
    )


def ways_out(state: CaseState) -> Iterator[SuggestedStep]:
    """Steps out of a deadlock: another person, place or time, a mediator, a decision, a referral."""
    if not state.deadlocked:
        return
    yield SuggestedStep(what="change", why="deadlock")
    if state.mediation is None:
        yield SuggestedStep(what="mediate", why="deadlock")
    yield SuggestedStep(what="final_decision", why="deadlock")
    yield SuggestedStep(what="refer", why="deadlock")


def _since(state: CaseState) -> datetime | None:
    """Instant from which the negotiation counts: its first offer, or what changed it since."""
    first = state.first_fact_at.get(OfferMade.NAME)
    anew = [state.last_fact_at[name] for name in BEGINS if name in state.last_fact_at]
    return max(first, *anew) if first and anew else first


def _by_rounds(state: CaseState) -> datetime | None:
    most = state.pinned.settlement.deadlock.rounds
    failed = most is not None and state.failed_rounds >= most
    return state.last_fact_at.get(OfferAnswered.NAME) if failed else None


def _by_time(state: CaseState) -> datetime | None:
    after, since = state.pinned.settlement.deadlock.after, _since(state)
    return due(since, after, state.pinned.calendar) if after and since else None
