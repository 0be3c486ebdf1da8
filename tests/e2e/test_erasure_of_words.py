"""Words and numbers where a code belongs: no file keeps them once the complaint is erased."""

from deploy.local.stack import Stack
from tests.lives import owner_of
from tests.markers import Person, in_the_clear
from tests.outside import Json, Outside

PRIVACY = "privacy-1"


async def _read(system: Outside, ref: str) -> Json:
    request = {"text_ref": ref, "actor": {"id": "lead-1"}, "purpose": "test"}
    return await system.ask("complaints.v1.query.text", request)


async def test_a_body_named_in_words_is_erased_and_a_strangers_text_is_never_kept(
    stack: Stack, system: Outside
) -> None:
    complaint, person = await system.submit(), Person()
    owner = await owner_of(system, complaint)
    await system.do("respond", complaint, owner, kind="plan", text="早先的话")
    stranger = await system.command("transfer", complaint, owner, to=person.name_en, reason="r")
    assert stranger["error"]["code"] == "unknown_actor"
    await system.do("refer", complaint, "lead-1", to=person.says("to"), reason="r")
    referred = (await system.until(complaint, "referred"))["data"]
    assert referred["to"] == "described"
    told = (await _read(system, referred["to_ref"]))["result"]["text"]
    assert told == person.says("to")
    await system.until_closed(complaint)
    assert (await system.command("erase", complaint, PRIVACY, reason="requested"))["ok"]
    assert (await _read(system, referred["to_ref"]))["error"]["code"] == "erased"
    assert in_the_clear(stack.layout.root, person.words) == []


async def test_a_number_where_a_code_belongs_is_refused_before_it_is_in_any_file(
    stack: Stack, system: Outside
) -> None:
    complaint, person = await system.submit(), Person()
    owner = await owner_of(system, complaint)
    options = [{"option_id": person.phone[3:], "remedy": "apology"}, {"option_id": "b", "remedy": "apology"}]
    refused = await system.command("prepare_options", complaint, owner, options=options)
    assert refused["error"]["code"] == "malformed"
    assert refused["error"]["field"] == "data.options.0.option_id"
    assert "个人号码" in refused["error"]["message_zh"]
    assert in_the_clear(stack.layout.root, [person.phone[3:]]) == []
