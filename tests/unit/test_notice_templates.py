"""Every template of every pack, in both languages: sent by somebody, filled in, and written for people."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import orjson
import pytest

from services.followup.followup import FollowUp
from services.followup.new_facts import CLOSING, NO_VERDICT, NoVerdict
from services.followup.progress import Opening
from services.intake.admitting import admitted
from services.intake.grumbles.rules import answered
from services.intake.notices import AddedSentence, Template
from services.intake.registration import IntakeContext
from services.routing.rules.exits import body, with_call
from shared.contract.errors import Refusal
from shared.contract.events import CarriedOver, CaseEnded, Reopened, Resolved, Withdrawn
from shared.contract.orders import Order
from shared.contract.recorded import Notification, RecordedFact, ours
from shared.contract.values import Actor, Contact, Money, Outcome
from shared.policy.assembling import PACKS
from shared.policy.formats import amount
from shared.policy.loader import Policy, load_policy
from shared.policy.pinned import pin_followup
from shared.policy.templates import PARTS, WORDS
from shared.policy.wording import notice, part, written
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.followups import COLLEAGUE, HANDLER, report, verdict
from tests.unit.submissions import NOW, WEB, said, submission

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
    case.owner("ask", text="t", send=True)
    case.owner("restate", text="t")
    case.owner("change", what="time", to=(MONDAY + timedelta(days=1)).isoformat(), reason="r")
    case.owner("pause", reason="r")
    case.owner("resume", reason="r")
    promise = case.case.state.clock("promise-2")
    assert promise is not None
    case.owner("extend", obligation="promise-2", until=promise.due + timedelta(hours=1), reason="r")
    case.owner("open_task", unit="repair", text="t")
    task = case.case.state.clock("task-1")
    assert task is not None
    case.owner("extend", obligation="task-1", until=task.due + timedelta(hours=1), reason="r")
    yield case
    agreed = play(under=policy).agreed()
    action = next(one for one in agreed.case.state.clocks if one.kind == "action")
    agreed.owner("extend", obligation=action.name, until=action.due + timedelta(hours=1), reason="r")
    agreed.merged()
    yield agreed
    late = play(under=policy)
    late.later(hours=73)
    yield late
    yield play(under=policy).resolved()
    offered = play(under=policy).ready_to_offer()
    conditions = "routing:Caaaaaaaaaaaaaaa:conditions"
    offered.owner("withdraw_offer", offer_id=offered.offered(conditions=conditions), reason="r")
    offered.owner("final_decision", **DECISION)
    yield offered
    expired = play(under=policy).ready_to_offer()
    expired.offered()
    expired.later(days=8)
    yield expired
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
    case = play(under=policy).agreed()
    case.customer("release", items=["action-1"], reason="r")
    yield case
    yield half_done(policy)
    broken = play(under=policy)
    broken.owner("clarify", cause="c", cause_side="defect", liability="shared")
    broken.agreed()
    broken.until(broken.case.state.actions[0].due)
    broken.owner("mediate", to="manager-1", reason="r")
    broken.owner("complete_action", action_id="action-1", evidence="e")
    yield broken
    sorry = play(under=policy)
    for liability in ("company", "shared"):
        sorry.owner("clarify", cause="c", cause_side="defect", liability=liability)
        if liability == "company":
            sorry.owner("apologise", text="t")
    yield sorry
    owing = play(under=policy)
    owing.owner("clarify", cause="c", cause_side="defect", liability="company")
    yield owing.resolved()
    case = play(under=policy).agreed()
    case.customer("withdraw", reason="r")
    yield case


def half_done(policy: Policy) -> Playing:
    """Two agreements, of which the first is carried out and the second let go."""
    case, duplicate = play(under=policy).agreed(), play(under=policy).agreed("sorry")
    duplicate.merged()
    moved = duplicate.last(CaseEnded).moved
    assert moved
    case.receive(CarriedOver(duplicate="Cddddddddddddddd", was={}, **dict(moved)))
    case.owner("complete_action", action_id="action-1", evidence="e")
    case.customer("release", items=["action-2"], reason="r")
    return case


def followed(case: Playing, **changed: object) -> FollowUp:
    """The follow-up of a case, opened as followup's consumer does it."""
    fact = case.last(Withdrawn) if case.all(Withdrawn) else case.last(Resolved)
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


def unheard(policy: Policy) -> dict[NoVerdict, list[RecordedFact]]:
    """For every way to end without a verdict, the facts of its end."""
    missed, refusal = (report(1, one, COLLEAGUE, evidence=["e"]) for one in ("reached", "refused"))
    lives: dict[NoVerdict, list[Order]] = {"not_called": [], "no_verdict": [missed], "refused": [refusal]}
    found = {"not_reached": ends(policy)[Outcome.UNREACHABLE]}
    for why, orders in lives.items():
        followup, facts = followed(play(under=policy).resolved()), list[RecordedFact]()
        while (at := followup.next_due) is not None:
            facts = followup.look_at_clock(at)
            followup.apply(facts)
            for order in orders[:1]:
                facts = heard(followup.decide(order, at))
                followup.apply(facts)
            orders = orders[1:]
        found[why] = facts
    return found


def heard(facts: list[RecordedFact] | Refusal) -> list[RecordedFact]:
    assert isinstance(facts, list)
    return facts


def reopening(policy: Policy) -> list[RecordedFact]:
    """The facts of a verdict that begins another cycle."""
    followup = followed(play(under=policy).resolved())
    assert followup.next_due is not None
    followup.apply(followup.look_at_clock(followup.next_due))
    facts = followup.decide(verdict(resolved=False, overall=1), followup.opening.at + timedelta(days=30))
    assert isinstance(facts, list)
    return facts


@lru_cache
def sent(name: str) -> list[Notification]:
    """Every notice of routing and of followup under this pack."""
    policy = under(name)
    facts = [fact for case in routing_lives(policy) for fact in case.recorded]
    facts += [fact for end in ends(policy).values() for fact in end] + reopening(policy)
    facts += [fact for end in unheard(policy).values() for fact in end]
    return list(told(facts))


OF_INTAKE = {*map(str, Template), *map(str, AddedSentence)}
"""Whatever intake sends is one of these (`notice_of`)."""


def by_intake(policy: Policy, language: str) -> dict[str, str]:
    """The texts of intake's notices under this pack."""
    context, joined = IntakeContext.under(policy), Template.CONTACT_JOINED.value
    told = {}
    for kind in ("submitted", "grumbled"):
        message = submission(language=language, title="t") | {"type": f"complaints.{kind}.v1"}
        one = admitted(WEB, orjson.dumps(message), NOW, context)
        template = next(said(fact)["template"] for fact in one.facts if fact.name == "notice")
        told[template] = next(text for key, text in one.texts.items() if key.startswith("notice-"))
    actor = Actor(id="agent-1", role="agent")
    answer = answered(one.received, one.complaint_id, (QUOTED["text"], "ref"), actor, NOW, 3, policy)
    told[Template.GRUMBLE_ANSWER] = answer.texts["notice-4"]
    word = Notification(
        template=joined,
        parts=[AddedSentence.BY_WHEN.value],
        words={"complaint_id": "C1"},
        instants={"by_when": ours(MONDAY + timedelta(microseconds=39695))},
        zone="Asia/Shanghai",
    )
    return told | {joined: written(policy.pack, word, language, {})}


def test_every_notice_of_intake_is_written_for_people() -> None:
    assert {*by_intake(under("default"), "zh")} == {*map(str, Template)}


def test_every_template_that_is_demanded_of_a_pack_is_sent() -> None:
    used = {one.template for one in sent("default")} | {part for one in sent("default") for part in one.parts}
    assert used | OF_INTAKE == {*WORDS, *PARTS}
    assert {*under("default").pack.notices} == {*WORDS, *PARTS}


def test_every_outcome_has_a_notice_to_the_complainant() -> None:
    """Of those that end at once, routing's notice is the last word (`test_case_exits`)."""
    for outcome, facts in ends(under("default")).items():
        assert [fact.name for fact in facts][-2:] == ["notice", "closed"]
        assert facts[-1].data["outcome"] == outcome
        unreachable = outcome == Outcome.UNREACHABLE
        assert facts[-2].data["template"] == (NO_VERDICT["not_reached"] if unreachable else CLOSING[outcome])
    assert {*Outcome} - {*ends(under("default"))} == {Outcome.REFERRED, Outcome.MERGED}


SAYS = {
    "not_reached": ("have no answer from you", "未能得到您的答复"),
    "not_called": ("cannot confirm that we called you", "无法确认曾按计划与您联系"),
    "no_verdict": ("no record of whether you are satisfied", "没有记录您是否满意"),
    "refused": ("do not wish to be asked", "不希望"),
}
"""What only the notice of this `why` says."""


@pytest.mark.parametrize("name", NAMES)
def test_a_complainant_whose_complaint_is_closed_without_a_verdict_learns_the_reason_and_nothing_else(
    name: str,
) -> None:
    """Whoever was never called is not told that they gave no answer, nor who was spoken to."""
    pack = under(name).pack
    for why, facts in unheard(under(name)).items():
        assert [fact.name for fact in facts][-2:] == ["notice", "closed"]
        assert facts[-1].data == {"outcome": "unreachable", "why": why}
        wanted = facts[-2].notification
        assert wanted
        texts = [written(pack, wanted, language, {}) for language in ("en", "zh")]
        for other, words in SAYS.items():
            assert [one in text for one, text in zip(words, texts, strict=True)] == [other == why] * 2


@pytest.mark.parametrize("results", [[], ["no_answer"] * 3])
def test_calls_reported_by_the_handler_alone_are_not_described_as_a_missing_answer(
    results: list[str],
) -> None:
    followup, facts = followed(play().resolved()), list[RecordedFact]()
    while (at := followup.next_due) is not None:
        facts = followup.look_at_clock(at)
        followup.apply(facts)
        for result in results[:1]:
            followup.apply(heard(followup.decide(report(followup.progress.attempt, result, HANDLER), at)))
        results = results[1:]
    assert (facts[-1].data["why"], facts[-2].data["template"]) == ("not_called", "closed_not_called")


def test_a_complainant_who_withdrew_alone_is_not_called() -> None:
    case = play()
    case.customer("withdraw", reason="r")
    followup = followed(case)
    assert (followup.progress.outcome, followup.next_due) == (Outcome.WITHDRAWN, None)


QUOTED = {
    "text": "您好 hello",
    "recourse": "the court",
    "body": "the court",
    "link": "https://example.org/c/x",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_notice_has_a_machines_words(name: str, language: str) -> None:
    pack = under(name).pack
    texts = {one.template: written(pack, one, language, QUOTED) for one in sent(name)}
    texts |= by_intake(under(name), language)
    assert {*texts} == {*WORDS}
    for template, text in texts.items():
        for what, pattern in MACHINE.items():
            found = re.search(pattern, text)
            assert not found, (template, what, found and found[0], text)


ENDS = [name for name, words in WORDS.items() if "where_next" in words]
"""The notice of every way out."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("template", ENDS)
def test_an_end_names_the_recourse_of_each_regime_that_applied(name: str, template: str) -> None:
    policy = under(name)
    wanted = next(one for one in sent(name) if one.template == template)
    text = written(policy.pack, wanted, "en", QUOTED)
    for regime in policy.regimes:
        assert regime.recourse["en"] in text
    if not policy.regimes:
        assert policy.pack.recourse["house"]["en"] in text


def test_every_end_may_name_the_recourse() -> None:
    assert {*ENDS} >= {*CLOSING.values(), "merged", "resolved", "decision", "referred", "withdrawn"}


@pytest.mark.parametrize("name", NAMES)
def test_a_recourse_claims_no_final_response(name: str) -> None:
    """It is told also where there was none: after a withdrawal, or a merger."""
    for regime in under(name).regimes:
        if "response" in regime.recourse["en"]:
            assert "nce we have sent you" in regime.recourse["en"]
            assert "如已收到" in regime.recourse["zh"]


@pytest.mark.parametrize(
    ("part_of_it", "en", "zh"),
    [
        ("extension_result", "You will have the result by", "给您结果"),
        ("extension_word", "We will contact you by", "与您联系"),
        ("extension_action", "What was agreed will be done by", "已约定的事项"),
        ("extension_task", "The department", "相关部门"),
    ],
)
def test_an_extension_names_what_was_extended(part_of_it: str, en: str, zh: str) -> None:
    for language, words in (("en", en), ("zh", zh)):
        extensions = [one for one in sent("default") if one.template == "extension"]
        texts = {one.parts[0]: written(under("default").pack, one, language, {}) for one in extensions}
        assert [name for name, text in texts.items() if words in text] == [part_of_it]


def test_the_notice_of_a_merging_names_an_agreement_where_there_is_one() -> None:
    parts = [one.parts for one in sent("default") if one.template == "merged"]
    assert sorted(parts) == [[], ["merged_agreed"]]


def test_a_completed_action_is_named_by_its_title_and_amount() -> None:
    wanted = next(one for one in sent("default") if one.template == "resolved")
    hundred = Money(value="100.00", currency="CNY")
    for language, title in (("zh", "退款"), ("en", "Refund")):
        text = written(under("default").pack, wanted, language, {})
        assert title in text
        assert amount(hundred, "zh" if language == "zh" else "en") in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "contact", [Contact(), Contact(timezone="America/New_York", contact_hours="21:00-21:10")]
)
def test_the_notice_of_an_end_names_the_day_on_which_followup_plans_its_call(
    name: str, contact: Contact
) -> None:
    policy = under(name)
    ended = [play(under=policy, contact=contact).resolved(), play(under=policy, contact=contact)]
    ended[1].owner("respond", kind="plan", text="t")
    ended[1].owner("withdraw", reason="r")
    ended[1].lead("approve", request_id="approval-1", approved=True)
    for case in ended:
        wanted = list(told(case.recorded))[-1]
        planned = followed(case, contact=contact).progress.window_start
        assert planned
        assert wanted.zone
        assert wanted.instants["call_day"].at == planned
        local = planned.astimezone(ZoneInfo(wanted.zone))
        assert f"on or about {local.day} " in written(policy.pack, wanted, "en", QUOTED)
        assert f"{local.month}月{local.day}日前后" in written(policy.pack, wanted, "zh", QUOTED)


@pytest.mark.parametrize("name", NAMES)
def test_the_notice_of_a_reopening_names_the_instant_of_the_response_clock(name: str) -> None:
    policy, facts = under(name), reopening(under(name))
    wanted = next(one for one in told(facts) if one.template == "reopened")
    case = play(under=policy).resolved()
    case.now = next(fact.at for fact in facts if fact.name == "reopened")
    case.receive(Reopened(why="not_resolved", to_cycle=2))
    assert policy.pack.response_rule
    clock = case.case.state.clock(policy.pack.response_rule)
    assert clock
    assert clock.status == "running"
    assert wanted.instants["by_when"].at == clock.due
    assert "You will have our answer by" in written(policy.pack, wanted, "en", {})


def test_a_complaint_opened_before_the_plan_was_pinned_is_promised_no_day() -> None:
    case = play().resolved()
    old = case.opening.pinned.model_copy(update={"callbacks": None})
    opening = case.case.state.opening.model_copy(update={"pinned": old})
    state = case.case.state.model_copy(update={"opening": opening})
    wanted = with_call(state, Notification(template="resolved"), "resolved_call", case.now)
    assert not wanted.parts
    assert not wanted.instants


@pytest.mark.parametrize("code", ["trade_association", "trade-association"])
def test_a_body_that_the_policy_does_not_name_is_named_in_words(code: str) -> None:
    (item,) = body(play().case.state, code)
    assert item.title == {"en": "an outside body (trade association)", "zh": "外部机构（trade association）"}


@pytest.mark.parametrize("name", NAMES)
def test_a_part_that_a_pack_leaves_out_adds_nothing(name: str) -> None:
    pack = under(name).pack
    assert part(pack, "no_such_part", "en", {}) == ""
    with pytest.raises(KeyError):
        notice(pack, "no_such_template", "en", {})
