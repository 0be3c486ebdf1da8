"""Parts of the door by themselves: how it starts, and what it says when it fails."""

import base64
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.door.problems import report_problems
from services.door.reading import prepared
from services.door.refusal import RefusedRequest
from shared.runtime.clients.register import Register, write

SECRET = "13800138000"


def started(directory: Path, **changes: str) -> tuple[int, str]:
    """Start a door with these settings; how it ended, and what it said."""
    write(directory / "tokens.json", Register())
    (directory / "door.key").write_bytes(base64.b64encode(b"k" * 32))
    (directory / "door.nk").write_text("SUexample")
    environment = {
        "AMENDS_NATS_URL": "nats://127.0.0.1:4222",
        "AMENDS_NATS_SEED_FILE": str(directory / "door.nk"),
        "AMENDS_CLIENTS_FILE": str(directory / "tokens.json"),
        "AMENDS_DOOR_KEY_FILE": str(directory / "door.key"),
        "PYTHONPATH": ":".join(sys.path),
    }
    process = subprocess.run(
        [sys.executable, "-m", "services.door"],
        env=environment | changes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return process.returncode, process.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AMENDS_CLIENTS_FILE", "/dev/null"),
        ("AMENDS_DOOR_KEY_FILE", "/dev/null"),
        ("AMENDS_DOOR_PORT", "70000"),
    ],
)
def test_a_wrong_setting_ends_the_door_with_status_2_and_one_sentence(
    tmp_path: Path, variable: str, value: str
) -> None:
    status, said = started(tmp_path, **{variable: value})
    assert status == 2
    assert said.startswith(f"{variable} is not valid")
    assert said.count("\n") == 1


async def test_an_internal_failure_is_a_problem_that_repeats_nothing_of_the_request() -> None:
    app = FastAPI()
    report_problems(app)

    @app.get("/")
    async def broken() -> None:
        raise ValueError(SECRET)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        response = await client.get("/")
    assert (response.status_code, response.json()["code"]) == (500, "unexpected")
    assert SECRET not in response.text


def test_a_number_that_the_policy_lets_pass_is_let_pass() -> None:
    event = {"specversion": "1.0", "type": "complaints.submitted.v1", "source": "test/shop", "id": SECRET}
    event |= {"data": {"customer": {"ref": "c-1"}, "title": "x"}}
    body, now = orjson.dumps(event), datetime.now(UTC)
    assert prepared(body, None, now, kinds=()).external_id == SECRET
    with pytest.raises(RefusedRequest) as refused:
        prepared(body, None, now)
    assert refused.value.problem.field == "id"
