"""Offers pass their gates, rest on standards, stay within authority and never get worse."""

from decimal import Decimal

from services.routing.rules.exits import MOOT
from shared.contract.events import (
    ActionCompleted,
    Agreed,
    ApprovalGiven,
    ApprovalRequested,
    Closed,
    FinalDecision,
    GoneBack,
    InterestRecorded,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    OptionsPrepared,
    Overridden,
    Referred,
    Released,
    Reopened,
    Resolved,
    Responded,
    TaskDone,
    TaskOpened,
    TaskSigned,
    Withdrawn,
)
from shared.contract.values import Actor, Money, Party
from tests.unit.case_story import Story, TriageInput
from tests.unit.invariants_of_people import owners


def no_offer_without_its_gates(story: Story) -> None:
    responded, interest, options = False, False, OptionsPrepared(options=[])
    for one in story.told:
        match one.fact:
            case Reopened():
                responded, options = False, OptionsPrepared(options=[])
            case Responded():
                responded = True
            case InterestRecorded(party=Party.CUSTOMER, confirmed=True):
                interest = True
            case OptionsPrepared():
                options = one.fact
            case OfferMade() as made:
                assert responded
                assert interest
                assert len({option.option_id for option in options.options}) >= 2
                terms = (made.option_id, made.remedy, made.amount)
                assert terms in [(o.option_id, o.remedy, o.amount) for o in options.options]


def standards_are_cited(story: Story) -> None:
    known = {(standard.id, standard.version) for standard in story.pack.standards}
    for one in story.told:
        match one.fact:
            case OfferMade(standards=cited) | FinalDecision(standards=cited):
                assert cited
                assert {(ref.id, ref.version) for ref in cited} <= known


def _may(story: Story, who: Actor, amount: Money | None) -> bool:
    limits = {str(role): own for role, own in story.pack.authority.items()}.get(who.role, {})
    return amount is None or Decimal(amount.value) <= limits.get(str(amount.currency), Decimal(-1))


def no_offer_above_authority(story: Story) -> None:
    """Every offer is within the limit of the owner, or of the person who just consented to exactly this."""
    asked: dict[str, ApprovalRequested] = {}
    given: TriageInput | None = None
    overridden = False
    for one, owner in owners(story):
        match one.fact:
            case Overridden():
                overridden = True
            case Reopened():
                overridden = False
            case ApprovalRequested():
                asked[one.fact.request_id] = one.fact
            case ApprovalGiven():
                given = one
            case OfferMade(amount=amount, option_id=option_id, standards=cited, expires_at=expires_at):
                assert overridden or _may(story, one.actor, amount)
                if one.actor.id == owner:
                    continue
                assert given is not None
                assert isinstance(given.fact, ApprovalGiven)
                assert given.fact.approved
                assert (given.at, given.actor) == (one.at, one.actor)
                request = asked[given.fact.request_id]
                terms = (
                    request.what,
                    request.option_id,
                    request.amount,
                    request.standards,
                    request.expires_at,
                )
                assert terms == ("offer", option_id, amount, cited, expires_at)


def offers_never_get_worse(story: Story) -> None:
    """By their value to the complainant, over all cycles, unless two people went back for a reason."""
    best: dict[str, Decimal] = {}
    for one in story.told:
        match one.fact:
            case GoneBack(asked_by=asked_by, why_ref=why):
                assert why
                assert one.actor is not None
                assert one.actor.id != asked_by
                best = {}
            case OfferMade(value=Money() as value):
                currency = str(value.currency)
                assert value.amount >= best.get(currency, value.amount)
                best[currency] = value.amount


def nobody_alone_changes_the_currency(story: Story) -> None:
    """An offer that has no value to compare with those before is made by a second person only."""
    seen: set[str] = set()
    for one, owner in owners(story):
        match one.fact:
            case GoneBack():
                seen = set()
            case OfferMade(value=value):
                currency = str(value.currency) if value else "none"
                assert one.actor.id != owner or not seen or currency in seen
                seen.add(currency)


def outside_the_band_has_its_reason(story: Story) -> None:
    for one in story.told:
        if isinstance(one.fact, OfferMade):
            assert (one.fact.outside is None) == (one.fact.why_outside_ref is None)


def an_offer_ends_once(story: Story) -> None:
    """Offers are open one at a time; answered, expired or withdrawn, an offer is never answered again."""
    open_one: OfferMade | None = None
    for one in story.told:
        match one.fact:
            case OfferMade():
                assert open_one is None
                open_one = one.fact
            case OfferAnswered(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                assert one.at < open_one.expires_at
                open_one = None
            case OfferWithdrawn(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                open_one = None
            case OfferExpired(offer_id=offer_id):
                assert open_one is not None
                assert open_one.offer_id == offer_id
                assert one.at == open_one.expires_at
                open_one = None
            case Resolved() | Withdrawn() | Referred() | Closed():
                assert open_one is None
    assert open_one is None or story.now < open_one.expires_at


def agreed_only_by_acceptance(story: Story) -> None:
    accepted: str | None = None
    for one in story.told:
        match one.fact:
            case OfferAnswered(answer=answer, offer_id=offer_id):
                accepted = offer_id if answer == "accepted" else None
            case Agreed(offer_id=offer_id, actions=actions):
                assert offer_id == accepted
                assert actions
                accepted = None
    assert accepted is None


def no_way_out_drops_what_is_open(story: Story) -> None:
    """Response, agreed actions, tasks, offers and requests are done or let go before the complaint leaves."""
    waiting: set[str] = {"response"}
    for one in story.told:
        match one.fact:
            case Reopened():
                waiting.add("response")
            case Responded():
                waiting.discard("response")
            case Agreed(actions=actions):
                waiting |= {action.action_id for action in actions}
            case OfferMade(offer_id=name) | TaskOpened(task_id=name):
                waiting.add(name)
            case ApprovalRequested(request_id=name, what=what) if what not in MOOT:
                waiting.add(name)
            case OfferAnswered(offer_id=name) | OfferWithdrawn(offer_id=name) | OfferExpired(offer_id=name):
                waiting.discard(name)
            case ActionCompleted(action_id=name) | ApprovalGiven(request_id=name):
                waiting.discard(name)
            case TaskDone(task_id=name, sign_by=None) | TaskSigned(task_id=name, accepted=True):
                waiting.discard(name)
            case Released(items=items):
                assert set(items) <= waiting
                waiting -= set(items)
            case Resolved() | Withdrawn() | Referred():
                assert not waiting, one.fact


def withdrawn_by_two_people_or_the_complainant(story: Story) -> None:
    for one in story.told:
        if isinstance(one.fact, Withdrawn):
            by_customer = one.actor is not None and one.actor.id == "customer"
            assert by_customer == (one.fact.by == "customer")
            assert by_customer or (one.actor and one.fact.asked_by not in (None, one.actor.id))


def resolved_only_when_done_or_decided(story: Story) -> None:
    owed: set[str] = set()
    agreed = decided = kept = False
    for one in story.told:
        match one.fact:
            case Reopened():
                owed, agreed, decided, kept = set(), False, False, False
            case Agreed(actions=actions):
                agreed, owed = True, owed | {action.action_id for action in actions}
            case Released(items=items):
                owed -= set(items)
            case ActionCompleted(action_id=action_id, evidence_ref=evidence):
                assert evidence
                owed.remove(action_id)
                kept = True
            case FinalDecision(recourse=recourse, text_ref=reasons):
                assert recourse
                assert reasons
                decided = True
            case Resolved(outcome="agreed" | "released" as outcome):
                assert agreed
                assert not owed
                assert kept or outcome == "released"
            case Resolved(outcome="decided"):
                assert decided


INVARIANTS = (
    no_offer_without_its_gates,
    standards_are_cited,
    no_offer_above_authority,
    offers_never_get_worse,
    nobody_alone_changes_the_currency,
    outside_the_band_has_its_reason,
    an_offer_ends_once,
    agreed_only_by_acceptance,
    resolved_only_when_done_or_decided,
    no_way_out_drops_what_is_open,
    withdrawn_by_two_people_or_the_complainant,
)
