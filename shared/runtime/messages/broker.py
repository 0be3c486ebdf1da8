"""Connection to NATS: one user per service, its own inbox prefix, reconnecting without end."""

from typing import Any

from faststream import AckPolicy
from faststream.nats import NatsBroker, NatsRouter
from faststream.nats.security import NatsCredentials, NatsNKey, NatsSecurity
from nats.aio.client import Client

from shared.contract.subjects import Service, inbox_prefix
from shared.runtime.clients.following import Following
from shared.runtime.clients.permissions import NOBODY, ClientPermissions
from shared.runtime.connections.nats import options
from shared.runtime.connections.places import NatsPlace
from shared.runtime.connections.waiting import until_reached
from shared.runtime.log import logger
from shared.runtime.messages.answering import Answering
from shared.runtime.messages.counting import counted
from shared.runtime.service_settings import ServiceSettings
from shared.runtime.tracing import tracing

log = logger("broker")


async def _undecoded(message: Any) -> Any:
    """Give the handler the whole message: what is in it, is for the handler to judge."""
    return message


async def _report(error: Exception) -> None:
    log.warning("nats", error=f"{type(error).__name__}: {error}")


def _security(place: NatsPlace) -> NatsSecurity:
    given = options(place)
    tls, name = given.get("tls"), given.get("tls_hostname")
    if place.credentials_file:
        return NatsCredentials(str(place.credentials_file), ssl_context=tls, tls_hostname=name)
    return NatsNKey(str(place.seed_file), ssl_context=tls, tls_hostname=name)


class HouseBroker(NatsBroker):
    """Broker that knows which client may name which actor; `requests` takes commands and queries."""

    clients: ClientPermissions = NOBODY

    def __init__(self, *servers: Any, **options: Any) -> None:
        super().__init__(*servers, **options)
        self.requests = NatsRouter(middlewares=[counted(), Answering])
        self.include_router(self.requests)


def make_broker(service: Service, settings: ServiceSettings) -> HouseBroker:
    """Make a broker whose handlers receive the undecoded message and acknowledge it themselves.

    Raises `UnusableRegister` if the file of clients cannot be used.
    """
    clients = ClientPermissions(Following(settings.clients_file))
    broker = HouseBroker(
        settings.nats.servers,
        name=f"amends-{service}",
        security=_security(settings.nats),
        inbox_prefix=inbox_prefix(service),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        error_cb=_report,
        decoder=_undecoded,
        apply_types=False,
        ack_policy=AckPolicy.MANUAL,
        middlewares=tracing().middlewares,
        graceful_timeout=15.0,
        logger=None,
    )
    broker.clients = clients
    return broker


async def connected(broker: NatsBroker, settings: ServiceSettings, service: Service) -> Client:
    """Connection of the broker; waits for NATS. Raises `WrongSetting` if no server will ever accept us."""
    await until_reached(settings.nats, service)
    return await broker.connect()
