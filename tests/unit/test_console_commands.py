"""The commands of `amends`: all of them are listed, and none waits for what only others need."""

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
from typer.main import get_group
from typer.testing import CliRunner

from services.console.cli import commands
from services.console.cli.app import app, defined
from services.console.cli.command_table import COMMANDS
from shared import client

OF_THE_DESIGN = {
    "up", "submit", "show", "list", "watch", "command", "query", "fast-forward", "doctor", "contract",
    "quarantine", "policy",
}  # fmt: skip

HEAVY = {"sqlalchemy", "temporalio", "faststream", "structlog", "fastapi", "cryptography", "holidays", "re2"}
"""Libraries that take long to import, and that no question to a running stack needs."""

QUESTIONS = ["show", "list", "watch", "command", "query", "submit", "verify", "quarantine", "policy", "reads"]


def test_every_command_of_the_design_is_there() -> None:
    assert set(COMMANDS) >= OF_THE_DESIGN


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_summary_is_the_first_sentence_of_its_own_help(name: str) -> None:
    assert COMMANDS[name].help == " ".join(defined(name).help.split("\n\n")[0].split())
    assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_every_module_of_commands_is_reached_from_the_list() -> None:
    modules = {module.name for module in pkgutil.iter_modules(commands.__path__)}
    assert {module for listed in COMMANDS.values() for module in listed.modules} == modules
    for module in modules:
        import_module(f"{commands.__name__}.{module}")
    assert set(get_group(app).commands) == set(COMMANDS)


def loaded_by(code: str) -> set[str]:
    """The packages that a new process has imported after this code."""
    ending = "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code + ending], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_the_list_of_commands_loads_no_library_of_theirs() -> None:
    assert not loaded_by("import services.console.__main__") & (HEAVY | {"yaml", "psutil", "orjson"})


def test_a_question_to_a_running_stack_loads_no_heavy_library() -> None:
    calls = "; ".join(f"defined({name!r})" for name in QUESTIONS)
    assert not loaded_by(f"from services.console.cli.app import defined; {calls}") & HEAVY


def test_every_public_name_of_the_client_library_is_there() -> None:
    for name in client.__all__:
        assert getattr(client, name).__name__ == name
    assert not hasattr(client, "nonsense")
