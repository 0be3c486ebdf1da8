"""A package of the whole record: any changed byte is found, and named, from the file alone."""

import json
from functools import lru_cache

import pytest

from services.console.audit.package.archive import MANIFEST, SEAL, as_json, read, sealed, written
from services.console.audit.package.blocks import blocks_of, first_change, sha256
from services.console.audit.package.verifying import verified
from services.console.audit.verifier.given import text_of
from tests.unit.cases import play, policy
from tests.unit.certified import certified, timeline


@lru_cache
def whole() -> bytes:
    """Package of a complaint that was negotiated and referred."""
    case = play().ready_to_offer()
    case.customer("answer", offer_id=case.offered("some"), answer="rejected")
    case.owner("refer", to="court", reason="r")
    facts = timeline(case)
    contents = {policy().identity.hash: policy().content}
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for one in facts]
    files = {
        "facts.jsonl": ("\n".join(lines) + "\n").encode(),
        "certificates.json": text_of(certified(case)).encode(),
        "negotiation.json": as_json({"rounds": []}),
        **{f"policies/{name}.txt": text.encode() for name, text in contents.items()},
    }
    about = {"complaint_id": "Caaaaaaaaaaaaaaa", "policy": next(iter(contents)), "facts": len(facts)}
    return written(sealed(about, files))


def changed(at: int, by: int = 1) -> bytes:
    data = bytearray(whole())
    data[at] ^= by
    return bytes(data)


def test_a_package_is_verified_from_its_bytes_and_its_deadlines_are_recomputed() -> None:
    report = verified(whole())
    assert report.faults == []
    assert report.deadlines > 3
    assert report.sha256 == sha256(read(whole())[MANIFEST][1])


@pytest.mark.parametrize("name", ["facts.jsonl", "certificates.json", "negotiation.json", MANIFEST])
@pytest.mark.parametrize("place", [0, 7, -1])
def test_a_changed_byte_of_a_file_is_named_with_what_it_was(name: str, place: int) -> None:
    start, content = read(whole())[name]
    at = place % len(content)
    (fault,) = verified(changed(start + at)).faults
    assert (fault.file, fault.byte, fault.offset) == (name, at, start + at)
    assert f"it was 0x{content[at]:02x}" in fault.what


def test_no_byte_of_the_whole_file_can_be_changed_unseen() -> None:
    data = whole()
    step = max(1, len(data) // 120)
    unseen = [at for at in range(0, len(data), step) if not verified(changed(at, 0x20)).faults]
    assert unseen == []


def test_a_cut_or_longer_file_and_a_missing_one_are_named() -> None:
    content = b"a" * 100
    assert first_change(content[:90], blocks_of(content), 100) is not None
    assert first_change(content + b"b", blocks_of(content), 100) == (100, 100, None)
    files = {name: one for name, (_, one) in read(whole()).items()}
    del files["negotiation.json"]
    (fault,) = verified(written(files)).faults
    assert (fault.file, fault.what) == ("negotiation.json", "it is missing")
    files = {name: one for name, (_, one) in read(whole()).items()} | {"more.txt": b"x"}
    assert [one.file for one in verified(written(files)).faults] == ["more.txt"]
    assert verified(b"no package").faults[0].offset == 0
    assert verified(whole()[:-1]).faults


def test_who_makes_a_consistent_package_anew_fails_by_the_published_hash_and_by_the_deadlines() -> None:
    files = {name: one for name, (_, one) in read(whole()).items() if name not in (MANIFEST, SEAL)}
    facts = [json.loads(line) for line in files["facts.jsonl"].splitlines()]
    kept = [one for one in facts if not one["type"].startswith("complaints.event.responded")]
    files["facts.jsonl"] = ("\n".join(json.dumps(one) for one in kept) + "\n").encode()
    manifest = json.loads(read(whole())[MANIFEST][1])
    about = {name: manifest[name] for name in ("complaint_id", "policy", "facts")}
    forged = written(sealed(about, files))
    assert verified(forged).faults[0].file == "certificates.json"
    published = verified(whole()).sha256
    assert MANIFEST in [one.file for one in verified(forged, published).faults]
