"""Permissions of each part of the house: a NATS user per service, `deploy`, and `admin`.

Everything is derived from the contract (`FACTS`, `COMMANDS`, `QUERIES`, `DURABLES`), so a new fact or verb
needs no change here. Clients have no user in the house: each has an account of its own (`accounts`).

Replies are allowed to inboxes by name. NATS has a shorter way, `allow_responses`. It lets an asker choose
any reply subject, and with it make routing write into the stream of facts.
"""

from dataclasses import dataclass

from deploy.nats import jetstream
from shared.contract.commands import verbs_of
from shared.contract.consumers import DURABLES
from shared.contract.events import FACTS
from shared.contract.queries import QUERIES
from shared.contract.subjects import (
    COMMAND,
    EVENTS_STREAM,
    HOUSE,
    INBOX,
    LINKS,
    QUARANTINE,
    QUARANTINE_STREAM,
    QUERY,
    RELAYED_REPLY,
    REUSED,
    SUBMIT_STREAM,
    Service,
    classify_for,
    command,
    deadletter,
    erasure,
    every,
    from_client,
    health,
    inbox_prefix,
    keys,
    probe,
    query,
    rebuild,
    redeliver,
    streams,
)

ADMIN, DEPLOY = HOUSE, "deploy"

INSIDE = (*(service.value for service in Service), DEPLOY)
"""Our own parts in the house. Each uses the inbox prefix that `inbox_prefix` gives."""

PUBLIC_INBOX = f"{INBOX}.>"
"""Default prefix of every NATS client library; in the house the administrator's."""


@dataclass(frozen=True)
class Permissions:
    """Permissions of one user. NATS reads an empty `publish` as "everything", so it never is empty."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    never_publish: tuple[str, ...] = ()


def inbox(user: str) -> str:
    """Subjects on which `user` alone receives replies."""
    return f"{inbox_prefix(user)}.>"


def facts_of(service: Service) -> list[str]:
    """Subjects of the facts that `service` may publish."""
    return [every(name) for name, fact in FACTS.items() if service in fact.BY]


def _from_all_accounts(subject: str) -> list[str]:
    """Subjects on which a request arrives: from the administrator, and from any client."""
    return [subject, from_client("*", subject)]


def _service(service: Service) -> Permissions:
    own = [durable for durable in DURABLES if durable.service == service]
    asked = [query(name) for name, model in QUERIES.items() if service in model.SERVICES]
    ordered = [command(verb) for verb in verbs_of(service)]
    inside = [keys(service), rebuild(service), redeliver(service), health(service)]
    publish = [*facts_of(service), deadletter(service), f"{RELAYED_REPLY}>", PUBLIC_INBOX, inbox(ADMIN)]
    publish += [*jetstream.look_up(EVENTS_STREAM), jetstream.count(QUARANTINE_STREAM)]
    for durable in own:
        publish += jetstream.use(durable)
    publish += [probe(EVENTS_STREAM), jetstream.ACCOUNT]
    if service is Service.INTAKE:
        # It may acknowledge every submission, so that it may purge its probes gives it no more power.
        publish += [probe(SUBMIT_STREAM), jetstream.purge(SUBMIT_STREAM)]
        publish += [f"{QUARANTINE}.*", *jetstream.look_up(QUARANTINE_STREAM)]
        publish += _erasing()
        inside.append(REUSED)
    else:
        inside.append(erasure(service))
        publish.append(inbox(Service.INTAKE))
    if service is Service.ROUTING:
        publish.append(classify_for("*"))
        inside.append(LINKS)
        # Routing answers unknown verbs and queries.
        ordered += [f"{COMMAND}.*", f"{QUERY}.*"]
    heard = [place for subject in [*ordered, *asked] for place in _from_all_accounts(subject)]
    return Permissions(tuple(publish), (inbox(service), *inside, *heard))


def _erasing() -> list[str]:
    """Ask the other services to destroy texts, and overwrite quarantined copies of submissions."""
    others = [erasure(service) for service in Service if service is not Service.INTAKE]
    return [*others, *jetstream.read(QUARANTINE_STREAM), jetstream.delete_messages(QUARANTINE_STREAM)]


def _deploy() -> Permissions:
    names = [stream.name for stream in streams() if stream.name]
    publish = [subject for name in names for subject in jetstream.provision(name)]
    return Permissions((*publish, jetstream.ACCOUNT), (inbox(DEPLOY),))


def permissions() -> dict[str, Permissions]:
    """Every user of the house by name."""
    users = {service.value: _service(service) for service in Service}
    users[DEPLOY] = _deploy()
    users[ADMIN] = Permissions((">",), (">",))
    return users
