"""A file of a policy that is too large, too deep or swells by its aliases is refused before it is read."""

import resource
from pathlib import Path

import pytest

from shared.policy.bounded import DEEPEST, LONGEST, MOST_BYTES, MOST_VALUES
from shared.policy.marked import read
from shared.policy.problems import PackProblem, PolicyError


def refused(tmp_path: Path, text: str) -> PackProblem:
    path = tmp_path / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read(path, "pack.yaml")
    (problem,) = caught.value.problems
    return problem


def swelling(lines: int, width: int) -> str:
    """Each line is a list of so many of the line before."""
    head = f"a0: &a0 [{', '.join(['x'] * width)}]\n"
    return head + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(1, lines))


def test_twelve_lines_of_anchors_cost_nothing(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    problem = refused(tmp_path, swelling(12, 9))
    assert (problem.file, problem.line) == ("pack.yaml", 5)
    assert "too many values" in problem.sentence
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def test_aliases_in_mappings_and_as_keys_are_counted(tmp_path: Path) -> None:
    mappings = "a0: &a0 {x: 1, y: 2}\n" + "".join(
        f"a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(9))}}}\n" for n in range(1, 12)
    )
    assert "too many values" in refused(tmp_path, mappings).sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id: x\n" + "#" * MOST_BYTES, "too large"),
        ("a: " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "too deep"),
        ("a: [" + "x, " * MOST_VALUES + "]", "too many values"),
        ("a: " + "1:1" * LONGEST, "too long"),
        ("a: &a [*a]", "contain itself"),
    ],
    ids=["bytes", "depth", "values", "length", "itself"],
)
def test_each_limit_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in refused(tmp_path, text).sentence


def test_a_few_aliases_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text("a: &a [1, 2]\nb: *a\nc: [*a, *a]\n", encoding="utf-8")
    assert read(path, "pack.yaml").content == {"a": [1, 2], "b": [1, 2], "c": [[1, 2], [1, 2]]}
