"""`amends master-key`: a new key in front, and the former ones away when nobody needs them."""

import asyncio
import base64
import json
import secrets
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.stack import Stack
from services.console.cli.app import app
from shared.contract.subjects import Service
from tests.amends_command import Ran, amends
from tests.listening import outside
from tests.outside import Json, Outside
from tests.patience import PATIENCE


async def run(stack: Stack, *words: str) -> Ran:
    return await amends(*words, "--dir", str(stack.layout.root))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").split()


async def keys_in(stack: Stack) -> list[Json]:
    """What `doctor` says of the keys."""
    ran = await run(stack, "doctor", "--json")
    return [one for one in ran.document["findings"] if one["part"].startswith("keys of")]


async def text_of(system: Outside, ref: str) -> Json:
    request = {"text_ref": ref, "actor": {"id": "lead-1"}, "purpose": "test"}
    reply = await system.ask("complaints.v1.query.text", request)
    assert reply["ok"], reply
    found: Json = reply["result"]["text"]
    return found


async def test_a_stack_goes_over_to_a_new_master_key_and_lets_the_old_one_go(stack: Stack) -> None:
    path = stack.layout.master_key
    before = lines(path)
    async with outside(stack) as system:
        complaint = await system.submit(title="轮换密钥")
        await system.until(complaint, "assigned")
        assert (await run(stack, "master-key", "new")).status == 0
        assert lines(path)[1:] == before
        assert path.stat().st_mode & 0o777 == 0o600
        dropped = await run(stack, "master-key", "drop")
        async with asyncio.timeout(PATIENCE):
            while dropped.status:  # they may still be at it
                assert "still needs them" in dropped.err, dropped.err
                dropped = await run(stack, "master-key", "drop")
        assert lines(path) != before
        assert len(lines(path)) == 1
        assert {(one["part"], one["state"]) for one in await keys_in(stack)} == {
            (f"keys of {service}", "ok") for service in Service
        }
        assert await text_of(system, f"intake:{complaint}:title") == "轮换密钥"


async def test_a_key_is_readable_everywhere_before_it_is_promoted_and_no_service_is_restarted(
    stack: Stack, tmp_path: Path
) -> None:
    path = stack.layout.master_key
    before = lines(path)
    pids = {service: stack.pid(service) for service in Service}
    async with outside(stack) as system:
        complaint = await system.submit(title="两步轮换")
        await system.until(complaint, "assigned")
        elsewhere = tmp_path / "master.key"
        elsewhere.write_text(path.read_text())
        assert (await run(stack, "master-key", "add", "--file", str(elsewhere))).status == 0
        refused = await run(stack, "master-key", "promote", "--file", str(elsewhere))
        assert refused.status == 1
        assert "cannot read" in refused.err
        assert lines(elsewhere)[: len(before)] == before

        path.write_text(elsewhere.read_text())
        promoted = await run(stack, "master-key", "promote")
        assert (promoted.status, promoted.err) == (0, "")
        assert lines(path) == [lines(elsewhere)[-1], *before]
        async with asyncio.timeout(PATIENCE):
            while (await run(stack, "master-key", "drop")).status:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        assert lines(path) == lines(elsewhere)[-1:]
        assert await text_of(system, f"intake:{complaint}:title") == "两步轮换"
        later = await system.submit(title="以后")
        await system.until(later, "assigned")
    assert {service: stack.pid(service) for service in Service} == pids


@pytest.mark.parametrize("verb", ["new", "add", "promote", "drop"])
def test_a_file_that_holds_no_key_is_left_alone(tmp_path: Path, verb: str) -> None:
    path = tmp_path / "master.key"
    missing = CliRunner().invoke(app, ["master-key", verb, "--file", str(path)])
    assert (missing.exit_code, path.exists()) == (1, False)
    path.write_text("no key")
    ran = CliRunner().invoke(app, ["master-key", verb, "--file", str(path)])
    assert (ran.exit_code, path.read_text()) == (1, "no key")
    assert "does not hold 32 random bytes" in ran.output


def test_a_new_key_prints_its_name_and_not_itself(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(base64.b64encode(secrets.token_bytes(32)))
    ran = CliRunner().invoke(app, ["master-key", "new", "--file", str(path), "--json"])
    said = json.loads(ran.output)
    assert (said["ok"], len(said["former"])) == (True, 1)
    assert not any(line in ran.output for line in lines(path))
