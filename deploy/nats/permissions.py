"""Who may say and hear what: one NATS user per service and per kind of client.

Everything is derived from the contract (`FACTS`, `COMMANDS`, `QUERIES`, `DURABLES`), so a new fact or
verb needs no change here. Replies are allowed to the inboxes of askers by name. NATS has a shorter way,
`allow_responses`, but it lets an asker choose any reply subject, and with it make routing write into the
record of facts.
"""

from dataclasses import dataclass

from deploy.nats import jetstream
from shared.contract.commands import verbs_of
from shared.contract.consumers import DURABLES
from shared.contract.events import FACTS, Notice
from shared.contract.queries import QUERIES, TextQuery
from shared.contract.subjects import (
    COMMAND,
    EVENT,
    EVENTS_STREAM,
    INBOX,
    QUARANTINE,
    QUARANTINE_STREAM,
    QUERY,
    SUBMIT,
    Service,
    command,
    deadletter,
    erasure,
    every,
    inbox_prefix,
    keys,
    query,
    redeliver,
    streams,
)

ADMIN, PUBLISHER, AGENT, GATEWAY = "admin", "publisher", "agent", "gateway"
BOARD, DEPLOY, DOOR = "board", "deploy", "door"

CLIENTS = (ADMIN, PUBLISHER, AGENT, GATEWAY)
"""The kinds of outside clients; their seeds are the `credentials` of the ready file."""

INSIDE = (*(service.value for service in Service), BOARD, DEPLOY, DOOR)
"""Our own parts. Each uses the inbox prefix that `inbox_prefix` gives."""

ASKERS = (*CLIENTS, BOARD)

SUBMITTERS = (PUBLISHER, DOOR)
"""Those who only submit. The door is one of them, though it is ours: it faces the outside."""

PUBLIC_INBOX = f"{INBOX}.>"
"""The default of every NATS client library. Outside clients may use their own `inbox` instead."""


@dataclass(frozen=True)
class Permissions:
    """What one user may do. NATS reads an empty `publish` as "everything", so it never is empty."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    never_publish: tuple[str, ...] = ()


def inbox(user: str) -> str:
    """The subjects on which `user` alone receives replies."""
    return f"{inbox_prefix(user)}.>"


def facts_of(service: Service) -> list[str]:
    """The subjects of the facts that `service` may say."""
    return [every(name) for name, fact in FACTS.items() if service in fact.BY]


def _service(service: Service) -> Permissions:
    own = [durable for durable in DURABLES if durable.service == service]
    asked = [query(name) for name, model in QUERIES.items() if service in model.SERVICES]
    ordered = [keys(service), *(command(verb) for verb in verbs_of(service))]
    replies = [PUBLIC_INBOX, *(inbox(asker) for asker in ASKERS)]
    publish = [*facts_of(service), deadletter(service), *replies]
    publish += [*jetstream.look_up(EVENTS_STREAM), jetstream.count(QUARANTINE_STREAM)]
    for durable in own:
        publish += jetstream.use(durable)
    if service is Service.INTAKE:
        publish.append(f"{QUARANTINE}.*")
        publish += _erasing()
    else:
        ordered.append(erasure(service))
        publish.append(inbox(Service.INTAKE))
    if service is Service.ROUTING:
        # Routing answers verbs and queries that nobody knows.
        ordered += [f"{COMMAND}.*", f"{QUERY}.*"]
    return Permissions(tuple(publish), (inbox(service), redeliver(service), *ordered, *asked))


def _erasing() -> list[str]:
    """Ask the other services to destroy texts, and overwrite copies of submissions that were put aside."""
    others = [erasure(service) for service in Service if service is not Service.INTAKE]
    return [*others, *jetstream.read(QUARANTINE_STREAM), jetstream.delete_messages(QUARANTINE_STREAM)]


def _reader(name: str, publish: list[str], subscribe: list[str]) -> Permissions:
    """Queries, and all facts: live, and from the stream with consumers of its own."""
    return Permissions(
        (*publish, f"{QUERY}.*", *jetstream.look_up(EVENTS_STREAM), *jetstream.read(EVENTS_STREAM)),
        (inbox(name), f"{EVENT}.>", *subscribe),
        tuple(jetstream.keep_off()),
    )


def _gateway() -> Permissions:
    """Delivers notices, so it reads them and the texts that they refer to; nothing else."""
    return Permissions(
        (query(TextQuery.NAME), *jetstream.read_only(EVENTS_STREAM, every(Notice.NAME))),
        (PUBLIC_INBOX, inbox(GATEWAY), every(Notice.NAME)),
        tuple(jetstream.keep_off()),
    )


def _deploy() -> Permissions:
    names = [stream.name for stream in streams() if stream.name]
    publish = [subject for name in names for subject in jetstream.provision(name)]
    return Permissions(tuple(publish), (inbox(DEPLOY),))


def permissions() -> dict[str, Permissions]:
    """Every user by name."""
    users = {service.value: _service(service) for service in Service}
    users[BOARD] = _reader(BOARD, [], [])
    users[DEPLOY] = _deploy()
    users[ADMIN] = Permissions((">",), (">",))
    users[PUBLISHER] = Permissions((f"{SUBMIT}.>",), (PUBLIC_INBOX, inbox(PUBLISHER)))
    users[DOOR] = Permissions((f"{SUBMIT}.*",), (inbox(DOOR),))
    users[AGENT] = _reader(AGENT, [f"{COMMAND}.*"], [PUBLIC_INBOX])
    users[GATEWAY] = _gateway()
    return users
