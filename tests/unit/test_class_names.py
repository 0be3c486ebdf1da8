"""A public class has its name to itself, unless all classes of that name are the same thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.plain_words import ROOT

CHECKED = [ROOT / "services", ROOT / "shared", ROOT / "deploy"]

SAME_THING = {
    "Accepted": "reply to what was accepted, of the door and of a command; both names are published",
    "Activities": "activities that the workflow of this service calls",
    "Fact": "fact, as it is published, and as the auditor reads it, which imports nothing of ours",
    "Flush": "facts, state and replies that the workflow of this service stores together",
    "LostRows": "rows of this service, made again from the stream",
    "Opening": "content of the fact that opens a workflow of this service",
    "Pause": "wait for the complainant: the command that asks for it, and the wait in the state of the case",
    "PolicyRow": "policy that this service has run under, as a row",
    "Question": "question about a complaint: to the complainant, or to the roster about who may handle it",
    "Store": "database of this service",
    "Verb": "row of this service's table of verbs",
}
"""Names that several modules may use for a class, each with what all of these classes are."""


def public_classes(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def modules_of_classes() -> dict[str, list[str]]:
    found = defaultdict(list)
    for package in CHECKED:
        for file in sorted(package.rglob("*.py")):
            for name in public_classes(file.read_text(encoding="utf-8")):
                found[name].append(file.relative_to(ROOT).as_posix())
    return found


def test_two_classes_of_one_name_are_the_same_thing() -> None:
    several = {name: places for name, places in modules_of_classes().items() if len(places) > 1}
    assert {name: places for name, places in several.items() if name not in SAME_THING} == {}
    assert SAME_THING.keys() - several.keys() == set()


def test_a_class_inside_another_and_a_private_class_do_not_count() -> None:
    assert list(
        public_classes("class A:\n    class B: ...\nclass _C: ...\ndef f():\n    class D: ...\n")
    ) == ["A"]
