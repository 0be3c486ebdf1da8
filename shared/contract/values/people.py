"""Who did something, and how a complainant wants to be reached."""

from pydantic import BaseModel

from shared.contract.subjects import Channel
from shared.contract.values.references import Ref


class Actor(BaseModel):
    """Who did it: a staff id with the role that the roster gives it, `customer`, or `amends` itself.

    `via` is the client that spoke for them; absent where nobody outside spoke.
    """

    id: Ref
    role: str
    via: str | None = None


CUSTOMER = "customer"

SYSTEM = Actor(id="amends", role="system")


class Contact(BaseModel):
    """When and how the complainant wants to be reached: no name, no number."""

    timezone: str | None = None
    contact_hours: str | None = None
    preferred_channel: Channel | None = None
