"""Run one part by its settings alone, as a person does who starts it by hand."""

import asyncio
import os
import sys
from pathlib import Path
from subprocess import PIPE

from deploy.local.ports import free_port
from tests import forked
from tests.patience import PATIENCE
from tests.service_forks import MODULES

PARTS = {
    "provision": ("deploy.nats.provision", "deploy"),
    "intake": ("services.intake", "intake"),
    "routing": ("services.routing", "routing"),
    "followup": ("services.followup", "followup"),
    "board": ("services.console.board", "board"),
    "door": ("services.door", "door"),
}
"""Module and NATS user of each part."""


def rest(tmp_path: Path) -> dict[str, str]:
    """Settings that parts need besides NATS and Temporal."""
    (tmp_path / "key").write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    (tmp_path / "clients.json").write_text('{"clients": []}')
    databases = {
        f"AMENDS_{name}_DATABASE_URL": f"sqlite:///{tmp_path}/{name.lower()}.db"
        for name in ("INTAKE", "ROUTING", "FOLLOWUP")
    }
    return databases | {
        "AMENDS_MASTER_KEY_FILE": str(tmp_path / "key"),
        "AMENDS_DOOR_KEY_FILE": str(tmp_path / "key"),
        "AMENDS_CLIENTS_FILE": str(tmp_path / "clients.json"),
        "AMENDS_DOOR_PORT": str(free_port(set())),
        "AMENDS_BOARD_PORT": str(free_port(set())),
    }


async def started(module: str, **variables: str) -> asyncio.subprocess.Process:
    """`python -m <module>` with these variables alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    if module in MODULES:
        return await forked.start(module, kept | variables, errors_apart=True)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdout=PIPE, stderr=PIPE, env=kept | variables
    )


async def run(module: str, **variables: str) -> tuple[int | None, str, str]:
    """Exit status, stdout and stderr of a part that ends by itself."""
    process = await started(module, **variables)
    try:
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode, out.decode(), err.decode()


async def until_said(module: str, *words: str, **variables: str) -> str:
    """Output of a part until it contains all these words; then it is ended. It must not end by itself."""
    process = await started(module, **variables)
    assert process.stderr
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while not all(word in said for word in words):
                line = (await process.stderr.readline()).decode()
                assert line, f"it ended: {said}"
                said += line
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
    return said
