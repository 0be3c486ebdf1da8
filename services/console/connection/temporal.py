"""Connection of the console to Temporal: only to move clocks and to check that all is well."""

import asyncio
from typing import TYPE_CHECKING

from services.console.connection.place import Place
from shared.client.failures import AmendsError
from shared.runtime.connections.wrong import Unreachable, WrongSetting

if TYPE_CHECKING:
    from temporalio.client import Client

CONNECT_WITHIN = 5.0


async def temporal_client(place: Place) -> "Client":
    """Client of the place's Temporal; `AmendsError` where there is none.

    The SDK is imported here because it is slow to load and most commands do without it.
    """
    from temporalio.contrib.pydantic import pydantic_data_converter

    from shared.runtime.connections.temporal import connect

    if place.temporal is None:
        raise AmendsError(
            "AMENDS_TEMPORAL_ADDRESS is not set. Set it to host:port of Temporal, or use --dir."
        )
    try:
        return await asyncio.wait_for(
            connect(place.temporal, data_converter=pydantic_data_converter), CONNECT_WITHIN
        )
    except WrongSetting as error:
        raise AmendsError(str(error)) from error
    except (Unreachable, TimeoutError):
        raise AmendsError("Temporal does not answer at its address. Look with `amends doctor`.") from None
