"""Base classes of queries and of their replies."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, PrivateAttr

from shared.contract.errors import Refusal
from shared.contract.subjects import Service


class Query(BaseModel):
    """Request of one query. `SERVICES` answer it; the `result` of the reply is a `RESULT`."""

    NAME: ClassVar[str]
    SERVICES: ClassVar[tuple[Service, ...]]
    RESULT: ClassVar[type[BaseModel]]
    _via: str | None = PrivateAttr(None)

    @property
    def via(self) -> str | None:
        """Client that asks. The service takes it from the subject; no sender can set it."""
        return self._via

    def sent_by(self, client: str) -> Self:
        """Copy of this request, marked as sent by this client."""
        sent = self.model_copy()
        sent._via = client
        return sent


class QueryReply(BaseModel):
    """Reply to a query: `result` holds the model that the query names, or `error` holds the refusal."""

    ok: bool
    result: dict[str, Any] | None = None
    error: Refusal | None = None
