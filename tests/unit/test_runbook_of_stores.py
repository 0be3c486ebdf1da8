"""Every command that the runbook names for lost stores is one of `amends`, with options that it takes."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from services.console.cli.app import app

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
SECTIONS = ("Backups", "When a store is lost")


def lines() -> list[str]:
    text = RUNBOOK.read_text(encoding="utf-8")
    parts = [re.split(r"^## ", text.split(f"\n## {name}\n")[1], flags=re.M)[0] for name in SECTIONS]
    blocks = [block for part in parts for block in re.findall(r"```sh\n(.*?)```", part, re.S)]
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_both_sections_have_commands() -> None:
    assert {line.split()[1] for line in lines()} >= {"backup", "restore", "rebuild", "reconcile", "verify"}


@pytest.mark.parametrize("line", lines())
def test_a_command_of_the_runbook_is_understood(line: str) -> None:
    amends, *words = shlex.split(line)
    assert amends == "amends"
    name, command = "amends", typer.main.get_command(app)
    while isinstance(command, TyperGroup):
        name, command, words = command.resolve_command(typer.Context(command), words)
    command.make_context(name, words)
