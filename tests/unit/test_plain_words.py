"""Words and names are plain technical English (`tests/plain_words.py`)."""

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
