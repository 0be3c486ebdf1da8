"""Patterns of a policy run in RE2; one that it does not take is named with file, line and field."""

import pytest

from shared.policy.models import Lexicon
from shared.policy.patterns import LONGEST, MOST_HITS, BadPattern, any_of, compiled, is_pattern
from shared.triage.lexicon import Finder
from tests.unit.bad_packs import PackCopy


@pytest.mark.parametrize(
    "written", [r"(a)\1", "(?=b)a", "(?<!b)a", "a(", "[", "(a{1000}){1000}", "a" * (LONGEST + 1) + "+"]
)
def test_a_pattern_that_re2_rejects_is_refused(written: str) -> None:
    assert is_pattern(written)
    with pytest.raises(BadPattern):
        compiled(written)


def test_the_place_of_a_bad_pattern_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    pack = PackCopy(tmp_path)
    pack.change("triage.yaml", "第.*条", r"(第)\1")
    (problem,) = pack.problems()
    assert (problem.file, problem.field.split(".")[:2]) == ("triage.yaml", ["lexicon", "styles"])
    assert problem.line > 1
    assert "RE2" in problem.sentence


def test_a_pattern_that_doubles_elsewhere_takes_its_time_only_once() -> None:
    pattern = compiled("(a+)+$")
    assert pattern.hits("a" * 200_000 + "b") == 0
    assert pattern.hits("a" * 200_000) == 1


def test_hits_are_counted_up_to_a_limit() -> None:
    assert compiled("x[^条]*条|x").hits("x" * 200_000) == MOST_HITS


def test_letter_case_makes_no_difference_and_classes_keep_theirs() -> None:
    lexicon = Lexicon(categories={}, motives={}, styles={"prepared": [r"Art\S+le \d+"]}, safety=[])
    assert Finder(lexicon).signals(["see ARTICLE 7"]).styles == ["prepared"]
    assert Finder(lexicon).signals(["see Art  le 7"]).styles == []


def test_one_walk_for_a_list_of_patterns_finds_what_each_finds_alone() -> None:
    written = ["smok(?:e|ing)", "着火|冒烟", "^hand .* burnt$"]
    texts = ["It is SMOKING", "手机冒烟了", "hand is burnt", "my hand is burnt", "all is well", ""]
    together = any_of(written)
    assert [together(text) for text in texts] == [
        any(compiled(one).hits(text) for one in written) for text in texts
    ]
    assert not any_of([])("anything")


def test_patterns_too_large_to_be_searched_together_are_searched_alone() -> None:
    assert any_of([f"(?:a{number}b{{1,200}}){{1,4}}" for number in range(2_000)])("nothing of it")
