"""Envelope of messages: CloudEvents 1.0, structured JSON."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from shared.contract.values import Instant, Ref

CONTENT_TYPE = "application/cloudevents+json"

Data = TypeVar("Data")


class CloudEvent(BaseModel, Generic[Data]):
    """Message about one event. Unknown attributes of a received message are ignored."""

    specversion: Literal["1.0"] = "1.0"
    type: str
    source: Ref
    id: Ref
    time: Instant | None = None
    subject: str | None = None
    dataschema: str | None = None
    datacontenttype: str = "application/json"
    data: Data


RawEvent = CloudEvent[dict[str, Any]]
