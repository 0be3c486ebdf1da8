"""Small values that many messages share.

What is checked, by `characters` and `currencies` for instance, is explained to people by `problems`.
"""

from shared.contract.values.instants import Instant
from shared.contract.values.numbers import A_NUMBER, Money
from shared.contract.values.people import CUSTOMER, NOBODY, SYSTEM, Actor, Concerned, Contact, folded
from shared.contract.values.references import ComplaintId, CustomerRef, PolicyId, Ref, TextRef
from shared.contract.values.texts import DESCRIBED, Code, Line, Text, is_code
from shared.contract.values.vocabulary import (
    Category,
    CauseSide,
    ErasureReason,
    Interest,
    Liability,
    Motive,
    MotiveGuess,
    Nature,
    Outcome,
    Party,
    Relation,
    Stage,
    Style,
)

__all__ = [
    "A_NUMBER",
    "CUSTOMER",
    "DESCRIBED",
    "NOBODY",
    "SYSTEM",
    "Actor",
    "Category",
    "CauseSide",
    "Code",
    "ComplaintId",
    "Concerned",
    "Contact",
    "CustomerRef",
    "ErasureReason",
    "Instant",
    "Interest",
    "Liability",
    "Line",
    "Money",
    "Motive",
    "MotiveGuess",
    "Nature",
    "Outcome",
    "Party",
    "PolicyId",
    "Ref",
    "Relation",
    "Stage",
    "Style",
    "Text",
    "TextRef",
    "folded",
    "is_code",
]
