"""Large texts are worked on in a process beside, within a budget; small ones in place."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest

from services.intake.reading import Reading
from shared.contract.quarantine import Misfit, Reason
from shared.contract.values.problems import Words
from shared.policy.loader import load_policy
from shared.runtime.side_work import SMALL, SideWork, TooComplex
from shared.runtime.texts.covering import covering
from shared.triage.finding import finder_of

LARGE = SMALL + 1


def setting(word: str) -> str:
    return word


def niceness(_: str) -> int:
    return os.nice(0)


def where(state: str) -> tuple[str, int]:
    return state, os.getpid()


def endless(state: str) -> None:
    while True:
        pass


def dies(state: str) -> None:
    os._exit(1)


def wrong(state: str) -> None:
    raise Misfit(Reason.INVALID, Words("words", "字"), "data.title")


@pytest.fixture
async def beside() -> AsyncIterator[SideWork[str]]:
    side = SideWork(setting, "here", budget=0.3)
    yield side
    side.close()


async def test_small_work_is_done_in_place_and_large_work_beside(beside: SideWork[str]) -> None:
    assert await beside.run(10, where) == ("here", os.getpid())
    state, process = await beside.run(LARGE, where)
    assert state == "here"
    assert process != os.getpid()
    assert (await beside.run(LARGE, where))[1] == process


async def test_the_process_beside_gives_way_to_the_service(beside: SideWork[str]) -> None:
    assert await beside.run(LARGE, niceness) > os.nice(0)


async def test_work_past_its_budget_ends_and_the_next_goes_on(beside: SideWork[str]) -> None:
    with pytest.raises(TooComplex):
        await beside.run(LARGE, endless)
    assert (await beside.run(LARGE, where))[0] == "here"


async def test_work_that_kills_the_process_is_too_complex_and_the_next_work_continues(
    beside: SideWork[str],
) -> None:
    with pytest.raises(TooComplex):
        await beside.run(LARGE, dies)
    assert (await beside.run(LARGE, where))[0] == "here"


async def test_an_error_comes_back_whole(beside: SideWork[str]) -> None:
    with pytest.raises(Misfit) as caught:
        await beside.run(LARGE, wrong)
    misfit = caught.value
    assert (misfit.reason, misfit.field, misfit.detail_zh) == (Reason.INVALID, "data.title", "字")


async def test_the_loop_goes_on_meanwhile(beside: SideWork[str]) -> None:
    await beside.run(LARGE, where)
    longest, working = 0.0, asyncio.ensure_future(beside.run(LARGE, endless))
    while not working.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - began)
    assert isinstance(working.exception(), TooComplex)
    assert longest < 0.25


async def test_a_submission_past_its_budget_is_too_complex() -> None:
    class Slow(SideWork[str]):
        async def run(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise TooComplex

    class Message:
        subject, data = "complaints.v1.submit.web", b"{}"

    from datetime import UTC, datetime

    at = datetime(2026, 11, 21, tzinfo=UTC)
    with pytest.raises(Misfit) as caught:
        await Reading(Slow(setting, "x")).read(Message(), at, at)  # type: ignore[arg-type]
    assert (caught.value.reason, caught.value.field) == (Reason.TOO_COMPLEX, "data")


async def test_a_large_text_is_masked_beside_and_known_when_it_is_stored() -> None:
    masks, _, side = covering(load_policy("default").pack)
    try:
        text = "/".join(["11010519491231002X"] * 1000)
        await masks.prepare(len(text), [text, "short"])
        began = time.process_time()
        assert masks(text) == "/".join(["[identity ••••]"] * 1000)
        assert time.process_time() - began < 0.01
        assert masks("4111111111111111") == "[card ••••1111]"
    finally:
        side.close()


async def test_signals_of_a_large_text_are_found_beside_and_known_when_they_are_asked_for() -> None:
    """Counting the words of the lexicon stopped the loop of routing for half a second."""
    pack = load_policy("default").pack
    _, finder, side = covering(pack)
    try:
        text = "refund broken late fire " * 8_000
        await finder.prepare(len(text), [None, text])
        began = time.process_time()
        found = finder.signals([text, None])
        assert time.process_time() - began < 0.01
        assert found == finder_of(pack).signals([text])
        small = ["There was a fire, and I was injured"]
        assert finder.signals(small).safety, "small ones are read where they are"
    finally:
        side.close()
