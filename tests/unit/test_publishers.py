"""The file of publishers: what it keeps, and for what a token is good."""

from pathlib import Path

import pytest

from shared.runtime.publishers import Publishers, UnusableTokens, new_token, read, write


def test_only_the_hash_of_a_token_is_kept_for_the_owner_alone(tmp_path: Path) -> None:
    token, file = new_token(), tmp_path / "tokens.json"
    write(file, Publishers().with_token("crm", "crm.example", token, only=False))
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    known = read(file).known_by(token)
    assert known is not None
    assert known.name == "crm"
    assert read(file).known_by(token + "x") is None


def test_the_token_before_stays_good_until_the_next_but_one(tmp_path: Path) -> None:
    first, second, third = new_token(), new_token(), new_token()
    file = (
        Publishers().with_token("crm", "crm", first, only=False).with_token("crm", "crm", second, only=False)
    )
    assert file.known_by(first)
    assert file.known_by(second)
    file = file.with_token("crm", "crm", third, only=False)
    assert not file.known_by(first)
    assert file.known_by(second)
    alone = file.with_token("crm", "crm", first, only=True)
    assert [bool(alone.known_by(token)) for token in (first, second, third)] == [True, False, False]
    assert alone.without("crm").known_by(first) is None


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("crm", True),
        ("crm/cases", True),
        ("crm-of-others", False),
        ("cr", False),
        ("", False),
        ("CRM", False),
    ],
)
def test_a_publisher_speaks_for_its_source_and_below(source: str, may: bool) -> None:
    [publisher] = Publishers().with_token("crm", "crm", new_token(), only=False).publishers
    assert publisher.may_speak_for(source) is may


@pytest.mark.parametrize(
    ("name", "source"),
    [("Big Name", "crm"), ("", "crm"), ("crm", ""), ("crm", "amends"), ("crm", "amends/door")],
)
def test_what_makes_no_publisher_is_refused(name: str, source: str) -> None:
    with pytest.raises(UnusableTokens):
        Publishers().with_token(name, source, new_token(), only=False)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"publishers": [{"name": "a"}]}', '{"publishers": [], "token": "amends_secret"}'],
)
def test_a_spoilt_file_is_said_to_be_one_without_its_content(tmp_path: Path, content: str) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(content)
    with pytest.raises(UnusableTokens) as unusable:
        read(file)
    assert "amends_secret" not in str(unusable.value)
