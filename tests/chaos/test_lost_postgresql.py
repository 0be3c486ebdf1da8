"""The drill of a lost database once more on PostgreSQL, which `amends up` does not use."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from deploy.local import parts
from deploy.local.parts import Blueprint, Part
from deploy.local.stack import Stack
from shared.contract.subjects import Service
from tests.chaos.lost_stores import assert_sound, at_rest, begun, run, stood, to_their_ends

pytestmark = pytest.mark.nightly


def made_anew(server: URL, service: str) -> None:
    """An empty database in the place of the one that was there."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS drill_{service} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE drill_{service}"))
    engine.dispose()


@pytest.fixture
async def stack_on_postgresql(
    postgres_server: URL, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stack]:
    """A stack of its own whose services keep their rows in PostgreSQL."""
    on_sqlite = parts.service_part

    def on_postgresql(plan: Blueprint, service: Service) -> Part:
        part = on_sqlite(plan, service)
        url = postgres_server.set(drivername="postgresql", database=f"drill_{service}")
        own = {f"AMENDS_{service.upper()}_DATABASE_URL": url.render_as_string(hide_password=False)}
        return replace(part, order=replace(part.order, environment={**part.order.environment, **own}))

    monkeypatch.setattr(parts, "service_part", on_postgresql)
    for service in Service:
        made_anew(postgres_server, service)
    running = Stack(tmp_path_factory.mktemp("lost"), with_board=False)
    await running.start()
    yield running
    await running.stop()


@pytest.mark.parametrize("service", ["routing", "followup", "intake"])
async def test_a_lost_database_of_postgresql_is_made_again_from_the_stream(
    stack_on_postgresql: Stack, postgres_server: URL, service: str
) -> None:
    stack = stack_on_postgresql
    lives = await begun(stack)
    await stack.stop()
    made_anew(postgres_server, service)
    await stack.start()
    rebuilt = await run(stack, "rebuild", "rows", "--service", service, "--json")
    assert (rebuilt.status, rebuilt.document["unable"]) == (0, []), rebuilt.err
    assert rebuilt.document["rebuilt"] == {"routing": 10, "followup": 4, "intake": 11}[service]
    await at_rest(stack)
    await assert_sound(stack, lives)
    assert await stood(stack, lives) == lives.before, "no fact was said again"
    await to_their_ends(stack, lives)
