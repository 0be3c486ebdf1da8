"""AsyncAPI 3.0 document of the contract, made from the models; it refers to no other file."""

import json
from collections.abc import Iterable
from typing import Any

from shared.contract import subjects
from shared.contract.classify import ClassifyReply, ClassifyRequest
from shared.contract.commands import COMMANDS
from shared.contract.envelope import CONTENT_TYPE
from shared.contract.events import FACTS
from shared.contract.generate.examples import ACCEPTED, COMMAND, FACT, REFUSED, SUBMISSION
from shared.contract.generate.schemas import schemas
from shared.contract.generate.wording import Schema, meaning
from shared.contract.ids import COMPLAINT_ID_PATTERN
from shared.contract.quarantine import QUARANTINE_HEADERS, Reason
from shared.contract.queries import QUERIES
from shared.contract.subjects import Channel, Service

Node = dict[str, Any]

VERSION = "1.0.0"

ABOUT = (
    "Amends takes complaints as messages and carries each one through routing, the 24-hour rule, negotiation "
    "and follow-up. This document names every subject and every message, seen from Amends: it receives "
    "submissions, commands and queries, and sends facts. The prose, with delivery guarantees, the rule of "
    "the complaint id and the error codes, is in README.md beside it."
)

SECURITY = (
    "Every client connects as a NATS user of its own, with the nkey seed file that the operator of the stack "
    "gives it, and may use only the subjects of its role: a publisher submits, an agent's system sends "
    "commands, asks and follows facts, a gateway reads notices and their texts. Only the three services can "
    "publish facts. Beyond one machine the connection uses TLS."
)


def asyncapi() -> Node:
    """Whole document as plain values, ready to be written as YAML or JSON."""
    parts = [
        _submissions(),
        *map(_fact, FACTS),
        *map(_command, COMMANDS),
        *map(_query, QUERIES),
        _classify(),
        *_quarantine(),
    ]
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Amends", "version": VERSION, "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {"nats": _server()},
        "channels": _merged(part["channels"] for part in parts) | {"replies": _replies()},
        "operations": _merged(part["operations"] for part in parts),
        "components": {
            "messages": _merged(part["messages"] for part in parts) | _reply_messages(),
            "schemas": _components(),
            "securitySchemes": {"nkey": {"type": "asymmetricEncryption", "description": SECURITY}},
        },
    }
    unshared: Node = json.loads(json.dumps(document))
    return unshared


def _server() -> Node:
    return {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": "NATS 2.10 or later with JetStream.",
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "4222"}},
        "security": [_ref("components", "securitySchemes", "nkey")],
        "bindings": {"nats": {}},
    }


def _submissions() -> Node:
    message = {
        "summary": "Complaint or grumble that another system submits.",
        "contentType": CONTENT_TYPE,
        "payload": _ref("components", "schemas", "submission"),
        "examples": [{"name": "kettle", "payload": SUBMISSION}],
    }
    channel = {
        "parameters": {
            "channel": {"enum": list(Channel), "description": "Channel by which the complaint came."}
        },
        "description": f"Stream `{subjects.SUBMIT_STREAM}`: kept until intake has stored it.",
    }
    about = "Submit a complaint. A publisher that uses request gets the JetStream acknowledgement back."
    return _part(
        "submission", subjects.submit("{channel}"), message, about, "receive", ["publishAck"], channel
    )


def _fact(name: str) -> Node:
    fact = FACTS[name]
    message = {
        "summary": meaning(fact),
        "contentType": CONTENT_TYPE,
        "headers": _headers({"Nats-Msg-Id": "CloudEvent id: a fact that is sent twice is stored once."}),
        "payload": _ref("components", "schemas", f"event.{name}"),
    } | ({"examples": [{"name": "repair", "payload": FACT}]} if name == "offer_made" else {})
    channel = {
        "parameters": {"complaint_id": {"description": f"Id of the complaint, {COMPLAINT_ID_PATTERN}."}},
        "description": f"Stream `{subjects.EVENTS_STREAM}`. Published by {', '.join(fact.BY)}.",
    }
    return _part(
        f"event.{name}", subjects.event(name, "{complaint_id}"), message, meaning(fact), "send", [], channel
    )


def _command(verb: str) -> Node:
    command = COMMANDS[verb]
    message = {
        "summary": meaning(command),
        "correlationId": {"location": "$message.payload#/command_id"},
        "payload": _ref("components", "schemas", f"command.{verb}"),
    } | ({"examples": [{"name": "accept", "payload": COMMAND}]} if verb == "answer" else {})
    about = f"{meaning(command)} Answered by {command.SERVICE}."
    return _part(f"command.{verb}", subjects.command(verb), message, about, "receive", ["commandReply"], {})


def _query(name: str) -> Node:
    query = QUERIES[name]
    message = {"summary": meaning(query), "payload": _ref("components", "schemas", f"query.{name}")}
    about = f"{meaning(query)} Answered by {', '.join(query.SERVICES)}."
    return _part(f"query.{name}", subjects.query(name), message, about, "receive", [f"queryReply.{name}"], {})


def _classify() -> Node:
    """Channel of the requests to an external classifier."""
    message = {
        "summary": meaning(ClassifyRequest),
        "correlationId": {"location": "$message.payload#/request_id"},
        "payload": _ref("components", "schemas", "classify"),
    }
    about = "Ask the client of the kind `classifier` that the policy names."
    return _part("classify", subjects.CLASSIFY, message, about, "send", ["classifyReply"], {})


def _quarantine() -> list[Node]:
    """Channels of the quarantine and of the dead letters."""
    stream = {"description": f"Stream `{subjects.QUARANTINE_STREAM}`: kept for 30 days."}
    reasons = {
        "parameters": {"reason": {"enum": list(Reason), "description": "Reason of the quarantine."}}
    } | stream
    services = {
        "parameters": {
            "service": {"enum": list(Service), "description": "Service that could not handle the message."}
        }
    } | stream
    message = {"headers": _headers(QUARANTINE_HEADERS), "contentType": "application/octet-stream"}
    bad = "Submission that could not be used: its bytes, with the reason in the headers."
    dead = "Message that failed repeatedly: its bytes, with the reason in the headers."
    return [
        _part("quarantine", subjects.quarantine("{reason}"), _summed(bad, message), bad, "send", [], reasons),
        _part(
            "deadletter", subjects.deadletter("{service}"), _summed(dead, message), dead, "send", [], services
        ),
    ]


def _summed(summary: str, message: Node) -> Node:
    return {"summary": summary} | message


def _replies() -> Node:
    messages = {name: _ref("components", "messages", name) for name in _reply_messages()}
    return {
        "address": None,
        "description": "Inbox that the request names as its NATS reply subject.",
        "messages": messages,
    }


def _reply_messages() -> Node:
    acknowledged = {
        "type": "object",
        "properties": {"stream": {"type": "string"}, "seq": {"type": "integer"}},
    }
    return {
        "publishAck": {
            "summary": "Acknowledgement: the complaint is durable from now on.",
            "payload": acknowledged,
        },
        "commandReply": {
            "summary": "Reply to a command: it was carried out, or refused with a reason.",
            "payload": _ref("components", "schemas", "command-reply"),
            "examples": [{"name": "accepted", "payload": ACCEPTED}, {"name": "refused", "payload": REFUSED}],
        },
        "classifyReply": {
            "summary": meaning(ClassifyReply),
            "payload": _ref("components", "schemas", "classify-reply"),
        },
    } | {
        f"queryReply.{name}": {
            "summary": f"Reply to the query `{name}`.",
            "payload": _ref("components", "schemas", f"query-reply.{name}"),
        }
        for name in QUERIES
    }


def _part(
    name: str, address: str, message: Node, about: str, action: str, replies: list[str], channel: Node
) -> Node:
    """Channel with its message and the operation on it, all three under the same name."""
    operation = {
        "action": action,
        "channel": _ref("channels", name),
        "summary": about,
        "messages": [_ref("channels", name, "messages", name)],
    }
    if replies:
        answers = [_ref("channels", "replies", "messages", reply) for reply in replies]
        operation["reply"] = {"channel": _ref("channels", "replies"), "messages": answers}
    messages = {name: _ref("components", "messages", name)}
    return {
        "channels": {name: {"address": address} | channel | {"messages": messages}},
        "operations": {name: operation},
        "messages": {name: message},
    }


def _components() -> dict[str, Schema]:
    """Every schema under its file's name, what they share lifted out and kept once."""
    shared: dict[str, Schema] = {}
    whole: dict[str, Schema] = {}
    for file, schema in schemas().items():
        for name, definition in schema.get("$defs", {}).items():
            if shared.setdefault(name, definition) != definition:
                raise ValueError(f"two different models of the contract are called {name!r}")
        whole[file.removesuffix(".json")] = {
            key: value for key, value in schema.items() if key not in ("$schema", "$id", "$defs")
        }
    text = json.dumps(whole | shared).replace('"#/$defs/', '"#/components/schemas/')
    components: dict[str, Schema] = json.loads(text)
    return components


def _headers(meanings: dict[str, str]) -> Node:
    properties = {name: {"type": "string", "description": about} for name, about in meanings.items()}
    return {"type": "object", "properties": properties}


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}


def _merged(parts: Iterable[Node]) -> Node:
    return {key: value for part in parts for key, value in part.items()}
