"""What of a submission travels outlasts an erasure: no number of a person and no word about one may."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from services.intake.registration import IntakeContext, register
from shared.contract.quarantine import Misfit, Reason
from shared.masking.whole import whole_number
from tests.unit.submissions import NOW, WEB, context, registered, said, submission

ALL = ("card", "identity", "phone")
PHONE, CARD, IDENTITY = "13812345678", "4111111111111111", "11010519491231002X"
NUMBERS = [
    (PHONE, "phone"),
    ("138-1234-5678", "phone"),
    ("+8613812345678", "phone"),
    ("tel:13812345678", "phone"),
    ("07911 123456", "phone"),
    (CARD, "card"),
    ("3782 822463 10005", "card"),
    (IDENTITY, "identity"),
]
OWN_IDS = [
    "cust-88",
    "100023455678",
    "23812345678",
    "4111111111111112",
    "20261121000001",
    "110105194912310021",
    "0012345678901",
    "customer-13812345678901",
    "123-45-6789",
    "6200000000000000003",
    "010-62345678",
]


@pytest.mark.parametrize(("ref", "kind"), NUMBERS)
def test_an_identifier_that_is_a_persons_number_is_recognised(ref: str, kind: str) -> None:
    assert whole_number(ref, ALL) == kind
    assert whole_number(ref, [one for one in ALL if one != kind]) is None


@pytest.mark.parametrize("ref", OWN_IDS)
def test_an_identifier_that_only_looks_like_a_number_passes(ref: str) -> None:
    assert whole_number(ref, ALL) is None


def changed(field: str, value: str) -> dict[str, Any]:
    agent = {"ref": "lawyer-3", "relation": "lawyer"}
    message = submission(representative=agent, group_ref="recall-7")
    *way, last = field.split(".")
    place = message
    for name in way:
        place = place[name]
    place[last] = value
    return message


IDENTIFIERS = ["data.customer.ref", "data.representative.ref", "data.group_ref", "source"]
ADDRESSES = ["x.y@marker.example", "mailto:x@marker.example", " x@marker.example ", "x＠marker.example"]


@pytest.mark.parametrize("field", [*IDENTIFIERS, "id"])
def test_a_telephone_number_as_an_identifier_is_refused_with_advice(field: str) -> None:
    with pytest.raises(Misfit) as caught:
        registered(changed(field, PHONE))
    found = caught.value
    assert (found.reason, found.field) == (Reason.INVALID, field)
    assert "send an identifier of your own instead" in found.detail
    assert "标识符" in found.detail_zh
    assert PHONE not in found.detail + found.detail_zh


@pytest.mark.parametrize("field", IDENTIFIERS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_for_an_identifier_is_refused_in_both_languages(field: str, address: str) -> None:
    with pytest.raises(Misfit) as caught:
        registered(changed(field, address))
    found = caught.value
    assert (found.reason, found.field) == (Reason.INVALID, field)
    assert "e-mail address" in found.detail
    assert "电子邮件地址" in found.detail_zh
    assert "marker" not in found.detail + found.detail_zh


def test_a_card_for_a_source_is_refused() -> None:
    with pytest.raises(Misfit) as caught:
        registered(changed("source", CARD))
    assert caught.value.field == "source"


@pytest.mark.parametrize(
    "source", ["https://crm@shop.example/cases", "urn:shop:crm", "crm.example/cases", "@crm"]
)
def test_a_source_that_names_a_system_passes(source: str) -> None:
    assert registered(changed("source", source)).source == source


@pytest.mark.parametrize(
    "uri",
    [
        f"https://files.example/{CARD}.pdf",
        f"https://files.example/scan?card={CARD}&page=1",
        "https://files.example/4111-1111-1111-1111/a.jpg",
        "https://files.example/4111%201111+1111%201111",
        f"oss://bucket/{IDENTITY}/front.jpg",
        f"https://files.example/{PHONE}#1",
        f"urn:shop:{PHONE}",
    ],
)
def test_a_number_in_the_link_of_an_attachment_is_refused(uri: str) -> None:
    with pytest.raises(Misfit) as caught:
        registered(submission(attachments=["https://files.example/1.jpg", uri]))
    found = caught.value
    assert (found.reason, found.field) == (Reason.INVALID, "data.attachments.1")
    assert "send a link without it" in found.detail
    assert "链接" in found.detail_zh
    assert not [one for one in (CARD, IDENTITY, PHONE, "1111") if one in found.detail + found.detail_zh]


@pytest.mark.parametrize(
    "uri",
    [
        "https://files.example/2026/11/21/20261121000001.jpg",
        "https://files.example/ORD-13812345678.pdf",
        "https://files.example:8443/550e8400-e29b-41d4-a716-446655440000",
        "https://files.example/4111111111111112",
        "urn:isbn:0451450523",
    ],
)
def test_the_numbers_of_a_file_pass(uri: str) -> None:
    assert orjson.loads(registered(submission(attachments=[uri])).texts["attachments"]) == [uri]


def test_a_letters_own_id_passes() -> None:
    assert registered(submission("<CAF1@mail.example>")).external_id == "<CAF1@mail.example>"


NAMED = ["Zebedee Staffname", "王小明", "李大妈家", "the man at the till", "x@marker.example", "1001234567"]


@pytest.mark.parametrize("field", ["unit", "about_staff"])
@pytest.mark.parametrize("name", NAMED)
def test_the_concerned_person_is_stored_encrypted_where_it_may_be_a_name(field: str, name: str) -> None:
    one = registered(submission(**{field: name}))
    assert said(one.facts[0])[field] == "described"
    assert all(name not in fact.body.decode() for fact in one.facts)
    assert orjson.loads(one.texts["details"])[field] == name


@pytest.mark.parametrize("field", ["unit", "about_staff"])
@pytest.mark.parametrize("name", ["shop-3", "agent_7", "till/2", "E204"])
def test_the_concerned_person_travels_where_it_is_a_code(field: str, name: str) -> None:
    one = registered(submission(**{field: name}))
    assert said(one.facts[0])[field] == name
    assert field not in orjson.loads(one.texts["details"])


@pytest.mark.parametrize("own", ["柜台一组", "till 2", "10012345678"])
def test_an_id_of_the_houses_own_travels_in_any_script(own: str) -> None:
    policy = context().policy
    first, *others = policy.pack.staff
    staff = [first.model_copy(update={"id": own}), *others]
    house = IntakeContext.under(replace(policy, pack=policy.pack.model_copy(update={"staff": staff})))
    one = register(WEB, orjson.dumps(submission(about_staff=own)), NOW, house)
    assert said(one.facts[0])["about_staff"] == own


def test_a_senders_running_number_may_have_the_digits_of_a_card() -> None:
    assert registered(submission(CARD)).external_id == CARD


def test_a_policy_that_masks_no_telephone_numbers_takes_one_for_an_identifier() -> None:
    policy = context().policy
    other = IntakeContext.under(replace(policy, pack=policy.pack.model_copy(update={"masking": ["card"]})))
    body = orjson.dumps(changed("data.customer.ref", PHONE))
    assert register(WEB, body, NOW, other).customer_ref == PHONE


def test_a_relation_that_is_no_word_of_the_list_travels_as_other() -> None:
    agent = {"ref": "son-1", "relation": "zebra-son", "name": "王小"}
    one = registered(submission(representative=agent))
    assert said(one.facts[0])["representative"] == {"ref": "son-1", "relation": "other"}
    assert orjson.loads(one.texts["representative"]) == {"name": "王小", "relation": "zebra-son"}
    assert all("zebra" not in fact.body.decode() for fact in one.facts)


@pytest.mark.parametrize("remedy", ["refund", "replacement", "apology", "venting"])
def test_a_remedy_that_the_policy_knows_travels(remedy: str) -> None:
    one = registered(submission(remedy_sought=remedy))
    assert said(one.facts[0])["remedy_sought"] == remedy
    assert "remedy_sought" not in orjson.loads(one.texts["details"])


def test_any_other_word_for_the_sought_remedy_is_stored_encrypted() -> None:
    one = registered(submission(remedy_sought="john.smith-zebra"))
    assert all("zebra" not in fact.body.decode() for fact in one.facts)
    assert orjson.loads(one.texts["details"])["remedy_sought"] == "john.smith-zebra"
