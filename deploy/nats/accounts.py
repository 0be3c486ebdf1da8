"""Accounts of a nats-server: the house, and one of its own for each client of the register.

For a client everything is as in the contract. The server maps its subjects to subjects of the house that
name it, so no service depends on the sender's own word. A subject that is not mapped does not exist for
the client: other clients' inboxes, streams, consumers, the reply subjects of others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deploy.nats import jetstream
from deploy.nats.permissions import PUBLIC_INBOX, Permissions, inbox
from shared.contract.clients import ANY, CAPABILITIES
from shared.contract.consumers import Durable, client_durable
from shared.contract.subjects import (
    CLASSIFY,
    COMMAND,
    EVENT,
    EVENTS_STREAM,
    LINKS,
    QUERY,
    RELAYED_REPLY,
    REUSED,
    SUBMIT,
    classify_for,
    command,
    every,
    from_client,
    query,
    submit,
)
from shared.runtime.clients.register import Client

HOUSE_ACCOUNT = "AMENDS"

STREAMED = "Stream"
"""Kind of reply in which several messages answer one request."""


@dataclass(frozen=True)
class Mapping:
    """Subject of the client, and the subject on which the house receives it."""

    own: str
    inside: str


def account_name(client: str) -> str:
    """Account of a client."""
    return f"CLIENT-{client}"


def mappings(client: Client) -> list[Mapping]:
    """Everything that a client may publish.

    A kind that asks or orders anything may use any name. The services refuse by name what it may not: a
    subject that the server denied would leave the sender without a reply until a time-out.
    """
    able = CAPABILITIES[client.kind]
    own = [submit("*")] if able.submits else []
    own += [command("*")] if able.commands else []
    own += [query("*")] if able.queries else []
    named = [Mapping(subject, from_client(client.name, subject)) for subject in own]
    inside = [REUSED] if able.asks_for_ids else []
    inside += [LINKS] if able.asks_for_links else []
    return named + [Mapping(subject, subject) for subject in [*inside, *_of_jetstream(client)]]


def _of_jetstream(client: Client) -> list[str]:
    """Client's own durable if it follows facts, and single facts by direct get if it follows all of them."""
    subjects = [jetstream.ACCOUNT]
    if client.follow:
        subjects += jetstream.use(client_durable(client.name, client.follow))[1:]
    if ANY in client.follow:
        subjects += jetstream.look_up(EVENTS_STREAM)
    return subjects


def received(client: Client) -> list[str]:
    """Live facts that a client receives."""
    return [f"{EVENT}.>"] if ANY in client.follow else [every(name) for name in client.follow]


def client_permissions(client: Client) -> Permissions:
    """Permissions of its user in its account: the mapped subjects again, so that a denial is an error and not
    a silence.
    """
    publish = tuple(mapping.own for mapping in mappings(client))
    subscribe = (PUBLIC_INBOX, inbox(client.name), *received(client))
    if CAPABILITIES[client.kind].classifies:
        return Permissions((*publish, f"{RELAYED_REPLY}>"), (*subscribe, CLASSIFY))
    return Permissions(publish, subscribe)


def imports(clients: Iterable[Client]) -> list[dict[str, Any]]:
    """Imports of the house: the requests of routing, which reach the account of each classifier."""
    return [
        {
            "service": {"account": account_name(one.name), "subject": CLASSIFY},
            "to": classify_for(one.name),
        }
        for one in clients
        if one.keys and CAPABILITIES[one.kind].classifies
    ]


def exports() -> list[dict[str, Any]]:
    """Exports of the house. Each account gets only those that the configuration imports for it.

    The list is the same for any set of clients: a server that reloads its configuration does not change
    who may import what an account exported before.
    """
    named = [from_client("*", subject) for subject in (f"{SUBMIT}.*", f"{COMMAND}.*", f"{QUERY}.*")]
    anybody = Durable("*", "", EVENTS_STREAM, ())
    once = [
        *named,
        REUSED,
        LINKS,
        jetstream.ACCOUNT,
        *jetstream.use(anybody)[1:],
        *jetstream.look_up(EVENTS_STREAM),
    ]
    streamed = jetstream.several_replies(EVENTS_STREAM)
    return [
        *({"service": subject} | _replies(subject, streamed) for subject in once),
        {"stream": f"{EVENT}.>"},
    ]


def _replies(subject: str, streamed: Iterable[str]) -> dict[str, str]:
    return {"response_type": STREAMED} if subject.startswith(tuple(streamed)) else {}


def client_account(client: Client, max_payload: int) -> dict[str, Any]:
    """Account of one client: its keys, its imports, and its limits."""
    may = client_permissions(client)
    permissions = {"publish": {"allow": list(may.publish)}, "subscribe": {"allow": list(may.subscribe)}}
    services = [_service(mapping) for mapping in mappings(client)]
    streams = [{"stream": {"account": HOUSE_ACCOUNT, "subject": subject}} for subject in received(client)]
    answers = [{"service": CLASSIFY, "accounts": [HOUSE_ACCOUNT]}]
    own = {"exports": answers} if CAPABILITIES[client.kind].classifies else {}
    return own | {
        "users": [{"nkey": key, "permissions": permissions} for key in client.keys],
        "imports": services + streams,
        "limits": {
            "max_connections": client.max_connections,
            "max_subscriptions": client.max_subscriptions,
            "max_payload": min(client.max_payload or max_payload, max_payload),
        },
    }


def _service(mapping: Mapping) -> dict[str, Any]:
    source = {"service": {"account": HOUSE_ACCOUNT, "subject": mapping.inside}}
    return source if mapping.own == mapping.inside else source | {"to": mapping.own}


def client_accounts(clients: Iterable[Client], max_payload: int) -> dict[str, Any]:
    """Accounts of all clients that have a key. A client with only a token comes through the door."""
    return {account_name(one.name): client_account(one, max_payload) for one in clients if one.keys}
