"""Negotiation: options, offers, answers (`sources.md` 72 to 81).

Standards are cited, a later offer is never worse, and none is above the actor's authority.
"""

from datetime import datetime

from services.routing import refusals
from services.routing.rules.agreement import agreed
from services.routing.rules.alternatives import answered, answers_no_interest, not_different
from services.routing.rules.authority import is_usable, usable
from services.routing.rules.clockwork import resumption
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.described import described
from services.routing.rules.facts import CaseFact
from services.routing.rules.mediation import ended
from services.routing.rules.motives import answered_by, answers_something, named, unanswered
from services.routing.rules.never_worse import compared
from services.routing.rules.offer_terms import ask_for_offer, terms_of, weigh
from services.routing.rules.positions import stale
from services.routing.rules.standards import cited
from services.routing.rules.state import CaseState, Offer
from services.routing.rules.understanding import restatement_waits
from shared.clocks.budget import due
from shared.contract.commands import (
    AnswerOffer,
    CounterOffer,
    MakeOffer,
    Option,
    PrepareOptions,
    WithdrawOffer,
)
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.events import (
    Counter,
    ForOffer,
    OfferAnswered,
    OfferMade,
    OfferWithdrawn,
    OptionsPrepared,
    PreparedOption,
    StandardRef,
)
from shared.contract.recorded import Notification, theirs


def prepare_options(
    state: CaseState, request: ActorCommand[PrepareOptions], now: datetime
) -> Decision | Refusal:
    """Two or more alternatives of the policy's remedies, best for the complainant last."""
    options = request.command.options
    if len({option.option_id for option in options}) < max(2, len(options)):
        return refuse(ErrorCode.NEEDS_OPTIONS, field="data.options")
    for number, option in enumerate(options):
        if wrong := _wrong_option(state, option, f"data.options.{number}"):
            return wrong
    if same := not_different(options):
        return same
    for number, option in enumerate(options):
        field = f"data.options.{number}"
        if nothing := answers_no_interest(state, option, field, request.command.why):
            return nothing
    command, wish = request.command, state.told_remedy or state.opening.received.remedy_sought
    plan = answered_by(state.pinned, [option.remedy for option in options], wish, command.needs)
    if refusal := answers_something(state, plan, command.why):
        return refusal
    prepared = [
        PreparedOption(
            **option.model_dump(exclude={"text", "interests"}),
            text_ref=option.text,
            interests=answered(state, option) or None,
        )
        for option in options
    ]
    fact = OptionsPrepared(options=prepared, needs=command.needs, why_ref=command.why)
    return Decision([fact], named(unanswered(state, plan)))


def _wrong_option(state: CaseState, option: Option, field: str) -> Refusal | None:
    """Reason why an alternative cannot be offered."""
    remedy = state.pinned.remedies.get(option.remedy)
    if remedy is None:
        known = ", ".join(sorted(state.pinned.remedies))
        return refuse(refusals.UNKNOWN_REMEDY, field=f"{field}.remedy", known=known)
    if remedy.money and option.amount is None:
        return refuse(refusals.AMOUNT_MISSING, field=f"{field}.amount", remedy=remedy.id)
    if option.amount and not is_usable(state, option.amount):
        currency, place = option.amount.currency, f"{field}.amount.currency"
        return refuse(refusals.UNUSABLE_CURRENCY, field=place, currency=currency, known=usable(state))
    return None


def offer(state: CaseState, request: ActorCommand[MakeOffer], now: datetime) -> Decision | Refusal:
    """Offer a prepared option. What one person may not decide alone waits for approval first."""
    command = request.command
    if refusal := stale(state, command.position):
        return refusal
    if refusal := restatement_waits(state, now):
        return refusal
    standards = cited(state, command.standards, now, request.precedent)
    if isinstance(standards, Refusal):
        return standards
    option = next((o for o in state.options if o.option_id == command.option_id), None)
    if option is None:
        known = ", ".join(o.option_id for o in state.options)
        return refuse(refusals.OPTION_NOT_PREPARED, known=known)
    expires_at = command.expires_at or _usual_end(state, now)
    latest = due(now, state.pinned.limits.longest_offer, state.pinned.calendar)
    if not now < expires_at <= latest:
        return refuse(refusals.EXPIRY_OUT_OF_RANGE, latest=latest.isoformat())
    weighed = weigh(state, request, option, now)
    if isinstance(weighed, Refusal):
        return weighed
    made = offer_made(state, option, standards, _in_words(expires_at, now), command.text, weighed.terms)
    if not weighed.reasons:
        return Decision([made, offer_notice(state, made)], {"offer_id": made.offer_id})
    return ask_for_offer(state, made, weighed, request.actor, command.why_worse)


def _in_words(expires_at: datetime, now: datetime) -> datetime:
    """End of the offer at a whole second, the smallest unit that the notice has."""
    whole = expires_at.replace(microsecond=0)
    return whole if whole > now else expires_at


def _usual_end(state: CaseState, now: datetime) -> datetime:
    """End of an offer that names none: at a whole minute, the smallest unit that a notice has."""
    exact = due(now, state.pinned.limits.offer, state.pinned.calendar)
    minute = exact.replace(second=0, microsecond=0)
    return minute if minute > now else exact


def offer_made(
    state: CaseState,
    option: PreparedOption,
    standards: list[StandardRef],
    expires_at: datetime,
    text_ref: str,
    terms: ForOffer,
) -> OfferMade:
    """Next round of the ledger."""
    number = len(state.offers) + 1
    return OfferMade(
        offer_id=f"offer-{number}",
        round=number,
        option_id=option.option_id,
        remedy=option.remedy,
        amount=option.amount,
        standards=standards,
        expires_at=expires_at,
        text_ref=text_ref,
        **terms_of(terms),
    )


def offer_notice(state: CaseState, made: OfferMade) -> Notification:
    """Notice of the offer to the complainant."""
    words, instants = {"complaint_id": state.complaint_id}, {"by_when": theirs(made.expires_at)}
    told = Notification(template="offer", words=words, instants=instants, text_of=made.text_ref)
    if made.conditions_ref:
        told.parts, told.texts_of = ["offer_conditions"], {"conditions": made.conditions_ref}
    return told


def answer(state: CaseState, request: ActorCommand[AnswerOffer], now: datetime) -> Decision | Refusal:
    """Record the complainant's answer; on a rejection the next alternative is proposed to the owner at
    once.
    """
    command = request.command
    open_one = state.offer_open(command.offer_id)
    if open_one is None:
        return _not_open(state, command.offer_id)
    if open_one.made.expires_at <= now:
        return refuse(refusals.OFFER_ENDED["expired"])
    following = None if command.answer == "accepted" else next_option(state, open_one, now)
    facts: list[CaseFact | Notification] = [
        OfferAnswered(
            offer_id=command.offer_id,
            answer=command.answer,
            counter=_countered(state, command.counter),
            next_option_id=following,
            text_ref=command.text,
        )
    ]
    if state.pause:
        facts += resumption(state, "answer", now)
    if command.answer == "accepted":
        facts += [*ended(state, "agreed"), agreed(state, open_one.made, now)]
    return Decision(facts, {"next_option_id": following} if following else {})


def _countered(state: CaseState, counter: CounterOffer | None) -> Counter | None:
    """Counter-offer in the form in which it may travel."""
    if counter is None:
        return None
    remedy, ref = described(state, counter.remedy)
    return Counter(remedy=remedy, remedy_ref=ref, amount=counter.amount)


def next_option(state: CaseState, refused: Offer, now: datetime) -> str | None:
    """Next prepared alternative after the refused offer that is not worse than any offer so far."""
    after = [option for rank, option in enumerate(state.options) if rank > refused.rank]
    return next((one.option_id for one in after if not compared(state, one, now).worse_than), None)


def _not_open(state: CaseState, offer_id: str) -> Refusal:
    known = next((o for o in state.offers if o.made.offer_id == offer_id), None)
    return refuse(refusals.OFFER_ENDED[known.status] if known else refusals.NO_SUCH_OFFER)


def withdraw_offer(
    state: CaseState, request: ActorCommand[WithdrawOffer], now: datetime
) -> Decision | Refusal:
    """Withdraw an open offer, and notify the complainant, who had been asked to answer it."""
    if state.offer_open(request.command.offer_id) is None:
        return _not_open(state, request.command.offer_id)
    taken_back = OfferWithdrawn(offer_id=request.command.offer_id, reason_ref=request.command.reason)
    told = Notification(template="offer_withdrawn", words={"complaint_id": state.complaint_id})
    return Decision([taken_back, told])
