"""A service with a verb or a query too few does not start; its requests would never be answered."""

from typing import Any

import pytest
from pydantic import BaseModel

from shared.contract.commands import COMMANDS, Command, CommandRequest, verbs_of
from shared.contract.queries import QUERIES, Query, queries_of
from shared.contract.subjects import Service
from shared.runtime.messages.broker import HouseBroker
from shared.runtime.messages.requests import CommandWork, QueryWork
from shared.runtime.messages.serving import Incomplete, serve_queries, serve_verbs


async def obey(_: CommandRequest, __: Command) -> BaseModel:
    raise AssertionError("nothing is sent here")


async def answer(_: Any) -> BaseModel:
    raise AssertionError("nothing is asked here")


async def prepare(_: int, __: object) -> None:
    raise AssertionError("nothing is sent here")


def verbs(service: Service) -> dict[str, CommandWork]:
    return dict.fromkeys(verbs_of(service), obey)


def queries(service: Service) -> dict[type[Query], QueryWork]:
    return {QUERIES[name]: answer for name in queries_of(service)}


def served(broker: HouseBroker) -> set[str]:
    return {subscriber.subject.template for subscriber in broker.subscribers}  # type: ignore[attr-defined]


@pytest.mark.parametrize("service", Service)
def test_every_verb_and_query_is_served_to_the_house_and_to_every_client(service: Service) -> None:
    broker = HouseBroker()
    serve_verbs(broker, service, verbs(service), prepare)
    serve_queries(broker, service, queries(service))
    names = [f"command.{verb}" for verb in verbs_of(service)]
    names += [f"query.{name}" for name in queries_of(service)]
    assert names
    assert served(broker) == {f"complaints.v1.{place}{name}" for name in names for place in ("", "from.*.")}


@pytest.mark.parametrize("service", Service)
def test_a_query_that_was_forgotten_fails_at_the_start_by_its_name(service: Service) -> None:
    given = queries(service)
    forgotten = given.popitem()[0]
    with pytest.raises(Incomplete, match=f"queries of {service}: no handler for {forgotten.NAME}"):
        serve_queries(HouseBroker(), service, given)


@pytest.mark.parametrize("service", Service)
def test_a_verb_that_was_forgotten_fails_at_the_start_by_its_name(service: Service) -> None:
    given = verbs(service)
    forgotten = given.popitem()[0]
    with pytest.raises(Incomplete, match=f"verbs of {service}: no handler for {forgotten}"):
        serve_verbs(HouseBroker(), service, given, prepare)


def test_what_the_contract_gives_to_another_service_is_not_served() -> None:
    with pytest.raises(Incomplete, match="respond is not in the contract of this service"):
        serve_verbs(HouseBroker(), Service.INTAKE, verbs(Service.INTAKE) | {"respond": obey}, prepare)
    given = queries(Service.FOLLOWUP) | {QUERIES["worklist"]: answer}
    with pytest.raises(Incomplete, match="worklist is not in the contract of this service"):
        serve_queries(HouseBroker(), Service.FOLLOWUP, given)


def test_every_verb_and_every_query_has_a_service() -> None:
    assert {verb for service in Service for verb in verbs_of(service)} == set(COMMANDS)
    assert {name for service in Service for name in queries_of(service)} == set(QUERIES)
