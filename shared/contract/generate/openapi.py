"""The OpenAPI 3.1 document of the door, made from the models: the door serves it, docs/contract keeps it."""

import json
from typing import Any

from pydantic import TypeAdapter

from shared.contract.door import (
    BINARY_PREFIX,
    CHANNEL,
    COMPLAINTS_PATH,
    PROBLEM_TYPE,
    STATUSES,
    Accepted,
    Code,
    Problem,
    Trouble,
    problem,
)
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.generate.examples import COMPLAINT_ID, EXTERNAL_ID, SOURCE, SUBMISSION
from shared.contract.generate.schemas import schemas
from shared.contract.generate.wording import clean, never_null
from shared.contract.quarantine import Reason
from shared.contract.subjects import Channel, timeline
from shared.contract.values.problems import Words

Node = dict[str, Any]

VERSION = "1.0.0"

ABOUT = (
    "For those who have no NATS client. It publishes to `complaints.v1.submit.<channel>` and does nothing "
    "else; what follows is told over NATS, see README.md and asyncapi.yaml beside this document."
)
SUBMIT = (
    "A CloudEvent 1.0, structured (`application/cloudevents+json`) or binary (every attribute in a `ce-` "
    "header, the data as `application/json`). 202 comes only after the complaint is durable; without it send "
    "the same again. The same `source` and `id`, however often and however late, is the same complaint. At "
    "most 256 KiB."
)
TOKEN = "The token of a publisher, made by the operator with `amends door-token`. It speaks for one source."

ATTRIBUTES = {"specversion": "1.0", "type": SUBMISSION["type"], "source": SOURCE, "id": EXTERNAL_ID}
RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
CHALLENGE = {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}}
WHERE = {"Location": {"description": "The name of the complaint.", "schema": {"type": "string"}}}


EXAMPLES: dict[Code, tuple[str, str | None, str]] = {
    Reason.NOT_JSON: ("it is not JSON in UTF-8", None, "消息不是 UTF-8 编码的 JSON"),
    Reason.NOT_CLOUDEVENT: (
        "specversion: must be the text 1.0",
        "specversion",
        "specversion：必须是文本 1.0",
    ),
    Reason.INVALID: ("data.customer.ref: is missing", "data.customer.ref", "data.customer.ref：缺失"),
    Reason.FUTURE: (
        "data.received_at: it is more than 5 minutes ahead",
        "data.received_at",
        "data.received_at：该时刻超前当前时间 5 分钟以上",
    ),
    Reason.UNKNOWN_CHANNEL: (
        "the address and the event name different channels",
        "channel",
        "地址与事件中的渠道不一致",
    ),
    Trouble.UNSUPPORTED_TYPE: ("one event at a time, not a batch", None, "每次只能发送一个事件，不接受批量"),
}
"""What was wrong, with which field, and in Chinese, in the examples."""


def openapi() -> Node:
    """The whole document as plain values."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Amends: the door", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": {COMPLAINTS_PATH: {"post": _submit()}},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": TOKEN}},
        },
    }
    unshared: Node = json.loads(json.dumps(document))
    return unshared


def _submit() -> Node:
    return {
        "operationId": "submitComplaint",
        "summary": "Submit a complaint.",
        "description": SUBMIT,
        "security": [{"token": []}],
        "parameters": [_channel(), *(_attribute(name) for name in (*ATTRIBUTES, "time"))],
        "requestBody": {"required": True, "content": _bodies()},
        "responses": {"202": _accepted()} | _problems(),
    }


def _channel() -> Node:
    about = "How the complainant came; `web` if neither this nor the extension attribute `channel` says."
    return {"name": CHANNEL, "in": "query", "description": about, "schema": _ref("Channel")}


def _attribute(name: str) -> Node:
    about = f"Binary mode: the attribute `{name}`, percent-encoded where it is not ASCII."
    schema: Node = {"type": "string"}
    if name in ATTRIBUTES:
        schema["examples"] = [ATTRIBUTES[name]]
    return {"name": f"{BINARY_PREFIX}{name}", "in": "header", "description": about, "schema": schema}


def _bodies() -> Node:
    structured = {"schema": _ref("Submission"), "examples": {"kettle": {"value": SUBMISSION}}}
    binary = {"schema": _ref("SubmissionData"), "examples": {"kettle": {"value": SUBMISSION["data"]}}}
    return {CONTENT_TYPE: structured, "application/json": binary}


def _accepted() -> Node:
    example = Accepted(
        complaint_id=COMPLAINT_ID, source=SOURCE, id=EXTERNAL_ID, timeline=timeline(COMPLAINT_ID)
    )
    content = {"schema": _ref("Accepted"), "examples": {"accepted": {"value": example.model_dump()}}}
    about = "The complaint is durable."
    return {"description": about, "headers": WHERE, "content": {"application/json": content}}


def _problems() -> Node:
    """One response per status, with an example of every code that it may carry."""
    by_status: dict[int, list[Code]] = {}
    for code in (*Reason, *Trouble):
        if code not in (Trouble.NOT_FOUND, Trouble.NOT_ALLOWED):
            by_status.setdefault(problem(code).status, []).append(code)
    return {str(status): _refusal(codes) for status, codes in sorted(by_status.items())}


def _refusal(codes: list[Code]) -> Node:
    examples = {code: {"value": _example(code)} for code in codes}
    titles = "; ".join(dict.fromkeys(problem(code).title for code in codes))
    response: Node = {
        "description": f"{titles}.",
        "content": {PROBLEM_TYPE: {"schema": _ref("Problem"), "examples": examples}},
    }
    headers = {401: CHALLENGE, 429: RETRY, 503: RETRY}.get(problem(codes[0]).status)
    return response | ({"headers": headers} if headers else {})


def _example(code: Code) -> Node:
    detail, field, detail_zh = EXAMPLES.get(code, EXAMPLES[Reason.INVALID])
    spoken = code not in STATUSES or "{detail}" in STATUSES[code][2]
    return problem(code, Words(detail, detail_zh), field if spoken else None).model_dump(exclude_none=True)


def _schemas() -> Node:
    submission = {k: v for k, v in schemas()["submission.json"].items() if k not in ("$schema", "$id")}
    definitions = submission.pop("$defs")
    event = submission | {"properties": submission["properties"] | {"channel": {"$ref": "#/$defs/Channel"}}}
    models = {
        "Accepted": TypeAdapter(Accepted).json_schema(mode="serialization"),
        "Problem": TypeAdapter(Problem).json_schema(mode="serialization"),
    }
    own = {name: never_null(clean(schema)) for name, schema in models.items()}
    own["Problem"]["properties"]["code"] = {"enum": [*Reason, *Trouble]}
    data = definitions.pop("Submission")
    named = definitions | own | {"Submission": event, "SubmissionData": data}
    named["Channel"] = {"type": "string", "enum": list(Channel)}
    text = json.dumps(named).replace('"#/$defs/Submission"', '"#/components/schemas/SubmissionData"')
    whole: Node = json.loads(text.replace('"#/$defs/', '"#/components/schemas/'))
    return whole


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}
