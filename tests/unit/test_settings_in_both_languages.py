"""Everything that is said of a wrong setting is whole in English and in Chinese."""

import os
import re
from pathlib import Path
from typing import Any

import nkeys
import pytest
from pydantic_settings import BaseSettings

from deploy.nats.provision import ProvisionSettings
from services.console.board.settings import BoardSettings
from services.console.connection.place import Addresses
from services.door.settings import DoorSettings
from shared.contract.subjects import Service
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError
from shared.runtime.connections.settings import NamedFile
from shared.runtime.service_settings import settings_of
from shared.runtime.settings import load
from shared.runtime.unusable import unusable

ALL: list[type[BaseSettings]] = [
    Addresses,
    BoardSettings,
    DoorSettings,
    settings_of(Service.FOLLOWUP),
    settings_of(Service.INTAKE),
    ProvisionSettings,
    settings_of(Service.ROUTING),
]
NAMES = {
    "MB", "SDK", "NATS", "Temporal", "JetStream", "Cloud", "TLS", "CA", "PEM", "API", "TCP", "SQLite",
    "PostgreSQL", "nkey", "base64", "amends", "client", "true", "false", "debug", "info", "warning", "error",
    "intake", "OpenTelemetry",
}  # fmt: skip
"""Names and words of settings: the same in every language."""

ADDRESS = re.compile(r"[a-z]+://[^\s，）。]*|/[\w./-]+|\S*\.example\S*")


def without_names(chinese: str) -> list[str]:
    """The Latin words that are no names."""
    words = re.findall(r"[A-Za-z_][A-Za-z_0-9]*", ADDRESS.sub("", chinese))
    return [one for one in words if one not in NAMES and not one.startswith("AMENDS_")]


def assert_whole(sentence: str, variable: str) -> None:
    """`VARIABLE english. VARIABLE 中文。`"""
    english, _, chinese = sentence.strip().partition(f". {variable}")
    assert english.startswith(variable), sentence
    assert not re.search(r"[\u4e00-\u9fff]", english), sentence
    assert re.search(r"[\u4e00-\u9fff]", chinese), sentence
    assert sentence.strip().endswith("。"), sentence
    assert without_names(chinese) == [], sentence


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Everything that any part needs."""
    for name in [name for name in os.environ if name.startswith("AMENDS_")]:
        monkeypatch.delenv(name)
    seed = tmp_path / "seed.nk"
    seed.write_bytes(nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_USER))
    monkeypatch.setenv("AMENDS_NATS_URL", "nats://127.0.0.1:4222")
    for name in ("NATS_SEED_FILE", "MASTER_KEY_FILE", "CLIENTS_FILE", "DOOR_KEY_FILE"):
        monkeypatch.setenv(f"AMENDS_{name}", str(seed))
    for name in ("INTAKE", "ROUTING", "FOLLOWUP"):
        monkeypatch.setenv(f"AMENDS_{name}_DATABASE_URL", f"sqlite:///{tmp_path}/{name}.db")
    return monkeypatch


def said(kind: type[BaseSettings], capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit) as ended:
        load(kind)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()


def nonsense(annotation: Any, directory: Path) -> list[str]:
    """Values that no field of this type takes."""
    words = str(annotation)
    if annotation is NamedFile or "Path" in words:
        os.mkfifo(directory / "pipe")
        (directory / "loop").symlink_to(directory / "loop")
        return [
            str(directory / "nowhere"),
            str(directory),
            str(directory / "pipe"),
            "/dev/zero",
            str(directory / "loop"),
        ]
    if "Literal" in words or "bool" in words:
        return ["nonsense"]
    return ["nonsense", "-1", "1e99", "0", "99999999999"] if "int" in words or "float" in words else []


FIELDS = [(kind, name) for kind in ALL for name in kind.model_fields]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_every_field_says_what_it_expects_in_both_languages(kind: type[BaseSettings], name: str) -> None:
    field = kind.model_fields[name]
    extra = field.json_schema_extra
    assert field.description
    assert isinstance(extra, dict), "without Chinese"
    assert without_names(str(extra["zh"])) == []


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_every_wrong_value_is_a_whole_sentence_in_both_languages(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    kind: type[BaseSettings],
    name: str,
) -> None:
    variable = f"AMENDS_{name.upper()}"
    field = kind.model_fields[name]
    for value in nonsense(field.annotation if not field.metadata else NamedFile, tmp_path):
        environment.setenv(variable, value)
        try:
            load(kind)
        except SystemExit:
            for line in capsys.readouterr().err.splitlines():
                assert_whole(line, variable)
    if field.is_required():
        environment.delenv(variable)
        for line in said(kind, capsys):
            assert_whole(line, variable)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/intake", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql://host:port/x",
        "postgresql+asyncpg://host/x", "sqlite+nonsense:///x", "://",
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_one_is_refused_and_not_repeated(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    environment.setenv("AMENDS_INTAKE_DATABASE_URL", url.replace("host", "user:secret@host"))
    (line,) = said(settings_of(Service.INTAKE), capsys)
    assert_whole(line, "AMENDS_INTAKE_DATABASE_URL")
    assert "secret" not in line


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NATS_URL", "http://a"), ("NATS_URL", "nats://a..b:4222"), ("NATS_URL", "nats://-a"), ("NATS_URL", "nats://a:0"),
        ("NATS_URL", "nats://999.1.1.1"), ("NATS_URL", f"nats://{'a' * 64}.example"), ("NATS_URL", ","),
        ("NATS_URL", "nats://u:p@a"), ("NATS_SEED_FILE", ""), ("TEMPORAL_ADDRESS", "http://a:7233"),
        ("TEMPORAL_ADDRESS", "a:99999"), ("TEMPORAL_ADDRESS", "a"), ("TEMPORAL_ADDRESS", "a..b:1"),
        ("TEMPORAL_ADDRESS", "::1:7233"), ("TEMPORAL_API_KEY_FILE", "words"), ("NATS_TLS_CA_FILE", "words"),
        ("NATS_CREDENTIALS_FILE", "words"), ("NATS_TLS_KEY_FILE", "words"),
        ("TEMPORAL_TLS_CERTIFICATE_FILE", "words"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_connection_is_whole_in_both_languages(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    variable: str,
    value: str,
) -> None:
    (tmp_path / "words").write_text("two words")
    environment.setenv(f"AMENDS_{variable}", str(tmp_path / value) if value == "words" else value)
    (line,) = said(settings_of(Service.INTAKE), capsys)
    assert_whole(line.replace(f"{value} 不是", "不是"), line.split()[0])


@pytest.mark.parametrize(
    "address", ["localhost:7233", "10.0.0.1:1", "[::1]:7233", "temporal.example.:65535", "a_b:1"]
)
def test_addresses_of_temporal_that_there_can_be_are_taken(
    environment: pytest.MonkeyPatch, address: str
) -> None:
    environment.setenv("AMENDS_TEMPORAL_ADDRESS", address)
    place = load(settings_of(Service.INTAKE)).temporal
    assert place.address == address
    assert place.host == address.rpartition(":")[0].strip("[]")


@pytest.mark.parametrize("name", ["/nothere", "nothere", "a\0b", "x" * 5000])
def test_a_policy_that_is_not_there_is_named_in_both_languages(name: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_policy(name)
    sentence = unusable(error.value)
    english, _, chinese = sentence.partition(". AMENDS_POLICY ")
    assert "there is no policy pack" in english
    assert chinese.startswith("无效：没有策略包“")
