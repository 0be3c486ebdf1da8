"""The door itself: its tokens, its health, its log, its address."""

import httpx

from shared.contract.clients import Kind
from shared.runtime.clients import register as registers
from tests.door import Door, an_event, refused

# --- tokens ---------------------------------------------------------------------------------------


async def test_a_new_token_is_good_at_once_and_a_revoked_one_no_more(door: Door) -> None:
    before = registers.read(door.tokens_file)
    door.tokens["test/new"] = registers.new_token()
    known = [registers.digest(door.tokens["test/new"])]
    with_new = before.having(name="new", kind=Kind.PUBLISHER, sources=["test/new"], tokens_sha256=known)
    registers.write(door.tokens_file, with_new)
    assert (await door.post(an_event(source="test/new"), "test/new")).status_code == 202
    registers.write(door.tokens_file, before)
    refused(await door.post(an_event(source="test/new"), "test/new"), 401, "unknown_publisher")


async def test_a_spoilt_file_of_tokens_changes_nothing(door: Door) -> None:
    before = door.tokens_file.read_bytes()
    door.tokens_file.write_bytes(b"{}}")
    try:
        assert (await door.post(an_event())).status_code == 202
    finally:
        door.tokens_file.write_bytes(before)


# --- how the door is ------------------------------------------------------------------------------


async def test_the_door_reports_its_health(door: Door) -> None:
    assert (await door.client.get("/livez")).json() == {"alive": True}
    assert (await door.client.get("/readyz")).json() == {"ready": True, "checks": {"nats": "ok"}}
    await door.post(an_event())
    assert 'amends_door_answers_total{code="accepted",way="api"}' in (await door.client.get("/metrics")).text


async def test_the_health_port_answers_as_that_of_the_other_services(door: Door) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{door.health_port}") as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200


async def test_the_log_holds_nothing_of_what_was_sent(door: Door) -> None:
    words = "独一无二的投诉内容"
    await door.post(an_event(data={"customer": {"ref": "c", "name": words}, "narrative": words}))
    await door.post(an_event(data={"customer": {"ref": "c", "timezone": words}, "narrative": words}))
    await door.post(words.encode())
    await door.client.post(
        "/v1/complaints", content=words.encode(), headers={"authorization": words.encode()}
    )
    kept = door.log.read_text()
    assert "door_starts" in kept
    assert words not in kept
    assert not any(token in kept for token in door.tokens.values())


async def test_asking_whether_it_is_ready_stores_nothing(door: Door) -> None:
    before = len(await door.nats.stored())
    await door.client.get("/readyz")
    assert len(await door.nats.stored()) == before


async def test_a_page_elsewhere_cannot_reach_in_by_another_name(door: Door) -> None:
    assert (await door.client.get("/livez", headers={"host": "evil.example"})).status_code == 400
