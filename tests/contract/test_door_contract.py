"""What travels over HTTP keeps its names, and the OpenAPI document is true to itself."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.door.openapi import DoorApp
from shared.contract.door import COMPLAINTS_PATH, FORM_SOURCE, STATUSES, Accepted, Problem, Trouble, problem
from shared.contract.quarantine import Reason
from shared.contract.values.problems import Words
from tests.contract.test_generated import DOCS, references

DOCUMENT = DoorApp().openapi()
SUBMIT = DOCUMENT["paths"]["/v1/complaints"]["post"]

CODES = (
    "unknown_publisher foreign_source unsupported_type too_slow rate_limited unavailable overloaded "
    "not_found not_allowed unexpected"
)


def test_the_document_is_what_the_routes_of_the_door_say() -> None:
    on_disk = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
    assert on_disk == json.loads(json.dumps(DOCUMENT)), "run `make contract`"


def test_the_names_at_the_door_are_pinned() -> None:
    assert COMPLAINTS_PATH == "/v1/complaints"
    assert FORM_SOURCE == "amends/door/form"
    assert set(CODES.split()) <= set(Trouble)
    assert {"complaint_id", "source", "id", "timeline"} <= set(Accepted.model_fields)
    fields = {"type", "title", "status", "detail", "detail_zh", "code", "field"}
    assert fields <= set(Problem.model_fields)


@pytest.mark.parametrize("code", [*Reason, *Trouble])
def test_every_problem_is_a_sentence_in_both_languages(code: Reason | Trouble) -> None:
    said = problem(code, Words("data.title: is missing", "data.title：缺失"), "data.title")
    assert 400 <= said.status < 600
    assert said.detail.endswith(".")
    assert said.detail_zh.endswith("。")
    assert "{" not in said.detail + said.detail_zh
    assert any("\u4e00" <= character <= "\u9fff" for character in said.detail_zh)


def test_every_trouble_has_words_of_its_own() -> None:
    assert [code for code in Trouble if code not in STATUSES] == []


def test_every_reference_of_the_document_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 15
    for reference in found:
        node: Any = DOCUMENT
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]


def test_every_example_is_valid_by_its_schema() -> None:
    bodies = [SUBMIT["requestBody"], *SUBMIT["responses"].values()]
    contents = [content for body in bodies for content in body["content"].values()]
    assert len(contents) > 8
    for content in contents:
        schema = {"components": DOCUMENT["components"], **content["schema"]}
        Draft202012Validator.check_schema(schema)
        for example in content["examples"].values():
            Draft202012Validator(schema).validate(json.loads(json.dumps(example["value"])))


def test_submitting_needs_a_token() -> None:
    [scheme] = SUBMIT["security"]
    assert DOCUMENT["components"]["securitySchemes"][next(iter(scheme))]["scheme"] == "bearer"
