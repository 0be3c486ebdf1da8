"""Only we say in the headers of a copy whose it is: a sender's own words there would get others erased."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from shared.contract import quarantine
from shared.contract.ids import complaint_id
from shared.contract.subjects import submit
from shared.runtime.messages.quarantining import Destination, QuarantinedMessage

OTHERS = "Caaaaaaaaaaaaaaa"
VERDICT = Destination("complaints.v1.quarantine.not_json", "not_json", "it is not JSON")


def copied(headers: dict[str, str], body: bytes = b"no JSON") -> dict[str, str]:
    """The headers of the copy of a message that came with these."""
    seen = SimpleNamespace(
        timestamp=datetime(2026, 11, 22, tzinfo=UTC), stream="S", sequence=SimpleNamespace(stream=1)
    )
    message: Any = SimpleNamespace(subject=submit("web"), data=body, headers=headers, metadata=seen)
    return dict(QuarantinedMessage(message, VERDICT).copy().headers)


@pytest.mark.parametrize(
    "name", [*quarantine.QUARANTINE_HEADERS, "Amends-Service", "amends-complaint", "AMENDS-X"]
)
def test_no_header_of_ours_survives_that_a_sender_gave(name: str) -> None:
    headers = copied({name: OTHERS})
    assert OTHERS not in headers.values()
    assert quarantine.HEADER_COMPLAINT not in headers


def test_a_senders_word_for_the_original_of_a_header_is_none() -> None:
    headers = copied({f"{quarantine.HEADER_ORIGINAL}Nats-Msg-Id": "theirs", "Nats-Msg-Id": "real"})
    assert headers[f"{quarantine.HEADER_ORIGINAL}Nats-Msg-Id"] == "real"


def test_the_complaint_is_the_one_named_by_the_message_itself() -> None:
    body = orjson.dumps({"source": "s", "id": "1"})
    headers = copied({quarantine.HEADER_COMPLAINT: OTHERS}, body)
    assert headers[quarantine.HEADER_COMPLAINT] == complaint_id("s", "1")


def test_other_headers_of_the_sender_stay() -> None:
    assert copied({"X-Trace": "t-1", "content-type": "text/plain"}).items() >= {("X-Trace", "t-1")}
