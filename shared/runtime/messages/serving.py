"""Serve what the contract gives to a service: each of its verbs and queries has a handler.

A service that forgets one does not start. Otherwise the sender of the request would wait for a reply that
never comes.
"""

from collections.abc import Collection, Mapping

from shared.contract import subjects
from shared.contract.commands import verbs_of
from shared.contract.queries import Query, queries_of
from shared.contract.subjects import Service
from shared.runtime.messages.broker import HouseBroker
from shared.runtime.messages.requests import (
    CommandWork,
    Find,
    PersonWork,
    Prepare,
    QueryWork,
    command_handler,
    command_reader,
    person_handler,
    person_reader,
    query_handler,
    query_reader,
    serve,
)


class Incomplete(Exception):
    """Error: the handlers of a service are not those that the contract gives to it."""


def serve_verbs(
    broker: HouseBroker,
    service: Service,
    works: Mapping[str, CommandWork],
    prepare: Prepare,
    find: Find | None = None,
    of_person: Mapping[str, PersonWork] | None = None,
) -> None:
    """Put every verb of the service on its subject; `of_person` are those about a person.

    Raises `Incomplete`.
    """
    _compare(f"the verbs of {service}", verbs_of(service), [*works, *(of_person or {})])
    for verb, signed in (of_person or {}).items():
        reader = person_reader(verb, broker.clients)
        serve(broker, subjects.command(verb), service, reader, person_handler(signed))
    for verb, work in works.items():
        read = command_reader(verb, broker.clients)
        serve(broker, subjects.command(verb), service, read, command_handler(work, prepare, find))


def serve_queries(broker: HouseBroker, service: Service, works: Mapping[type[Query], QueryWork]) -> None:
    """Put every query of the service on its subject. Raises `Incomplete`."""
    named = {query.NAME: work for query, work in works.items()}
    _compare(f"the queries of {service}", queries_of(service), named)
    for name, work in named.items():
        read = query_reader(name, broker.clients)
        serve(broker, subjects.query(name), service, read, query_handler(work))


def _compare(what: str, wanted: Collection[str], given: Collection[str]) -> None:
    missing, unknown = sorted({*wanted} - {*given}), sorted({*given} - {*wanted})
    if missing:
        raise Incomplete(f"{what}: no handler for {', '.join(missing)}; name one where the service is wired")
    if unknown:
        raise Incomplete(f"{what}: {', '.join(unknown)} is not in the contract of this service")
