"""Answering requests: decode, call one thing, reply. A request never ends in silence."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from faststream.nats import NatsBroker
from faststream.nats.message import NatsMessage
from pydantic import BaseModel, ValidationError

from shared.contract.commands import COMMANDS, MAX_COMMAND_BYTES, Command, CommandRequest, Refused
from shared.contract.errors import ErrorCode, Refusal, refuse
from shared.contract.json_objects import parsed, unambiguous
from shared.contract.outgoing import encode
from shared.contract.quarantine import Misfit
from shared.contract.queries import QUERIES, QueryReply
from shared.contract.refusals import WRONG_FIELD
from shared.contract.subjects import (
    COMMAND,
    INBOX,
    QUERY,
    RELAYED_REPLY,
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
from shared.runtime.log import logger
from shared.runtime.messages.broker import HouseBroker
from shared.runtime.messages.outage import is_outage
from shared.runtime.reasons import reason
from shared.runtime.side_work import SMALL, TooComplex
from shared.runtime.texts.text_fields import reported_in

log = logger("requests")

WORKERS = 64

MODELS: tuple[type[BaseModel], ...] = (CommandRequest, *COMMANDS.values(), *QUERIES.values())
KNOWN = frozenset(name for model in MODELS for name in model.model_fields)
"""The names that we may repeat: they are ours, not the sender's."""

NAMES = {COMMAND: frozenset(COMMANDS), QUERY: frozenset(QUERIES)}
"""Verbs and queries, by the beginning of their subjects."""

Answer = Callable[[bytes], Awaitable[BaseModel | None]]
ClientAnswer = Callable[[bytes, str, ClientPermissions], Awaitable[BaseModel | None]]
"""Takes the request, the name of the client that sent it, and what the clients may do."""

CommandWork = Callable[[CommandRequest, Command], Awaitable[BaseModel]]
Prepare = Callable[[int, Iterable[str]], Awaitable[None]]
Find = Callable[[int, Iterable[str | None]], Awaitable[None]]
QueryWork = Callable[[Any], Awaitable[BaseModel | Refusal | None]]


def serve_inside(broker: NatsBroker, subject: str, queue: str, answer: Answer) -> None:
    """Answer requests of our own parts on `subject`; one of the service's processes takes each."""

    async def handle(message: NatsMessage) -> None:
        raw = message.raw_message
        reply = await answer(raw.data)
        if reply is not None and is_inbox(raw.reply):
            await raw.respond(fitting(encode(reply), raw._client.max_payload))

    broker.subscriber(subject, queue=queue, max_workers=WORKERS, no_reply=True)(handle)


def serve(broker: HouseBroker, subject: str, queue: str, answer: ClientAnswer) -> None:
    """Answer requests on `subject` from the house, and from every client where the house receives them."""

    async def handle(message: NatsMessage) -> None:
        raw = message.raw_message
        client, _ = spoken_by(raw.subject)
        reply = await answer(raw.data, client, broker.clients)
        if reply is not None and is_inbox(raw.reply):
            await raw.respond(fitting(encode(reply), raw._client.max_payload))

    for place in (subject, from_client("*", subject)):
        broker.subscriber(place, queue=queue, max_workers=WORKERS, no_reply=True)(handle)


def serve_unknown(broker: HouseBroker, service: Service) -> None:
    """Refuse by name what is no verb and no query, so that its sender is not left without a reply.

    In a queue of its own: in the service's, NATS would give some commands to this subscriber alone.
    """

    async def answer(message: NatsMessage) -> None:
        raw = message.raw_message
        _, asked = spoken_by(raw.subject)
        kind, _, name = asked.rpartition(".")
        if name not in NAMES[kind] and is_inbox(raw.reply):
            await raw.respond(encode(unknown_query(name) if kind == QUERY else unknown_verb(name)))

    for asked in (command("*"), query("*")):
        for place in (asked, from_client("*", asked)):
            broker.subscriber(place, queue=f"{service}-unknown", no_reply=True)(answer)


def fitting(reply: bytes, most: int) -> bytes:
    """The reply; or, where NATS would not carry it, the refusal that says so: silence is no answer."""
    if len(reply) <= most:
        return reply
    refusal = refuse(refusals.ANSWER_TOO_LARGE, size=len(reply), most=most)
    return encode(QueryReply(ok=False, error=refusal))


def is_inbox(reply_to: str) -> bool:
    """Whether an asker may be answered there: nobody may have us speak on a subject of our own.

    To a request from a client's account the server gives a reply subject of its own.
    """
    return reply_to.startswith((INBOX, RELAYED_REPLY))


def command_answer(verb: str, work: CommandWork, prepare: Prepare, find: Find | None = None) -> ClientAnswer:
    """Decode a command of `verb`, do it, and turn whatever goes wrong into a refusal.

    `prepare` masks its words beforehand, and `find` looks for signals in those that may report a danger: no
    transaction and no event loop waits for that. A client that may
    not name the actor is refused before anything is looked up or remembered.
    """

    async def answer(body: bytes, client: str, clients: ClientPermissions) -> BaseModel:
        decoded = decode_command(verb, body)
        if isinstance(decoded, Refusal):
            return Refused(error=decoded)
        request, command = decoded
        if refusal := clients.no_command(client, request.actor.id):
            return Refused(error=refusal)
        if len(body) > SMALL and (refused := await _prepared(decoded, len(body), prepare, find)):
            return Refused(error=refused)
        try:
            return await work(request.sent_by(client), command)
        except Exception as error:
            return Refused(error=_went_wrong(verb, error))

    return answer


def query_answer(name: str, work: QueryWork) -> ClientAnswer:
    """Decode a query, look it up; a refusal becomes an error reply, None leaves the reply to another."""

    async def answer(body: bytes, client: str, clients: ClientPermissions) -> BaseModel | None:
        try:
            query = QUERIES[name].model_validate(_json_object(body)).sent_by(client)
        except ValidationError as error:
            return QueryReply(ok=False, error=_malformed(error))
        except Misfit as error:
            return QueryReply(ok=False, error=_no_object(error))
        query = clients.asked_as_itself(client, query)
        if refusal := clients.no_query(client, query):
            return QueryReply(ok=False, error=refusal)
        try:
            found = await work(query)
        except Exception as error:
            return QueryReply(ok=False, error=_went_wrong(name, error))
        if isinstance(found, Refusal):
            return QueryReply(ok=False, error=found)
        if found is None:
            return None
        return QueryReply(ok=True, result=found.model_dump(mode="json", exclude_none=True))

    return answer


def unknown_query(name: str) -> QueryReply:
    """The answer to a query that nobody has."""
    known = ", ".join(sorted(QUERIES))
    refusal = refuse(refusals.UNKNOWN_QUERY, name=name, known=known)
    return QueryReply(ok=False, error=refusal)


def unknown_verb(verb: str) -> Refused:
    """The answer to a verb that nobody has."""
    known = ", ".join(sorted(COMMANDS))
    refusal = refuse(refusals.UNKNOWN_VERB, verb=verb, known=known)
    return Refused(error=refusal)


def decode_command(verb: str, body: bytes) -> tuple[CommandRequest, Command] | Refusal:
    """The request and its typed data, or what is wrong with it."""
    if len(body) > MAX_COMMAND_BYTES:
        return refuse(refusals.COMMAND_TOO_LARGE, most=MAX_COMMAND_BYTES)
    try:
        request = CommandRequest.model_validate(_json_object(body))
    except ValidationError as error:
        return _malformed(error)
    except Misfit as error:
        return _no_object(error)
    try:
        return request, COMMANDS[verb].model_validate(request.data)
    except ValidationError as error:
        return _malformed(error, "data")


def _no_object(error: Misfit) -> Refusal:
    return refuse(ErrorCode.MALFORMED, detail=error.words, field=error.field)


def _json_object(body: bytes) -> dict[str, Any]:
    """The object that the body says; a field that is given twice would be two orders."""
    value = parsed(body or b"{}")
    unambiguous(value, body, KNOWN)
    return value


def _malformed(error: ValidationError, prefix: str = "") -> Refusal:
    """The first problem, with the field named; never the value, which may be somebody's text."""
    place, _, words = first_problem(error)
    field = ".".join(part for part in (prefix, place) if part)
    if not field:
        return refuse(ErrorCode.MALFORMED, detail=words)
    return refuse(WRONG_FIELD, field=field, problem=words)


async def _prepared(
    decoded: tuple[CommandRequest, Command], size: int, prepare: Prepare, find: Find | None
) -> Refusal | None:
    """That the words of a large command are read, or why they cannot be."""
    request, command = decoded
    words = dict(_words(command.model_dump(mode="json", exclude_none=True), "data"))
    try:
        await prepare(size, words.values())
        if find is not None:
            await find(size, reported_in(command, by_customer=request.actor.id == CUSTOMER))
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


def _went_wrong(what: str, error: Exception) -> Refusal:
    if is_outage(error):
        log.warning("request_unavailable", what=what, error=reason(error))
    else:
        log.error("request_failed", what=what, exc_info=error)
    return refuse(ErrorCode.UNAVAILABLE)
