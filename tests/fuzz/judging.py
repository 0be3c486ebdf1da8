"""Permitted results for any bytes at all: a registration with its three facts, or a clean misfit."""

import orjson

from services.intake.registration import Registration, register
from shared.contract.envelope import RawEvent
from shared.contract.events import read_fact
from shared.contract.quarantine import Misfit
from shared.contract.subjects import submit
from tests.unit.submissions import NOW, context

MARK = "Sihirli-kelime-7731"
"""Word of the complainant's: it may be in a text, and nowhere else."""

IDENTIFIERS = ("customer_ref", "external_ref", "external_source", "unit", "about_staff", "remedy_sought")
"""Fields where a sender may put any word, and knows that it travels."""

SUBJECT = submit("web")
LONGEST = 500


def judged(body: bytes) -> str:
    """`registered`, or the reason of the misfit. Raises any exception of a bug, also `AssertionError`."""
    try:
        registration = register(SUBJECT, body, NOW, context())
    except Misfit as misfit:
        _is_clean(misfit)
        return misfit.reason.value
    _is_whole(registration)
    return "registered"


def _is_clean(misfit: Misfit) -> None:
    """Sentences that a header can carry, with nothing of the message in them."""
    assert misfit.detail.isascii(), misfit.detail
    assert misfit.detail.isprintable()
    assert 0 < len(misfit.detail) <= LONGEST
    assert misfit.detail_zh.isprintable()
    assert misfit.detail_zh
    for words in (misfit.detail, misfit.detail_zh, misfit.field or ""):
        assert MARK not in words


def _is_whole(registration: Registration) -> None:
    """Facts of the contract, and nothing of the texts in them."""
    assert len(registration.facts) == 3
    received = orjson.loads(registration.facts[0].body)["data"]
    told_to_travel = any(MARK in str(received.get(field)) for field in IDENTIFIERS)
    for fact in registration.facts:
        read_fact(RawEvent.model_validate(orjson.loads(fact.body)))
        assert told_to_travel or MARK.encode() not in fact.body
    for text in registration.texts.values():
        text.encode()
