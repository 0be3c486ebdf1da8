"""After the summary: the stack stays up with a few open complaints in it, for looking around."""

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.demo.actors import Owner
from deploy.demo.catalogue import Catalogue, Complaint
from deploy.demo.life import Life
from deploy.demo.outside import OutsideWorld
from deploy.demo.record import Record
from deploy.local.ready import Ready

LEFT_OPEN = "straight"
"""Script whose complaints are sent once more, and not played to their end."""


async def stay_up(console: Console, ready: Ready, place: Path, catalogue: Catalogue, run: str) -> None:
    """Leave the stack up until a signal stops it."""
    record = Record()
    chosen = [complaint for complaint in catalogue.complaints if complaint.life.script == LEFT_OPEN]
    async with OutsideWorld(ready, record) as outside:
        policy = await outside.query("policy")
        for number, complaint in enumerate(chosen):
            life = await _begin(complaint, run, outside, record, policy)
            if number % 3:
                await Owner(life).answers()
            if number % 3 == 2:
                await Owner(life).finds_out()
    console.print(_where_to_look(ready, place, len(chosen)), highlight=False, markup=False, soft_wrap=True)
    asked = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, asked.set)
    await asked.wait()


async def _begin(
    complaint: Complaint, run: str, outside: OutsideWorld, record: Record, policy: dict[str, Any]
) -> Life:
    """Send the same complaint of another complainant, and leave it open."""
    body = json.dumps(complaint.submission(run, datetime.now(UTC)), ensure_ascii=False).encode()
    await outside.submit(complaint.who.channel, body)
    complaint_id = complaint.complaint_id(run)
    await record.stories[complaint_id].sees("assigned")
    return Life(complaint, complaint_id, outside, record.stories, policy, _is_idle)


async def _is_idle(complaint_id: str, delta: timedelta) -> datetime:
    raise RuntimeError(f"the clock of {complaint_id} is not moved by {delta}: it is left to the visitor")


def _where_to_look(ready: Ready, place: Path, still_open: int) -> str:
    lines = [
        "",
        f"The stack stays up, with {still_open} complaints still open; Ctrl-C stops it.",
        f"  board        {ready.board_url}",
        f"  form         {ready.door_url}",
        f"  workflows    {ready.temporal_ui}",
        f"  messages     {ready.nats_url}",
        f"  credentials  {Path(ready.credentials.agent).parent}",
        f"  try          AMENDS_DIR={place} .venv/bin/amends list",
    ]
    return "\n".join(lines)
