"""Fixtures: none hides another of the same name, so the reader of a test finds the right fixture."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]


def fixtures(module: Path) -> Iterator[str]:
    """Names of the fixtures that a module defines."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [ast.unparse(one).removeprefix("pytest.") for one in node.decorator_list]
            if any(mark == "fixture" or mark.startswith("fixture(") for mark in marks):
                yield node.name


def shared(conftest: Path) -> set[str]:
    """Names that a conftest module gives to the tests beside and below it."""
    tree = ast.parse(conftest.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.")
        for alias in node.names
    }
    return imported | set(fixtures(conftest))


def defining(conftest: Path) -> set[Path]:
    """Modules from which a conftest module imports what it gives."""
    tree = ast.parse(conftest.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    paths = [TESTS.parent / (module.replace(".", "/") + ".py") for module in modules]
    return {path for path in paths if path.exists()}


def test_no_fixture_hides_another_of_the_same_name() -> None:
    hidden = []
    for conftest in sorted(TESTS.rglob("conftest.py")):
        given, own = shared(conftest), defining(conftest) | {conftest}
        for module in set(conftest.parent.rglob("*.py")) - own:
            hidden += [f"{module.relative_to(TESTS)}: {name}" for name in fixtures(module) if name in given]
    assert hidden == []


def test_a_fixture_is_seen_here() -> None:
    assert {"nats_server", "stack", "own_stack", "door_nats"} <= shared(TESTS / "conftest.py")
    assert "own_stack" in set(fixtures(TESTS / "stacks.py"))
