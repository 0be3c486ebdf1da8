"""Archive that `amends backup` writes and `amends restore` reads: a tar that begins with its manifest."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from deploy.nats.config import STORE_KEY

MANIFEST = "manifest.json"

SECRETS = ("master.key", f"keys/{STORE_KEY}")
"""Files of the keys to the texts and the streams."""


class FileOf(BaseModel):
    """File of the archive."""

    size: int
    sha256: str


class Manifest(BaseModel):
    """Manifest of an archive. `facts` counts the fact log of each service that has one.

    `keys` are fingerprints of the keys that decrypt it: of each line of the master key file, and of the
    streams' key.
    """

    format: Literal["amends-backup-1"] = "amends-backup-1"
    made_at: AwareDatetime
    amends: str
    with_keys: bool
    keys: dict[str, list[str]]
    held_still_seconds: float = 0.0
    facts: dict[str, int] = Field(default_factory=dict)
    files: dict[str, FileOf]


def fingerprints(root: Path) -> dict[str, list[str]]:
    """Fingerprints that identify keys: of each line of each secret file that exists."""
    return {name: _fingerprints(root / name) for name in SECRETS if (root / name).is_file()}


def _fingerprints(file: Path) -> list[str]:
    lines = (line.strip() for line in file.read_bytes().splitlines())
    return [hashlib.sha256(b"amends backup\n" + line).hexdigest()[:16] for line in lines if line]
