"""Addresses of the running stack: from the ready file of `amends up`, or from the `AMENDS_…` variables."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.client.failures import AmendsError
from shared.runtime.connections.places import NatsPlace, TemporalPlace
from shared.runtime.connections.settings import NatsSettings, TemporalSettings
from shared.runtime.connections.wrong import PREFIX
from shared.runtime.settings import sentences

DEFAULT_DIRECTORY = Path(".amends")
READY_FILE = "ready.json"


class Addresses(NatsSettings, TemporalSettings):
    """Environment variables of a stack elsewhere."""

    may_be_nobody = True


@dataclass(frozen=True)
class Place:
    """Addresses of one stack, and the seed file to use there. `ready` is the ready file, if any."""

    nats_url: str
    seed_file: Path | None
    temporal_address: str | None
    temporal_namespace: str
    directory: Path | None = None
    ready: dict[str, Any] = field(default_factory=dict)
    addressed: tuple[NatsPlace, TemporalPlace] | None = None

    @property
    def nats(self) -> NatsPlace:
        """Address and credentials of NATS. A stack with a ready file has no TLS."""
        return self.addressed[0] if self.addressed else NatsPlace((self.nats_url,), self.seed_file)

    @property
    def temporal(self) -> TemporalPlace | None:
        """Address of Temporal; None if it is not known."""
        if self.temporal_address is None:
            return None
        if self.addressed:
            return self.addressed[1]
        return TemporalPlace(self.temporal_address, self.temporal_namespace)


def find(directory: Path | None, environment: Mapping[str, str] = os.environ) -> Place:
    """Find the stack: the first that is given of `--dir`, the addresses, AMENDS_DIR and `.amends`.

    Raises `AmendsError` where none is running.
    """
    if directory is None and environment.get("AMENDS_NATS_URL"):
        return _from_addresses(environment)
    chosen = directory or Path(environment.get("AMENDS_DIR") or DEFAULT_DIRECTORY)
    return _from_ready_file(chosen)


def _from_addresses(environment: Mapping[str, str]) -> Place:
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith((f"{PREFIX}NATS_", f"{PREFIX}TEMPORAL_")) and value
    }
    try:
        settings = Addresses(**given)
    except ValidationError as error:
        raise AmendsError(sentences(error, Addresses)[0]) from None
    return Place(
        nats_url=settings.nats.shown,
        seed_file=settings.nats_seed_file or settings.nats_credentials_file,
        temporal_address=given.get("temporal_address"),
        temporal_namespace=settings.temporal_namespace,
        addressed=(settings.nats, settings.temporal),
    )


def _from_ready_file(directory: Path) -> Place:
    try:
        ready = json.loads((directory / READY_FILE).read_text(encoding="utf-8"))
        return Place(
            nats_url=ready["nats_url"],
            seed_file=Path(ready["credentials"]["admin"]),
            temporal_address=ready["temporal_address"],
            temporal_namespace=ready["temporal_namespace"],
            directory=directory,
            ready=ready,
        )
    except FileNotFoundError:
        raise AmendsError(
            f"No Amends stack runs in {directory}. Start one with `amends up`, or name another with --dir."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise AmendsError(
            f"The ready file in {directory} cannot be read. Stop the stack there and run `amends up` again."
        ) from None
