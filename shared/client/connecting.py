"""Connection of a client to the NATS server of a stack."""

import nats
from nats.aio.client import Client
from nats.errors import NoServersError

from shared.client.failures import NOT_LET_IN, NOT_REACHED, AmendsError
from shared.runtime.connections.nats import identity, options, reach
from shared.runtime.connections.places import NatsPlace
from shared.runtime.connections.wrong import NotLetIn, WrongSetting


async def _quiet(_: Exception) -> None:
    """Failures reach the person as an exception of the call; nothing is printed in between."""


async def connect(place: NatsPlace, *, name: str = "amends-client", lasting: bool = False) -> Client:
    """Connect to a server. A `lasting` connection returns after an outage. Raises `AmendsError`."""
    try:
        await reach(place)
        return await nats.connect(
            **options(place),
            **identity(place),
            name=name,
            connect_timeout=3,
            allow_reconnect=lasting,
            max_reconnect_attempts=-1 if lasting else 1,
            error_cb=_quiet,
        )
    except NotLetIn as error:
        raise AmendsError(NOT_LET_IN) from error
    except WrongSetting as error:
        raise AmendsError(str(error)) from error
    except (TimeoutError, NoServersError, OSError, ValueError) as error:
        raise AmendsError(NOT_REACHED) from error
