"""Audit of the demo's facts by `amends audit`, as an outsider would run it."""

import asyncio
import json
import sys
from pathlib import Path


async def audit(place: Path) -> list[str]:
    """Sentence for each invariant that a fact of the stack in this directory breaks."""
    words = ("-m", "services.console", "audit", "--json", "--dir", str(place))
    ran = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    printed, _ = await ran.communicate()
    try:
        findings = json.loads(printed)["findings"]
    except (ValueError, KeyError):
        return [f"`amends audit` ended with status {ran.returncode} and no findings"]
    return [
        f"{one['complaint_id']}: {one['fact']} breaks the invariant {one['invariant']}" for one in findings
    ]
