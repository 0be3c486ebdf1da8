"""`amends audit`: the invariants of every history, from the stream alone."""

import asyncio
import sqlite3
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from services.console.audit.auditor.invariants import INVARIANTS
from services.console.audit.auditor.kept import Found, KeptAudit
from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected

EVERY_SECONDS = 5.0

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FILE",
        help="Keep the state of the audit in this file: the next audit with it continues there.",
    ),
]


@app.command(name="audit")
def audit_archive(
    state: State = None, directory: Dir = None, as_json: Json = False, debug: Debug = False
) -> None:
    """Audit every complaint by the facts of the stream; exit status 1 if an invariant is broken."""
    try:
        kept = KeptAudit(state)
    except sqlite3.Error:
        raise UsageError(f"{state} is not the state of an audit, and cannot be made one.") from None
    missing = asyncio.run(_audit(directory, kept, show=not as_json))
    found = [*kept.findings(), *missing]
    facts, cut = kept.number("facts"), kept.number("cut")
    if as_json:
        findings = [_as_json(one) for one in found]
        document({"ok": not found, "facts": facts, "without_beginning": cut, "findings": findings})
    else:
        print(
            f"{facts} facts audited, {len(found)} findings. 已核查 {facts} 条事实，发现 {len(found)} 处问题。"
        )
        if cut:
            print(f"{cut} complaints are older than the stream, and were not judged.")
    if found:
        raise typer.Exit(1)


async def _audit(directory: Path | None, kept: KeptAudit, *, show: bool) -> list[Found]:
    """Audit; returns the findings that only hold at the present end of the stream: missing facts."""
    from services.console.audit.archive import audit

    progress = AuditProgress()
    before, known = set(kept.findings()), list[Found]()
    for one in before if show else ():
        print(_lines(one))
    async with connected(directory) as client:
        async for one in audit(client, kept, progress):
            known.append(one)
            if show:
                print(_lines(one))
    return [one for one in known if one not in set(kept.findings())]


class AuditProgress:
    """Progress on standard error, every few seconds."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, reached: int, last: int) -> None:
        if time.monotonic() - self._at > EVERY_SECONDS:
            self._at = time.monotonic()
            print(f"… {reached:,} / {last:,} ({100 * reached // last} %)", file=sys.stderr)


def _lines(found: Found) -> str:
    complaint, fact, code = found
    one = INVARIANTS[code]
    return "\n".join(
        [f"{complaint or '—'} {fact} {code}", f"  {one.en} {one.do_en}", f"  {one.zh}{one.do_zh}"]
    )


def _as_json(found: Found) -> dict[str, str]:
    complaint, fact, code = found
    one = INVARIANTS[code]
    named = {"complaint_id": complaint, "fact": fact, "invariant": code}
    return named | {"message": one.en, "message_zh": one.zh, "do": one.do_en, "do_zh": one.do_zh}
