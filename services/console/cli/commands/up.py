"""`amends up`: the embedded stack on this machine, until it is stopped."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.connection.place import DEFAULT_DIRECTORY, READY_FILE
from shared.client.failures import AmendsError
from shared.contract.errors import ErrorCode

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port to use [default: a free port].")]
LOOK_EVERY = 0.1


@app.command()
def up(
    directory: Dir = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write the addresses here once all is ready.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A policy pack: a name, or a directory.")] = None,
    nats_port: Port = None,
    temporal_port: Port = None,
    ui_port: Port = None,
    board_port: Port = None,
    door_port: Port = None,
    board: Annotated[bool, typer.Option("--board/--no-board", help="Start the board too.")] = True,
    door: Annotated[
        bool, typer.Option("--door/--no-door", help="Start the HTTP door and its form too.")
    ] = True,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run servers, services, board and door here until Ctrl-C. Stored complaints are there again."""
    from deploy.local.up import up as run_stack

    root = directory or Path(os.environ.get("AMENDS_DIR") or DEFAULT_DIRECTORY)
    pack = policy or os.environ.get("AMENDS_POLICY") or "default"
    _check(pack)
    announced = ready_file or (root / READY_FILE if as_json else None)

    async def run() -> int:
        stack = run_stack(
            root,
            announced,
            pack,
            nats_port=nats_port,
            temporal_port=temporal_port,
            ui_port=ui_port,
            board_port=board_port,
            door_port=door_port,
            with_board=board,
            with_door=door,
        )
        if not as_json or announced is None:
            return await stack
        return await _announcing(stack, announced)

    raise typer.Exit(asyncio.run(run()))


def _check(pack: str) -> None:
    """Refuse, before anything is started, a pack that no service would accept."""
    from shared.policy.loader import load_policy
    from shared.policy.problems import PolicyError

    try:
        load_policy(pack, running=True)
    except PolicyError as error:
        sentence = f"The policy pack cannot be used: {error}. See `amends policy check {pack}`."
        raise AmendsError(sentence, code=ErrorCode.MALFORMED) from error


async def _announcing(stack: Coroutine[Any, Any, int], announced: Path) -> int:
    """Run the stack; its ready file goes to standard output, its words to standard error."""
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        running = asyncio.create_task(stack)
        await asyncio.sleep(0)  # it takes away the ready file of an earlier run first
        while not running.done():
            if await asyncio.to_thread(announced.exists):
                with contextlib.redirect_stdout(out):
                    document(json.loads(await asyncio.to_thread(announced.read_text)))
                    out.flush()
                break
            await asyncio.wait((running,), timeout=LOOK_EVERY)
        return int(await running)
