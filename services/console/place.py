"""Where the running stack is: the ready file of `amends up`, or the `AMENDS_…` addresses."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.console.failure import ConsoleFailure

DEFAULT_DIRECTORY = Path(".amends")
READY_FILE = "ready.json"


@dataclass(frozen=True)
class Place:
    """The addresses of one stack, and the seed file to use there. `ready` is the ready file, if any."""

    nats_url: str
    seed_file: Path | None
    temporal_address: str | None
    temporal_namespace: str
    directory: Path | None = None
    ready: dict[str, Any] = field(default_factory=dict)


def find(directory: Path | None, environment: Mapping[str, str] = os.environ) -> Place:
    """The stack that `--dir`, the addresses, AMENDS_DIR or `.amends` name, the first of them that is given.

    Raises `ConsoleFailure` where none is running.
    """
    if directory is None and environment.get("AMENDS_NATS_URL"):
        return _from_addresses(environment)
    chosen = directory or Path(environment.get("AMENDS_DIR") or DEFAULT_DIRECTORY)
    return _from_ready_file(chosen)


def _from_addresses(environment: Mapping[str, str]) -> Place:
    seed = environment.get("AMENDS_NATS_SEED_FILE")
    if seed and not Path(seed).is_file():
        raise ConsoleFailure("AMENDS_NATS_SEED_FILE names a file that does not exist. Correct it.")
    return Place(
        nats_url=environment["AMENDS_NATS_URL"],
        seed_file=Path(seed) if seed else None,
        temporal_address=environment.get("AMENDS_TEMPORAL_ADDRESS") or None,
        temporal_namespace=environment.get("AMENDS_TEMPORAL_NAMESPACE") or "default",
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
        raise ConsoleFailure(
            f"No Amends stack runs in {directory}. Start one with `amends up`, or name another with --dir."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConsoleFailure(
            f"The ready file in {directory} cannot be read. Stop the stack there and run `amends up` again."
        ) from None
