"""A setting that can never work ends a part soon, with status 2 and a sentence; an outage is waited for."""

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nkeys
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from deploy.local.ports import free_port
from shared.contract.subjects import Service
from shared.runtime.connections import nats as connections
from shared.runtime.connections import temporal
from shared.runtime.connections.places import NatsPlace, TemporalPlace
from shared.runtime.connections.wrong import Unreachable, WrongSetting
from shared.runtime.storage.database import Database
from shared.runtime.storage.opening import opened
from tests.conftest import NatsServer
from tests.integration.one_part import PARTS, rest, run, until_said
from tests.patience import PATIENCE


def variables(
    part: str, tmp_path: Path, nats: NatsServer, temporal_address: str, **changed: str
) -> dict[str, str]:
    """Everything right but what is `changed`."""
    right = rest(tmp_path) | {
        "AMENDS_NATS_URL": nats.url,
        "AMENDS_NATS_SEED_FILE": str(nats.seeds[PARTS[part][1]]),
        "AMENDS_TEMPORAL_ADDRESS": temporal_address,
    }
    return right | {f"AMENDS_{name}": value for name, value in changed.items()}


def sentences(said: str) -> list[str]:
    assert "Traceback" not in said
    return [line for line in said.splitlines() if not line.startswith("{")]


@pytest.mark.parametrize("user", ["intake", "routing", "followup", "board", "door"])
async def test_a_seed_of_somebody_else_is_told_from_our_own(nats_server: NatsServer, user: str) -> None:
    """A client's, or that of another part: NATS lets them in, and everything would be denied."""
    for whose in (
        "publisher",
        "agent",
        "gateway",
        "intake",
        "routing",
        "followup",
        "board",
        "door",
        "deploy",
    ):
        place = NatsPlace((nats_server.url,), nats_server.seeds[whose])
        if whose == user:
            await connections.reach(place, user)
            continue
        with pytest.raises(WrongSetting, match=r"^AMENDS_NATS_SEED_FILE belongs to another user of NATS at"):
            await connections.reach(place, user)


@pytest.mark.parametrize("part", ["intake", "board", "door"])
async def test_a_seed_of_a_client_ends_a_part_with_a_sentence(
    nats_server: NatsServer, tmp_path: Path, part: str
) -> None:
    nowhere, seed = f"127.0.0.1:{free_port(set())}", str(nats_server.seeds["publisher"])
    given = variables(part, tmp_path, nats_server, nowhere, NATS_SEED_FILE=seed)
    status, _, said = await run(PARTS[part][0], **given)
    assert status == 2, said
    (sentence,) = sentences(said)
    assert sentence.startswith("AMENDS_NATS_SEED_FILE belongs to another user of NATS at")
    assert f"请指定用户 {PARTS[part][1]} 的文件" in sentence


async def test_both_wrong_settings_are_said_though_one_server_would_have_hidden_the_other(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    """NATS answers where Temporal should be, and the seed is unknown."""
    seed = tmp_path / "unknown.nk"
    seed.write_bytes(nkeys.encode_seed(b"u" * 32, nkeys.PREFIX_BYTE_USER))
    not_temporal = nats_server.url.removeprefix("nats://")
    given = variables("followup", tmp_path, nats_server, not_temporal, NATS_SEED_FILE=str(seed))
    status, _, said = await run(PARTS["followup"][0], **given)
    assert status == 2
    first, second = sentences(said)
    assert first.startswith("AMENDS_NATS_SEED_FILE holds a key that NATS at")
    assert second.startswith("AMENDS_TEMPORAL_ADDRESS names")
    assert "something other than Temporal answers" in second


async def test_both_outages_are_said_again_and_again(nats_server: NatsServer, tmp_path: Path) -> None:
    nowhere = f"127.0.0.1:{free_port(set())}"
    url = "nats://nats.amends.invalid:4222"
    given = variables("routing", tmp_path, nats_server, nowhere, NATS_URL=url)
    said = await until_said(PARTS["routing"][0], "nats_unreachable", "temporal_unreachable", **given)
    assert f"Temporal does not answer at {nowhere} (the connection is refused)" in said
    assert "NATS does not answer at nats.amends.invalid:4222 (no host of this name is known)" in said or (
        "the name of the host cannot be looked up now" in said
    )


class Page(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """No log."""


@contextmanager
def web_server() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says anything: what hangs, may come back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_a_web_server_is_neither_nats_nor_temporal(nats_server: NatsServer) -> None:
    with web_server() as port:
        with pytest.raises(WrongSetting, match=r"^AMENDS_NATS_URL names .* other than NATS answers"):
            await connections.reach(NatsPlace((f"nats://127.0.0.1:{port}",), nats_server.seeds["admin"]))
        with pytest.raises(
            WrongSetting, match=r"^AMENDS_TEMPORAL_ADDRESS names .* other than Temporal answers"
        ):
            await temporal.connect(TemporalPlace(f"127.0.0.1:{port}"))


async def test_a_server_that_is_silent_is_an_outage(nats_server: NatsServer) -> None:
    with silent_server() as port:
        with pytest.raises(Unreachable, match="no answer in time"):
            await connections.reach(NatsPlace((f"nats://127.0.0.1:{port}",), nats_server.seeds["admin"]))
        with pytest.raises(Unreachable, match="no answer in time"):
            await temporal.connect(TemporalPlace(f"127.0.0.1:{port}"))


async def test_a_server_that_closes_at_once_is_an_outage(nats_server: NatsServer) -> None:
    """So does a balancer that has no server behind it now."""

    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(Unreachable, match="the connection was closed"):
            await connections.reach(NatsPlace((f"nats://127.0.0.1:{port}",), nats_server.seeds["admin"]))
        with pytest.raises(Unreachable):
            await temporal.connect(TemporalPlace(f"127.0.0.1:{port}"))


DATABASES = {
    "no directory": ("sqlite:///{tmp}/nowhere/x.db", "there is no directory", "没有目录"),
    "a directory": ("sqlite:///{tmp}", "is a directory", "是目录"),
    "another file": ("sqlite:///{tmp}/key", "is no SQLite database", "不是 SQLite 数据库"),
}


@pytest.mark.parametrize("case", DATABASES)
async def test_a_database_of_sqlite_that_cannot_be_one_is_a_sentence(tmp_path: Path, case: str) -> None:
    url, why, why_zh = DATABASES[case]
    rest(tmp_path)
    sentence = await refused(url.format(tmp=tmp_path))
    assert why in sentence
    assert why_zh in sentence.partition(". AMENDS_ROUTING")[2]


async def refused(url: str) -> str:
    """Why routing cannot use this database."""
    database = Database(url)
    try:
        with pytest.raises(WrongSetting) as wrong:
            async with asyncio.timeout(PATIENCE):
                await opened(Service.ROUTING, database)
    finally:
        database.close()
    sentence = str(wrong.value)
    assert sentence.startswith("AMENDS_ROUTING_DATABASE_URL names a database that cannot be used: ")
    return sentence


async def test_a_wrong_database_ends_a_service_with_status_2(nats_server: NatsServer, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/routing.db"
    given = variables("routing", tmp_path, nats_server, "127.0.0.1:1", ROUTING_DATABASE_URL=url)
    status, _, said = await run(PARTS["routing"][0], **given)
    (sentence,) = sentences(said)
    assert (status, "there is no directory" in sentence) == (2, True)


async def test_a_database_that_a_newer_release_has_changed_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/routing.db"
    database = Database(url)
    await opened(Service.ROUTING, database)
    await database.write(
        lambda session: session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    )
    database.close()
    assert "a newer release has changed its tables" in await refused(url)


@pytest.mark.parametrize("case", ["database", "user", "option"])
async def test_what_postgresql_refuses_is_a_sentence(postgres_url: str, case: str) -> None:
    url = make_url(postgres_url)
    changed, why = {
        "database": (url.set(database="nowhere"), "there is no such database"),
        "user": (url.set(username="nobody_knows"), "there is no such user"),
        "option": (url.update_query_dict({"nonsense": "1"}), "an option that the driver does not know"),
    }[case]
    assert why in await refused(changed.render_as_string(hide_password=False))


async def test_a_password_that_postgresql_refuses_is_a_sentence_without_it(postgres_url: str) -> None:
    url = make_url(postgres_url)
    with guarded(url):
        sentence = await refused(_text(url.set(username="guarded", password="secretly")))
    assert "password authentication failed" in sentence
    assert "密码验证失败" in sentence
    assert "secretly" not in sentence


@contextmanager
def guarded(url: URL) -> Iterator[None]:
    """A user `guarded` whom the server asks for a password."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        hba = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        before = hba.read_text()
        connection.exec_driver_sql("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        hba.write_text(f"local all guarded scram-sha-256\nhost all guarded all scram-sha-256\n{before}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            hba.write_text(before)
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql("DROP ROLE guarded")
    admin.dispose()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "postgres.amends.invalid"])
async def test_a_postgresql_that_is_away_is_waited_for_and_its_reason_is_said(
    nats_server: NatsServer, tmp_path: Path, host: str
) -> None:
    url = f"postgresql://user:secretly@{host.format(port=free_port(set()))}/routing"
    given = variables("routing", tmp_path, nats_server, "127.0.0.1:1", ROUTING_DATABASE_URL=url)
    said = await until_said(PARTS["routing"][0], "database_unreachable", **given)
    assert "secretly" not in said
    assert host.partition(":")[0] in said
