"""What every query and every answer has."""

from typing import Any, ClassVar

from pydantic import BaseModel

from shared.contract.errors import Refusal
from shared.contract.subjects import Service


class Query(BaseModel):
    """The request of one query. `SERVICES` answer it."""

    NAME: ClassVar[str]
    SERVICES: ClassVar[tuple[Service, ...]]


class QueryReply(BaseModel):
    """`result` holds the model named by the query, or `error` says why not."""

    ok: bool
    result: dict[str, Any] | None = None
    error: Refusal | None = None
