"""Every command that the runbook names for lost stores is one of `amends`, with options that it takes."""

import re
import shlex
from pathlib import Path

import click
import pytest
import typer

import services.console.commands  # noqa: F401  gives the application its commands
from services.console.app import app

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
    command = typer.main.get_command(app)
    name = "amends"
    while isinstance(command, click.Group):
        name, words = words[0], words[1:]
        assert name in command.commands, line
        command = command.commands[name]
    command.make_context(name, words)
