"""Entry point: `python -m deploy.demo [--stay] [--dir D]`. Exit status 0 if every script was followed, else
1.
"""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from rich.console import Console

from deploy.demo.run import demo
from deploy.local.failure import StackFailure

INTERRUPTED = 130


def main() -> int:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="leave the stack up at the end, until Ctrl-C")
    parser.add_argument("--dir", type=Path, help="run in this directory and keep it (default: a fresh one)")
    asked = parser.parse_args()
    console = Console(highlight=False)
    try:
        return asyncio.run(_stoppable(console, asked.dir, asked.stay))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped before the end.", file=sys.stderr)
        return INTERRUPTED
    except StackFailure as failure:
        print(failure, file=sys.stderr)
        return 1


async def _stoppable(console: Console, directory: Path | None, stay: bool) -> int:
    """SIGTERM stops everything too, like Ctrl-C does."""
    playing = asyncio.ensure_future(demo(console, directory, stay))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    return await playing


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The Temporal SDK's threads outlive the interpreter and can abort it.
    os._exit(status)
