"""Words for people on the terminal, or one JSON document for programs: never both on standard output."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.json import JSON
from rich.markup import escape

from shared.client.failures import AmendsError, RequestRefused


def terminal() -> Console:
    """Standard output with colour where there is a terminal; as wide as a table needs where there is none."""
    plain = not sys.stdout.isatty()
    return Console(file=sys.stdout, width=160 if plain else None, soft_wrap=False, highlight=False)


def document(value: Any) -> None:
    """Print the single JSON document of `--json`."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def pretty(value: Any) -> None:
    """Print the same JSON in colour, for a person who asked for raw output."""
    if sys.stdout.isatty():
        terminal().print(JSON.from_data(value, ensure_ascii=False))
    else:
        document(value)


def explain(failure: AmendsError, as_json: bool) -> None:
    """Print the error's sentence on standard error; with `--json` also a document on standard output."""
    if as_json:
        document({"ok": False, "error": _as_error(failure)})
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]{escape(failure.sentence)}[/red]")


def _as_error(failure: AmendsError) -> dict[str, Any]:
    if isinstance(failure, RequestRefused):
        return failure.refusal.model_dump(mode="json")
    return {"code": str(failure.code), "message": failure.sentence}
