"""The connection to NATS: one user per service, its own inbox prefix, reconnecting for ever."""

import ssl
from typing import Any

from faststream import AckPolicy
from faststream.nats import NatsBroker
from faststream.nats.security import NatsNKey

from shared.contract.subjects import Service, inbox_prefix
from shared.runtime.log import logger
from shared.runtime.settings import ServiceSettings

log = logger("broker")


async def _undecoded(message: Any) -> Any:
    """Give the handler the whole message: what is in it, is for the handler to judge."""
    return message


async def _report(error: Exception) -> None:
    log.warning("nats", error=f"{type(error).__name__}: {error}")


def make_broker(service: Service, settings: ServiceSettings) -> NatsBroker:
    """A broker whose handlers take the undecoded message and acknowledge it themselves."""
    tls = ssl.create_default_context(cafile=settings.nats_tls_ca_file) if settings.nats_tls_ca_file else None
    return NatsBroker(
        settings.nats_url,
        name=f"amends-{service}",
        security=NatsNKey(settings.nats_seed_file, ssl_context=tls),
        inbox_prefix=inbox_prefix(service),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        error_cb=_report,
        decoder=_undecoded,
        apply_types=False,
        ack_policy=AckPolicy.MANUAL,
        graceful_timeout=15.0,
        logger=None,
    )
