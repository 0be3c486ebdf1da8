"""How complete a record is, what it lacks, and which steps wait for it.

`sources.md` 37, 53, 57, F4, F10.
"""

from typing import Any

import orjson
import pytest

from services.intake.duplicates.fields_given import fields_given
from services.routing.case import Case
from services.routing.rules.contacts import adds_information
from services.routing.view import view
from shared.contract.completeness import Completeness
from shared.contract.errors import ErrorCode
from shared.contract.events import RecordCompleted
from shared.policy.loader import load_policy
from shared.policy.record import RecordTerms, measured
from tests.unit.cases import OPTIONS, Playing, contact, play
from tests.unit.submissions import registered, said, submission

TERMS = load_policy("default").pack.record
FULL = ["narrative", "remedy_sought", "product", "order_ref", "unit", "loss"]
BARE = ["narrative", "remedy_sought", "product", "order_ref", "unit", "loss"]


def lacking(*missing: str) -> Playing:
    """A complaint that was received without these."""
    return play(completeness=measured({*BARE} - {*missing}, TERMS))


def completeness_of(**changes: Any) -> Completeness:
    """What `received` says of a submission."""
    return Completeness.model_validate(said(registered(submission(**changes)).facts[0])["completeness"])


# --- at the door ----------------------------------------------------------------------------------


def test_a_full_record_lacks_nothing() -> None:
    assert completeness_of() == Completeness(score=1.0, missing=[])


def test_missing_fields_are_named_the_weightiest_first() -> None:
    found = completeness_of(
        remedy_sought=None, loss=None, hints=None, product=None, order_ref=None, narrative=None
    )

    assert found.missing == ["narrative", "remedy_sought", "product", "order_ref", "loss"]
    assert found.score == round(1 / 12, 2)


@pytest.mark.parametrize(
    "told",
    [
        {"remedy_sought": "退钱，还要道歉！"},
        {"hints": {"motives": ["refund"]}},
        {"loss": {"value": "5", "currency": "CNY"}},
    ],
)
def test_a_demand_a_motive_or_a_loss_counts_as_the_remedy_sought(told: dict[str, Any]) -> None:
    nothing = {"remedy_sought": None, "hints": None, "loss": None}

    assert "remedy_sought" in completeness_of(**nothing).missing
    assert "remedy_sought" not in completeness_of(**nothing | told).missing


def test_a_policy_that_weighs_nothing_measures_nothing() -> None:
    assert measured(set(), RecordTerms()) is None


# --- in the case ----------------------------------------------------------------------------------


def test_nothing_is_passed_on_before_it_is_understood() -> None:
    case = lacking("narrative", "remedy_sought", "product")
    refusal = case.refused(case.owned_by, "transfer", to="agent-2", reason="r")

    assert (refusal.code, refusal.field) == (ErrorCode.RECORD_INCOMPLETE, "narrative")
    assert "narrative, remedy_sought" in refusal.message
    assert "product" not in refusal.message
    assert "事情经过" in refusal.message_zh
    assert "transfer" not in refusal.allowed
    assert "complete_record" in refusal.allowed
    case.owner("complete_record", text="t", remedy_sought="refund")
    assert case.owner("transfer", to="agent-2", reason="r").result["transfer_id"] == "transfer-1"


def test_another_person_is_no_way_around_it_and_another_time_is_free() -> None:
    case = lacking("remedy_sought")
    refusal = case.refused(case.owned_by, "change", what="person", to="agent-2", reason="r")

    assert refusal.code == ErrorCode.RECORD_INCOMPLETE
    case.owner("change", what="time", to="tomorrow", reason="r")


def test_options_wait_for_the_remedy_sought_and_the_answer_to_the_customer_does_not() -> None:
    case = lacking("remedy_sought")
    assert case.refused(case.owned_by, "prepare_options", options=OPTIONS).code == ErrorCode.RECORD_INCOMPLETE
    case.owner("respond", kind="plan", text="t")
    case.owner("record_interest", party="company", interest="respect", confirmed=True)
    assert case.refused(case.owned_by, "prepare_options", options=OPTIONS).code == ErrorCode.RECORD_INCOMPLETE
    case.owner("record_interest", party="customer", interest="fix", confirmed=False)
    case.owner("prepare_options", options=OPTIONS)


def test_a_minimal_complaint_goes_the_whole_straight_way_with_the_usual_commands() -> None:
    case = lacking("remedy_sought", "product", "order_ref", "unit", "loss")

    assert case.resolved().case.state.stage == "following_up"


@pytest.mark.parametrize("who", ["customer", "agent-2", "lead-1", "owner"])
def test_every_actor_may_supply_missing_fields(who: str) -> None:
    case = lacking("remedy_sought", "loss", "product")
    reply = case.do(
        case.owned_by if who == "owner" else who,
        "complete_record",
        remedy_sought="refund",
        loss={"value": "9.00", "currency": "CNY"},
    )

    assert reply.events[0] == "record_completed"
    assert reply.result == {"score": round(10 / 12, 2), "missing": ["product"]}
    fact = case.last(RecordCompleted)
    assert (fact.fields, fact.missing) == (["remedy_sought", "loss"], ["product"])
    shown = view(case.case.state)
    assert shown.completeness == Completeness(score=round(10 / 12, 2), missing=["product"])
    assert shown.remedy_sought == "refund"
    assert shown.loss is not None
    assert shown.loss.value == "9.00"


def test_a_loss_in_a_later_text_weighs_as_much_as_in_the_first() -> None:
    case, twin = lacking("loss", "remedy_sought"), play(loss={"value": "900000.00", "currency": "CNY"})
    case.owner("complete_record", loss={"value": "900000.00", "currency": "CNY"})
    after, wanted = view(case.case.state), view(twin.case.state)

    assert after.severity == wanted.severity == 4
    assert [one.due for one in after.obligations] == [one.due for one in wanted.obligations]


def test_a_demand_in_words_stays_a_reference() -> None:
    case = lacking("remedy_sought", "unit")
    ref = "routing:Caaaaaaaaaaaaaaa:remedy_sought-0123456789abcdef"
    case.owner(
        "complete_record", remedy_sought=ref, product="routing:Caaaaaaaaaaaaaaa:product-1", unit="shop-3"
    )
    fact = case.last(RecordCompleted)

    assert (fact.remedy_sought, fact.unit) == (None, "shop-3")
    assert fact.text_refs == {"remedy_sought": ref, "product": "routing:Caaaaaaaaaaaaaaa:product-1"}
    assert "remedy_sought" not in view(case.case.state).completeness.missing  # type: ignore[union-attr]


def test_a_complaint_from_before_records_were_measured_waits_for_nothing() -> None:
    case = play()

    assert view(case.case.state).completeness is None
    case.owner("transfer", to="agent-2", reason="r")


def test_the_record_is_the_same_when_the_case_is_rebuilt_from_its_facts() -> None:
    case = lacking("remedy_sought", "product", "loss")
    case.customer("complete_record", remedy_sought="refund", product="p")
    again = Case.rebuilt(case.opening, case.recorded)

    assert view(again.state) == view(case.case.state)


# --- told by coming again -------------------------------------------------------------------------


def test_a_joined_submission_completes_the_record_and_opens_the_gates() -> None:
    case = lacking("remedy_sought", "product", "unit", "loss")
    (fact,) = case.came_again(told=["narrative", "remedy_sought", "product", "unit"], remedy_sought="refund")

    assert fact.data["fields"] == ["remedy_sought", "product", "unit"]
    assert (fact.data["contact"], fact.data["missing"]) == ("Cbbbbbbbbbbbbbbb", ["loss"])
    shown = view(case.case.state)
    assert shown.completeness == Completeness(score=round(11 / 12, 2), missing=["loss"])
    assert shown.remedy_sought == "refund"
    case.owner("transfer", to="agent-2", reason="r")


def test_a_known_field_stays_and_the_same_value_again_makes_no_fact() -> None:
    case = lacking("product")
    case.customer("complete_record", remedy_sought="refund")
    told = {"told": ["narrative", "remedy_sought"], "remedy_sought": "exchange"}

    assert case.came_again(**told) == []
    assert view(case.case.state).remedy_sought == "refund"
    assert len(case.came_again(told=["product"])) == 1
    assert case.came_again(told=["product"]) == []


def test_a_demand_in_a_code_is_shown_also_where_nothing_is_measured() -> None:
    case = play()
    case.came_again(remedy_sought="refund")
    shown = view(case.case.state)

    assert (shown.remedy_sought, shown.completeness) == ("refund", None)


def test_a_loss_that_was_missing_is_known_once_a_contact_names_it() -> None:
    case = lacking("loss")
    case.came_again(told=["loss"], loss={"value": "9.00", "currency": "CNY"})
    shown = view(case.case.state)

    assert shown.completeness == Completeness(score=1.0, missing=[])
    assert shown.loss is not None


def test_a_complaint_that_names_its_group_later_is_found_by_it() -> None:
    case = lacking()
    (fact,) = case.came_again(group_ref="recall-7")

    assert (fact.name, fact.data["group_ref"], fact.data["fields"]) == ("record_completed", "recall-7", [])
    assert view(case.case.state).group_ref == "recall-7"
    assert case.came_again(group_ref="recall-8") == []


def test_a_case_is_rebuilt_with_the_fields_that_its_contacts_supplied() -> None:
    case = lacking("remedy_sought", "loss")
    case.came_again(told=["remedy_sought"], remedy_sought="refund", group_ref="recall-7")
    again = Case.rebuilt(case.opening, case.recorded)

    assert again.state == case.case.state


@pytest.mark.parametrize(
    ("brought", "heard"),
    [({}, False), ({"vip": True}, False), ({"told": ["product"]}, True), ({"group_ref": "recall-7"}, True)],
)
def test_the_workflow_receives_only_fields_that_a_record_may_lack(
    brought: dict[str, Any], heard: bool
) -> None:
    assert adds_information(contact(**brought)) == heard


@pytest.mark.parametrize(
    ("brought", "known"),
    [
        ({"narrative": None}, ["remedy_sought", "product", "order_ref", "unit", "loss"]),
        (
            {"unit": "王师傅那家店！", "product": None},
            ["narrative", "remedy_sought", "order_ref", "unit", "loss"],
        ),
        (
            {"remedy_sought": None, "loss": None, "unit": None, "hints": None},
            ["narrative", "product", "order_ref"],
        ),
        ({"remedy_sought": "退钱，还要道歉！"}, FULL),
    ],
)
def test_the_fields_of_a_submission_are_named_wherever_their_texts_are_stored(
    brought: dict[str, Any], known: list[str]
) -> None:
    one = registered(submission(**{"unit": "shop-3"} | brought))

    assert fields_given(one.received, orjson.loads(one.texts["details"])) == known
    assert set(known) == {*FULL} - {*completeness_of(**{"unit": "shop-3"} | brought).missing}


# --- representatives and groups -------------------------------------------------------------------

AGENT = {"ref": "lawyer-3", "relation": "lawyer", "name": "绝密律师", "authority": "委托书 绝密"}


def test_a_representative_travels_as_ref_and_relation_only() -> None:
    registration = registered(submission(representative=AGENT))
    received = said(registration.facts[0])

    assert received["representative"] == {"ref": "lawyer-3", "relation": "lawyer"}
    assert received["customer_ref"] == "cust-88"
    sealed = orjson.loads(registration.texts["representative"])
    assert sealed == {"name": "绝密律师", "authority": "委托书 绝密"}
    for fact in registration.facts:
        assert "绝密" not in fact.body.decode()


def test_members_of_a_group_are_complaints_of_their_own() -> None:
    one = registered(submission("1", group_ref="recall-7"))
    other = registered(submission("2", group_ref="recall-7", customer={"ref": "cust-89"}))

    assert one.complaint_id != other.complaint_id
    assert [said(each.facts[0])["group_ref"] for each in (one, other)] == ["recall-7", "recall-7"]
    assert view(play(group_ref="recall-7").case.state).group_ref == "recall-7"


def test_representative_and_group_are_absent_where_the_submission_has_none() -> None:
    assert not {"representative", "group_ref"} & said(registered(submission()).facts[0]).keys()
