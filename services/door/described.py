"""Additions to the OpenAPI document of `POST /v1/complaints` beyond the signature that FastAPI reads.

The route reads the body and the headers of binary mode as they come, and problems have a media type of
their own. So this module describes them, with examples.
"""

from typing import Any

from services.door import refusals
from shared.contract.door import (
    BINARY_PREFIX,
    PROBLEM_TYPE,
    STATUSES,
    Accepted,
    Code,
    Trouble,
    problem,
)
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.generate.examples import COMPLAINT_ID, EXTERNAL_ID, SOURCE, SUBMISSION
from shared.contract.quarantine import Reason
from shared.contract.subjects import timeline
from shared.contract.submission import FUTURE_TOLERANCE_SECONDS, misfits
from shared.contract.values.problems import PYDANTIC, Words

Node = dict[str, Any]


def _header(name: str, about: str, kind: str = "string", **more: int) -> Node:
    return {name: {"description": about, "schema": {"type": kind, **more}}}


RETRY = _header("Retry-After", "Seconds to wait.", "integer", minimum=1)
HEADERS = {401: _header("WWW-Authenticate", "How to authenticate."), 429: RETRY, 503: RETRY}


def _named(field: str, words: Words) -> tuple[Words, str]:
    return misfits.NAMED.filled(field=field, problem=words), field


DETAILS: dict[Code, tuple[Words, str | None]] = {
    Reason.NOT_JSON: (refusals.NO_JSON, None),
    Reason.NOT_CLOUDEVENT: _named("specversion", misfits.NO_VERSION),
    Reason.INVALID: _named("data.customer.ref", PYDANTIC["missing"]),
    Reason.FUTURE: _named("data.received_at", misfits.AHEAD.filled(minutes=FUTURE_TOLERANCE_SECONDS // 60)),
    Reason.UNKNOWN_CHANNEL: (refusals.TWO_CHANNELS, "channel"),
    Trouble.UNSUPPORTED_TYPE: (refusals.BATCH, None),
}
"""Reason and field of each problem in the examples."""


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: str, **examples: Any) -> Node:
    return {"schema": _ref(schema), "examples": {name: {"value": value} for name, value in examples.items()}}


def _accepted() -> Node:
    example = Accepted(
        complaint_id=COMPLAINT_ID, source=SOURCE, id=EXTERNAL_ID, timeline=timeline(COMPLAINT_ID)
    )
    content = {"application/json": _content("Accepted", accepted=example.model_dump())}
    return {"headers": _header("Location", "The name of the complaint."), "content": content}


def _problems() -> dict[int | str, Node]:
    """Responses by status, with an example of every code that each may carry."""
    by_status: dict[int, list[Code]] = {}
    for code in (*Reason, *Trouble):
        if code not in (Trouble.NOT_FOUND, Trouble.NOT_ALLOWED):
            by_status.setdefault(problem(code).status, []).append(code)
    return {status: _refused(status, codes) for status, codes in sorted(by_status.items())}


def _refused(status: int, codes: list[Code]) -> Node:
    titles = "; ".join(dict.fromkeys(problem(code).title for code in codes))
    content = _content("Problem", **{code: _example(code) for code in codes})
    response: Node = {"description": f"{titles}.", "content": {PROBLEM_TYPE: content}}
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _example(code: Code) -> Node:
    words, field = DETAILS.get(code, DETAILS[Reason.INVALID])
    spoken = code not in STATUSES or "{detail}" in STATUSES[code][2]
    return problem(code, words, field if spoken else None).model_dump(exclude_none=True)


RESPONSES = {202: _accepted()} | _problems()


def _attribute(name: str, *examples: str) -> Node:
    about = f"Binary mode: the attribute `{name}`, percent-encoded where it is not ASCII."
    schema = {"type": "string"} | ({"examples": [*examples]} if examples else {})
    return {"name": f"{BINARY_PREFIX}{name}", "in": "header", "description": about, "schema": schema}


EXTRA: Node = {
    "parameters": [
        _attribute("specversion", "1.0"),
        _attribute("type", SUBMISSION["type"]),
        _attribute("source", SOURCE),
        _attribute("id", EXTERNAL_ID),
        _attribute("time"),
    ],
    "requestBody": {
        "required": True,
        "content": {
            CONTENT_TYPE: _content("Submission", kettle=SUBMISSION),
            "application/json": _content("SubmissionData", kettle=SUBMISSION["data"]),
        },
    },
}
