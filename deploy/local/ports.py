"""Free ports of the loopback, remembered from one start to the next."""

import json
import random
import socket
import time
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from deploy.nats.config import LOOPBACK
from shared.runtime.settings import replace_secret

BELOW_EPHEMERAL = range(15_000, 30_000)
"""Range of ports to choose from. The system takes ports above for outgoing connections. Such a connection
could occupy a part's port while that part starts again, or a client that connects there could end up
connected to itself.
"""

Port = Annotated[int, Field(ge=1, le=65535)]
TRIES = 200
PATIENCE_SECONDS = 2.0


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _becomes_free(port: int) -> bool:
    """Whether `port` is free, or soon: a part that was just killed may still hold it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_free(port):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def free_port(taken: set[int]) -> int:
    """Port that is free and not in `taken`. Raises `OSError` when there seems to be none."""
    for _ in range(TRIES):
        port = random.choice(BELOW_EPHEMERAL)
        if port not in taken and is_free(port):
            return port
    raise OSError(f"No free port was found between {BELOW_EPHEMERAL.start} and {BELOW_EPHEMERAL.stop}.")


def _remembered(memory: Path) -> dict[str, int]:
    """Ports of the last start; none if the file is not valid."""
    try:
        return TypeAdapter(dict[str, Port]).validate_json(memory.read_bytes())
    except (OSError, ValueError):
        return {}


def _choose(given: int | None, last: int | None, name: str, taken: set[int]) -> int:
    if given is not None:
        if not is_free(given):
            raise OSError(f"Port {given}, given for {name}, is in use.")
        return given
    if last is not None and last not in taken and _becomes_free(last):
        return last
    return free_port(taken)


def choose_ports(memory: Path, wanted: dict[str, int | None]) -> dict[str, int]:
    """Port for each name: the given port, else that of the last start if it is still free, else any.

    Raises `OSError` with a sentence when a given port is in use.
    """
    last = _remembered(memory)
    chosen: dict[str, int] = {}
    for name, given in sorted(wanted.items(), key=lambda item: item[1] is None):
        chosen[name] = _choose(given, last.get(name), name, set(chosen.values()))
    replace_secret(memory, json.dumps(last | chosen, indent=2).encode())
    return chosen
