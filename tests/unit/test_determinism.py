"""What keeps workflow code deterministic without a sandbox: the linter refuses what differs at a replay."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted(ROOT.glob("services/*/*workflow.py"))

BANNED = {
    "the time": "import time\n\ntime.time()\n",
    "the date": "from datetime import datetime\n\ndatetime.now()\n",
    "today": "import datetime\n\ndatetime.date.today()\n",
    "chance": "import random\n\nrandom.random()\n",
    "a random id": "from uuid import uuid4\n\nuuid4()\n",
    "the environment": "import os\n\nos.environ\n",
    "threads": "import asyncio\n\nasyncio.to_thread(print)\n",
}


def refused(path: Path, code: str) -> bool:
    """Whether ruff finds banned API in this code, as if it were the file's."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--no-cache", "--quiet"]
    name = str(path.relative_to(ROOT))
    done = subprocess.run(
        [*command, "--stdin-filename", name, "-"], input=code, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode in (0, 1), done.stderr
    return "TID251" in done.stdout


@cache
def own_imports(path: Path) -> frozenset[Path]:
    """The modules of the same service that a module imports, with those that they import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prefix = f"services.{path.relative_to(ROOT).parts[1]}."
    found: set[Path] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(prefix):
            found |= {one for name in node.names if (one := module(node.module, name.name))}
    return frozenset(found.union(*(own_imports(one) for one in found)))


def module(package: str, name: str) -> Path | None:
    """The file of a module, or of a name in it."""
    place = ROOT / Path(*package.split("."))
    files = (place / f"{name}.py", place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.exists()), None)


@pytest.mark.parametrize("code", BANNED.values(), ids=list(BANNED))
def test_a_rule_that_asks_the_world_is_refused(code: str) -> None:
    assert refused(ROOT / "services/routing/rules/new.py", code)


def test_code_outside_of_workflows_may_ask_the_world() -> None:
    assert not refused(ROOT / "services/routing/activities.py", BANNED["the date"])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.parent.name)
def test_a_workflow_and_every_module_of_its_service_that_it_imports_are_covered(workflow: Path) -> None:
    reached = {workflow, *own_imports(workflow)}
    assert len(reached) > 1
    uncovered = sorted(
        str(path.relative_to(ROOT)) for path in reached if not refused(path, BANNED["the date"])
    )
    assert not uncovered, f"name them in per-file-ignores of pyproject.toml: {uncovered}"
