"""Drills: a store is destroyed, what it held is rebuilt from the others, and every life goes on."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from tests.chaos.lost_stores import Lives, assert_sound, at_rest, begun, outside_of, run, stood, to_their_ends
from tests.lives import answered, owner_of, settled
from tests.outside import Outside, name_of


async def test_temporal_is_lost_and_every_open_workflow_starts_again_from_our_tables(
    own_stack: Stack,
) -> None:
    lives = await begun(own_stack)
    nearly, due = await _nearly_breached(own_stack)
    await own_stack.stop()
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
    for file in own_stack.layout.temporal.parent.iterdir():
        file.unlink()
    await own_stack.start()
    lost = await run(own_stack, "reconcile", "--json")
    assert lost.status == 1
    assert {one["complaint_id"] for one in lost.document["findings"]} == _open(lives) | {nearly}
    rebuilt = await run(own_stack, "rebuild", "workflows", "--json")
    assert (rebuilt.status, rebuilt.document["unable"]) == (0, [])
    assert rebuilt.document["rebuilt"] == 10 + 2 + 1, "ten cases, two follow-ups, the timer of a grumble"
    await at_rest(own_stack)
    await assert_sound(own_stack, lives)
    async with outside_of(own_stack) as outside:
        assert await _ran_out(outside, nearly) == [due], "it ran out while nobody was there"
    again = await run(own_stack, "rebuild", "workflows", "--json")
    assert again.document["rebuilt"] == 0
    await _goes_on(own_stack, lives)


async def _nearly_breached(stack: Stack) -> tuple[str, datetime]:
    """A complaint whose 24 hours end in a moment, with the instant."""
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=45)
    async with outside_of(stack) as outside:
        spoken = (due - timedelta(hours=24)).isoformat()
        complaint = await outside.submit(received_at=spoken, hints={"category": "product"})
        await outside.until(complaint, "assigned")
        assert await _ran_out(outside, complaint) == []
    return complaint, due


async def _ran_out(outside: Outside, complaint: str) -> list[datetime]:
    """When the 24 hours ran out, by its facts."""
    breaches = [event for event in await outside.facts(complaint) if name_of(event) == "deadline_breached"]
    own = [one for one in breaches if one["data"]["obligation"] == "response_24h"]
    return [datetime.fromisoformat(one["time"]) for one in own]


async def _goes_on(stack: Stack, lives: Lives) -> None:
    await to_their_ends(stack, lives)
    await at_rest(stack)
    await assert_sound(stack, lives)
    async with outside_of(stack) as outside:
        await outside.do("answer_grumble", lives.grumble, "agent-1", text="谢谢提醒，已经加开窗口。")


def _open(lives: Lives) -> set[str]:
    return {complaint for stage, complaint in lives.named.items() if stage != "closed"}


async def test_the_stream_of_facts_is_lost_and_published_again_from_three_databases(own_stack: Stack) -> None:
    lives = await begun(own_stack)
    await own_stack.stop()
    shutil.rmtree(own_stack.layout.nats / "store")
    await own_stack.start()
    lost = await run(own_stack, "reconcile", "--json")
    assert lost.status == 1
    rebuilt = await run(own_stack, "rebuild", "stream", "--json")
    assert (rebuilt.status, rebuilt.document["unable"]) == (0, [])
    assert rebuilt.document["rebuilt"] == sum(map(len, lives.before.values()))
    await at_rest(own_stack)
    assert await stood(own_stack, lives) == lives.before, "also in the order in which they were said"
    await assert_sound(own_stack, lives)
    again = await run(own_stack, "rebuild", "stream", "--json")
    assert again.document["rebuilt"] == 0
    await _goes_on(own_stack, lives)


@pytest.mark.parametrize(
    "service",
    [
        "routing",
        pytest.param("followup", marks=pytest.mark.nightly),
        pytest.param("intake", marks=pytest.mark.nightly),
    ],
)
async def test_the_database_of_a_service_is_lost_and_made_again_from_the_stream(
    own_stack: Stack, service: str
) -> None:
    lives = await begun(own_stack)
    async with outside_of(own_stack) as outside:
        rates = await outside.query("rates")
        worklist = await _worklist(outside)
    await own_stack.stop()
    for file in own_stack.layout.databases.glob(f"{service}.db*"):
        file.unlink()
    await own_stack.start()
    rebuilt = await run(own_stack, "rebuild", "rows", "--service", service, "--json")
    assert (rebuilt.status, rebuilt.document["unable"]) == (0, []), rebuilt.err
    assert rebuilt.document["rebuilt"] == {"routing": 10, "followup": 4, "intake": 11}[service]
    await at_rest(own_stack)
    await assert_sound(own_stack, lives)
    assert await stood(own_stack, lives) == lives.before, "no fact was said again"
    async with outside_of(own_stack) as outside:
        assert await outside.query("rates") == rates
        assert await _worklist(outside) == worklist
    again = await run(own_stack, "rebuild", "rows", "--service", service, "--json")
    assert again.document["rebuilt"] == 0
    assert (await run(own_stack, "rebuild", "stream", "--json")).document["rebuilt"] == 0
    await _goes_on(own_stack, lives)


async def _worklist(outside: Outside) -> object:
    return (await outside.query("worklist", by="complaint_id", limit=100))["items"]


@pytest.mark.nightly
async def test_a_repeat_after_intake_lost_its_database_opens_no_complaint(own_stack: Stack) -> None:
    async with outside_of(own_stack) as outside:
        complaint = await outside.submit(external_id="known", hints={"category": "product"})
        await outside.until(complaint, "assigned")
    await own_stack.stop()
    for file in own_stack.layout.databases.glob("intake.db*"):
        file.unlink()
    await own_stack.start()
    assert (await run(own_stack, "rebuild", "rows", "--json")).document["rebuilt"] == 1
    async with outside_of(own_stack) as outside:
        assert await outside.submit(external_id="known", hints={"category": "product"}) == complaint
        await outside.until(complaint, "contact_added")
        names = [name_of(event) for event in await outside.facts(complaint)]
        assert names.count("received") == 1


@pytest.mark.nightly
@pytest.mark.parametrize("store", ["routing", "stream"])
async def test_an_older_store_is_brought_up_to_the_others(
    own_stack: Stack, store: str, tmp_path: Path
) -> None:
    """One store was put back as of before: what happened since is found, and made again from the others."""
    place = own_stack.layout.databases if store == "routing" else own_stack.layout.nats / "store"
    async with outside_of(own_stack) as outside:
        complaint = await outside.submit(hints={"category": "product"})
        owner = await owner_of(outside, complaint)
    await at_rest(own_stack)
    await own_stack.stop()
    shutil.copytree(place, tmp_path / "older")
    await own_stack.start()
    async with outside_of(own_stack) as outside:
        await answered(outside, complaint, owner)
        facts = await outside.facts(complaint)
    await own_stack.stop()
    names = [f"{store}.db"] if store == "routing" else [one.name for one in (tmp_path / "older").iterdir()]
    for name in names:
        _put_back(tmp_path / "older" / name, place / name)
    await own_stack.start()
    found = (await run(own_stack, "reconcile", "--json")).document["findings"]
    assert {one["complaint_id"] for one in found} == {complaint}
    what = ("rows", "--service", "routing") if store == "routing" else ("stream",)
    rebuilt = await run(own_stack, "rebuild", *what, "--json")
    assert rebuilt.document["rebuilt"] > 0, rebuilt.err
    await at_rest(own_stack)
    assert (await run(own_stack, "verify", "--all")).status == 0
    async with outside_of(own_stack) as outside:
        assert await outside.facts(complaint) == facts
        await settled(outside, complaint, owner)


def _put_back(older: Path, place: Path) -> None:
    if older.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(older, place)
    else:
        for end in ("-wal", "-shm"):
            place.with_name(place.name + end).unlink(missing_ok=True)
        shutil.copyfile(older, place)


@pytest.mark.nightly
async def test_routing_and_temporal_are_lost_together_and_every_life_goes_on(own_stack: Stack) -> None:
    """No workflow can tell what a case was opened with: it is made again from the policy in force."""
    lives = await begun(own_stack)
    await own_stack.stop()
    for file in [
        *own_stack.layout.databases.glob("routing.db*"),
        *own_stack.layout.temporal.parent.iterdir(),
    ]:
        file.unlink()
    await own_stack.start()
    rows = await run(own_stack, "rebuild", "rows", "--service", "routing", "--json")
    assert (rows.status, rows.document["unable"]) == (0, []), rows.err
    assert rows.document["rebuilt"] == 10
    again = await run(own_stack, "rebuild", "workflows", "--json")
    assert (again.status, again.document["unable"]) == (0, []), again.err
    await at_rest(own_stack)
    await assert_sound(own_stack, lives)
    assert await stood(own_stack, lives) == lives.before, "no fact was said again"
    await _goes_on(own_stack, lives)
