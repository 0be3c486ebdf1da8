"""The envelope and the bodies, held against judges that share no code with us."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError
from pydantic import ValidationError

from shared.contract.commands import COMMANDS
from shared.contract.envelope import RawEvent
from shared.contract.events import FACTS, FactHeader, read_fact
from shared.contract.generate import examples
from shared.contract.generate.schemas import schemas
from shared.contract.outgoing import outgoing
from shared.contract.subjects import Service
from shared.contract.submission import Submitted
from shared.contract.values import Actor, PolicyId, Stage
from tests.contract.golden_facts import OWN

SCHEMAS = schemas()
NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """RFC 3339, with an offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def conform(name: str, message: Any) -> None:
    """Raises unless `message` is valid by the schema of that name, formats included."""
    Draft202012Validator(SCHEMAS[name], format_checker=FORMATS).validate(message)


def said(name: str) -> dict[str, Any]:
    """The golden example of a fact, as a service would publish it."""
    service = FACTS[name].BY[0]
    header = FactHeader(
        complaint_id=examples.COMPLAINT_ID,
        seq=3,
        cycle=1,
        stage=Stage.NEGOTIATING,
        actor=Actor(id="agent-7", role="agent"),
        policy=PolicyId(id="default", hash="9f2c51ab"),
    )
    fact = FACTS[name].model_validate(OWN[name])
    event: dict[str, Any] = json.loads(outgoing(service, header, fact, NOW).body)
    return event


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_valid_by_its_schema(name: str) -> None:
    conform(f"event.{name}.json", said(name))


@pytest.mark.parametrize("name", FACTS)
def test_the_official_library_reads_a_fact(name: str) -> None:
    event = official(said(name))
    assert event.get_type() == f"complaints.event.{name}.v1"
    assert event.get_id() == f"{examples.COMPLAINT_ID}-{FACTS[name].BY[0]}-3"
    assert event.get_time() == NOW
    assert event.get_subject() == examples.COMPLAINT_ID
    data: Any = event.get_data()
    assert data["seq"] == 3


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_the_bytes_of_version_1_on_the_wire(name: str) -> None:
    data = said(name)["data"]
    assert {key: data[key] for key in OWN[name]} == OWN[name]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_is_read_back_and_what_is_unknown_is_ignored(name: str) -> None:
    message = said(name) | {"tomorrow": 1}
    message["data"] |= {"tomorrow": {"x": 1}}
    read, header, fact = read_fact(RawEvent.model_validate(message))
    assert (read, header.seq) == (name, 3)
    assert fact == FACTS[name].model_validate(OWN[name])
    conform(f"event.{name}.json", message)


def test_a_fact_that_the_contract_has_not_is_refused() -> None:
    stranger = said("closed") | {"type": "complaints.event.exploded.v1"}
    with pytest.raises(ValueError, match="no fact named 'exploded'"):
        read_fact(RawEvent.model_validate(stranger))


def test_a_fact_of_another_name_is_not_valid_by_the_schema() -> None:
    with pytest.raises(SchemaError):
        conform("event.closed.json", said("reopened"))


def test_the_example_submission_passes_all_judges() -> None:
    conform("submission.json", examples.SUBMISSION)
    event = official(examples.SUBMISSION)
    assert event.get_source() == examples.SOURCE
    mine = Submitted.model_validate(examples.SUBMISSION)
    assert mine.data.received_at == datetime(2026, 11, 21, 1, 20, tzinfo=UTC)


def test_a_submission_with_unknown_fields_is_accepted() -> None:
    message = json.loads(json.dumps(examples.SUBMISSION)) | {"traceparent": "00-ab-cd-01"}
    message["data"]["customer"]["shoe_size"] = 43
    conform("submission.json", message)
    assert Submitted.model_validate(message).data.customer.ref == "cust-88"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("source",), ""),
        (("id",), "two\nlines"),
        (("data", "customer"), {}),
        (("data", "narrative"), None),
        (("data", "received_at"), "yesterday"),
        (("data", "received_at"), "2026-11-21T09:20:00"),
        (("data", "loss"), {"value": "1e3", "currency": "CNY"}),
        (("data", "loss"), {"value": "10", "currency": "yuan"}),
        (("data", "hints"), {"severity": 6}),
        (("data", "hints"), {"severity": "3"}),
        (("data", "safety"), "yes"),
    ],
)
def test_the_models_and_the_schema_refuse_the_same_submissions(path: tuple[str, ...], value: Any) -> None:
    message: Any = json.loads(json.dumps(examples.SUBMISSION))
    message["data"].pop("title")
    inner = message
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ValidationError):
        Submitted.model_validate(message)
    with pytest.raises(SchemaError):
        conform("submission.json", message)


def test_the_other_examples_of_the_page_are_valid() -> None:
    conform("event.offer_made.json", examples.FACT)
    conform("command.answer.json", examples.COMMAND)
    conform("command-reply.json", examples.ACCEPTED)
    conform("command-reply.json", examples.REFUSED)
    conform("refusal.json", examples.REFUSED["error"])


def test_a_command_with_unknown_fields_is_accepted() -> None:
    data = examples.COMMAND["data"] | {"mood": "glad"}
    conform("command.answer.json", examples.COMMAND | {"data": data, "sent_from": "crm"})
    assert COMMANDS["answer"].model_validate(data).model_dump()["answer"] == "accepted"


def test_a_notice_may_come_from_each_service_and_nothing_else_may() -> None:
    notice = said("notice")
    for service in Service:
        conform("event.notice.json", notice | {"source": f"amends/{service}"})
    with pytest.raises(SchemaError):
        conform("event.notice.json", notice | {"source": "amends/board"})


def official(message: dict[str, Any]) -> Any:
    """The message as the `cloudevents` package understands it."""
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"content-type": "application/cloudevents+json"}
    return from_structured(HTTPMessage(headers, body), JSONFormat())
