"""What is recorded and said when a complaint comes in."""

from datetime import timedelta

import orjson
import pytest

from services.intake.registration import TITLE_LENGTH, IntakeContext, register
from shared.contract.envelope import RawEvent
from shared.contract.events import FACTS, FactHeader, Received, read_fact
from shared.contract.ids import complaint_id, event_id
from shared.contract.outgoing import encode, outgoing, packed, unpacked
from shared.contract.subjects import Service
from shared.policy.loader import load_policy
from tests.unit.submissions import NARRATIVE, NOW, PERSONAL, WEB, context, registered, said, submission

COMPLAINT = complaint_id("crm.example/cases", "2026-000123")


def test_three_facts_are_published_in_order() -> None:
    facts = registered(submission()).facts

    assert [fact.name for fact in facts] == ["received", "promise_made", "notice"]
    assert [said(fact)["seq"] for fact in facts] == [1, 2, 3]
    assert [fact.id for fact in facts] == [event_id(COMPLAINT, "intake", seq) for seq in (1, 2, 3)]
    assert [fact.subject for fact in facts] == [
        f"complaints.v1.event.{name}.{COMPLAINT}" for name in ("received", "promise_made", "notice")
    ]


def test_every_fact_belongs_to_the_contract_and_names_its_policy() -> None:
    for fact in registered(submission()).facts:
        name, header, _ = read_fact(RawEvent.model_validate_json(fact.body))
        assert name == fact.name
        assert (header.complaint_id, header.cycle, header.stage) == (COMPLAINT, 1, "recorded")
        assert (header.actor.id, header.actor.role) == ("amends", "system")
        assert header.policy == context().policy.identity
        assert orjson.loads(fact.body)["time"] == "2026-11-21T02:00:00.123456Z"


def test_the_received_fact_carries_what_routing_needs() -> None:
    received = said(registered(submission()).facts[0])

    assert received["channel"] == "web"
    assert received["received_at"] == "2026-11-21T01:20:00Z"
    assert received["recorded_at"] == "2026-11-21T02:00:00.123456Z"
    assert received["language"] == "zh"
    assert received["customer_ref"] == "cust-88"
    assert (received["external_source"], received["external_ref"]) == ("crm.example/cases", "2026-000123")
    assert received["loss"] == {"value": "199.00", "currency": "CNY"}
    assert received["remedy_sought"] == "refund"
    assert (received["unit"], received["about_staff"]) == ("shop-3", "agent-7")
    assert (received["safety"], received["vip"]) == (False, False)
    assert received["contact"] == {
        "timezone": "Asia/Shanghai",
        "contact_hours": "09:00-18:00",
        "preferred_channel": "phone",
    }
    assert received["hints"] == {"category": "product", "motives": ["refund"], "severity": 3}


def test_signals_of_the_words_travel_as_codes() -> None:
    signals = said(registered(submission()).facts[0])["signals"]

    assert signals["categories"] == {"product": 2, "service": 2}
    assert {guess["motive"] for guess in signals["motives"]} >= {"refund", "apology"}
    assert all(guess["source"] == "classifier" for guess in signals["motives"])


def test_no_name_number_or_text_enters_a_fact() -> None:
    secret = submission(title="绝密标题", product="绝密产品", order_ref="绝密订单")
    out = b"".join(fact.body for fact in registered(secret).facts).decode()

    for word in (*PERSONAL.values(), NARRATIVE, "绝密"):
        assert word not in out
        assert word not in orjson.dumps(out).decode()


def test_texts_are_stored_encrypted_under_references_that_the_fact_names() -> None:
    registration = registered(submission())

    assert said(registration.facts[0])["text_refs"] == {
        key: f"intake:{COMPLAINT}:{key}" for key in ("narrative", "title", "customer", "details")
    }
    assert registration.texts["narrative"] == NARRATIVE
    assert orjson.loads(registration.texts["customer"]) == PERSONAL
    assert orjson.loads(registration.texts["details"]) == {"product": "X1 手机", "order_ref": "order-7"}


def test_existing_texts_alone_have_references() -> None:
    bare = submission(title=None, product=None, order_ref=None, customer={"ref": "cust-1"})
    registration = registered(bare)

    assert said(registration.facts[0])["text_refs"] == {"narrative": f"intake:{COMPLAINT}:narrative"}
    assert set(registration.texts) == {"narrative", "notice-3"}


def test_the_complainant_is_promised_an_answer_within_the_policy_s_limit() -> None:
    received, promise, _ = (said(fact) for fact in registered(submission()).facts)
    expected = {
        "promise_id": "promise-1",
        "what": "first_answer",
        "by_when": (NOW + timedelta(hours=24)).isoformat().replace("+00:00", "Z"),
    }

    assert received["promises"] == [expected]
    assert {name: promise[name] for name in expected} == expected


def test_the_acknowledgement_names_the_title_the_complaint_and_the_time_in_the_customer_s_zone() -> None:
    told = registered(submission()).texts["notice-3"]

    assert "手机死机" in told
    assert COMPLAINT in told
    assert "2026年11月22日10:01（北京时间）" in told


def test_the_acknowledgement_speaks_the_customer_s_language_and_falls_back_on_the_policy_s_zone() -> None:
    english = submission(language="en-GB", customer={"ref": "c"}, title=None, narrative="It broke. " * 20)
    registration = registered(english)
    told = registration.texts["notice-3"]

    assert told.startswith(f'We have received your complaint about "{("It broke. " * 20)[:TITLE_LENGTH]}"')
    assert "22 November 2026, 10:01 (Shanghai time)" in told
    assert said(registration.facts[2])["language"] == "en"


def test_a_dollar_sign_in_a_title_is_left_alone() -> None:
    assert (
        "退我 $text 或 $complaint_id"
        in registered(submission(title="退我 $text 或 $complaint_id")).texts["notice-3"]
    )


@pytest.mark.parametrize(("preferred", "channel"), [("phone", "phone"), (None, "web")])
def test_the_notice_goes_by_the_preferred_channel_or_else_by_the_one_they_came(
    preferred: str | None, channel: str
) -> None:
    customer = {"ref": "cust-88"} | ({"preferred_channel": preferred} if preferred else {})
    notice = said(registered(submission(customer=customer)).facts[2])

    assert (notice["template"], notice["channel"]) == ("acknowledgement", channel)
    assert notice["text_ref"] == f"intake:{COMPLAINT}:notice-3"
    assert notice["customer_ref"] == "cust-88"


@pytest.mark.parametrize(
    ("title", "narrative", "language"),
    [
        ("The kettle broke twice", None, "en"),
        ("Nobody calls back", "Three weeks at Café Zürich, and 13800138000 is my number.", "en"),
        ("手机死机", "It freezes three times a day.", "zh"),
        (None, "iPhone 15 Pro Max 又死机了", "zh"),
        ("携帯が壊れた", None, "zh"),
        ("Телефон iPhone сломался", None, "zh"),
        ("199 199 !!", None, "zh"),
        ("13800138000", None, "zh"),
    ],
)
def test_a_missing_language_is_taken_from_the_script_or_else_from_the_policy(
    title: str | None, narrative: str | None, language: str
) -> None:
    registration = registered(submission(language=None, title=title, narrative=narrative))

    assert registration.language == language
    assert said(registration.facts[0])["language"] == said(registration.facts[2])["language"] == language
    assert registration.texts["notice-3"].startswith({"en": "We have", "zh": "我们"}[language])


def test_a_stated_language_is_used_whatever_the_script_is() -> None:
    spoken = registered(submission(language="zh", title="The kettle broke twice", narrative=None))

    assert said(spoken.facts[0])["language"] == "zh"


def test_an_english_policy_understands_chinese_too() -> None:
    message = submission(language=None, title="手机死机", narrative=None)
    spoken = register(WEB, orjson.dumps(message), NOW, IntakeContext.under(load_policy("uk-disp")))

    assert said(spoken.facts[0])["language"] == "zh"


def test_a_fact_that_is_read_back_is_published_in_the_same_bytes() -> None:
    for fact in registered(submission()).facts:
        event = RawEvent.model_validate_json(fact.body)
        header, typed = FactHeader.model_validate(event.data), FACTS[fact.name].model_validate(event.data)
        assert encode(event) == fact.body
        assert outgoing(Service.INTAKE, header, typed, NOW) == fact


def test_facts_come_out_of_a_row_byte_for_byte() -> None:
    facts = registered(submission()).facts

    assert unpacked(packed(facts)) == facts
    assert unpacked(b"") == []


def test_the_same_submission_at_the_same_instant_is_registered_the_same() -> None:
    assert registered(submission()) == registered(submission())


def test_fields_beyond_the_contract_are_ignored() -> None:
    message = submission(mood="angry") | {"traceparent": "00-abc", "extra": {"deep": [1]}}
    received = FACTS["received"].model_validate(said(registered(message).facts[0]))

    assert isinstance(received, Received)
    assert not hasattr(received, "mood")


def test_a_sentence_where_a_code_belongs_does_not_travel() -> None:
    sentence = "退钱，不然打给我：13988776655！"
    registration = registered(submission(remedy_sought=sentence, unit="Mr Wang's, ground floor?!"))
    for fact in registration.facts:
        assert "13988776655" not in fact.body.decode()
        assert "Mr Wang" not in fact.body.decode()
    assert "退钱，不然打给我：[phone ••••55]！" in registration.texts["details"]
    assert "remedy_sought" not in said(registration.facts[0])


def test_no_text_of_a_submission_holds_a_card_an_identity_or_a_phone_number() -> None:
    card, identity, phone = "4111 1111 1111 1111", "11010519491231002X", "13988776655"
    said_twice = f"卡{card}，身份证{identity}，电话{phone}"
    registration = registered(submission(title=said_twice, narrative=said_twice, about_staff=phone))
    for key, text in registration.texts.items():
        assert not [one for one in (card, identity, phone) if one in text], key
    assert "[card ••••1111]" in registration.texts["notice-3"]


def test_a_headline_that_is_cut_short_cuts_no_number_in_two() -> None:
    narrative = "我" * 50 + "卡4111111111111111，请退款"
    registration = registered(submission(title=None, narrative=narrative))
    assert "4111" not in registration.texts["notice-3"]


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("4111 1111 1111 1111", "[card ••••1111]"),
        ("11010519491231002X", "[identity ••••]"),
        ("13988776655", "[phone ••••55]"),
    ],
)
def test_a_name_is_stored_without_the_numbers_beside_it(number: str, mask: str) -> None:
    customer = {"ref": "c-1", "name": f"王小明 {number}", "phone": "13800138000"}
    agent = {"ref": "lawyer-3", "relation": "lawyer", "name": f"李四 {number}"}
    texts = registered(submission(customer=customer, representative=agent)).texts
    assert number not in str(texts)
    assert orjson.loads(texts["customer"])["name"] == f"王小明 {mask}"
    assert orjson.loads(texts["representative"])["name"] == f"李四 {mask}"


def test_people_can_still_be_called_back_and_orders_found() -> None:
    customer = {"ref": "c-1", "name": "王小明", "phone": "13800138000"}
    registration = registered(submission(customer=customer, order_ref="4111111111111111"))
    assert "13800138000" in registration.texts["customer"]
    assert "4111111111111111" in registration.texts["details"]
