"""A package of the contract gives all names of its modules, so no two of them may define the same one."""

import inspect
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

import shared.contract

PACKAGES = ("values", "submission", "commands", "events", "queries")


def _modules(package: str) -> list[ModuleType]:
    path = f"{shared.contract.__name__}.{package}"
    return [import_module(f"{path}.{one.name}") for one in iter_modules(import_module(path).__path__)]


def _defined(module: ModuleType) -> list[str]:
    found = vars(module).items()
    own = [name for name, value in found if getattr(value, "__module__", None) == module.__name__]
    return [name for name in own if not name.startswith("_") and not inspect.ismodule(vars(module)[name])]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_defined_in_two_modules_of_a_package(package: str) -> None:
    names = Counter(name for module in _modules(package) for name in _defined(module))
    assert sum(names.values()) > 10
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("package", ["commands", "events", "queries"])
def test_a_package_gives_the_models_of_each_of_its_modules(package: str) -> None:
    given = vars(import_module(f"{shared.contract.__name__}.{package}"))
    missing = {name for module in _modules(package) for name in _defined(module)} - set(given)
    assert missing == set()


def test_no_module_but_the_public_client_keeps_a_list_of_what_it_exports() -> None:
    root = Path(shared.contract.__file__).parents[2]
    files = [file for top in ("services", "shared", "deploy") for file in (root / top).rglob("*.py")]
    listing = [file for file in files if "__all__" in file.read_text(encoding="utf-8")]
    assert [str(file.relative_to(root)) for file in listing] == ["shared/client/__init__.py"]
