"""Ready file: the addresses of a running stack, for every client."""

from pathlib import Path

from pydantic import BaseModel

from shared.runtime.settings import replace_secret


class Credentials(BaseModel):
    """Absolute paths of nkey seed files, the administrator's and those of clients."""

    admin: str
    publisher: str
    agent: str
    gateway: str
    customer: str


class Ready(BaseModel):
    """Addresses of a running stack. Those of the board and the door are null on a stack without them."""

    nats_url: str
    temporal_address: str
    temporal_namespace: str
    temporal_ui: str
    board_url: str | None
    credentials: Credentials
    door_url: str | None = None
    door_token_file: str | None = None

    def write(self, path: Path) -> None:
        """Write the whole file atomically, so that a reader never sees a part of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_secret(path, self.model_dump_json(indent=2).encode())
