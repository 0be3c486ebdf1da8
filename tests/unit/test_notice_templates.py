"""Every template of every pack, in both languages: sent by somebody, filled in, and written for people."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

import pytest

from services.followup.followup import FollowUp
from services.followup.progress import Opening
from services.followup.telling import CLOSING
from services.intake.grumbles import rules as grumbles
from services.intake.matters import joining
from services.intake.registration import ACKNOWLEDGEMENT, NOT_SOUGHT, SOUGHT
from shared.contract.events import Resolved, Withdrawn
from shared.contract.recorded import Notification, RecordedFact, ours
from shared.contract.values import Money, Outcome
from shared.policy.assembling import PACKS
from shared.policy.formats import amount
from shared.policy.loader import Policy, load_policy
from shared.policy.pinned import pin_followup
from shared.policy.templates import PARTS, WORDS
from shared.policy.wording import notice, part, written
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.followups import COLLEAGUE, report, verdict
from tests.unit.submissions import registered, submission

NAMES = sorted(path.name for path in PACKS.iterdir())
DECISION = {"decision": "rejected", "standards": ["after-sales-7"], "text": "t", "recourse": "12315"}

MACHINE = {
    "an ISO instant": r"\d{4}-\d\d-\d\d",
    "an offset": r"[+-]\d\d:\d\d|\bUTC\b|\dZ\b",
    "microseconds": r"\d\.\d{3,}",
    "a placeholder": r"\$",
    "a raw code": r"=|\b[a-z]+_[a-z_]+\b|response_24h|action-\d|offer-\d|task-\d|partly_upheld|Outcome\.",
}


@lru_cache
def under(name: str) -> Policy:
    return load_policy(name)


def told(facts: list[RecordedFact]) -> Iterator[Notification]:
    yield from (one.notification for one in facts if one.notification)


def routing_lives(policy: Policy) -> Iterator[Playing]:
    """Lives of a case in which every notice of routing is sent."""
    case = play(under=policy)
    case.owner("respond", kind="plan", text="t", promise_by=MONDAY + timedelta(hours=5))
    resolution = case.case.state.clock("resolution")
    assert resolution is not None
    case.owner("extend", obligation="resolution", until=resolution.due + timedelta(hours=1), reason="r")
    case.owner("pause", reason="r")
    case.owner("resume", reason="r")
    yield case
    late = play(under=policy)
    late.later(hours=73)
    yield late
    yield play(under=policy).resolved()
    offered = play(under=policy).ready_to_offer()
    offered.owner("withdraw_offer", offer_id=offered.offered(), reason="r")
    offered.owner("final_decision", **DECISION)
    yield offered
    for verb, data in (("refer", {"to": "ombudsman", "reason": "r"}), ("withdraw", {"reason": "r"})):
        case = play(under=policy)
        case.owner("respond", kind="plan", text="t")
        case.owner(verb, **data)
        if verb == "withdraw":
            case.lead("approve", request_id="approval-1", approved=True)
        yield case
    case = play(under=policy)
    case.customer("release", items=["response"], reason="r")
    case.customer("withdraw", reason="r")
    yield case
    case = play(under=policy)
    case.merged()
    yield case


def followed(case: Playing, **changed: object) -> FollowUp:
    """The follow-up of a case, opened as followup's consumer does it."""
    fact = case.last(Withdrawn if case.all(Withdrawn) else Resolved)
    said = {
        "complaint_id": "Caaaaaaaaaaaaaaa", "cycle": 1, "at": case.now, "owner": fact.owner,
        "because": fact.outcome if isinstance(fact, Resolved) else "withdrawn",
        "by_staff": isinstance(fact, Withdrawn) and fact.by == "staff",
        "language": fact.language, "customer_ref": fact.customer_ref, "channel": fact.channel,
        "regimes": fact.regimes, "policy": pin_followup(policy_of(case)),
    }  # fmt: skip
    followup = FollowUp(Opening.model_validate(said | changed))
    followup.apply(followup.open(case.now))
    return followup


def policy_of(case: Playing) -> Policy:
    return under(case.opening.pinned.identity.id)


def ends(policy: Policy) -> dict[Outcome, list[RecordedFact]]:
    """For every outcome after a callback, the facts of the order that brings it."""
    agreed = play(under=policy).resolved()
    decided = play(under=policy)
    decided.owner("respond", kind="plan", text="t")
    decided.owner("final_decision", **DECISION)
    staff = play(under=policy)
    staff.owner("respond", kind="plan", text="t")
    staff.owner("withdraw", reason="r")
    staff.lead("approve", request_id="approval-1", approved=True)
    most, most_calls = policy.pack.callbacks.most_reopenings, policy.pack.callbacks.attempts
    ways = {
        Outcome.SATISFIED: (followed(agreed), verdict()),
        Outcome.DISSATISFIED: (followed(agreed, cycle=most + 1), verdict(resolved=False, overall=1)),
        Outcome.DECIDED: (followed(decided), verdict(resolved=False, overall=1)),
        Outcome.UNREACHABLE: (followed(agreed), report(most_calls, "no_answer", COLLEAGUE)),
        Outcome.WITHDRAWN: (followed(staff), verdict()),
    }
    found: dict[Outcome, list[RecordedFact]] = {}
    for outcome, (followup, order) in ways.items():
        assert followup.next_due is not None, outcome
        at = followup.next_due
        followup.apply(followup.look_at_clock(at))
        for number in range(1, most_calls if outcome == Outcome.UNREACHABLE else 1):
            missed = followup.decide(report(number, "no_answer", COLLEAGUE), at)
            assert isinstance(missed, list)
            followup.apply(missed)
            assert followup.next_due is not None
            at = followup.next_due
            followup.apply(followup.look_at_clock(at))
        facts = followup.decide(order, at)
        assert isinstance(facts, list)
        found[outcome] = facts
    return found


@lru_cache
def sent(name: str) -> list[Notification]:
    """Every notice of routing and of followup under this pack."""
    policy = under(name)
    facts = [fact for case in routing_lives(policy) for fact in case.recorded]
    facts += [fact for end in ends(policy).values() for fact in end]
    return list(told(facts))


OF_INTAKE = {
    ACKNOWLEDGEMENT, SOUGHT, NOT_SOUGHT, joining.TEMPLATE, joining.TEMPLATE_BY_WHEN,
    grumbles.ACKNOWLEDGEMENT, grumbles.ANSWER,
}  # fmt: skip
"""Tests of intake see these sent."""


def test_every_template_that_is_demanded_of_a_pack_is_sent() -> None:
    used = {one.template for one in sent("default")} | {part for one in sent("default") for part in one.parts}
    assert used | OF_INTAKE == {*WORDS, *PARTS}
    assert {*under("default").pack.notices} == {*WORDS, *PARTS}


def test_every_outcome_tells_the_complainant() -> None:
    """Of those that end at once, routing's notice is the last word (`test_case_exits`)."""
    for outcome, facts in ends(under("default")).items():
        assert [fact.name for fact in facts][-2:] == ["notice", "closed"]
        assert facts[-1].data["outcome"] == outcome
        assert facts[-2].data["template"] == CLOSING[outcome]
    assert {*Outcome} - {*ends(under("default"))} == {Outcome.REFERRED, Outcome.MERGED}


def test_whoever_withdrew_alone_is_not_called() -> None:
    case = play()
    case.customer("withdraw", reason="r")
    followup = followed(case)
    assert (followup.progress.outcome, followup.next_due) == (Outcome.WITHDRAWN, None)


QUOTED = {"text": "您好 hello", "recourse": "the court", "body": "the court"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_notice_has_a_machines_words(name: str, language: str) -> None:
    pack = under(name).pack
    joined = Notification(
        template=joining.TEMPLATE,
        parts=[joining.TEMPLATE_BY_WHEN],
        words={"complaint_id": "C1"},
        instants={"by_when": ours(MONDAY + timedelta(microseconds=39695))},
        zone="Asia/Shanghai",
    )
    texts = {one.template: written(pack, one, language, QUOTED) for one in [*sent(name), joined]}
    texts[ACKNOWLEDGEMENT] = registered(submission(language=language, title="t")).texts["notice-3"]
    assert {*texts} | {grumbles.ACKNOWLEDGEMENT, grumbles.ANSWER} == {*WORDS}
    for template, text in texts.items():
        for what, pattern in MACHINE.items():
            found = re.search(pattern, text)
            assert not found, (template, what, found and found[0], text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("template", ["resolved", "decision", "referred", "withdrawn", "final"])
def test_an_end_names_the_recourse_of_each_regime_that_applied(name: str, template: str) -> None:
    policy = under(name)
    wanted = next(one for one in sent(name) if one.template == template)
    text = written(policy.pack, wanted, "en", QUOTED)
    for regime in policy.regimes:
        assert regime.recourse["en"] in text
    if not policy.regimes:
        assert policy.pack.recourse["house"]["en"] in text


def test_what_was_done_is_told_by_its_title_and_amount() -> None:
    wanted = next(one for one in sent("default") if one.template == "resolved")
    hundred = Money(value="100.00", currency="CNY")
    for language, title in (("zh", "退款"), ("en", "Refund")):
        text = written(under("default").pack, wanted, language, {})
        assert title in text
        assert amount(hundred, "zh" if language == "zh" else "en") in text


@pytest.mark.parametrize("name", NAMES)
def test_a_part_that_a_pack_leaves_out_says_nothing(name: str) -> None:
    pack = under(name).pack
    assert part(pack, "no_such_part", "en", {}) == ""
    with pytest.raises(KeyError):
        notice(pack, "no_such_template", "en", {})
