"""Check the free space where a local stack keeps its files."""

import json
import shutil
from pathlib import Path

from services.console.audit.checks import CheckResult, odd, well, wrong

SCARCE_SHARE, SCARCE = 0.05, 2 * 1024**3
"""Free space that gives a warning if it is less than both: a share of the disk, and bytes."""

LEAST = 256 * 1024**2
"""Free bytes below which writes fail soon."""

REMEDY = "Make space: NATS stops storing when its disk is full, and needs a new start after it."
MIB = 1024**2


def check_disks(directory: Path | None) -> list[CheckResult]:
    """Finding for each store of a stack in a directory; elsewhere the services report their own disks."""
    if directory is None:
        return []
    found = []
    for name, below in (("nats", "nats"), ("temporal", "temporal"), ("databases", "db")):
        try:
            usage = shutil.disk_usage(directory / below)
        except OSError:
            continue
        found += of_space(f"disk of {name}", usage.free, usage.total)
    return found


def store_limit(directory: Path | None) -> int | None:
    """Number of bytes that JetStream may take, if the configuration of a local stack limits it."""
    if directory is None:
        return None
    try:
        config = json.loads((directory / "nats" / "nats-server.conf").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    limit = config.get("jetstream", {}).get("max_file_store")
    return int(limit) if limit else None


def of_space(part: str, free: int, total: int, *, only_problems: bool = False) -> list[CheckResult]:
    """Whether so many free bytes are enough."""
    seen = f"{free // MIB} MiB of {total // MIB} MiB are free"
    if free < LEAST:
        return [wrong(part, seen, REMEDY)]
    if free < min(SCARCE, SCARCE_SHARE * total):
        return [odd(part, seen, REMEDY)]
    return [] if only_problems else [well(part, seen)]
