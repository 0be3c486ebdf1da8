"""The web form without a browser: one complaint per form, two languages, nothing written is lost."""

import asyncio
import itertools
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.door.stamps import Stamps
from shared.contract.door import FORM_SOURCE
from shared.contract.ids import complaint_id
from tests.door import FORMS, Door
from tests.web_form import Page

ADDRESSES = (f"198.51.100.{number}" for number in itertools.count(1))

FILLED = {
    "narrative": '他们说 "明天" 就来 & 三次都没来。\r\n<b>太过分了</b>',
    "product": "空调安装",
    "remedy": "compensation",
    "safety": "yes",
    "name": "王小明",
    "email": "Xiaoming@example.org",
    "phone": "+86 10 5555 0100",
    "preferred": "phone",
}


class Visitor:
    """Somebody at an address of their own, with a browser that runs no script."""

    def __init__(self, http_door: Door, language: str = "zh-CN,zh;q=0.9,en;q=0.5") -> None:
        self._door = http_door
        self._headers = {"accept-language": language, "x-forwarded-for": next(ADDRESSES)}

    async def get(self, path: str = "/") -> httpx.Response:
        return await self._door.client.get(path, headers=self._headers)

    async def send(self, page: Page, headers: dict[str, str] | None = None, **written: str) -> httpx.Response:
        sent = page.fields | FILLED | written
        return await self._door.client.post("/", data=sent, headers=self._headers | (headers or {}))


def number_of(response: httpx.Response) -> str:
    """The complaint that the page after the form is about."""
    assert response.status_code == 303, Page(response.text).text
    return parse_qs(urlsplit(response.headers["location"]).query)["id"][0]


async def test_a_form_that_is_sent_becomes_a_complaint_on_the_channel_web(http_door: Door) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    number = number_of(await visitor.send(page))
    name = page.fields["form"].split(".")[0]
    assert number == complaint_id(FORM_SOURCE, name)
    subject, event = await http_door.stored_once(name)
    assert subject == "complaints.v1.submit.web"
    assert event["source"] == FORM_SOURCE
    data = event["data"]
    assert data["narrative"] == FILLED["narrative"].replace("\r\n", "\n")
    assert (data["product"], data["remedy_sought"], data["safety"]) == ("空调安装", "compensation", True)
    assert data["language"] == "zh"
    customer = data["customer"]
    assert (customer["name"], customer["preferred_channel"]) == ("王小明", "phone")
    assert customer["ref"].startswith("web-")


async def test_the_next_page_has_the_number_and_the_date_of_the_answer(http_door: Door) -> None:
    visitor = Visitor(http_door, "en-GB")
    sent = await visitor.send(Page((await visitor.get()).text))
    page = await visitor.get(sent.headers["location"])
    assert page.status_code == 200
    assert number_of(sent) in page.text
    assert "We will answer by" in page.text
    assert "(Shanghai time)" in page.text
    forged = sent.headers["location"].replace("id=C", "id=Caaaa")
    assert (await visitor.get(forged)).status_code == 404


async def test_a_double_click_is_one_complaint(http_door: Door) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    answers = await asyncio.gather(*(visitor.send(page) for _ in range(3)))
    assert len({number_of(answer) for answer in answers}) == 1
    await http_door.stored_once(page.fields["form"].split(".")[0])


async def test_the_back_button_with_other_words_loses_neither(http_door: Door) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    first = number_of(await visitor.send(page))
    again = await visitor.send(page, narrative="Something else as well.")
    assert again.status_code == 409
    shown = Page(again.text)
    assert shown.fields["narrative"] == "Something else as well."
    assert shown.fields["form"] != page.fields["form"]
    assert number_of(await visitor.send(shown, narrative="Something else as well.")) != first


async def test_the_same_person_is_known_by_a_reference_that_does_not_name_them(http_door: Door) -> None:
    visitor = Visitor(http_door)
    references = set()
    for address in ("xiaoming@example.org", "XIAOMING@example.org", "other@example.org"):
        page = Page((await visitor.get()).text)
        number_of(await visitor.send(page, email=address))
        _, event = await http_door.stored_once(page.fields["form"].split(".")[0])
        references.add(event["data"]["customer"]["ref"])
    assert len(references) == 2
    assert not any("xiaoming" in reference for reference in references)


@pytest.mark.parametrize(
    ("change", "field", "en", "zh"),
    [
        ({"narrative": "  "}, "narrative", "Please write what happened.", "请填写发生了什么。"),
        ({"narrative": "a\x00b"}, "narrative", "remove unreadable characters", "无法识别的字符"),
        ({"email": "", "phone": "", "preferred": ""}, "email", "or a phone number", "邮箱或电话"),
        ({"email": "nowhere"}, "email", "not an e-mail address", "不是邮箱地址"),
        ({"phone": "call me"}, "phone", "not a phone number", "不是电话号码"),
        ({"phone": "", "preferred": "phone"}, "preferred", "have not given", "没有填写"),
        ({"title": "x" * 201}, "title", "This is too long", "内容过长"),
        ({"website": "http://spam.example"}, "narrative", "hidden field", "隐藏栏"),
    ],
)
async def test_a_fault_is_shown_beside_its_field_and_the_input_is_kept(
    http_door: Door, change: dict[str, str], field: str, en: str, zh: str
) -> None:
    for language, words in (("en", en), ("zh", zh)):
        visitor = Visitor(http_door, language)
        answer = await visitor.send(Page((await visitor.get()).text), **change)
        assert answer.status_code == 422
        page = Page(answer.text)
        assert words in page.text
        assert f"{field}-fault" in page.described[field]
        assert f"{field}-fault" in page.ids
        assert f"#{field}" in page.links
        kept = {
            name: value for name, value in (FILLED | change).items() if name not in ("website", "narrative")
        }
        assert {name: page.fields[name] for name in kept} == kept
        assert "<b>" not in answer.text


async def test_a_corrected_form_is_taken(http_door: Door) -> None:
    visitor = Visitor(http_door)
    wrong = Page((await visitor.send(Page((await visitor.get()).text), narrative="")).text)
    number_of(await visitor.send(wrong))


@pytest.mark.parametrize(
    ("accepted", "query", "expected"),
    [
        ("en-US,en;q=0.9", "", "en"),
        ("zh-TW", "", "zh"),
        ("fr,en;q=0.2,zh;q=0.8", "", "zh"),
        ("fr", "", "zh"),
        ("", "", "zh"),
        ("en;q=broken, zh;q=0", "", "zh"),
        ("zh", "?lang=en", "en"),
        ("en", "?lang=xx", "en"),
    ],
)
async def test_the_form_speaks_the_language_that_is_asked_for(
    http_door: Door, accepted: str, query: str, expected: str
) -> None:
    response = await Visitor(http_door, accepted).get(f"/{query}")
    page = Page(response.text)
    assert page.language == response.headers["content-language"] == expected
    other = "zh" if expected == "en" else "en"
    assert (
        Page((await Visitor(http_door, accepted).get("/" + page.links[0].lstrip("/"))).text).language == other
    )


async def test_every_field_has_a_label_and_nothing_needs_a_script_or_another_server(http_door: Door) -> None:
    response = await Visitor(http_door).get()
    page = Page(response.text)
    assert page.visible <= page.labelled
    assert "<script" not in response.text
    assert "http" not in response.text.replace("</html>", "")
    assert "set-cookie" not in response.headers
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert (await http_door.client.get("/door.css")).headers["content-type"].startswith("text/css")


async def test_no_two_forms_are_alike_and_pages_with_words_are_not_kept(http_door: Door) -> None:
    visitor = Visitor(http_door)
    first, second = await visitor.get(), await visitor.get()
    assert Page(first.text).fields["form"] != Page(second.text).fields["form"]
    shown = await visitor.send(Page(first.text), narrative="")
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"content-type": "text/plain"},
    ],
)
async def test_another_page_cannot_send_the_form(http_door: Door, headers: dict[str, str]) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    assert (await visitor.send(page, headers)).status_code == 403
    assert await http_door.stored(page.fields["form"].split(".")[0]) == []


@pytest.mark.parametrize("stamp", ["", "x", "a.b.c", "aaaaaaaaaaaaaaaaaaaaaaaaaa.1.x", "." * 50, "é"])
async def test_a_form_that_we_did_not_make_is_made_anew_with_what_was_written(
    http_door: Door, stamp: str
) -> None:
    visitor = Visitor(http_door)
    answer = await visitor.send(Page((await visitor.get()).text), form=stamp)
    assert answer.status_code == 422
    assert "打开时间过长" in answer.text
    number_of(await visitor.send(Page(answer.text)))


async def test_an_address_that_sends_too_often_has_to_wait_and_others_do_not(http_door: Door) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    answers = [await visitor.send(page) for _ in range(FORMS + 3)]  # a window slides
    assert [answer.status_code for answer in answers[:FORMS]] == [303] * FORMS
    held_back = next(answer for answer in answers if answer.status_code != 303)
    assert held_back.status_code == 429
    assert int(held_back.headers["retry-after"]) >= 1
    assert Page(held_back.text).fields["email"] == FILLED["email"]
    other = Visitor(http_door)
    number_of(await other.send(Page((await other.get()).text)))


async def test_nothing_is_lost_while_the_message_server_is_away(http_door: Door) -> None:
    visitor = Visitor(http_door)
    page = Page((await visitor.get()).text)
    await http_door.nats.kill()
    try:
        answer = await visitor.send(page)
    finally:
        await http_door.nats.start()
    await http_door.until_ready()
    assert answer.status_code == 503
    shown = Page(answer.text)
    assert shown.fields["form"] == page.fields["form"]
    assert shown.fields["narrative"] == FILLED["narrative"].replace("\r\n", "\n")
    number_of(await visitor.send(shown))
    await http_door.stored_once(page.fields["form"].split(".")[0])


async def test_a_body_that_is_no_form_or_over_the_limit_is_refused(http_door: Door) -> None:
    client, media = http_door.client, {"content-type": "application/x-www-form-urlencoded"}
    for body, status in (
        (b"\xff=1", 422),
        (b"a=%ff", 422),
        (b"&".join([b"a=1"] * 99), 422),
        (b"a" * 300_000, 413),
    ):
        headers = media | {"x-forwarded-for": next(ADDRESSES)}
        assert (await client.post("/", content=body, headers=headers)).status_code == status


def test_a_door_with_another_key_knows_neither_the_forms_nor_the_people() -> None:
    one, other = Stamps(b"1" * 32), Stamps(b"2" * 32)
    assert one.pseudonym("a@example.org") != other.pseudonym("a@example.org")
    assert not other.holds(one.seal("sent", "C1", "5"), "sent", "C1", "5")
    assert one.seal("a", "bc") != one.seal("ab", "c")
