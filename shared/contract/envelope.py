"""The CloudEvents 1.0 envelope, structured JSON."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from shared.contract.values import Instant, Ref

CONTENT_TYPE = "application/cloudevents+json"

Data = TypeVar("Data")


class CloudEvent(BaseModel, Generic[Data]):
    """One message that says that something happened. Unknown attributes are ignored on the way in."""

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
