"""Answering requests: decode, call one thing, reply. A request never ends in silence."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from faststream.nats import NatsBroker
from faststream.nats.message import NatsMessage
from pydantic import BaseModel, ValidationError

from shared.contract.commands import (
    COMMANDS,
    MAX_COMMAND_BYTES,
    Command,
    CommandRequest,
    PersonRequest,
    Refused,
    RequestOfMany,
)
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.json_objects import parsed, unambiguous
from shared.contract.quarantine import Misfit
from shared.contract.queries import QUERIES, Query, QueryReply
from shared.contract.refusals import WRONG_FIELD
from shared.contract.subjects import (
    COMMAND,
    QUERY,
    Service,
    command,
    from_client,
    query,
    spoken_by,
)
from shared.contract.values import CUSTOMER
from shared.contract.values.problems import first_problem
from shared.runtime import refusals
from shared.runtime.clients.permissions import ClientPermissions
from shared.runtime.messages.answering import NotUnderstood, answer, client_of
from shared.runtime.messages.broker import HouseBroker
from shared.runtime.side_work import SMALL, TooComplex
from shared.runtime.texts.text_fields import reported_in

WORKERS = 64

MODELS: tuple[type[BaseModel], ...] = (CommandRequest, *COMMANDS.values(), *QUERIES.values())
KNOWN = frozenset(name for model in MODELS for name in model.model_fields)
"""Names that a reply may repeat: they are ours, not the sender's."""

NAMES = {COMMAND: frozenset(COMMANDS), QUERY: frozenset(QUERIES)}
"""Verbs and queries, by the beginning of their subjects."""

Answer = Callable[[bytes], Awaitable[BaseModel | None]]
CommandWork = Callable[[CommandRequest, Command], Awaitable[BaseModel]]
PersonWork = Callable[[PersonRequest, Command], Awaitable[BaseModel]]
Prepare = Callable[[int, Iterable[str]], Awaitable[None]]
Find = Callable[[int, Iterable[str | None]], Awaitable[None]]
QueryWork = Callable[[Any], Awaitable[BaseModel | Refusal | None]]
Read = Callable[[NatsMessage], Awaitable[object]]
"""Decoder of a subscription: makes a message into the argument of its handler."""

Body = TypeVar("Body", bound=BaseModel)
Asking = TypeVar("Asking", CommandRequest, PersonRequest)


def serve_inside(broker: NatsBroker, subject: str, queue: str, work: Answer) -> None:
    """Answer requests of our own parts on `subject`; one of the service's processes takes each."""

    async def handle(message: NatsMessage) -> None:
        if (reply := await work(message.raw_message.data)) is not None:
            await answer(message.raw_message, reply)

    broker.subscriber(subject, queue=queue, max_workers=WORKERS, no_reply=True)(handle)


def serve(
    broker: HouseBroker, subject: str, queue: str, read: Read, handle: Callable[[Any], Awaitable[object]]
) -> None:
    """Handle requests on `subject` from the house, and from every client where the house receives them."""
    for place in (subject, from_client("*", subject)):
        subscriber = broker.requests.subscriber(
            place, queue=queue, max_workers=WORKERS, no_reply=True, decoder=read
        )
        subscriber(handle)


def serve_unknown(broker: HouseBroker, service: Service) -> None:
    """Refuse by name what is no verb and no query, so that its sender is not left without a reply.

    In a queue of its own: in the service's, NATS would give some commands to this subscriber alone.
    """

    async def handle(message: NatsMessage) -> None:
        raw = message.raw_message
        _, asked = spoken_by(raw.subject)
        kind, _, name = asked.rpartition(".")
        if name not in NAMES[kind]:
            await answer(raw, unknown_query(name) if kind == QUERY else unknown_verb(name))

    for asked in (command("*"), query("*")):
        for place in (asked, from_client("*", asked)):
            broker.subscriber(place, queue=f"{service}-unknown", no_reply=True)(handle)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Command as its handler receives it: the request with its typed data, its length, and its sender."""

    request: CommandRequest
    command: Command
    size: int


def command_reader(verb: str, clients: ClientPermissions) -> Read:
    """Decode commands of `verb`. A client that may not name the actor is refused before anything is done."""

    async def read(message: NatsMessage) -> Ordered:
        body, client = message.body, client_of(message)
        request, command = decode_command(verb, body)
        if refusal := clients.no_command(client, request.actor.id):
            raise NotUnderstood(refusal)
        return Ordered(request.sent_by(client), command, len(body))

    return read


@dataclass(frozen=True, slots=True)
class OrderedOfPerson:
    """Command about a person, as its handler receives it."""

    request: PersonRequest
    command: Command


def person_reader(verb: str, clients: ClientPermissions) -> Read:
    """Decode commands about a person. A client that may not name the actor is refused before anything is
    done.
    """

    async def read(message: NatsMessage) -> OrderedOfPerson:
        client = client_of(message)
        request, command = decoded_as(PersonRequest, verb, message.body)
        if refusal := clients.no_command(client, request.actor.id):
            raise NotUnderstood(refusal)
        return OrderedOfPerson(request.sent_by(client), command)

    return read


def person_handler(work: PersonWork) -> Callable[[OrderedOfPerson], Awaitable[BaseModel]]:
    """Do what a command about a person asks for."""

    async def handle(ordered: OrderedOfPerson) -> BaseModel:
        return await work(ordered.request, ordered.command)

    return handle


def command_handler(
    work: CommandWork, prepare: Prepare, find: Find | None = None
) -> Callable[[Ordered], Awaitable[BaseModel]]:
    """Do what a command asks for.

    `prepare` masks its words beforehand, and `find` looks for signals in those that may report a danger: no
    transaction and no event loop waits for that.
    """

    async def handle(ordered: Ordered) -> BaseModel:
        if ordered.size > SMALL and (refusal := await _prepared(ordered, prepare, find)):
            return Refused(error=refusal)
        return await work(ordered.request, ordered.command)

    return handle


def query_reader(name: str, clients: ClientPermissions) -> Read:
    """Decode queries of this name, and refuse a client that may not ask it."""

    async def read(message: NatsMessage) -> Query:
        client = client_of(message)
        query = clients.asked_as_itself(client, _decoded(QUERIES[name], message.body).sent_by(client))
        if refusal := clients.no_query(client, query):
            raise NotUnderstood(refusal)
        return query

    return read


def query_handler(work: QueryWork) -> Callable[[Query], Awaitable[QueryReply | None]]:
    """Look up what a query asks for; None leaves the reply to another service."""

    async def handle(query: Query) -> QueryReply | None:
        found = await work(query)
        if isinstance(found, Refusal):
            return QueryReply(ok=False, error=found)
        if found is None:
            return None
        return QueryReply(ok=True, result=found.model_dump(mode="json", exclude_none=True))

    return handle


def unknown_query(name: str) -> QueryReply:
    """Answer to an unknown query."""
    known = ", ".join(sorted(QUERIES))
    refusal = refuse(refusals.UNKNOWN_QUERY, name=name, known=known)
    return QueryReply(ok=False, error=refusal)


def unknown_verb(verb: str) -> Refused:
    """Answer to an unknown verb."""
    known = ", ".join(sorted(COMMANDS))
    refusal = refuse(refusals.UNKNOWN_VERB, verb=verb, known=known)
    return Refused(error=refusal)


def decode_command(verb: str, body: bytes) -> tuple[CommandRequest, Command]:
    """Request about a complaint and its typed data. Raises `NotUnderstood`."""
    many = "complaint_ids" in COMMANDS[verb].model_fields
    return decoded_as(RequestOfMany if many else CommandRequest, verb, body)


def decoded_as(model: type[Asking], verb: str, body: bytes) -> tuple[Asking, Command]:
    """Request of this model and its typed data. Raises `NotUnderstood`."""
    if len(body) > MAX_COMMAND_BYTES:
        raise NotUnderstood(refuse(refusals.COMMAND_TOO_LARGE, most=MAX_COMMAND_BYTES))
    request = _decoded(model, body)
    try:
        return request, COMMANDS[verb].model_validate(request.data)
    except ValidationError as error:
        raise NotUnderstood(_malformed(error, "data")) from None


def _decoded(model: type[Body], body: bytes) -> Body:
    """Body as this model. A field that is given twice is refused, since it would be two orders. Raises
    `NotUnderstood`.
    """
    try:
        value = parsed(body or b"{}")
        unambiguous(value, body, KNOWN)
        return model.model_validate(value)
    except ValidationError as error:
        raise NotUnderstood(_malformed(error)) from None
    except Misfit as error:
        refusal = refuse(ErrorCode.MALFORMED, detail=error.words, field=error.field)
        raise NotUnderstood(refusal) from None


def _malformed(error: ValidationError, prefix: str = "") -> Refusal:
    """First problem, with its field; never the value, which may be a person's text."""
    place, _, words = first_problem(error)
    field = ".".join(part for part in (prefix, place) if part)
    if not field:
        return refuse(ErrorCode.MALFORMED, detail=words)
    return refuse(WRONG_FIELD, field=field, problem=words)


async def _prepared(ordered: Ordered, prepare: Prepare, find: Find | None) -> Refusal | None:
    """Prepare the words of a large command, or return why they cannot be read."""
    command, size = ordered.command, ordered.size
    words = dict(_words(command.model_dump(mode="json", exclude_none=True), "data"))
    try:
        await prepare(size, words.values())
        if find is not None:
            await find(size, reported_in(command, by_customer=ordered.request.actor.id == CUSTOMER))
    except TooComplex:
        field = max(words, key=lambda place: len(words[place]))
        return refuse(refusals.TOO_COMPLEX, field=field)
    return None


def _words(value: Any, here: str) -> Iterator[tuple[str, str]]:
    """Every string of a command, by its place."""
    if isinstance(value, str):
        yield here, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield from _words(one, f"{here}.{name}")
