"""What intake expects of its environment, and what it says of nonsense."""

import os
from pathlib import Path

import nkeys
import pytest

from shared.contract.subjects import Service
from shared.runtime.service_settings import settings_of
from shared.runtime.settings import load


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Everything that intake needs, and nothing else of ours."""
    for name in [name for name in os.environ if name.startswith("AMENDS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "file").write_bytes(nkeys.encode_seed(b"s" * 32, nkeys.PREFIX_BYTE_USER))
    monkeypatch.setenv("AMENDS_NATS_URL", "nats://127.0.0.1:4222")
    monkeypatch.setenv("AMENDS_NATS_SEED_FILE", str(tmp_path / "file"))
    monkeypatch.setenv("AMENDS_MASTER_KEY_FILE", str(tmp_path / "file"))
    monkeypatch.setenv("AMENDS_INTAKE_DATABASE_URL", "sqlite+aiosqlite:////var/lib/amends/intake.db")
    return monkeypatch


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/amends/intake.db",
        "sqlite+aiosqlite:////var/lib/amends/intake.db",
        "postgresql://amends:secret@db/intake",
        "postgresql+psycopg://amends:secret@db/intake",
    ],
)
def test_both_kinds_of_database_are_taken(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("AMENDS_INTAKE_DATABASE_URL", url)

    assert load(settings_of(Service.INTAKE)).database_url == url


def test_a_database_password_is_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AMENDS_INTAKE_DATABASE_URL", "postgresql://amends:secret@db/intake")

    assert "secret" not in repr(load(settings_of(Service.INTAKE)))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        (
            "AMENDS_INTAKE_DATABASE_URL",
            "",
            "AMENDS_INTAKE_DATABASE_URL is not set: it expects a database URL",
        ),
        ("AMENDS_INTAKE_DATABASE_URL", "mysql://h/d", "AMENDS_INTAKE_DATABASE_URL is not valid (only SQLite"),
        ("AMENDS_INTAKE_DATABASE_URL", "here", "AMENDS_INTAKE_DATABASE_URL is not valid (it cannot be read"),
        ("AMENDS_NATS_URL", "http://host", "AMENDS_NATS_URL is not valid"),
        ("AMENDS_NATS_SEED_FILE", "/nowhere", "AMENDS_NATS_SEED_FILE is not valid"),
        ("AMENDS_HEALTH_PORT", "70000", "AMENDS_HEALTH_PORT is not valid"),
        ("AMENDS_LOG_LEVEL", "loud", "AMENDS_LOG_LEVEL is not valid"),
    ],
)
def test_nonsense_ends_the_start_with_the_name_of_the_variable(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str, says: str
) -> None:
    environment.setenv(variable, value)

    with pytest.raises(SystemExit) as ended:
        load(settings_of(Service.INTAKE))
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(says)
    assert len(said.splitlines()) == 1
