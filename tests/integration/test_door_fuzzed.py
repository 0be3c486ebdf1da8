"""The door against its own OpenAPI document: schemathesis invents requests and checks every answer."""

import json
from collections import Counter

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.door.openapi import DoorApp
from shared.contract.door import COMPLAINTS_PATH
from tests.door import SHOP, Door
from tests.thorough import THOROUGH

TRIED = settings(max_examples=60 * THOROUGH, deadline=None, suppress_health_check=list(HealthCheck))

BEYOND_SCHEMAS = [positive_data_acceptance]
"""Currencies, time zones, sources and instants have rules that JSON Schema cannot say."""

DOCUMENT = json.loads(json.dumps(DoorApp().openapi()))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.config.checks.negative_data_rejection.expected_statuses.append("413")  # a text may be long beyond all
SUBMIT = SCHEMA[COMPLAINTS_PATH]["POST"]
VALID = SUBMIT.as_strategy(generation_mode=GenerationMode.POSITIVE)
INVALID = SUBMIT.as_strategy(generation_mode=GenerationMode.NEGATIVE)


async def test_the_door_serves_the_document_of_the_contract(http_door: Door) -> None:
    assert (await http_door.client.get("/openapi.json")).json() == DOCUMENT


@given(case=VALID | INVALID)
@TRIED
def test_every_answer_is_one_that_the_document_promises(case: Case, http_door: Door) -> None:
    """Whatever is sent: no failure of ours, a documented status, media type, headers and body."""
    tried(case, http_door)


def test_every_submission_of_a_publisher_is_accepted_or_refused_with_a_reason(http_door: Door) -> None:
    """The same where it is the publisher's own source, so that much of it gets as far as the stream."""
    answered: Counter[int] = Counter()

    @given(case=VALID)
    @TRIED
    def try_as_ours(case: Case) -> None:
        if isinstance(case.body, dict) and "source" in case.body:
            case.body["source"] = SHOP
        case.headers["ce-source"] = SHOP
        answered[tried(case, http_door)] += 1

    try_as_ours()
    assert set(answered) <= {202, 400, 413, 422}
    assert answered[202] > 0


def tried(case: Case, http_door: Door) -> int:
    """Send it, let every check of schemathesis look at the answer, and say its status."""
    response = case.call_and_validate(
        base_url=str(http_door.client.base_url), headers=http_door.bearer(), excluded_checks=BEYOND_SCHEMAS
    )
    return response.status_code
