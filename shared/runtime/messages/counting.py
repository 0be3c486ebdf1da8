"""Figures of commands and queries, by FastStream's Prometheus middleware.

Its own labels are subjects: a client could make as many as it likes. So a request counts under its kind and
name, and what is neither a verb nor a query of the contract counts nowhere.
"""

from typing import Any

from faststream.prometheus import ConsumeAttrs, MetricsSettingsProvider, PrometheusMiddleware
from nats.aio.msg import Msg
from prometheus_client import REGISTRY

from shared.contract.subjects import spoken_by


class _ByName(MetricsSettingsProvider[Msg]):
    """Names a request by the last two words of its subject, such as `command.respond`."""

    messaging_system = "nats"

    def get_consume_attrs_from_message(self, msg: Any) -> ConsumeAttrs:
        _, asked = spoken_by(msg.raw_message.subject)
        name = ".".join(asked.rsplit(".", 2)[1:])
        return {"destination_name": name, "message_size": len(msg.body), "messages_count": 1}

    def get_publish_destination_name_from_cmd(self, cmd: Any) -> str:
        return str(cmd.destination)


BY_NAME = _ByName()


def counted() -> PrometheusMiddleware[Any, Any]:
    """Prometheus middleware with `amends_` before the names of its metrics."""
    return PrometheusMiddleware(
        settings_provider_factory=lambda _: BY_NAME,
        registry=REGISTRY,
        metrics_prefix="amends_requests",
    )
