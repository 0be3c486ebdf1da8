"""Verification of a package from its bytes alone, without a server."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.console.audit.package.archive import FORMAT, MANIFEST, SEAL, NoPackage, read, written
from services.console.audit.package.blocks import LENGTH, ChangedBytes, first_change, sha256
from services.console.audit.verifier.comparing import verify

ARCHIVE = "(archive)"


class PackageFault(NamedTuple):
    """Fault of a package: the file in it, the first changed byte there and in the whole, and a sentence."""

    file: str
    byte: int | None
    offset: int | None
    what: str


class Report(NamedTuple):
    """Result: the SHA-256 of the manifest, which identifies the package, and the faults."""

    sha256: str | None
    files: int
    deadlines: int
    faults: list[PackageFault]


def verified(data: bytes, wanted: str | None = None) -> Report:
    """Report on a package; `wanted` is the SHA-256 that was published for it."""
    try:
        found = read(data)
    except NoPackage as error:
        return Report(None, 0, 0, [PackageFault(ARCHIVE, None, error.at, str(error))])
    if MANIFEST not in found or SEAL not in found:
        missing = MANIFEST if MANIFEST not in found else SEAL
        return Report(
            None, len(found), 0, [PackageFault(missing, None, None, "it is missing or has another name")]
        )
    digest = sha256(found[MANIFEST][1])
    faults = list(_bytes(found, data))
    if wanted and digest != wanted.lower():
        faults.append(
            PackageFault(MANIFEST, None, None, f"its SHA-256 is {digest}, not the expected {wanted}")
        )
    deadlines = 0
    if not faults:
        deadlines, wrong = _meaning({name: content for name, (_, content) in found.items()})
        faults = [PackageFault(name, None, None, what) for name, what in wrong]
    return Report(digest, len(found), deadlines, faults)


def _bytes(found: dict[str, tuple[int, bytes]], data: bytes) -> Iterator[PackageFault]:
    """ChangedBytes bytes: of the manifest, of each file, then of the archive around them."""
    if fault := _manifest(found):
        yield fault
        return
    manifest = json.loads(found[MANIFEST][1])
    listed = {one["name"]: one for one in manifest["files"]}
    faults = [fault for name in listed if (fault := _file(name, listed[name], found))]
    faults += [
        PackageFault(name, None, place, "the manifest does not list it")
        for name, (place, _) in found.items()
        if name not in listed and name not in (MANIFEST, SEAL)
    ]
    yield from faults
    if not faults:
        whole = written({name: content for name, (_, content) in found.items()})
        at = next(
            (place for place, pair in enumerate(zip(data, whole, strict=False)) if pair[0] != pair[1]), None
        )
        if at is not None or len(data) != len(whole):
            place = min(len(data), len(whole)) if at is None else at
            yield PackageFault(
                ARCHIVE, None, place, f"byte {place} of the archive around the files was changed"
            )


def _manifest(found: dict[str, tuple[int, bytes]]) -> PackageFault | None:
    """PackageFault of the manifest or of its seal."""
    place, manifest = found[MANIFEST]
    lines = found[SEAL][1].decode("utf-8", "replace").split("\n")
    first, blocks = lines[0], lines[1:-1]
    well_formed = (
        first[64:] == f"  {MANIFEST}" and lines[-1] == "" and all(len(one) == LENGTH for one in blocks)
    )
    if not well_formed:
        return PackageFault(SEAL, None, found[SEAL][0], "it is not written as a seal is")
    change = first_change(manifest, blocks, len(manifest))
    if change and first[:64] != sha256(manifest):
        return _fault(MANIFEST, place, change)
    if change or first[:64] != sha256(manifest):
        return PackageFault(SEAL, None, found[SEAL][0], "it does not fit the manifest")
    if json.loads(manifest).get("format") != FORMAT:
        return PackageFault(MANIFEST, None, place, f"its format is not {FORMAT}")
    return None


def _file(name: str, listed: dict[str, Any], found: dict[str, tuple[int, bytes]]) -> PackageFault | None:
    if name not in found:
        return PackageFault(name, None, None, "it is missing")
    place, content = found[name]
    change = first_change(content, listed["blocks"], listed["bytes"])
    if change:
        return _fault(name, place, change)
    if sha256(content) != listed["sha256"]:
        return PackageFault(name, None, place, "its SHA-256 is not that of the manifest")
    return None


def _fault(name: str, place: int, change: ChangedBytes) -> PackageFault:
    """PackageFault that names the first changed byte, or the block that holds it."""
    if change.was is not None:
        what = f"byte {change.first} was changed: it was 0x{change.was:02x}"
    elif change.first == change.last:
        what = f"byte {change.first} was changed"
    else:
        what = f"the first change is in bytes {change.first} to {change.last}"
    return PackageFault(name, change.first, place + change.first, what)


def _meaning(files: dict[str, bytes]) -> tuple[int, list[tuple[str, str]]]:
    """Number of recomputed deadlines, and faults that remain though every byte is as it was written."""
    manifest = json.loads(files[MANIFEST])
    facts = [json.loads(line) for line in files["facts.jsonl"].splitlines()]
    certificates = json.loads(files["certificates.json"])
    policies = {
        name.removeprefix("policies/").removesuffix(".txt"): content.decode()
        for name, content in files.items()
        if name.startswith("policies/")
    }
    verdicts = verify(
        manifest["complaint_id"],
        policies,
        facts,
        certificates,
        complete=True,
        in_force=policies.get(manifest["policy"]),
    )
    wrong = [
        ("certificates.json", f"{one.obligation} (cycle {one.cycle}): {fault}")
        for one in verdicts
        for fault in one.faults
    ]
    return len(certificates), wrong
