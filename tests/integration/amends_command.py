"""Runs the real `amends` in a process of its own, as a person would."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """How it ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


async def amends(*words: str, stdin: bytes | None = None, environment: dict[str, str] | None = None) -> Ran:
    """Run `amends` with these words and wait for its end, at most a minute."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AMENDS_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.console", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=clean | {"NO_COLOR": "1"} | (environment or {}),
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate(stdin)
    return Ran(process.returncode or 0, out.decode(), err.decode())
