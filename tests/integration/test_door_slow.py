"""Senders that hold on: a door that is slow to some stays quick to others."""

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest

from services.door.limits import AT_ONCE_EACH
from tests import patience
from tests.door import PATIENCE, Door, an_event

A_WHILE = patience.PATIENCE
"""More than a request takes on a busy machine."""


async def dial(http_door: Door) -> tuple[StreamReader, StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", http_door.port)


def head(http_door: Door, *lines: str) -> bytes:
    """A request to submit, up to its body."""
    first = ["POST /v1/complaints HTTP/1.1", f"Host: 127.0.0.1:{http_door.port}"]
    token = f"Authorization: {http_door.bearer()['Authorization']}"
    return "\r\n".join([*first, token, "Content-Type: application/cloudevents+json", *lines, "", ""]).encode()


async def status(reader: StreamReader) -> int:
    async with asyncio.timeout(PATIENCE + A_WHILE):
        return int((await reader.readline()).split()[1])


async def test_an_endless_body_is_cut_off_with_an_answer(http_door: Door) -> None:
    reader, writer = await dial(http_door)
    writer.write(head(http_door, "Transfer-Encoding: chunked"))
    answer = asyncio.create_task(status(reader))
    while not answer.done():
        writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        drained = asyncio.create_task(writer.drain())
        await asyncio.wait((drained, answer), return_when=asyncio.FIRST_COMPLETED)
    assert await answer == 413
    writer.close()


async def test_a_large_body_that_was_announced_is_not_asked_for(http_door: Door) -> None:
    reader, writer = await dial(http_door)
    writer.write(head(http_door, "Content-Length: 900000", "Expect: 100-continue"))
    assert await status(reader) == 413
    writer.close()


async def test_slow_senders_are_cut_off_and_delay_no_other_sender(http_door: Door) -> None:
    event = an_event()
    slow = [await dial(http_door) for _ in range(AT_ONCE_EACH - 4)]
    silent = [await dial(http_door) for _ in range(40)]
    dripping = [await dial(http_door) for _ in range(20)]
    for _, writer in slow:
        writer.write(head(http_door, "Content-Length: 1000") + b"{")
    for _, writer in dripping:
        writer.write(b"POST /v1/complaints HTTP/1.1\r\nHost: ")
    assert (await http_door.post(event)).status_code == 202
    assert {await status(reader) for reader, _ in slow} == {408}
    async with asyncio.timeout(PATIENCE + A_WHILE):
        for reader, _ in [*silent, *dripping]:
            assert await reader.read() == b""
    for _, writer in [*slow, *silent, *dripping]:
        writer.close()


async def test_a_sender_that_fills_its_own_part_of_the_door_leaves_the_rest_free(http_door: Door) -> None:
    held = [await dial(http_door) for _ in range(AT_ONCE_EACH + 1)]
    for _, writer in held:
        writer.write(head(http_door, "Content-Length: 1000") + b"{")
        await writer.drain()
    answers = [asyncio.create_task(status(reader)) for reader, _ in held]
    first, others = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
    assert {task.result() for task in first} == {503}
    assert (await http_door.post(an_event())).json()["code"] == "overloaded"
    assert (await http_door.client.get("/openapi.json")).status_code == 200
    for task in others:
        task.cancel()
    for _, writer in held:
        writer.close()
    async with asyncio.timeout(A_WHILE):
        while (await http_door.post(an_event())).status_code != 202:
            pass


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\r\n\r\n", id="tls"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"a: " * 40_000, id="endless header"),
    ],
)
async def test_bytes_that_are_no_http_end_the_connection(http_door: Door, garbage: bytes) -> None:
    reader, writer = await dial(http_door)
    writer.write(garbage)
    async with asyncio.timeout(A_WHILE):
        assert (await reader.read()).startswith(b"HTTP/1.1 400")
    writer.close()


@pytest.mark.parametrize("address", ["POST /v1/complaints", "POST /nowhere", "GET /livez", "POST /"])
@pytest.mark.parametrize("begun", [b"", b"5\r\n{    \r\n"], ids=["at once", "after a chunk"])
async def test_a_body_in_malformed_chunks_is_refused_and_is_no_failure_of_ours(
    http_door: Door, address: str, begun: bytes
) -> None:
    before = len(http_door.log.read_text())
    answer = await _answer_to_malformed_chunks(http_door, address, begun)
    assert answer.startswith(b"HTTP/1.1 400")
    await no_failure_since(http_door, before)


@pytest.mark.parametrize(
    ("address", "beginning"),
    [
        ("POST /v1/complaints", b"HTTP/1.1 400"),
        ("POST /nowhere", b"HTTP/1.1 4"),
        ("GET /livez", b"HTTP/1.1 "),
        ("POST /", b"HTTP/1.1 "),
    ],
)
async def test_a_malformed_chunk_behind_a_large_one_has_one_answer_and_is_no_failure_of_ours(
    http_door: Door, address: str, beginning: bytes
) -> None:
    """It comes in several parts: an address that reads no body may have answered before the last."""
    before = len(http_door.log.read_text())
    begun = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = await _answer_to_malformed_chunks(http_door, address, begun)
    assert answer.startswith(beginning)
    assert answer.count(b"HTTP/1.1 ") == 1
    await no_failure_since(http_door, before)


async def _answer_to_malformed_chunks(http_door: Door, address: str, begun: bytes) -> bytes:
    """All that the door says to a body that begins like this and then is no chunk."""
    reader, writer = await dial(http_door)
    began = head(http_door, "Transfer-Encoding: chunked").replace(b"POST /v1/complaints", address.encode())
    writer.write(began + begun + b"no size\r\n")
    try:
        async with asyncio.timeout(A_WHILE):
            return await reader.read()
    finally:
        writer.close()


async def test_malformed_chunks_after_the_answer_end_the_connection_and_are_no_failure_of_ours(
    http_door: Door,
) -> None:
    before = len(http_door.log.read_text())
    reader, writer = await dial(http_door)
    writer.write(head(http_door, "Transfer-Encoding: chunked").replace(b"POST /v1/complaints", b"GET /livez"))
    assert await status(reader) == 200
    writer.write(b"no size\r\n")
    async with asyncio.timeout(A_WHILE):
        assert b"HTTP/1.1" not in await reader.read()
    writer.close()
    await no_failure_since(http_door, before)


async def no_failure_since(http_door: Door, before: int) -> None:
    """The log from `before` on, after one more request: nothing in it is an error."""
    assert (await http_door.client.get("/livez")).status_code == 200
    since = http_door.log.read_text()[before:]
    assert "Traceback" not in since
    assert '"level": "error"' not in since


async def test_slow_visitors_of_the_form_leave_publishers_alone(http_door: Door) -> None:
    """Nine addresses would fill what all together may hold, if the form shared it with publishers."""
    held = await asyncio.gather(*(dial(http_door) for _ in range(9 * AT_ONCE_EACH)))
    for number, (_, writer) in enumerate(held):
        lines = [f"X-Forwarded-For: 203.0.113.{number % 9}", "Content-Length: 1000"]
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Host: 127.0.0.1:{http_door.port}",
            "",
            "a=",
        ]
        writer.write("\r\n".join(["POST / HTTP/1.1", *lines]).encode())
    full, others = await asyncio.wait(
        [asyncio.create_task(status(reader)) for reader, _ in held], return_when=asyncio.FIRST_COMPLETED
    )
    assert {task.result() for task in full} == {503}
    assert (await http_door.post(an_event())).status_code == 202
    for task in others:
        task.cancel()
    for _, writer in held:
        writer.close()


async def test_a_request_with_two_lengths_is_the_last_of_its_connection(http_door: Door) -> None:
    reader, writer = await dial(http_door)
    body = b"0\r\n\r\nGET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    writer.write(head(http_door, "Content-Length: 5", "Transfer-Encoding: chunked") + body)
    async with asyncio.timeout(PATIENCE + A_WHILE):
        answer = await reader.read()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer.lower()
    writer.close()
