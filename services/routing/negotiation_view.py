"""Negotiation of a complaint as the query shows it, from its stored facts and its row. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from services.routing.fairness.scores import scores
from services.routing.rules.concessions import per_round
from shared.contract.events import (
    Agreed,
    CarriedOver,
    CaseEnded,
    FinalDecision,
    OfferAnswered,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    Referred,
    Reopened,
    Resolved,
    StandardRef,
    Terms,
    Withdrawn,
)
from shared.contract.queries import CitedStandard, ConcessionSlope, Negotiation, Reserve, Round
from shared.contract.recorded import RecordedFact
from shared.contract.values import Money
from shared.policy.models import Pack

State = Mapping[str, Any]
"""State of a complaint (`ComplaintState`) as a row stores it."""


def negotiation(state: State, facts: Iterable[RecordedFact], pack: Pack) -> Negotiation:
    """Negotiation without its reserve."""
    known = list(facts)
    rounds, talks = list(_rounds(known)), state["negotiation"]
    agreements = [fact.terms for one in known if isinstance(fact := one.fact(), Agreed)]
    return Negotiation.model_validate(
        {
            **{name: state[name] for name in ("complaint_id", "stage", "cycle", "language", "owner")},
            **{name: state.get(name, []) for name in ("actions", "approvals", "changes", "suggestions")},
            **{name: talks[name] for name in ("position", "responded", "interests")},
            "rounds": rounds,
            "slopes": list(slopes(rounds)),
            "standards": _standards(rounds, agreements, pack),
            "agreements": agreements,
            "fairness": scores(state, state.get("followup") or {}),
            "better_for_both": [
                option
                for one in known
                if isinstance(fact := one.fact(), Agreed)
                for option in fact.better_for_both or ()
            ],
            "ending": _ending(known),
        }
    )


def reserve(state: State, pack: Pack, rounds: Iterable[Round]) -> Reserve:
    """Prepared options that were not offered in this cycle, and the owner's own limits."""
    offered = {one.option_id for one in rounds if one.cycle == state["cycle"]}
    left = [one for one in state["negotiation"]["options"] if one["option_id"] not in offered]
    role = next((one.role for one in pack.staff if one.id == state["owner"]), None)
    limits = {str(code): str(limit) for code, limit in pack.authority[role].items()} if role else {}
    return Reserve.model_validate({"options": left, "limits": limits})


def without_proposals(found: Negotiation) -> Negotiation:
    """Negotiation for people who may not see what is in reserve."""
    rounds = [one.model_copy(update={"next_option_id": None}) for one in found.rounds]
    return found.model_copy(update={"rounds": rounds, "better_for_both": []})


def _rounds(facts: list[RecordedFact]) -> Iterator[Round]:
    """Rounds in their order, each with its end."""
    found: dict[str, Round] = {}
    for one in facts:
        match one.fact():
            case OfferMade() as made:
                found[made.offer_id] = _round(one, made, list(found.values()))
            case CarriedOver(offers=offers):
                found |= {made.offer_id: _round(one, made, []) for made in offers}
            case OfferAnswered(answer=status) as answer if answer.offer_id in found:
                given = {"counter": answer.counter, "next_option_id": answer.next_option_id}
                found[answer.offer_id] = _ended(found[answer.offer_id], status, one, given)
            case OfferWithdrawn(offer_id=name) if name in found:
                found[name] = _ended(found[name], "withdrawn", one)
            case OfferExpired(offer_id=name) if name in found:
                found[name] = _ended(found[name], "expired", one)
            case CaseEnded():
                still = [name for name, made in found.items() if made.status == "open"]
                found |= {name: _ended(found[name], "moved", one) for name in still}
    yield from found.values()


def _round(one: RecordedFact, made: OfferMade, before: list[Round]) -> Round:
    names = ("round", "offer_id", "option_id", "remedy", "amount", "standards", "expires_at", "text_ref")
    fields = {name: getattr(made, name) for name in names}
    return Round.model_validate(
        fields
        | {"cycle": one.cycle, "made_at": one.at, "made_by": one.actor.id}
        | {"concession": _concession(made.amount, before)}
    )


def _concession(amount: Money | None, before: list[Round]) -> Money | None:
    """Difference from the newest amount before in this currency."""
    was = [one.amount for one in before if one.amount and amount and one.amount.currency == amount.currency]
    if amount is None or not was or was[-1] is None:
        return None
    more = amount.amount - was[-1].amount
    return Money.model_construct(value=str(more), currency=amount.currency)


def _ended(was: Round, status: str, one: RecordedFact, more: Mapping[str, Any] | None = None) -> Round:
    return was.model_copy(update={"status": status, "ended_at": one.at, **(more or {})})


def slopes(rounds: list[Round]) -> Iterator[ConcessionSlope]:
    """Slope of each side in each currency."""
    sides: dict[Literal["ours", "theirs"], list[tuple[int, Money | None]]] = {
        "ours": [(one.round, one.amount) for one in rounds],
        "theirs": [(one.round, one.counter.amount) for one in rounds if one.counter],
    }
    for side, points in sides.items():
        amounts = [(number, amount) for number, amount in points if amount]
        for currency in dict.fromkeys(str(amount.currency) for _, amount in amounts):
            own = [(number, amount) for number, amount in amounts if amount.currency == currency]
            slope = per_round([(number, Decimal(amount.value)) for number, amount in own])
            yield ConcessionSlope(
                side=side,
                currency=currency,
                rounds=len(own),
                first=own[0][1],
                last=own[-1][1],
                per_round=None if slope is None else str(slope),
            )


def _standards(rounds: list[Round], agreements: list[Terms], pack: Pack) -> list[CitedStandard]:
    """Standards that were cited, each once."""
    cited: list[StandardRef] = [ref for one in rounds for ref in one.standards]
    cited += [ref for terms in agreements for ref in terms.standards]
    known = {(one.id, one.version): one for one in pack.standards}
    found = dict.fromkeys((ref.id, ref.version) for ref in cited)
    return [
        CitedStandard(
            id=key[0],
            version=key[1],
            title=dict(known[key].title) if key in known else None,
            source=known[key].source if key in known else None,
        )
        for key in found
    ]


def _ending(facts: list[RecordedFact]) -> str | None:
    """Newest fact that ended the case, unless it was reopened after it."""
    ends = FinalDecision | Resolved | Withdrawn | Referred | CaseEnded | Reopened
    last = next((one for one in reversed(facts) if isinstance(one.fact(), ends)), None)
    return last.name if last and last.name != Reopened.NAME else None
