"""A renamed Python symbol never renames a wire name."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.contract import subjects
from shared.contract.classify import ClassifyReply, ClassifyRequest
from shared.contract.commands import COMMANDS, verbs_of
from shared.contract.errors import MESSAGES, ErrorCode
from shared.contract.events import FACTS, FactHeader
from shared.contract.quarantine import Reason
from shared.contract.queries import QUERIES, RESULTS, Binding, WorkItem
from shared.contract.subjects import Channel, Service
from shared.contract.submission import Customer, Submission
from shared.contract.values import Outcome, Stage
from tests.contract import wire_names


def fields(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_the_names_of_facts_verbs_and_queries_are_pinned() -> None:
    assert set(FACTS) == set(wire_names.FACTS)
    assert set(COMMANDS) == set(wire_names.VERBS)
    assert set(QUERIES) == set(RESULTS) == set(wire_names.QUERIES)


@pytest.mark.parametrize("name", wire_names.FACTS)
def test_a_fact_keeps_its_fields(name: str) -> None:
    assert set(wire_names.FACTS[name].split()) <= fields(FACTS[name])


@pytest.mark.parametrize("verb", wire_names.VERBS)
def test_a_verb_keeps_its_fields(verb: str) -> None:
    assert set(wire_names.VERBS[verb].split()) <= fields(COMMANDS[verb])


@pytest.mark.parametrize("name", wire_names.QUERIES)
def test_a_query_keeps_its_fields(name: str) -> None:
    assert set(wire_names.QUERIES[name].split()) <= fields(QUERIES[name])


def test_the_header_of_facts_and_the_submission_keep_their_fields() -> None:
    assert set(wire_names.HEADER.split()) == fields(FactHeader)
    assert set(wire_names.SUBMISSION.split()) <= fields(Submission)
    assert set(wire_names.CUSTOMER.split()) <= fields(Customer)


def test_the_request_to_a_classifier_and_its_answer_keep_their_subject_and_fields() -> None:
    assert subjects.CLASSIFY == "complaints.v1.classify"
    assert set(wire_names.CLASSIFY.split()) == fields(ClassifyRequest)
    assert set(wire_names.CLASSIFY_REPLY.split()) <= fields(ClassifyReply)


def test_the_binding_obligation_is_named_with_its_regime() -> None:
    assert {"binding"} <= fields(RESULTS["complaint"]) & fields(WorkItem)
    assert set(wire_names.BINDING.split()) == fields(Binding)


def test_no_own_field_of_a_fact_hides_one_of_the_header() -> None:
    assert {name for name, fact in FACTS.items() if fields(fact) & fields(FactHeader)} == set()


def test_the_subject_of_replies_is_written_in_one_place_only() -> None:
    """Permissions and connections must agree: a prefix that drifts is a service that hears no reply."""
    assert (subjects.INBOX, subjects.inbox_prefix("door")) == ("_INBOX", "_INBOX_door")
    root = Path(__file__).parents[2]
    files = [file for top in ("services", "shared", "deploy") for file in root.glob(f"{top}/**/*.py")]
    written = [file for file in files if re.search(r"[\"']_INBOX", file.read_text(encoding="utf-8"))]
    assert written == [Path(subjects.__file__)]


def test_each_service_publishes_and_answers_only_its_own_names() -> None:
    said = {service: {name for name, fact in FACTS.items() if service in fact.BY} for service in Service}
    assert said[Service.INTAKE] == set(wire_names.SAID_BY_INTAKE.split())
    assert said[Service.FOLLOWUP] == set(wire_names.SAID_BY_FOLLOWUP.split())
    assert set(verbs_of(Service.INTAKE)) == set(wire_names.DONE_BY_INTAKE.split())
    assert set(verbs_of(Service.FOLLOWUP)) == set(wire_names.DONE_BY_FOLLOWUP.split())


@pytest.mark.parametrize(
    ("words", "pinned"),
    [
        (ErrorCode, wire_names.ERROR_CODES),
        (Channel, wire_names.CHANNELS),
        (Stage, wire_names.STAGES),
        (Outcome, wire_names.OUTCOMES),
        (Reason, wire_names.REASONS),
        (Service, "intake routing followup"),
    ],
)
def test_a_closed_list_of_words_is_the_pinned_one(words: type[ErrorCode], pinned: str) -> None:
    assert [word.value for word in words] == pinned.split()


def test_streams_and_subjects_are_pinned() -> None:
    assert {s.name: " ".join(s.subjects or []) for s in subjects.streams()} == wire_names.STREAMS
    assert subjects.submit("web") == "complaints.v1.submit.web"
    assert subjects.event("closed", "Cabc") == "complaints.v1.event.closed.Cabc"
    assert subjects.timeline("Cabc") == "complaints.v1.event.*.Cabc"
    assert subjects.every("closed") == "complaints.v1.event.closed.*"
    assert subjects.command("answer") == "complaints.v1.command.answer"
    assert subjects.query("rates") == "complaints.v1.query.rates"
    assert subjects.quarantine("future") == "complaints.v1.quarantine.future"
    assert subjects.redeliver("routing") == "complaints.v1.redeliver.routing"
    assert subjects.deadletter("routing") == "complaints.v1.deadletter.routing"


def test_every_refusal_has_words_in_english_and_in_chinese() -> None:
    assert set(MESSAGES) == set(ErrorCode)
    for english, chinese in MESSAGES.values():
        assert english.isascii()
        assert english.endswith((".", ")."))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_every_fact_and_every_verb_has_a_meaning() -> None:
    models = [*FACTS.values(), *COMMANDS.values()]
    assert [model.__name__ for model in models if not vars(model).get("__doc__")] == []
