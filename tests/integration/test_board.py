"""The board in a process of its own, as its own NATS user: what it shows and what it can never do."""

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.ports import free_port
from shared.contract.ids import complaint_id
from tests import forked
from tests.conftest import NatsServer
from tests.integration.contract_answers import Answers, at, work_item
from tests.patience import PATIENCE

OVERDUE, SOON = complaint_id("board", "overdue"), complaint_id("board", "soon")
BREACH = {"obligation": "response_24h", "regime": "default"}


@pytest.fixture
async def answers(nats_server: NatsServer) -> AsyncIterator[Answers]:
    client = await nats_server.connect("admin")
    answers = Answers(client)
    answers.items = [work_item(SOON, 1), work_item(OVERDUE, -2)]
    await answers.start()
    yield answers
    await client.close()


@pytest.fixture
async def board(nats_server: NatsServer, answers: Answers) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running board, which is stopped with SIGTERM."""
    port = free_port(set())
    environment = {
        "AMENDS_NATS_URL": nats_server.url,
        "AMENDS_NATS_SEED_FILE": str(nats_server.seeds["board"]),
        "AMENDS_BOARD_PORT": str(port),
    }
    process = await forked.start("services.console.board", os.environ | environment)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        await _until_ready(client)
        yield client
    process.terminate()
    async with asyncio.timeout(PATIENCE):
        assert await process.wait() == 0


async def _until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def test_open_complaints_come_soonest_due_first_with_the_rates(board: httpx.AsyncClient) -> None:
    page = (await board.get("/")).text
    assert 0 < page.index(OVERDUE) < page.index(SOON)
    assert "82.0" in page
    assert "响应率" in page
    assert "41 of 50" in page


async def test_a_complaint_whose_category_is_not_sure_is_marked(
    answers: Answers, board: httpx.AsyncClient
) -> None:
    assert "unsure" not in (await board.get("/")).text
    answers.items[0].unsure = True
    assert (await board.get("/")).text.count(">unsure <") == 1


async def test_a_breach_from_before_the_board_looked_is_marked(
    answers: Answers, board: httpx.AsyncClient
) -> None:
    answers.items = [work_item(complaint_id("board", "breached before"), -2)]
    await answers.say(answers.items[0].complaint_id, "deadline_breached", **BREACH, due=at(-1))
    assert "chip breach" in (await board.get("/parts/worklist")).text


async def test_a_breach_that_happens_now_is_marked(answers: Answers, board: httpx.AsyncClient) -> None:
    answers.items = [work_item(complaint_id("board", "breached now"), 1)]
    assert "chip breach" not in (await board.get("/parts/worklist")).text
    async with asyncio.timeout(PATIENCE), board.stream("GET", "/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await answers.say(answers.items[0].complaint_id, "deadline_breached", **BREACH, due=at(-1))
        while "deadline_breached" not in await anext(lines):
            pass
    assert "chip breach" in (await board.get("/parts/worklist")).text


async def test_the_ticker_shows_a_fact_as_it_happens(answers: Answers, board: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE), board.stream("GET", "/events") as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith(": listening")
        await answers.say(OVERDUE, "escalated", level=1, why="breach", to="lead-1")
        said = [await anext(lines) for _ in range(5)]
    assert any(line.startswith("data: <li") and OVERDUE in line and "升级" in line for line in said)


async def test_a_complaint_page_has_state_obligations_and_timeline_but_no_customer(
    answers: Answers, board: httpx.AsyncClient
) -> None:
    await answers.say(OVERDUE, "escalated", level=2, why="breach", to="lead-1")
    answer = await board.get(f"/complaints/{OVERDUE}")
    assert answer.status_code == 200
    assert "breached" in answer.text
    assert "to=lead-1" in answer.text
    assert "zhang-wei-88" not in answer.text


async def test_an_unknown_complaint_is_a_404_in_one_sentence(board: httpx.AsyncClient) -> None:
    answer = await board.get("/complaints/%3Cscript%3E")
    assert answer.status_code == 404
    assert "No complaint has this id." in answer.text
    assert "<script>" not in answer.text


async def test_the_board_stays_up_when_a_service_does_not_answer(
    answers: Answers, board: httpx.AsyncClient
) -> None:
    answers.silent = {"worklist", "rates"}
    answer = await board.get("/")
    assert answer.status_code == 200
    assert "A part of Amends cannot be reached" in answer.text


async def test_nothing_from_elsewhere_is_loaded_or_let_in(board: httpx.AsyncClient) -> None:
    answer = await board.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http://" not in answer.text.replace(str(board.base_url), "")
    assert "https://" not in answer.text
    assert (await board.get("/static/htmx.min.js")).status_code == 200
    assert (await board.get("/", headers={"host": "evil.example"})).status_code == 400
    assert (await board.post("/")).status_code == 405


async def test_a_connection_that_asks_for_nothing_is_closed(board: httpx.AsyncClient) -> None:
    port = board.base_url.port
    readers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    readers[1][1].write(b"GET / HTTP/1.1\r\nHost: ")
    async with asyncio.timeout(PATIENCE):
        for reader, writer in readers:
            assert await reader.read() == b""
            writer.close()
