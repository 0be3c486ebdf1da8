"""Request to the classifier of another system, which may answer in place of the built-in classifier.

The request goes out for every complaint while the policy names a client for it. A complaint waits for the
answer no longer than the policy's time. After one silence no complaint waits, until the classifier has
answered a request in time again: an outage delays only the complaints at its beginning.
"""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Literal

from nats.aio.msg import Msg
from prometheus_client import Counter

from services.routing.classifier_answers import Unusable, read_answer
from shared.contract.classify import ClassifyReply, ClassifyRequest
from shared.contract.clients import TextKind, kind_of_text
from shared.contract.events import Classified, Received, Suggestion
from shared.contract.subjects import Service, classify_for, inbox_prefix
from shared.policy.models import ExternalClassifier
from shared.runtime.log import logger
from shared.runtime.messages.publishing import Publisher

log = logger("classifying")

ANSWERS = Counter("amends_classifier_answers", "Outcomes of requests to the external classifier", ["outcome"])

REMEMBERED = 10_000
"""Requests whose late answers are recognised; an answer to an older one is unknown."""


@dataclass
class Asked:
    """Request that was sent. `answer` is None where the complaint does not wait for it."""

    request: ClassifyRequest
    at: float
    answer: asyncio.Future[ClassifyReply | None] | None
    answered: bool = False


@dataclass(frozen=True)
class Answer:
    """Outcome for one complaint: what the fact has of it, and the words that decided, which are texts."""

    classified: Classified
    words: tuple[str, ...] = ()


class Classifying:
    """Asks the classifier that the policy names."""

    def __init__(self, publisher: Publisher, terms: ExternalClassifier | None) -> None:
        self._publisher = publisher
        self._terms = terms
        self._prefix = f"{inbox_prefix(Service.ROUTING)}.classify.{secrets.token_hex(8)}"
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._listening: asyncio.Task[None] | None = None
        self._silent = False

    async def ask(self, complaint_id: str, received: Received) -> Answer | None:
        """Answer about a complaint; None where the policy names no classifier. It never raises."""
        terms, found = self._terms, None
        if terms is None:
            return None
        try:
            async with asyncio.timeout(terms.within_seconds):
                asked = await self._send(terms, complaint_id, received)
                found = await asked.answer if asked.answer else None
        except TimeoutError:
            self._silent = True
            _note("silent", complaint_id)
        except Unusable as problem:
            _note(str(problem), complaint_id)
            return _without(terms, "unusable")
        except Exception as error:
            _note("failed", complaint_id, error=type(error).__name__)
        return _with(terms, found) if found else _without(terms, "absent")

    async def _send(self, terms: ExternalClassifier, complaint_id: str, received: Received) -> Asked:
        await self._listen()
        request = _request(terms, complaint_id, received)
        answer = None if self._silent else asyncio.get_running_loop().create_future()
        asked = self._asked[request.request_id] = Asked(request, monotonic(), answer)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        body, reply = request.model_dump_json().encode(), f"{self._prefix}.{request.request_id}"
        await self._publisher.client.publish(classify_for(terms.client), body, reply=reply)
        return asked

    async def _listen(self) -> None:
        """Subscribe once to the answers to this process; after a failure again."""
        if self._listening is None or (self._listening.done() and self._listening.exception()):
            self._listening = asyncio.create_task(self._subscribe())
        await asyncio.shield(self._listening)

    async def _subscribe(self) -> None:
        await self._publisher.client.subscribe(f"{self._prefix}.*", cb=self.receive)

    async def receive(self, message: Msg) -> None:
        """Take an answer of any content. Only the first to each request counts."""
        asked = self._asked.get(message.subject.rsplit(".", 1)[-1])
        if asked is None or asked.answered:
            _note("again" if asked else "unknown", asked.request.complaint_id if asked else None)
            return
        asked.answered = True
        try:
            found = None if _no_responder(message) else read_answer(message.data, asked.request)
        except Unusable as problem:
            _settle(asked, problem)
            return
        if found and self._terms and monotonic() - asked.at <= self._terms.within_seconds:
            self._silent = False
        _settle(asked, found)


def _request(terms: ExternalClassifier, complaint_id: str, received: Received) -> ClassifyRequest:
    refs = {key: ref for key, ref in received.text_refs.items() if kind_of_text(ref) is TextKind.WORDS}
    return ClassifyRequest(
        request_id=secrets.token_hex(16),
        complaint_id=complaint_id,
        language=received.language,
        channel=received.channel,
        text_refs=refs,
        answer_by=datetime.now(UTC) + timedelta(seconds=terms.within_seconds),
    )


def _settle(asked: Asked, found: ClassifyReply | Unusable | None) -> None:
    """Give the outcome to the complaint, if it still waits."""
    complaint_id, waiting = asked.request.complaint_id, asked.answer
    if found is None:
        _note("nobody", complaint_id)
    if waiting is None or waiting.done():
        if found is not None:
            _note("late", complaint_id)
    elif isinstance(found, Unusable):
        waiting.set_exception(found)
    else:
        waiting.set_result(found)


def _no_responder(message: Msg) -> bool:
    """Whether the server reports that no classifier is connected."""
    return (message.headers or {}).get("Status") == "503"


def _with(terms: ExternalClassifier, found: ClassifyReply) -> Answer:
    ANSWERS.labels("used").inc()
    own = found.model_dump(exclude={"request_id", "complaint_id", "words"})
    return Answer(
        Classified(source=terms.client, status="answered", suggestion=Suggestion.model_validate(own)),
        tuple(found.words),
    )


def _without(terms: ExternalClassifier, status: Literal["absent", "unusable"]) -> Answer:
    return Answer(Classified(source=terms.client, status=status))


def _note(outcome: str, complaint_id: str | None = None, **more: str) -> None:
    """Count and log what became of a request, without any content of an answer."""
    ANSWERS.labels(outcome).inc()
    log.warning("classifier_not_used", outcome=outcome, complaint_id=complaint_id, **more)
