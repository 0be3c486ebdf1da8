"""Whom a client may name, what it may submit, ask and read: by its entry in the register, as it is now."""

from pathlib import Path
from typing import Any

import pytest

from shared.contract.clients import CAPABILITIES, Kind, TextKind, kind_of_text
from shared.contract.commands import ActorRef, CommandRequest
from shared.contract.errors import ErrorCode
from shared.contract.quarantine import Reason
from shared.contract.queries import QUERIES, RejectedQuery, TextQuery, TimelineQuery
from shared.contract.subjects import from_client, spoken_by
from shared.runtime.clients.following import Following
from shared.runtime.clients.permissions import NOBODY, ClientPermissions
from shared.runtime.clients.register import Register, write

REGISTER = (
    Register()
    .having(name="crm", kind=Kind.PUBLISHER, sources=["crm.example"])
    .having(name="anna", kind=Kind.PERSON, actors=["agent-1"], follow=["*"])
    .having(name="help", kind=Kind.DESK, actors=["agent-1", "lead-1"])
    .having(name="all", kind=Kind.DESK, actors=["*"], per_minute=2)
    .having(name="portal", kind=Kind.PORTAL, actors=["customer"])
    .having(name="mail", kind=Kind.GATEWAY, actors=["gateway"], follow=["notice"])
    .having(name="board", kind=Kind.READER, follow=["*"])
    .having(name="gone", kind=Kind.DESK, actors=["*"])
    .revoke("gone")
)
REF = "intake:Cabcdefghijklmno:{}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.json"
    write(path, REGISTER)
    return path


@pytest.fixture
def speaking(file: Path) -> ClientPermissions:
    return ClientPermissions(Following(file), clock=lambda: 0.0)


def text(key: str, actor: str) -> TextQuery:
    return TextQuery(text_ref=REF.format(key), actor=ActorRef(id=actor), purpose="test")


@pytest.mark.parametrize(
    ("client", "actor", "may"),
    [
        ("anna", "agent-1", True),
        ("anna", "agent-2", False),
        ("anna", "lead-1", False),
        ("anna", "customer", False),
        ("anna", "*", False),
        ("help", "lead-1", True),
        ("help", "customer", False),
        ("help", "privacy-1", False),
        ("all", "customer", True),
        ("portal", "customer", True),
        ("portal", "agent-1", False),
        ("crm", "agent-1", False),
        ("mail", "gateway", False),
        ("board", "agent-1", False),
        ("gone", "agent-1", False),
        ("nobody", "agent-1", False),
        ("admin", "anybody", True),
    ],
)
def test_a_client_orders_as_its_own_actors_only(
    speaking: ClientPermissions, client: str, actor: str, may: bool
) -> None:
    refusal = speaking.no_command(client, actor)
    assert (refusal is None) == may
    if refusal:
        assert refusal.code == ErrorCode.CLIENT_NOT_ALLOWED
        assert client in refusal.message
        assert client in refusal.message_zh


@pytest.mark.parametrize(
    ("client", "source", "may"),
    [
        ("crm", "crm.example", True),
        ("crm", "crm.example/cases", True),
        ("crm", "crm.example.evil", False),
        ("crm", "shop.example", False),
        ("anna", "crm.example", False),
        ("gone", "crm.example", False),
        ("nobody", "crm.example", False),
        ("admin", "crm.example", True),
    ],
)
def test_a_client_submits_for_its_own_sources_only(
    speaking: ClientPermissions, client: str, source: str, may: bool
) -> None:
    misfit = speaking.foreign(client, source)
    assert (misfit is None) == may
    assert misfit is None or (misfit.reason, misfit.field) == (Reason.FOREIGN_SOURCE, "source")


@pytest.mark.parametrize(
    ("client", "key", "actor", "may"),
    [
        ("mail", "notice-3", "gateway", True),
        ("mail", "customer", "gateway", True),
        ("mail", "narrative", "gateway", False),
        ("mail", "notice-3", "agent-1", False),
        ("portal", "narrative", "customer", True),
        ("portal", "own-text-1", "customer", True),
        ("portal", "reason-1", "customer", False),
        ("anna", "narrative", "agent-1", True),
        ("anna", "narrative", "lead-1", False),
        ("anna", "reason-1", "agent-1", True),
        ("board", "narrative", "agent-1", False),
        ("crm", "narrative", "agent-1", False),
        ("gone", "narrative", "agent-1", False),
    ],
)
def test_a_guessed_reference_gives_a_client_nothing_that_it_may_not_read(
    speaking: ClientPermissions, client: str, key: str, actor: str, may: bool
) -> None:
    assert (speaking.no_query(client, text(key, actor)) is None) == may


def test_each_kind_asks_its_queries_and_no_others(speaking: ClientPermissions) -> None:
    names = {"crm": Kind.PUBLISHER, "portal": Kind.PORTAL, "mail": Kind.GATEWAY, "board": Kind.READER}
    for client, kind in names.items():
        for name, model in QUERIES.items():
            refused = speaking.no_query(client, model.model_construct(text_ref=REF, actor=None))
            foreign = refused is not None and f"ask the query {name}" in refused.message
            assert foreign == (name not in CAPABILITIES[kind].queries), (client, name)


def test_a_person_who_leaves_the_actor_out_asks_as_itself(speaking: ClientPermissions) -> None:
    query = TimelineQuery(complaint_id="Cabcdefghijklmno")
    assert speaking.asked_as_itself("anna", query).actor == ActorRef(id="agent-1")
    assert speaking.asked_as_itself("anna", query.sent_by("anna")).via == "anna"
    for client in ("help", "all", "board", "admin", "nobody"):
        assert speaking.asked_as_itself(client, query).actor is None, client
    named = query.model_copy(update={"actor": ActorRef(id="lead-1")})
    assert speaking.asked_as_itself("anna", named).actor == ActorRef(id="lead-1")
    assert speaking.no_query("anna", named)


def test_too_many_requests_are_refused_until_the_minute_has_passed(file: Path) -> None:
    now = [0.0]
    speaking = ClientPermissions(Following(file), clock=lambda: now[0])
    assert [speaking.no_command("all", "agent-1") is None for _ in range(3)] == [True, True, False]
    refusal = speaking.no_command("all", "agent-1")
    assert refusal
    assert refusal.code == ErrorCode.RATE_LIMITED
    now[0] = 30.0
    assert speaking.no_command("all", "agent-1") is None


def test_submissions_beyond_the_limit_of_a_client_are_counted_by_themselves(file: Path) -> None:
    write(file, REGISTER.changed("crm", per_minute=2))
    speaking = ClientPermissions(Following(file), clock=lambda: 0.0)
    assert [speaking.flooding("crm") is None for _ in range(3)] == [True, True, False]
    misfit = speaking.flooding("crm")
    assert misfit
    assert misfit.reason is Reason.RATE_LIMITED
    assert speaking.no_query("crm", RejectedQuery()) is None
    assert not any(speaking.flooding(name) for name in ("anna", "admin", "nobody") for _ in range(5))


def test_a_changed_register_counts_at_once_and_a_spoilt_one_changes_nothing(
    file: Path, speaking: ClientPermissions
) -> None:
    write(file, REGISTER.revoke("anna"))
    assert speaking.no_command("anna", "agent-1")
    file.write_text("{")
    assert speaking.no_command("anna", "agent-1")
    assert speaking.no_command("help", "lead-1") is None


def test_the_administrator_alone_speaks_without_a_register() -> None:
    assert NOBODY.no_command("anna", "agent-1")
    assert NOBODY.foreign("crm", "crm.example")
    assert NOBODY.no_command("admin", "agent-1") is None


def test_the_sender_cannot_write_the_client_into_a_request() -> None:
    body: dict[str, Any] = {"command_id": "c", "complaint_id": "C", "actor": {"id": "a", "via": "x"}}
    request = CommandRequest.model_validate(body | {"_via": "x", "via": "x"})
    assert request.via is None
    assert request.sent_by("crm").via == "crm"
    assert request.sent_by("crm").model_copy(update={"complaint_id": "D"}).via == "crm"


def test_a_subject_names_its_client() -> None:
    inside = from_client("crm", "complaints.v1.submit.web")
    assert inside == "complaints.v1.from.crm.submit.web"
    assert spoken_by(inside) == ("crm", "complaints.v1.submit.web")
    assert spoken_by("complaints.v1.submit.web") == ("admin", "complaints.v1.submit.web")


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        (REF.format("notice-3"), TextKind.NOTICE),
        ("routing:Cabcdefghijklmno:notice-9", TextKind.NOTICE),
        (REF.format("customer"), TextKind.ADDRESS),
        ("routing:Cabcdefghijklmno:customer", TextKind.RECORD),
        (REF.format("text-1"), TextKind.WORDS),
        ("routing:Cabcdefghijklmno:text-1", TextKind.RECORD),
        ("routing:Cabcdefghijklmno:own-text-1", TextKind.WORDS),
        ("nothing", TextKind.RECORD),
    ],
)
def test_the_kind_of_a_text_is_in_its_reference(ref: str, kind: TextKind) -> None:
    assert kind_of_text(ref) is kind
