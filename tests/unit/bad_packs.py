"""Packs on disk for tests: a copy of the default one, with some of its text changed."""

import shutil
from datetime import date
from pathlib import Path

from shared.policy.assembling import PACKS
from shared.policy.loader import load_policy
from shared.policy.problems import PackProblem, PolicyError

TODAY = date(2026, 11, 21)


class PackCopy:
    """Copy of a pack's directory; `change` edits it, `problem` loads it and returns what is wrong."""

    def __init__(self, directory: Path, of: str = "default") -> None:
        self.directory = directory / "pack"
        shutil.copytree(PACKS / of, self.directory)

    def change(self, file: str, old: str, new: str) -> "PackCopy":
        """Replace the first `old`, which must be there."""
        path = self.directory / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def add(self, file: str, text: str) -> "PackCopy":
        path = self.directory / file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")
        return self

    def line_of(self, file: str, text: str) -> int:
        """Number, from 1, of the first line that holds `text`."""
        lines = (self.directory / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def problems(self, *regimes: str) -> list[PackProblem]:
        """Problems that the loader reports; it must refuse the pack."""
        try:
            load_policy(",".join((str(self.directory), *regimes)), TODAY)
        except PolicyError as error:
            return error.problems
        raise AssertionError("the pack was loaded")

    def problem(self, *regimes: str) -> PackProblem:
        """Problem that the loader reports; there must be only one."""
        problems = self.problems(*regimes)
        assert len(problems) == 1, problems
        return problems[0]
