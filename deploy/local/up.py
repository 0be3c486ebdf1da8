"""Command `amends up`: runs the embedded stack until a signal stops it."""

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from deploy.local.failure import StackFailure, refused_by_the_system
from deploy.local.ready import Ready
from deploy.local.stack import Stack

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _print(part: str, sentence: str) -> None:
    # The reader of our output may be gone; the stack goes on without it.
    with contextlib.suppress(OSError):
        print(f"{part:<9} {sentence}", flush=True)


def _door(ready: Ready) -> str:
    return f"{ready.door_url} (the form, and POST /v1/complaints)" if ready.door_url else "left out"


def _where_to_look(directory: Path, ready: Ready) -> str:
    lines = [
        "is ready; Ctrl-C stops it, and what is in it stays",
        f"  board        {ready.board_url or 'left out'}",
        f"  door         {_door(ready)}",
        f"  workflows    {ready.temporal_ui}",
        f"  messages     {ready.nats_url}",
        f"  credentials  {Path(ready.credentials.admin).parent}",
        f"  logs         {directory / 'logs'}",
    ]
    return "\n".join(lines)


def _stop_event() -> asyncio.Event:
    """Event that the signals set which ask a program to end."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, event.set)
    return event


async def _start(stack: Stack, asked_to_stop: asyncio.Event) -> Ready | None:
    """Start, unless we are asked to stop before it is done."""
    starting = asyncio.create_task(stack.start())
    stopping = asyncio.create_task(asked_to_stop.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not starting.done():
        starting.cancel()
        await asyncio.wait((starting,))
    return None if starting.cancelled() else starting.result()


async def _run(stack: Stack, asked_to_stop: asyncio.Event) -> None:
    ready = await _start(stack, asked_to_stop)
    if ready is None:
        return
    try:
        _print("amends", _where_to_look(stack.layout.root, ready))
        await asked_to_stop.wait()
        _print("amends", "is stopping")
    finally:
        await stack.stop()


async def up(
    directory: Path,
    ready_file: Path | None = None,
    policy: str = "default",
    *,
    nats_port: int | None = None,
    temporal_port: int | None = None,
    ui_port: int | None = None,
    board_port: int | None = None,
    door_port: int | None = None,
    with_board: bool = True,
    with_door: bool = True,
) -> int:
    """Run the stack in `directory` until SIGINT or SIGTERM, and return the exit status.

    Once everything is ready, `ready_file` is written; it is removed when the stack stops. A failure is
    one sentence on stderr and status 1.
    """
    stack = Stack(
        directory,
        policy=policy,
        nats_port=nats_port,
        temporal_port=temporal_port,
        ui_port=ui_port,
        board_port=board_port,
        door_port=door_port,
        with_board=with_board,
        with_door=with_door,
        ready_file=ready_file,
        report=_print,
    )
    try:
        stack.claim()
        await _run(stack, _stop_event())
    except (StackFailure, OSError) as failure:
        told = refused_by_the_system(failure) if isinstance(failure, OSError) else failure
        print(told, file=sys.stderr)
        return 1
    return 0
