"""An id that another command to the complaint has is refused: the first reply would say what nobody did."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select

from services.intake.tables import ErasureRow
from shared.contract.subjects import command
from tests.conftest import NatsServer
from tests.integration.intake_service import Door, new_submission
from tests.integration.test_erase_command import OTHERS, answering, erase, said, texts_left

DATA: dict[str, dict[str, Any]] = {
    "add_contact": {"channel": "phone", "text": "还是没有回音。"},
    "confirm_duplicate": {"of": "Caaaaaaaaaaaaaaa"},
    "link_customer": {"register": "bank.example", "ref": "cust-88", "reason": "同一人"},
    "erase": {"reason": "requested"},
    "answer_grumble": {"text": "我们已补发配件。"},
    "promote": {"reason": "客户坚持"},
}


def order(verb: str, complaint: str, name: str) -> tuple[str, dict[str, Any]]:
    actor = "privacy-1" if verb == "erase" else "agent-1"
    who = {"command_id": name, "complaint_id": complaint, "actor": {"id": actor}}
    return command(verb), who | {"data": DATA[verb]}


async def submitted(door: Door) -> str:
    complaint, message = new_submission()
    await door.submit(message)
    await said(door, complaint, "notice")
    return complaint


def erasures(session: Session) -> list[ErasureRow]:
    return list(session.exec(select(ErasureRow)).all())


async def test_an_id_that_another_verb_has_is_refused_and_nothing_is_written(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open() as intake, answering(nats_server, *OTHERS) as told:
        complaint, name = await submitted(door), secrets.token_hex(8)
        first = await door.ask(*order("add_contact", complaint, name))
        facts, texts = await door.names(complaint), await texts_left(intake, complaint)
        for verb in ("erase", "confirm_duplicate", "link_customer", "answer_grumble", "promote"):
            error = (await door.ask(*order(verb, complaint, name)))["error"]
            assert (error["code"], error["field"]) == ("malformed", "command_id"), verb
            assert "another command" in error["message"]
            assert "另一操作" in error["message_zh"]
        assert await intake.store.database.read(erasures) == []
        assert (await door.names(complaint), await texts_left(intake, complaint)) == (facts, texts)
        assert told == []
        assert await door.ask(*order("add_contact", complaint, name)) == first


async def test_an_erasure_has_its_id_before_it_is_carried_out_and_afterwards(
    door: Door, nats_server: NatsServer
) -> None:
    async with door.open():
        complaint, name = await submitted(door), secrets.token_hex(8)
        waiting = await door.ask(*order("erase", complaint, name))
        early = await door.ask(*order("add_contact", complaint, name))
        async with answering(nats_server, *OTHERS):
            reply = await erase(door, order("erase", complaint, name)[1])
        late = await door.ask(*order("add_contact", complaint, name))

    assert waiting["error"]["code"] == "unavailable"
    assert [refused["error"]["field"] for refused in (early, late)] == ["command_id"] * 2
    assert (reply["ok"], reply["events"]) == (True, ["erased"])


async def test_an_erasure_whose_id_another_command_got_first_is_carried_out_all_the_same(
    door: Door, nats_server: NatsServer
) -> None:
    """Such a row was written before ids were looked at, or by two processes in the same instant."""
    async with door.open() as intake, answering(nats_server, *OTHERS):
        complaint, name = await submitted(door), secrets.token_hex(8)
        contact = await door.ask(*order("add_contact", complaint, name))
        await intake.store.database.write(lambda session: session.add(_asked(complaint, name)))
        await said(door, complaint, "erased")
        assert await texts_left(intake, complaint) == []
        assert [row.done for row in await intake.store.database.read(erasures)] == [True]
        assert await door.ask(*order("add_contact", complaint, name)) == contact


def _asked(complaint: str, name: str) -> ErasureRow:
    return ErasureRow(
        erasure_id=secrets.token_hex(16),
        complaint_id=complaint,
        command_id=name,
        actor="privacy-1",
        reason="requested",
        asked_at=datetime.now(UTC),
    )
