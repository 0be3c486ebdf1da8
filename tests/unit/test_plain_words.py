"""Words and names are plain (`tests/plain_words.py`), and a public class has its name to itself."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.plain_words import ROOT, findings, messages, names, texts

CHECKED = [ROOT / "services", ROOT / "shared", ROOT / "deploy"]

WORDS_OF_CUSTOMERS = {
    "services/intake/duplicates/everyday_words.py",
    "services/intake/robots/wordings.py",
}
"""Files whose strings are words that customers and machines write."""


WIRE_NAMES = {
    "told": "a field of the facts `merged` and `contact_added`",
    "said_by": "a column of followup's verdicts",
    "standing": "a column of intake's grumbles",
    "heard": "a field of `Carried`, which a workflow passes to its next run",
}
"""Names that are pinned on the wire or in a table, and what each is."""


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


def test_docstrings_and_comments_use_plain_words() -> None:
    left = [str(finding) for finding in findings(CHECKED, texts)]
    assert not left, "\n".join(["Write these in plain words:", *left])


def test_messages_to_people_use_plain_words() -> None:
    found = [
        str(finding) for finding in findings(CHECKED, messages) if finding.file not in WORDS_OF_CUSTOMERS
    ]
    assert not found, "\n".join(["Write these in plain words:", *found])


def test_names_use_plain_words() -> None:
    found = findings(CHECKED, names)
    left = [str(one) for one in found if one.fault.partition(":")[0] not in WIRE_NAMES]
    assert not left, "\n".join(["Name these in plain words:", *left])
    assert {one.fault.partition(":")[0] for one in found} == WIRE_NAMES.keys()


@pytest.mark.parametrize(
    ("docstring", "word"),
    [
        ("The complaint.", "The"),
        ("What happened.", "What"),
        ("Who owns it.", "Who"),
        ("How it ends.", "How"),
        ("A complaint.", "A"),
        ("One of many.", "One"),
        ("From an event to a complaint.", "From"),
    ],
)
@pytest.mark.parametrize(
    "place", ['"""{}"""', 'class C:\n    """{}"""', 'def f():\n    """{}"""', 'X = 1\n"""{}"""']
)
def test_a_docstring_begins_with_no_article_and_no_question_word(
    docstring: str, word: str, place: str
) -> None:
    assert [fault for _, fault in texts(place.format(docstring))] == [
        f'begins with "{word}": begin with a verb or a noun'
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Facts are said once.",
        "Publishes whatever it heard.",
        "Keeps what stands\n    on record.",
        "Messages put aside.",
        "Texts are put away.",
        "Wait in\n    line.",
        "Needs an owner; nobody's complaint waits.",
        "Takes the next one.",
        "Tells Temporal.",
        "Rows of a matter.",
        "Instants of the reckoning.",
    ],
)
@pytest.mark.parametrize("place", ['"""{}"""', '"""Title.\n\n{}\n"""', "# {}"])
def test_words_of_the_table_are_found_wherever_people_read(text: str, place: str) -> None:
    if place.startswith("#"):
        text = " ".join(text.split())
    assert list(texts(place.format(text)))


@pytest.mark.parametrize(
    "source",
    [
        '"""`told` names the fields."""',
        '"""Store the facts; no matter how often they come, in one transaction per line of the file."""',
        "x = 'said'  # noqa: S101",
        '"""Understand outstanding offers, and notify the owner (one per cycle)."""',
    ],
)
def test_plain_words_and_names_of_the_wire_pass(source: str) -> None:
    assert list(texts(source)) == []


def test_messages_are_judged_and_docstrings_and_single_words_are_not() -> None:
    source = (
        '"""It is said."""\nprint("nobody answers")\nx = "said"\ny = f"{x} was put aside"\nz = "use `desk`"\n'
    )
    assert [line for line, _ in messages(source)] == [2, 4]


def test_a_finding_has_the_line_of_its_word() -> None:
    assert [line for line, _ in texts('"""Title.\n\nFirst.\nThen it is said.\n"""\n\n# heard\n')] == [4, 7]


def test_names_are_judged_by_the_words_that_they_are_made_of() -> None:
    assert [
        line for line, _ in names("def put_away():\n    pass\nclass SaidAgain:\n    pass\nlambda told: 1\n")
    ] == [1, 3, 5]
    assert list(names("def understanding(outstanding): pass")) == []


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
