"""Files of trained models, found by the name that a pack gives and identified by their SHA-256."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = "classifiers"
LARGEST = 50_000_000
"""Bytes of a model's file."""

_known: dict[str, Path] = {}


class NoModel(ValueError):
    """Raised when there is no such file, or it is too large; the message gives the reason."""


def found(name: str, places: Iterable[Path]) -> str:
    """SHA-256 of the model `name` of one of these packs, else of a built-in model. Raises `NoModel`."""
    candidates = (*(place / FOLDER / f"{name}.tsv" for place in places), HERE / f"{name}.tsv")
    path = next((one for one in candidates if one.is_file()), None)
    if path is None:
        raise NoModel(
            f"there is no model {name!r}: make one with `make train`, as {FOLDER}/{name}.tsv of the pack"
        )
    if path.stat().st_size > LARGEST:
        raise NoModel(f"{path.name} has more than {LARGEST} bytes; a model has fewer")
    digest = sha256(path.read_bytes()).hexdigest()
    _known[digest] = path
    return digest


def file_of(digest: str) -> Path | None:
    """File with this SHA-256, if a pack that was loaded here named it."""
    return _known.get(digest)
