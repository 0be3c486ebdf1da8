"""Messages between intake and the other services that erase a complaint; not part of the public contract."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contract.values import ComplaintId, Ref


class ErasureOrder(BaseModel):
    """Destroy the keys and the texts of these ids: a complaint, and those that were merged into it.

    Repeating an `erasure_id` destroys nothing that came since.
    """

    erasure_id: Ref
    complaint_ids: Annotated[list[ComplaintId], Field(min_length=1)]


class Destroyed(BaseModel):
    """Reply: the texts are destroyed, and no file of this service holds them any more. `texts` counts
    them.
    """

    ok: Literal[True] = True
    texts: int


class NotDestroyed(BaseModel):
    """Reply: the texts are not destroyed yet, so intake has to ask again. `error` is a class of failure."""

    ok: Literal[False] = False
    error: str


class KeysAsked(BaseModel):
    """Keys of a service that a former master key wraps, and keys that no master key here can unwrap.

    Each process of the service answers for itself; `readable` are the keys in its file.
    """

    service: str
    process: str = ""
    readable: list[str] = []
    master_key: str
    former: int
    unreadable: int
