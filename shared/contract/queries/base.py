"""What every query and every answer has."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, PrivateAttr

from shared.contract.errors import Refusal
from shared.contract.subjects import Service


class Query(BaseModel):
    """The request of one query. `SERVICES` answer it; its `result` is a `RESULT`."""

    NAME: ClassVar[str]
    SERVICES: ClassVar[tuple[Service, ...]]
    RESULT: ClassVar[type[BaseModel]]
    _via: str | None = PrivateAttr(None)

    @property
    def via(self) -> str | None:
        """The client that asks. The service learns it from the subject; no sender can write it."""
        return self._via

    def sent_by(self, client: str) -> Self:
        """The same question, from this client."""
        sent = self.model_copy()
        sent._via = client
        return sent


class QueryReply(BaseModel):
    """`result` holds the model named by the query, or `error` says why not."""

    ok: bool
    result: dict[str, Any] | None = None
    error: Refusal | None = None
