"""What the complainant reads first: restated, dated, in their language, in words for people.

`sources.md` 37, 51, F9.
"""

import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from services.intake.registration import IntakeContext, Registration, register
from shared.contract.ids import complaint_id
from shared.policy.loader import load_policy
from tests.unit.submissions import NOW, WEB, registered, said, submission

COMPLAINT = complaint_id("crm.example/cases", "2026-000123")
HOUSE_WORDS = re.compile(
    r"first_answer|promise|acknowledg|workflow|triage|severity|obligation|regime|agent|routing|intake|[a-z]+_[a-z]+",
    re.IGNORECASE,
)
"""Words and names of the system that nobody outside should meet."""


def told(registration: Registration) -> str:
    return registration.texts["notice-3"]


def under(pack: str, message: dict[str, Any]) -> Registration:
    """As registered under another policy."""
    return register(WEB, orjson.dumps(message), NOW, IntakeContext.under(load_policy(pack)))


def test_a_chinese_customer_reads_the_record_and_the_date_of_the_answer() -> None:
    assert told(registered(submission())) == (
        f"我们已收到您关于“手机死机”的反映（编号 {COMPLAINT}）。"
        "感谢您告诉我们。专人会负责处理，并在2026年11月22日10:01（北京时间）之前给您答复。"
        "您反映的时间：2026年11月21日09:20（北京时间）；您希望的解决方式：退款。"
    )


def test_an_english_customer_reads_it_in_english_by_the_clocks_of_their_own_zone() -> None:
    customer = {"ref": "c", "timezone": "Europe/London"}
    assert told(registered(submission(language="en-GB", title="Phone freezes", customer=customer))) == (
        f'We have received your complaint about "Phone freezes" (reference {COMPLAINT}). '
        "Thank you for telling us. One person is responsible for it, and "
        "we will answer you by 22 November 2026, 02:01 (London time). "
        "You told us on 21 November 2026, 01:20 (London time) and asked for: Refund."
    )


@pytest.mark.parametrize(
    ("pack", "begins", "language"), [("default", "我们", "zh"), ("uk-disp", "We have", "en")]
)
@pytest.mark.parametrize("spoken", ["fr", "tlh", "pt-BR"])
def test_a_language_that_the_pack_does_not_speak_falls_back_on_the_packs_own(
    pack: str, begins: str, language: str, spoken: str
) -> None:
    registration = under(pack, submission(language=spoken))

    assert told(registration).startswith(begins)
    assert said(registration.facts[2])["language"] == language


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "pack", ["default", "uk-disp", "uk-psd", "au-rg271", "us-cfpb", "cn-samr", "cn-12345"]
)
def test_every_pack_restates_and_dates_it_and_speaks_like_a_person(pack: str, language: str) -> None:
    registration = under(pack, submission(language=language, title="A title of theirs"))
    text, promise = told(registration), said(registration.facts[1])
    by_when = datetime.fromisoformat(promise["by_when"])

    assert "A title of theirs" in text
    assert COMPLAINT in text
    assert (
        "2026年11月21日09:20（北京时间）" if language == "zh" else "21 November 2026, 09:20 (Shanghai time)"
    ) in text
    assert ("退款" if language == "zh" else "Refund") in text
    assert by_when.astimezone(UTC).strftime("%d") in text
    assert "$" not in text
    assert HOUSE_WORDS.search(text.replace(COMPLAINT, "")) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"remedy_sought": "请换一台新的，别再拖了！"}, "您希望的解决方式：请换一台新的，别再拖了！。"),
        ({"remedy_sought": "apology"}, "您希望的解决方式：书面致歉。"),
        (
            {"remedy_sought": None, "hints": {"motives": ["refund", "apology"]}},
            "您希望的解决方式：退款、书面致歉。",
        ),
        ({"remedy_sought": None, "hints": {"motives": ["venting"]}}, "您希望如何解决，我们会向您了解。"),
        ({"remedy_sought": None, "hints": None}, "您希望如何解决，我们会向您了解。"),
    ],
)
def test_the_sought_remedy_is_repeated_as_written_or_will_be_asked(
    change: dict[str, Any], sentence: str
) -> None:
    assert told(registered(submission(**change))).endswith(sentence)


def test_the_beginning_of_the_narrative_serves_as_a_missing_title() -> None:
    assert "“手机用了三天就死机，客服态度很差" in told(registered(submission(title=None)))


def test_a_late_registered_complaint_names_its_receipt_and_is_answered_from_now() -> None:
    text = told(registered(submission(received_at="2026-11-18T08:00:00+08:00")))

    assert "您反映的时间：2026年11月18日08:00" in text
    assert "2026年11月22日10:01（北京时间）之前" in text


def test_a_number_that_is_masked_in_the_record_is_masked_in_the_acknowledgement() -> None:
    text = told(registered(submission(remedy_sought="退到卡 4111111111111111，谢谢！")))

    assert "4111111111111111" not in text
