"""A command for many complaints needs no id of its own: on the wire, and on the command line."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from services.console.cli import app
from services.console.cli.commands import command
from services.routing.batches import _reply
from shared.contract.commands import Refused
from shared.contract.errors import ErrorCode, refuse
from shared.runtime.messages.answering import NotUnderstood
from shared.runtime.messages.requests import decode_command

ONE, TWO = "Caaaaaaaaaaaaaaa", "Cbbbbbbbbbbbbbbb"


def body(**data: Any) -> bytes:
    return json.dumps({"command_id": "c", "actor": {"id": "agent-1"}, "data": data}).encode()


def test_the_list_or_all_is_enough_for_a_command_for_many() -> None:
    assert decode_command("hand_over", body(to="b", complaint_ids=[TWO, ONE]))[0].complaint_id == TWO
    assert decode_command("hand_over", body(to="b", all=True))[0].complaint_id == ""


@pytest.mark.parametrize(
    ("verb", "data"),
    [("hand_over", {"to": "b"}), ("hand_over", {"to": "b", "all": False}), ("transfer", {"to": "b"})],
)
def test_a_command_for_one_still_needs_its_id(verb: str, data: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood) as refused:
        decode_command(verb, body(**data))
    assert refused.value.refusal.field == "complaint_id"


def test_a_refusal_of_all_names_the_complaints() -> None:
    refused = Refused(error=refuse(ErrorCode.WOULD_PING_PONG, field="data.to"))
    reply = _reply("", {ONE: refused, TWO: refused})
    assert isinstance(reply, Refused)
    assert (reply.error.code, reply.error.field) == (ErrorCode.WOULD_PING_PONG, "data.to")
    for words in (reply.error.message, reply.error.message_zh):
        assert ONE in words
        assert TWO in words


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["to=agent-2", "all=true"], {"data": {"to": "agent-2", "all": True}}),
        ([ONE, "to=agent-2"], {"complaint_id": ONE, "data": {"to": "agent-2"}}),
        (['{"all": true}', "to=agent-2"], {"data": {"to": "agent-2", "all": True}}),
    ],
)
def test_a_field_in_the_place_of_the_id_is_a_field(
    words: list[str], sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []

    async def send(_: object, verb: str, request: dict[str, Any]) -> dict[str, Any]:
        seen.append({name: one for name, one in request.items() if name in ("complaint_id", "data")})
        return {"ok": True}

    monkeypatch.setattr(command, "_send", send)
    ran = CliRunner().invoke(app.app, ["command", "hand_over", *words, "--actor", "agent-1"])
    assert ran.exit_code == 0, ran.output
    assert seen == [sent]


def test_a_field_in_the_place_of_the_id_of_one_complaint_is_refused_by_name() -> None:
    ran = CliRunner().invoke(app.app, ["command", "respond", "kind=plan", "--actor", "agent-1"])
    assert ran.exit_code != 0
