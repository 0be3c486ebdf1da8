"""File of a package: a zip archive without compression, whose bytes follow from its contents alone."""

import io
import json
import zipfile
from struct import Struct
from typing import Any

from services.console.audit.package.blocks import blocks_of, sha256

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
"""SHA-256 of the manifest, in the form of `sha256sum`, and its blocks."""
FORMAT = "amends-package/1"
EPOCH = (1980, 1, 1, 0, 0, 0)
_HEADER = Struct("<4sHHHHHIIIHH")
_SIGNATURE, _DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"


class NoPackage(ValueError):
    """File that cannot be read as a package; `at` is the byte from which it cannot."""

    def __init__(self, at: int) -> None:
        super().__init__(f"it is not readable as a package from byte {at} on")
        self.at = at


def as_json(value: Any) -> bytes:
    """JSON as a package holds it: sorted keys, UTF-8, a newline at the end."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def sealed(about: dict[str, Any], files: dict[str, bytes]) -> dict[str, bytes]:
    """Files of a package with their manifest and its seal."""
    listed = [
        {"name": name, "bytes": len(content), "sha256": sha256(content), "blocks": blocks_of(content)}
        for name, content in sorted(files.items())
    ]
    manifest = as_json({"format": FORMAT, **about, "files": listed})
    seal = "".join(f"{line}\n" for line in (f"{sha256(manifest)}  {MANIFEST}", *blocks_of(manifest)))
    return {MANIFEST: manifest, **dict(sorted(files.items())), SEAL: seal.encode()}


def written(files: dict[str, bytes]) -> bytes:
    """Archive with these files in this order; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def read(data: bytes) -> dict[str, tuple[int, bytes]]:
    """Place and content of each file, read from entry to entry. Raises `NoPackage`."""
    found: dict[str, tuple[int, bytes]] = {}
    at = 0
    while data[at : at + 4] != _DIRECTORY:
        start = at
        if len(data) < at + _HEADER.size:
            raise NoPackage(start)
        signature, *_, size, name_length, extra = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        name = data[at : at + name_length].decode("utf-8", "replace")
        at += name_length + extra
        if signature != _SIGNATURE or at + size > len(data) or not name or name in found:
            raise NoPackage(start)
        found[name] = (at, data[at : at + size])
        at += size
    return found
