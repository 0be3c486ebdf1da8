"""Offers come after response, interest and alternatives, end once, and never get worse.

Source: `sources.md` 72 to 74, 78, 80.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import chain

from services.console.audit.auditor.stream import Fact, Memory

ENDS = ("resolved", "withdrawn", "referred")


def offers(own: Memory, fact: Fact) -> Iterator[str]:
    """Judge a fact of the negotiation."""
    yield from _judge.get(fact.name, _nothing)(own, fact)
    if fact.name in ENDS and own.get("open"):
        yield "left_open"


def _nothing(own: Memory, fact: Fact) -> Iterator[str]:
    yield from ()


def _reopened(own: Memory, fact: Fact) -> Iterator[str]:
    own.update(responded=False, options=[])
    yield from ()


def _responded(own: Memory, fact: Fact) -> Iterator[str]:
    own["responded"] = True
    yield from ()


def _interest(own: Memory, fact: Fact) -> Iterator[str]:
    if fact.data["party"] == "customer" and fact.data["confirmed"]:
        own["interest"] = True
    yield from ()


def _prepared(own: Memory, fact: Fact) -> Iterator[str]:
    own["options"] = [_terms(one) for one in fact.data["options"]]
    yield from ()


def _made(own: Memory, fact: Fact) -> Iterator[str]:
    options = own.get("options", [])
    if not (own.get("responded") and own.get("interest") and len({one[0] for one in options}) > 1):
        yield "offer_too_early"
    elif _terms(fact.data) not in options:
        yield "offer_not_prepared"
    if not fact.data["standards"]:
        yield "no_standard"
    if own.get("open"):
        yield "offer_ended_otherwise"
    yield from _never_worse(own, fact)
    own.setdefault("open", {})[fact.data["offer_id"]] = fact.data["expires_at"]


def _never_worse(own: Memory, fact: Fact) -> Iterator[str]:
    amount = _value(fact.data)
    best = own.setdefault("best", {})
    if amount and Decimal(amount["value"]) < Decimal(best.get(amount["currency"], amount["value"])):
        yield "worse_offer"
    _count(own, fact.data)


def _value(made: Memory) -> Memory | None:
    """Value to the complainant, where the offer has one, else its amount."""
    return made.get("value") or made.get("amount")


def _count(own: Memory, made: Memory) -> None:
    """Take an offer as a measure of later offers."""
    if amount := _value(made):
        best = own.setdefault("best", {})
        most = max(Decimal(amount["value"]), Decimal(best.get(amount["currency"], "0")))
        best[amount["currency"]] = str(most)


def _went_back(own: Memory, fact: Fact) -> Iterator[str]:
    """Two people went back behind all offers so far."""
    own["best"] = {}
    if fact.actor == fact.data["asked_by"]:
        yield "worse_offer"


def _answered(own: Memory, fact: Fact) -> Iterator[str]:
    expires = own.get("open", {}).pop(fact.data["offer_id"], None)
    if expires is None or fact.at >= datetime.fromisoformat(expires):
        yield "offer_not_open"
    own["accepted"] = fact.data["offer_id"] if fact.data["answer"] == "accepted" else None


def _ended(own: Memory, fact: Fact) -> Iterator[str]:
    expires = own.get("open", {}).pop(fact.data["offer_id"], None)
    if expires is None or (fact.name == "offer_expired" and fact.at != datetime.fromisoformat(expires)):
        yield "offer_ended_otherwise"


def _agreed(own: Memory, fact: Fact) -> Iterator[str]:
    if fact.data["offer_id"] != own.pop("accepted", None):
        yield "agreed_without_acceptance"


def _decided(own: Memory, fact: Fact) -> Iterator[str]:
    if not fact.data["standards"] or not (fact.data.get("recourse") or fact.data.get("recourse_ref")):
        yield "no_standard"


def _carried(own: Memory, fact: Fact) -> Iterator[str]:
    for one in (*fact.data.get("before", ()), *fact.data.get("offers", ())):
        _count(own, one)
    for one in fact.data.get("offers", ()):
        own.setdefault("open", {})[one["offer_id"]] = one["expires_at"]
    yield from ()


def _moved(own: Memory, fact: Fact) -> Iterator[str]:
    own["open"] = {}
    yield from ()


def _terms(fields: Memory) -> list[str | None]:
    amount = fields.get("amount") or {}
    return [fields["option_id"], fields["remedy"], *chain(*sorted(amount.items()))]


_judge = {
    "reopened": _reopened,
    "responded": _responded,
    "interest_recorded": _interest,
    "options_prepared": _prepared,
    "offer_made": _made,
    "gone_back": _went_back,
    "offer_answered": _answered,
    "offer_withdrawn": _ended,
    "offer_expired": _ended,
    "agreed": _agreed,
    "final_decision": _decided,
    "carried_over": _carried,
    "case_ended": _moved,
}
