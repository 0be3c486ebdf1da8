"""A new verb is a model and a row: gates, permits, subscription, permissions, documents and CLI follow."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from faststream.nats import NatsBroker

from deploy.nats.permissions import permissions
from services.console.cli.fields import merge_fields
from services.routing.rules.decision import ActorCommand, Decision
from services.routing.rules.gates import being_handled
from services.routing.rules.state import CaseState
from services.routing.rules.verbs import VERBS, Verb, allowed
from shared.contract.commands import COMMANDS, ToRouting, verbs_of
from shared.contract.errors import ErrorCode
from shared.contract.events import FeedbackRaised
from shared.contract.generate import tables
from shared.contract.generate.asyncapi import asyncapi
from shared.contract.subjects import Service
from shared.contract.values import Text
from shared.contract.who import Who
from shared.runtime.messages.broker import HouseBroker
from shared.runtime.messages.explaining import explained
from shared.runtime.messages.serving import Incomplete, serve_verbs
from tests.unit.cases import play

SUBJECT = "complaints.v1.command.praise"


class Praise(ToRouting):
    """Pass on a good word of the complainant."""

    VERB = "praise"
    TEXTS = ("text",)
    text: Text


def praise(state: CaseState, request: ActorCommand[Praise], now: datetime) -> Decision:
    return Decision([FeedbackRaised(trigger=1, to=[state.owner], text_ref=request.command.text)])


@pytest.fixture(autouse=True)
def praised(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two lines that a new verb of routing needs besides its model and its rule."""
    monkeypatch.setitem(COMMANDS, Praise.VERB, Praise)
    monkeypatch.setitem(VERBS, Praise.VERB, Verb(Praise, {Who.OWNER}, (being_handled,), praise))
    tables.definitions.cache_clear()
    yield
    tables.definitions.cache_clear()


def test_the_case_decides_it_for_whom_it_names_and_refuses_it_to_others() -> None:
    case = play()
    assert case.refused("agent-2", "praise", text="t").code == ErrorCode.NOT_OWNER
    assert case.refused("customer", "praise", text="t").code == ErrorCode.NOT_OWNER
    assert case.refused("agent-1", "praise").field == "data.text"
    assert case.owner("praise", text="t").events == ["feedback_raised"]


def test_its_gate_shuts_it_and_takes_it_out_of_the_allowed() -> None:
    case = play()
    assert "praise" in allowed(case.case.state)
    case.resolved()
    assert "praise" not in allowed(case.case.state)
    assert case.refused("agent-1", "praise", text="t").code == ErrorCode.NOT_ALLOWED_NOW


async def _work(*_: object) -> None:
    raise AssertionError("nothing is sent here")


def test_it_is_served_where_it_has_a_handler_and_no_service_starts_without_one() -> None:
    broker: NatsBroker = HouseBroker()
    given = dict.fromkeys(VERBS, _work)
    serve_verbs(broker, Service.ROUTING, given, _work, _work)  # type: ignore[arg-type]
    assert SUBJECT in {one.subject.template for one in broker.subscribers}  # type: ignore[attr-defined]
    del given["praise"]
    with pytest.raises(Incomplete, match="praise"):
        serve_verbs(HouseBroker(), Service.ROUTING, given, _work, _work)  # type: ignore[arg-type]


def test_only_its_service_may_receive_it() -> None:
    receive = {name: may.subscribe for name, may in permissions().items()}
    assert {name for name, subjects in receive.items() if SUBJECT in subjects} == {"routing"}


def test_the_page_the_asyncapi_and_the_query_explain_have_it() -> None:
    assert "| `praise` | Pass on a good word of the complainant." in tables.verbs(Service.ROUTING)
    assert SUBJECT in str(asyncapi()["channels"])
    found = explained(Service.ROUTING, VERBS["praise"])
    assert (list(found.may), found.texts) == ([Who.OWNER], ["text"])
    assert list(found.conditions) == ["being_handled"]


def test_the_command_line_sends_its_fields() -> None:
    assert "praise" in verbs_of(Service.ROUTING)
    assert merge_fields(COMMANDS["praise"], {}, ["text=12"]) == {"text": "12"}
