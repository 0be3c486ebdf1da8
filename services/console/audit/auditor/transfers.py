"""Transfers count when they are accepted, go back only by a supervisor, and are limited in number.

Source: `sources.md` 57, 96.
"""

from collections.abc import Iterator, Mapping

from services.console.audit.auditor.stream import Fact, Memory

BELOW = ("agent", "privacy", "department", "customer", "system")

Limits = Mapping[str, int | None]
"""Most accepted transfers in one stage without a supervisor, by the hash of the policy."""


def transfers(own: Memory, fact: Fact, limits: Limits) -> Iterator[str]:
    """Judge a fact of a transfer."""
    if fact.name == "transferred":
        most, done = limits.get(fact.policy), own.get("done", {}).get(_place(fact), 0)
        if most is not None and done >= most and fact.role in BELOW:
            yield "too_many_transfers"
        own["proposal"] = {"to": fact.data["to"], "role": fact.role, "place": _place(fact)}
    elif fact.name == "handed_over":
        own["proposal"] = {"to": fact.data["to"], "role": _signer(own, fact), "place": None}
    elif fact.name == "assistant_named":
        own["assistant"] = fact.data.get("assistant")
        own["assistant_by"] = own.get("assistant_by") if fact.role == "system" else fact.role
    elif fact.name == "hand_over_due":
        own["shift_ends"] = True
    elif fact.name == "transfer_returned":
        own.pop("proposal", None)
    elif fact.name == "assigned":
        proposal = own.pop("proposal", None)
        if fact.data["why"] in ("transfer", "hand_over"):
            yield from _accepted(own, fact, proposal)
        own["had"] = sorted({*own.get("had", ()), fact.data["owner"]})
        own["shift_ends"] = False
        own["stands_in_for"] = fact.data.get("previous") if fact.data["why"] == "absent" else None


def _signer(own: Memory, fact: Fact) -> str:
    """Role of the person who handed over; after a conversation, of the person who named the assistant."""
    by = own.pop("assistant_by", None)
    return str(by) if by and own.pop("assistant", None) == fact.data["to"] else fact.role


def _accepted(own: Memory, fact: Fact, proposal: Memory | None) -> Iterator[str]:
    owner, handed = fact.data["owner"], fact.data["why"] == "hand_over"
    whole = proposal is not None and (proposal["place"] is None) == handed
    if proposal is None or not whole or not owner == proposal["to"] == fact.actor:
        yield "owner_changed_otherwise"
        return
    former = owner in own.get("had", ()) and owner != own.get("stands_in_for")
    turn = handed and own.get("shift_ends")  # shifts take turns
    if former and not turn and proposal["role"] in BELOW:
        yield "ping_pong"
    if handed:
        return
    done = own.setdefault("done", {})
    done[proposal["place"]] = done.get(proposal["place"], 0) + 1


def _place(fact: Fact) -> str:
    return f"{fact.cycle} {fact.stage}"
