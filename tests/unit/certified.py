"""Published parts of a case that was played: its facts in the stream, and its certificates."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from services.console.audit.verifier.comparing import Verdict, verify
from services.routing.certificates import certificates
from shared.contract.events import Fact, FactHeader
from shared.contract.outgoing import Outgoing, outgoing
from shared.contract.recorded import message_of
from shared.contract.subjects import Service
from shared.contract.values import SYSTEM, Stage
from shared.policy.kept import PolicyContent
from shared.policy.loader import Policy
from tests.unit.cases import Playing, policy

Json = dict[str, Any]


def timeline(case: Playing) -> list[Json]:
    """Facts of all services in the order and the form of the stream."""
    return [json.loads(event.body) for event in _events(case)]


def _events(case: Playing) -> Iterator[Outgoing]:
    received = case.opening.received
    yield _said(case, Service.INTAKE, 1, received, received.recorded_at)
    heard = list(enumerate(case.heard, start=1))
    for number, recorded in enumerate(case.recorded):
        while heard and heard[0][1][0] <= number:
            seq, (_, fact, at) = heard.pop(0)
            yield _said(case, Service.FOLLOWUP, seq, fact, at)
        yield message_of(Service.ROUTING, case.opening.complaint_id, case.opening.pinned.identity, recorded)


def _said(case: Playing, service: Service, seq: int, fact: Fact, at: Any) -> Outgoing:
    header = FactHeader(
        complaint_id=case.opening.complaint_id,
        seq=seq,
        cycle=1,
        stage=Stage.RECORDED,
        actor=SYSTEM,
        policy=case.opening.pinned.identity,
    )
    return outgoing(service, header, fact, at)


@cache
def content_of(text: str) -> PolicyContent:
    """Content of a policy, parsed once for all cases under it."""
    return PolicyContent.model_validate_json(text)


def certified(case: Playing, *under: Policy) -> list[Json]:
    """Certificates as the `complaint` query gives them."""
    contents = {one.identity.hash: content_of(one.content) for one in _all(under)}
    made = certificates(case.opening.complaint_id, case.opening.pinned.identity, contents, case.recorded)
    return [one.model_dump(mode="json", exclude_none=True) for one in made]


def verified(case: Playing, *under: Policy, given: list[Json] | None = None) -> list[Verdict]:
    """Verdicts on the certificates of a case, or on those that are given."""
    contents = {one.identity.hash: one.content for one in _all(under)}
    proofs = certified(case, *under) if given is None else given
    return verify(case.opening.complaint_id, contents, timeline(case), proofs, now=case.now)


def _all(under: tuple[Policy, ...]) -> tuple[Policy, ...]:
    return under or (policy(),)


def faults(verdicts: list[Verdict]) -> dict[str, list[str]]:
    """Faults by obligation."""
    return {one.obligation: one.faults for one in verdicts if one.faults}
