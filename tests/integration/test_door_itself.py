"""The door itself: its tokens, its health, its log, its address."""

import httpx

from shared.contract.clients import Kind
from shared.runtime.clients import register as registers
from tests.door import Door, an_event, refused

# --- tokens ---------------------------------------------------------------------------------------


async def test_a_new_token_is_good_at_once_and_a_revoked_one_no_more(http_door: Door) -> None:
    before = registers.read(http_door.tokens_file)
    http_door.tokens["test/new"] = registers.new_token()
    known = [registers.digest(http_door.tokens["test/new"])]
    with_new = before.having(name="new", kind=Kind.PUBLISHER, sources=["test/new"], tokens_sha256=known)
    registers.write(http_door.tokens_file, with_new)
    assert (await http_door.post(an_event(source="test/new"), "test/new")).status_code == 202
    registers.write(http_door.tokens_file, before)
    refused(await http_door.post(an_event(source="test/new"), "test/new"), 401, "unknown_publisher")


async def test_a_spoilt_file_of_tokens_changes_nothing(http_door: Door) -> None:
    before = http_door.tokens_file.read_bytes()
    http_door.tokens_file.write_bytes(b"{}}")
    try:
        assert (await http_door.post(an_event())).status_code == 202
    finally:
        http_door.tokens_file.write_bytes(before)


# --- how the door is ------------------------------------------------------------------------------


async def test_the_door_reports_its_health(http_door: Door) -> None:
    assert (await http_door.client.get("/livez")).json() == {"alive": True}
    assert (await http_door.client.get("/readyz")).json() == {"ready": True, "checks": {"nats": "ok"}}
    await http_door.post(an_event())
    assert (
        'amends_door_answers_total{code="accepted",way="api"}'
        in (await http_door.client.get("/metrics")).text
    )


async def test_the_health_port_answers_as_that_of_the_other_services(http_door: Door) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_door.health_port}") as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200


async def test_the_log_holds_nothing_of_what_was_sent(http_door: Door) -> None:
    words = "独一无二的投诉内容"
    await http_door.post(an_event(data={"customer": {"ref": "c", "name": words}, "narrative": words}))
    await http_door.post(an_event(data={"customer": {"ref": "c", "timezone": words}, "narrative": words}))
    await http_door.post(words.encode())
    await http_door.client.post(
        "/v1/complaints", content=words.encode(), headers={"authorization": words.encode()}
    )
    kept = http_door.log.read_text()
    assert "door_starts" in kept
    assert words not in kept
    assert not any(token in kept for token in http_door.tokens.values())


async def test_asking_whether_it_is_ready_stores_nothing(http_door: Door) -> None:
    before = len(await http_door.nats.stored())
    await http_door.client.get("/readyz")
    assert len(await http_door.nats.stored()) == before


async def test_a_page_elsewhere_cannot_reach_in_by_another_name(http_door: Door) -> None:
    assert (await http_door.client.get("/livez", headers={"host": "evil.example"})).status_code == 400
