"""The register of clients: what it keeps, for what a token is good, and what each kind may be."""

from pathlib import Path
from typing import Any

import pytest

from shared.contract.clients import Kind
from shared.runtime.clients.register import (
    Client,
    Register,
    UnusableRegister,
    digest,
    new_token,
    read,
    renewed,
    write,
)


def crm(*tokens: str, name: str = "crm", source: str = "crm") -> Register:
    hashes = [digest(token) for token in tokens]
    return Register().having(name=name, kind=Kind.PUBLISHER, sources=[source], tokens_sha256=hashes)


def test_a_token_is_kept_as_a_hash_that_the_owner_alone_can_read(tmp_path: Path) -> None:
    token, file = new_token(), tmp_path / "clients.json"
    write(file, crm(token))
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    known = read(file).known_by(token)
    assert known is not None
    assert known.name == "crm"
    assert read(file).known_by(token + "x") is None


def test_the_secret_before_stays_good_until_the_next_but_one() -> None:
    assert renewed([], "a", only=False) == ["a"]
    assert renewed(["a"], "b", only=False) == ["a", "b"]
    assert renewed(["a", "b"], "c", only=False) == ["b", "c"]
    assert renewed(["a", "b"], "c", only=True) == ["c"]


def test_a_revoked_client_has_no_token_and_keeps_its_name() -> None:
    token = new_token()
    revoked = crm(token).revoke("crm")
    assert revoked.known_by(token) is None
    assert revoked.get("crm")
    assert revoked.active() == []


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("crm", True),
        ("crm/cases", True),
        ("crm-of-others", False),
        ("cr", False),
        ("", False),
        ("CRM", False),
    ],
)
def test_a_publisher_speaks_for_its_source_and_below(source: str, may: bool) -> None:
    [publisher] = crm().clients
    assert publisher.may_speak_for(source) is may


def test_a_publisher_of_any_source_does_not_speak_for_the_web_form() -> None:
    [publisher] = crm(source="*").clients
    assert publisher.may_speak_for("anything")
    assert not publisher.may_speak_for("amends/door/form")
    assert Client(name="door", kind=Kind.DOOR).may_speak_for("amends/door/form")


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "Big Name", "kind": "publisher", "sources": ["crm"]},
        {"name": "", "kind": "publisher", "sources": ["crm"]},
        {"name": "a.b", "kind": "publisher", "sources": ["crm"]},
        {"name": "*", "kind": "publisher", "sources": ["crm"]},
        {"name": "admin", "kind": "publisher", "sources": ["crm"]},
        {"name": "routing", "kind": "desk", "actors": ["*"]},
        {"name": "crm", "kind": "publisher"},
        {"name": "crm", "kind": "publisher", "sources": [""]},
        {"name": "crm", "kind": "publisher", "sources": ["amends"]},
        {"name": "crm", "kind": "publisher", "sources": ["amends/door"]},
        {"name": "crm", "kind": "publisher", "sources": ["crm"], "actors": ["agent-1"]},
        {"name": "crm", "kind": "publisher", "sources": ["crm"], "follow": ["received"]},
        {"name": "a", "kind": "person", "actors": ["agent-1", "lead-1"]},
        {"name": "a", "kind": "person", "actors": ["*"]},
        {"name": "a", "kind": "person", "actors": ["customer"]},
        {"name": "a", "kind": "person"},
        {"name": "a", "kind": "desk"},
        {"name": "a", "kind": "portal", "actors": ["agent-1"]},
        {"name": "a", "kind": "gateway", "actors": ["gateway"], "follow": ["received"]},
        {"name": "a", "kind": "gateway", "actors": ["*"]},
        {"name": "a", "kind": "reader", "actors": ["lead-1"]},
        {"name": "a", "kind": "reader", "follow": ["no_such_fact"]},
        {"name": "a", "kind": "robot"},
    ],
)
def test_incomplete_clients_are_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(UnusableRegister):
        Register().having(**entry)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"clients": [{"name": "a"}]}', '{"clients": [], "token": "amends_secret"}'],
)
def test_a_spoilt_file_is_reported_without_its_content(tmp_path: Path, content: str) -> None:
    file = tmp_path / "clients.json"
    file.write_text(content)
    with pytest.raises(UnusableRegister) as unusable:
        read(file)
    assert "amends_secret" not in str(unusable.value)


def test_two_clients_have_no_key_in_common() -> None:
    key = f"U{'A' * 55}"
    register = Register().having(name="a", kind=Kind.READER, keys=[key])
    with pytest.raises(UnusableRegister):
        register.having(name="b", kind=Kind.READER, keys=[key])
