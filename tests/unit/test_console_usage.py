"""Exit statuses and sentences of the command line, without a running stack."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.console.cli.app import app
from shared.contract.events import FACTS


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No stack runs where these tests look."""
    monkeypatch.delenv("AMENDS_NATS_URL", raising=False)
    monkeypatch.setenv("AMENDS_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("NO_COLOR", "1")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--nonsense"],
        ["list", "--limit", "x"],
        ["list", "--limit", "0"],
        ["show"],
        ["command", "respond", "C1"],
        ["command", "nonsense", "C1", "--actor", "a"],
        ["command", "respond", "C1", "text", "--actor", "a"],
        ["command", "respond", "C1", "--actor", "a", "--data", "[]"],
        ["query", "nonsense"],
        ["fast-forward", "C1", "soon"],
        ["submit", "there-is-no-such-file"],
        ["submit", "-", "--channel", "pigeon"],
        ["quarantine", "show", "0"],
        ["policy", "check"],
        ["policy", "nonsense"],
        ["door-token", "crm"],
        ["door-token", "crm", "--source", "crm", "--revoke"],
    ],
)
def test_a_wrong_command_line_is_status_2_and_one_sentence(words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip().endswith(".")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["list", "--limit", "x"], "Invalid value for '--limit': must be a whole number. "),
        (["list", "--limit", "0"], "Invalid value for '--limit': must be at least 1. "),
        (["list", "--limit", "501"], "Invalid value for '--limit': must be at most 500. "),
        (
            ["submit", "-", "--channel", "pigeon"],
            "Invalid value for '--channel': 'pigeon' is not one of 'phone',",
        ),
        (["worklist"], "No such command 'worklist'. Did you mean 'list'? See"),
        (["door-token", "a b", "--source", "crm"], "name: must be 1 to 64 small letters, digits,"),
        (["door-token", "crm", "--source", ""], "sources.0: must not be empty."),
    ],
)
def test_a_fault_is_reported_in_words_for_people(words: list[str], sentence: str) -> None:
    said = run(*words).stderr
    assert sentence in said
    assert not any(one in said for one in ("Input should", "String should", "Value error", "match pattern"))


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["show", "C1"],
        ["watch", "--once"],
        ["command", "respond", "C1", "--actor", "a"],
        ["query", "rates"],
        ["fast-forward", "C1", "25h"],
        ["policy"],
        ["quarantine", "list"],
        ["quarantine", "replay", "1"],
    ],
)
def test_a_command_without_a_running_stack_names_the_way_to_start_it(words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert "amends up" in result.stderr
    assert result.stdout == ""


def test_a_failure_is_one_document_with_json() -> None:
    result = run("list", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "unavailable"


def test_doctor_finds_that_nothing_runs() -> None:
    result = run("doctor", "--json")
    assert result.exit_code == 1
    states = {finding["part"]: finding["state"] for finding in json.loads(result.stdout)["findings"]}
    assert states["stack"] == "wrong"


def test_a_bad_complaint_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "complaint.json"
    file.write_text('{"customer": {"ref": "c"}}')
    result = run("submit", str(file))
    assert result.exit_code == 1
    assert "needs a narrative or a title" in result.stderr


def test_a_pack_is_checked_without_a_stack() -> None:
    result = run("policy", "check", "uk-disp,uk-psd")
    assert result.exit_code == 0
    assert result.stdout.startswith("OK")
    assert "psd_final_response (uk-psd): 15d business_days" in result.stdout
    checked = json.loads(run("policy", "check", "cn-12345", "--json").stdout)
    assert checked["ok"] is True
    assert [one["id"] for one in checked["regimes"]] == ["cn-12345"]


def test_a_bad_pack_is_status_1_and_one_sentence_for_each_problem(tmp_path: Path) -> None:
    words = "extends: default\nlanguage: fr\nversion: 1\nid: mine\n"
    (tmp_path / "pack.yaml").write_text(words)
    result = run("policy", "check", str(tmp_path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "pack.yaml:2: language: 'fr' is not allowed; allowed are 'zh' or 'en'",
        'pack.yaml:3: version: must be text; write "1", in quotes',
    ]
    told = json.loads(run("policy", "check", str(tmp_path), "--json").stdout)
    assert told["ok"] is False
    assert [one["line"] for one in told["problems"]] == [2, 3]
    assert run("policy", "check", "there-is-none").exit_code == 1


def test_nothing_is_started_under_a_bad_pack(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("extends: default\nlanguage: fr\n")
    result = run("up", "--policy", str(tmp_path), "--dir", str(tmp_path / "stack"))
    assert result.exit_code == 1
    assert "pack.yaml:2: language: 'fr' is not allowed; allowed are 'zh' or 'en'" in result.stderr
    assert not (tmp_path / "stack").exists()


def test_an_unreadable_ready_file_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text("{")
    result = run("list", "--dir", str(tmp_path))
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_the_contract_is_shown_without_a_stack() -> None:
    assert json.loads(run("contract", "--json").stdout)["events"] == list(FACTS)
    assert json.loads(run("contract", "--asyncapi").stdout)["asyncapi"].startswith("3.")
    assert json.loads(run("contract", "--schema", "event:agreed").stdout)["$id"].endswith("event:agreed")
    assert run("contract", "--schema", "event:nonsense").exit_code == 1


def test_the_unexpected_keeps_its_name_and_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(directory: Path | None) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("services.console.connection.nats.find", broken)
    result = run("list")
    assert result.exit_code == 1
    assert "ZeroDivisionError: inside" in result.stderr
    assert isinstance(run("list", "--debug").exception, ZeroDivisionError)


def test_a_token_is_printed_once_and_its_publisher_sent_away(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    made = run("door-token", "crm", "--source", "crm.example", "--file", str(file))
    assert made.exit_code == 0
    assert made.stdout.strip() not in file.read_text()
    assert run("door-token", "crm", "--source", "amends", "--file", str(file)).exit_code == 1
    assert run("door-token", "crm", "--revoke", "--file", str(file)).exit_code == 0
    assert run("door-token", "crm", "--revoke", "--file", str(file)).exit_code == 1
