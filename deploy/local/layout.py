"""Files in the directory of an embedded stack."""

from dataclasses import dataclass
from pathlib import Path

TEMPORAL_DATABASE = "temporal-1.9.1.db"
"""Database of the development server. It migrates no schema between versions, so each version has its own
file.
"""


CLIENTS_FILE = "clients.json"


@dataclass(frozen=True)
class Layout:
    """Paths below `root`, which is absolute."""

    root: Path

    def make(self) -> None:
        """Make the directories, readable by the owner alone."""
        mine = (self.nats, self.temporal.parent, self.databases, self.door, self.logs, self.run)
        for directory in (self.root, *mine):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def nats(self) -> Path:
        return self.root / "nats"

    @property
    def nats_config(self) -> Path:
        return self.nats / "nats-server.conf"

    @property
    def temporal(self) -> Path:
        return self.root / "temporal" / TEMPORAL_DATABASE

    @property
    def databases(self) -> Path:
        return self.root / "db"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def master_key(self) -> Path:
        return self.root / "master.key"

    @property
    def door(self) -> Path:
        return self.root / "door"

    @property
    def door_key(self) -> Path:
        return self.door / "door.key"

    @property
    def clients(self) -> Path:
        """Register of clients: the sources, actors, facts and texts of each."""
        return self.root / CLIENTS_FILE

    @property
    def door_token(self) -> Path:
        """Token of the publisher `local`, for users of this directory."""
        return self.door / "local.token"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def ready(self) -> Path:
        return self.root / "ready.json"

    def database(self, service: str) -> Path:
        return self.databases / f"{service}.db"

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def pid(self, part: str) -> Path:
        return self.run / f"{part}.pid"
