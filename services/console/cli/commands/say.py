"""`amends say --check`: the faults of a text before the complainant reads it."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from services.console.cli.app import Debug, Dir, Json, app
from services.console.cli.output import document, terminal
from services.console.cli.usage import UsageError
from services.console.connection.nats import connected
from shared.client.requests import result_of
from shared.contract.queries import WordingQuery

COLOURS = {"block": "red", "warn": "yellow", "suggest": "cyan"}


@app.command("say")
def check_text(
    text: Annotated[str, typer.Argument(help="The text, or - for standard input.")],
    check: Annotated[bool, typer.Option("--check", help="Only check the wording; nothing is sent.")] = False,
    dated: Annotated[bool, typer.Option(help="The text goes with a date of its own (`promise_by`).")] = False,
    directory: Dir = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check the wording of a text for a complainant; exit status 1 if it would be refused."""
    if not check:
        raise UsageError("`amends say` only checks, with --check; send a text with `amends command respond`.")
    words = sys.stdin.read() if text == "-" else text
    report = asyncio.run(_checked(directory, {"text": words, "dated": dated}))
    if as_json:
        document(report)
    else:
        _print(report)
    raise typer.Exit(0 if report["sendable"] else 1)


def _print(report: dict[str, Any]) -> None:
    out = terminal()
    for one in report["findings"]:
        level = f"[{COLOURS[one['level']]}]{one['level']}[/]"
        out.print(f"{level} {one['kind']}: {one['words']}", highlight=False)
        out.print(f"  {one['reason']}. {one['better']}.\n  {one['reason_zh']}。{one['better_zh']}。")
    out.print(
        "This text may be sent. 可以发送。" if report["sendable"] else "This text is refused. 不能发送。"
    )


async def _checked(directory: Path | None, wanted: dict[str, Any]) -> dict[str, Any]:
    async with connected(directory) as client:
        return await result_of(client, WordingQuery.NAME, wanted)
