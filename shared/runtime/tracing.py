"""Traces of complaints through the services, for a collector of OpenTelemetry.

Off unless a collector is named: then nothing of OpenTelemetry is imported. `shared/runtime/telemetry.py`
is what is switched on. A span holds codes only: service, complaint id, verb or fact, stage.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from shared.runtime.connections.wrong import PREFIX, WrongSetting

VARIABLE = f"{PREFIX}OTLP_ENDPOINT"
STANDARD = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables of OpenTelemetry itself that name a collector."""


class Tracing:
    """Tracing that is off: every method does nothing."""

    middlewares: Sequence[Any] = ()
    interceptors: Sequence[Any] = ()

    def message(self, complaint_id: str, subject: str, headers: Mapping[str, str] | None) -> None:
        """Note a message of a batch: what follows for this complaint belongs to the trace in its headers."""

    def of(self, complaint_id: str) -> AbstractContextManager[None]:
        """Go on with the trace of the last message about this complaint."""
        return nullcontext()

    def headers(self, complaint_id: str) -> dict[str, str]:
        """Headers that carry the trace on, for a message about this complaint."""
        return {}

    def reached(self, complaint_id: str, stage: str | None) -> None:
        """Name the complaint, and the stage that it has reached, in the present span."""

    def close(self) -> None:
        """Send what is left."""


_current = Tracing()


def tracing() -> Tracing:
    """Tracing of this process."""
    return _current


def set_up(service: str, endpoint: str | None) -> None:
    """Start tracing if a collector is named. Raises `WrongSetting` where its packages are not installed."""
    if not endpoint and not any(map(os.environ.get, STANDARD)):
        return
    global _current
    try:
        from shared.runtime.telemetry import Telemetry
    except ImportError as error:
        raise WrongSetting(
            VARIABLE,
            f"is set, and {error.name} is not installed (pip install 'amends[telemetry]')",
            f"已设置，但未安装 {error.name}（pip install 'amends[telemetry]'）",
        ) from None
    _current = Telemetry(service, endpoint)
