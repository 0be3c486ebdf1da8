"""Another system classifies: what it answers in time counts, and nothing that it does stops a complaint."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.routing.classifying import ANSWERS, Answer, Classifying
from services.routing.triage import triage
from shared.contract.classify import MOST_REPLY_BYTES
from shared.contract.events import Classified, Received, Suggestion
from shared.contract.subjects import classify_for
from shared.policy.models import ExternalClassifier, Pack
from tests.unit.cases import policy, received

TERMS = ExternalClassifier(client="other", within_seconds=0.2)
COMPLAINT = "Caaaaaaaaaaaaaaa"
SECRET = "Li Lei 13800138000"


@dataclass
class Message:
    """Answer as the library hands it over."""

    subject: str
    data: bytes
    headers: dict[str, str] | None = None


Answering = Callable[[dict[str, Any]], list[bytes | Message]]


@dataclass
class Wire:
    """Connection whose far end answers with `answering`; it also stands for the publisher."""

    answering: Answering
    sent: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    listener: Any = None
    later: list[Message] = field(default_factory=list)

    @property
    def client(self) -> "Wire":
        return self

    async def subscribe(self, subject: str, cb: Any) -> None:
        self.listener = cb

    async def publish(self, subject: str, body: bytes, reply: str) -> None:
        request = json.loads(body)
        self.sent.append((subject, request, reply))
        for one in self.answering(request):
            message = one if isinstance(one, Message) else Message(reply, one)
            message.subject = reply
            asyncio.get_running_loop().create_task(self.listener(message))


def good(request: dict[str, Any], **more: Any) -> bytes:
    ids = {name: request[name] for name in ("request_id", "complaint_id")}
    return json.dumps(ids | {"category": "price", "confidence": 0.9} | more).encode()


async def asked(answering: Answering) -> tuple[Answer, Wire, Classifying]:
    wire = Wire(answering)
    classifying = Classifying(wire, TERMS)  # type: ignore[arg-type]
    found = await classifying.ask(COMPLAINT, complaint())
    assert found
    return found, wire, classifying


def complaint(**said: Any) -> Received:
    refs = {"narrative": f"intake:{COMPLAINT}:narrative", "customer": f"intake:{COMPLAINT}:customer"}
    return received(text_refs=refs, **said)


def counted(outcome: str) -> float:
    return float(ANSWERS.labels(outcome)._value.get())


async def test_the_request_has_references_to_the_complainants_words_and_codes_and_no_text() -> None:
    _, wire, _ = await asked(lambda request: [good(request)])
    ((subject, request, _),) = wire.sent
    assert subject == classify_for("other")
    assert request.keys() == {"request_id", "complaint_id", "language", "channel", "text_refs", "answer_by"}
    assert request["text_refs"] == {"narrative": f"intake:{COMPLAINT}:narrative"}


async def test_an_answer_in_time_is_a_whole_suggestion_and_its_words_stay_apart() -> None:
    said = {"sub": "price.fairness", "severity": 4, "safety": True, "unsure": True, "words": ["dear"]}
    motives = [{"motive": "refund", "confidence": 0.7}]
    found, _, _ = await asked(lambda request: [good(request, motives=motives, **said)])
    assert found.words == ("dear",)
    assert found.classified.model_dump(mode="json", exclude_none=True) == {
        "source": "other",
        "status": "answered",
        "suggestion": {"category": "price", "confidence": 0.9, "motives": motives}
        | {name: value for name, value in said.items() if name != "words"},
    }


BAD: dict[str, tuple[str, Answering]] = {
    "no json": ("not_json", lambda _: [SECRET.encode()]),
    "a list": ("wrong_shape", lambda _: [b"[]"]),
    "deep": ("not_json", lambda _: [b"[" * 8000]),
    "no category": ("wrong_shape", lambda request: [good(request, category=None)]),
    "an unknown category": ("wrong_shape", lambda request: [good(request, category=SECRET)]),
    "a severity of 9": ("wrong_shape", lambda request: [good(request, severity=9)]),
    "a safety that is a word": ("wrong_shape", lambda request: [good(request, safety="no")]),
    "a confidence of 7": ("wrong_shape", lambda request: [good(request, confidence=7)]),
    "many words": ("wrong_shape", lambda request: [good(request, words=["w"] * 21)]),
    "a long word": ("wrong_shape", lambda request: [good(request, words=["w" * 101])]),
    "a huge answer": ("too_large", lambda request: [good(request, more="x" * MOST_REPLY_BYTES)]),
    "another complaint": ("wrong_id", lambda request: [good(request | {"complaint_id": "C" + "b" * 15})]),
    "another request": ("wrong_id", lambda request: [good(request | {"request_id": "x"})]),
    "a sub-code of another category": ("wrong_sub", lambda request: [good(request, sub="delivery.late")]),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_answer_is_ignored_counted_and_logged_without_its_content(kind: str) -> None:
    outcome, answering = BAD[kind]
    before = counted(outcome)
    with capture_logs() as logs:
        found, _, _ = await asked(answering)
    assert found == Answer(Classified(source="other", status="unusable"))
    assert counted(outcome) == before + 1
    assert [one["outcome"] for one in logs] == [outcome]
    assert SECRET not in str(logs)


async def test_a_silence_costs_the_first_complaint_the_time_and_the_next_ones_nothing() -> None:
    found, wire, classifying = await asked(lambda _: [])
    assert found == Answer(Classified(source="other", status="absent"))
    async with asyncio.timeout(TERMS.within_seconds / 2):
        again = await classifying.ask(COMPLAINT, complaint())
    assert again == found
    assert len(wire.sent) == 2


async def test_an_answer_in_time_ends_the_silence_for_the_next_complaint() -> None:
    _, wire, classifying = await asked(lambda _: [])
    before = counted("late")
    await classifying.ask(COMPLAINT, complaint())
    _, request, reply = wire.sent[-1]
    await classifying.receive(Message(reply, good(request)))  # type: ignore[arg-type]
    assert counted("late") == before + 1
    wire.answering = lambda request: [good(request)]
    found = await classifying.ask(COMPLAINT, complaint())
    assert found
    assert found.classified.status == "answered"


async def test_an_answer_that_comes_after_its_time_is_counted_and_changes_nothing() -> None:
    _, wire, classifying = await asked(lambda _: [])
    before = counted("late")
    _, request, reply = wire.sent[-1]
    await classifying.receive(Message(reply, good(request)))  # type: ignore[arg-type]
    assert counted("late") == before + 1
    async with asyncio.timeout(TERMS.within_seconds / 2):
        found = await classifying.ask(COMPLAINT, complaint())
    assert found
    assert found.classified.status == "absent"


async def test_only_the_first_answer_counts_and_one_to_no_request_is_unknown() -> None:
    before, unknown = counted("again"), counted("unknown")
    found, _, classifying = await asked(lambda request: [good(request), good(request, category="policy")])
    assert found.classified.suggestion
    assert found.classified.suggestion.category == "price"
    assert counted("again") == before + 1
    await classifying.receive(Message("_INBOX_routing.classify.x.y", b"{}"))  # type: ignore[arg-type]
    assert counted("unknown") == unknown + 1


async def test_where_nobody_is_connected_no_complaint_waits() -> None:
    async with asyncio.timeout(TERMS.within_seconds / 2):
        found, _, _ = await asked(lambda _: [Message("", b"", {"Status": "503"})])
    assert found.classified.status == "absent"


async def test_a_lost_connection_is_an_absence() -> None:
    def lost(_: dict[str, Any]) -> list[bytes | Message]:
        raise ConnectionError(SECRET)

    with capture_logs() as logs:
        found, _, _ = await asked(lost)
    assert found.classified.status == "absent"
    assert [one["error"] for one in logs] == ["ConnectionError"]


async def test_without_a_client_in_the_policy_no_system_is_asked() -> None:
    wire = Wire(lambda _: [])
    assert await Classifying(wire, None).ask(COMPLAINT, complaint()) is None  # type: ignore[arg-type]
    assert wire.sent == []


# --- the decision ---------------------------------------------------------------------------------


def pack() -> Pack:
    return policy().pack.model_copy(update={"external_classifier": TERMS})


def suggested(**said: Any) -> Classified:
    suggestion = Suggestion.model_validate({"category": "price", "confidence": 0.9} | said)
    return Classified(source="other", status="answered", suggestion=suggestion)


OURS = {"category": {"category": "product", "confidence": 0.8, "source": "classifier"}, "gravity": 4}


def test_a_suggestion_counts_in_place_of_the_model_and_both_are_stored() -> None:
    motives = [{"motive": "refund", "confidence": 0.7}, {"motive": "harassment", "confidence": 1.0}]
    classified = suggested(sub="price.fairness", motives=motives, severity=3)
    found = triage(received(hints={}, signals=OURS), pack(), classified)
    assert (found.category, found.sub, found.severity) == ("price", "price.fairness", 3)
    assert [(one.motive, one.source) for one in found.motives] == [("refund", "other")]
    assert found.harassment_suggested == ["other"]
    assert found.category_guess
    assert (found.category_guess.source, found.category_guess.unsure) == ("other", False)
    assert found.classified == classified


@pytest.mark.parametrize(("confidence", "unsure"), [(0.9, True), (0.5, False)])
def test_an_unsure_suggestion_asks_a_person_to_look(confidence: float, unsure: bool) -> None:
    found = triage(received(hints={}), pack(), suggested(confidence=confidence, unsure=unsure))
    assert found.category_guess
    assert found.category_guess.unsure


def test_a_hint_of_the_sender_precedes_a_suggestion() -> None:
    found = triage(received(hints={"category": "policy"}), pack(), suggested(sub="price.fairness"))
    assert (found.category, found.sub) == ("policy", None)


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("theirs", [True, False])
def test_a_danger_counts_whoever_found_it(ours: bool, declared: bool, theirs: bool) -> None:
    complaint = received(safety=declared, signals={"safety": ours})
    found = triage(complaint, pack(), suggested(safety=theirs, severity=1))
    assert found.safety == (ours or declared or theirs)
    assert (found.severity == 5) == found.safety


def test_without_a_suggestion_the_triage_is_that_of_the_model() -> None:
    complaint = received(hints={}, signals=OURS)
    for status in ("absent", "unusable"):
        classified = Classified.model_validate({"source": "other", "status": status})
        found = triage(complaint, pack(), classified)
        assert found.model_copy(update={"classified": None}) == triage(complaint, pack())
