"""What a check found is kept for some seconds, and only for the connection that it was found on."""

import pytest

from shared.runtime.health import Health
from shared.runtime.probes.cached import Cached


class Connection:
    """A connection that may be lost, and a check of it that counts how often it ran."""

    def __init__(self) -> None:
        self.state = "first"
        self.ran = 0

    async def check(self) -> None:
        self.ran += 1
        if self.state == "lost":
            raise ConnectionError("not connected")

    async def lose_while_checking(self) -> None:
        if self.ran == 0:
            self.state = "lost"
            self.ran += 1
            return
        await self.check()


async def test_one_result_is_kept_while_the_connection_is_the_same() -> None:
    connection = Connection()
    health = Health({"it": connection.check}, state=lambda: connection.state)
    assert [await health.report() for _ in range(3)] == [{"it": "ok"}] * 3
    assert connection.ran == 1


async def test_findings_from_before_a_lost_or_new_connection_do_not_count() -> None:
    connection = Connection()
    health = Health({"it": connection.check}, state=lambda: connection.state)
    assert await health.report() == {"it": "ok"}
    connection.state = "lost"
    assert await health.report() == {"it": "ConnectionError: not connected"}
    connection.state = "second"
    assert await health.report() == {"it": "ok"}
    assert connection.ran == 3


async def test_a_check_that_began_before_the_loss_is_run_again() -> None:
    connection = Connection()
    check = Cached(connection.lose_while_checking, state=lambda: connection.state)
    with pytest.raises(ConnectionError):
        await check()
    assert connection.ran == 2
