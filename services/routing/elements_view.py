"""Elements of a negotiation as the query shows them: positions, ranked options, the relationship. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from shared.contract.events import (
    Assigned,
    Changed,
    Listened,
    Notice,
    OfferAnswered,
    PositionSet,
    PreparedOption,
    RecordCompleted,
    Reopened,
    Responded,
    RestatementAnswered,
    Triaged,
)
from shared.contract.queries import Elements, PositionTaken, Precedent, RankedOption, Relationship
from shared.contract.recorded import RecordedFact
from shared.contract.values import Party

State = Mapping[str, Any]

KEPT, BROKEN = ("met",), ("breached", "met_late")
INSIDE = ("approval", "feedback", "inform", "signature", "task", "transfer", "deadline")
"""Beginnings of the names of clocks between our own people: they show nothing of the relationship."""


def elements(state: State, facts: list[RecordedFact], precedent: Precedent | None) -> Elements:
    """Elements of one complaint."""
    talks = state["negotiation"]
    return Elements.model_validate(
        {
            "positions": list(_positions(state, facts)),
            "options": ranked([PreparedOption.model_validate(one) for one in talks["options"]]),
            "fallbacks": talks.get("fallbacks", {}),
            "restatement": talks.get("restatement"),
            "precedent": precedent,
            "relationship": _relationship(state, facts),
        }
    )


def _positions(state: State, facts: list[RecordedFact]) -> Iterator[PositionTaken]:
    """Demands of the complainant in order, and each version of the organisation's position."""
    corrected = any(isinstance(one.fact(), RecordCompleted) for one in facts)
    if state.get("remedy_sought") and not corrected:
        yield PositionTaken(
            party=Party.CUSTOMER,
            source="received",
            at=state["received_at"],
            remedy=state["remedy_sought"],
            amount=state.get("loss"),
        )
    for one in facts:
        match one.fact():
            case RecordCompleted(remedy_sought=remedy, loss=loss) if remedy or loss:
                yield PositionTaken(
                    party=Party.CUSTOMER, source=one.name, at=one.at, remedy=remedy, amount=loss
                )
            case OfferAnswered(counter=counter) if counter:
                yield PositionTaken(
                    party=Party.CUSTOMER,
                    source=one.name,
                    at=one.at,
                    remedy=counter.remedy,
                    amount=counter.amount,
                    text_ref=counter.remedy_ref,
                )
            case PositionSet(version=version, text_ref=ref):
                yield PositionTaken(
                    party=Party.COMPANY, source=one.name, at=one.at, version=version, text_ref=ref
                )


def ranked(options: list[PreparedOption]) -> list[RankedOption]:
    """Options with their ranks for both parties."""
    found = []
    for option, (customer, company) in zip(options, ranks(options), strict=True):
        found.append(
            RankedOption(**option.model_dump(), rank_for_customer=customer, rank_for_company=company)
        )
    return found


def ranks(options: list[PreparedOption]) -> list[tuple[int, int]]:
    """Rank of each option for the complainant, whose best is last, and for the organisation."""
    count = len(options)
    customer = [count - place for place in range(count)]
    values = [one.value_to_company for one in options if one.value_to_company is not None]
    if len(values) < count:
        return [(rank, count + 1 - rank) for rank in customer]
    company = [1 + sum(other > own for other in values) for own in values]
    return list(zip(customer, company, strict=True))


def _relationship(state: State, facts: list[RecordedFact]) -> Relationship:
    told = [one.fact() for one in facts]
    dated = list(zip(facts, told, strict=True))
    owners = [(fact.owner, one.at) for one, fact in dated if isinstance(fact, Assigned)]
    since = next((at for owner, at in reversed(owners) if owner == state["owner"]), facts[0].at)
    spoken = [one.at for one, fact in dated if isinstance(fact, Responded | Notice)]
    clocks = [one for one in state["obligations"] if not str(one["obligation"]).startswith(INSIDE)]
    counted = Counter(one["status"] for one in clocks)
    answers = [fact.confirmed for fact in told if isinstance(fact, RestatementAnswered)]
    kept, broken = (sum(counted[name] for name in names) for names in (KEPT, BROKEN))
    confirmed, denied = answers.count(True), answers.count(False)
    every = kept + broken + confirmed + denied
    styles = [fact.style for fact in told if isinstance(fact, Triaged)]
    return Relationship(
        contact=state["owner"],
        contact_since=since,
        owners=len({owner for owner, _ in owners}),
        last_contact=max(spoken, default=None),
        tone=styles[-1] if styles else [],
        kept=kept,
        broken=broken,
        confirmed=confirmed,
        denied=denied,
        trust=round((kept + confirmed) / every, 2) if every else None,
        failed_rounds=_failed(told),
        changes=dict(Counter(fact.what for fact in told if isinstance(fact, Changed))),
        change_suggested=bool(state.get("suggestions")),
        listened=any(isinstance(fact, Listened) for fact in told),
    )


def _failed(told: list[Any]) -> int:
    """Rounds that failed since the last change, in this cycle."""
    failed = 0
    for fact in told:
        match fact:
            case Reopened() | Changed():
                failed = 0
            case OfferAnswered(answer=answer):
                failed += answer != "accepted"
    return failed
