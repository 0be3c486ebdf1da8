"""Actors of facts, and the contact wishes of a complainant."""

from collections.abc import Collection

from pydantic import BaseModel, Field

from shared.contract.subjects import Channel
from shared.contract.values.normal_form import normal_form
from shared.contract.values.references import Ref


class Actor(BaseModel):
    """Actor of a fact: a staff id with the role that the roster gives it, `customer`, or `amends` itself.

    `via` is the client that spoke for the actor; it is absent if no client did.
    """

    id: Ref
    role: str
    via: str | None = None


CUSTOMER = "customer"

SYSTEM = Actor(id="amends", role="system")


LINK = "amends.link"
"""`via` of the complainant who used a one-time link. No client can have this name."""


NOBODY = "nobody"
"""Id in place of a person, if each possible person has an interest in the complaint or left."""


def folded(name: str) -> str:
    """Name for comparison: case, width and composition of its characters do not distinguish people."""
    if name.isascii():  # its normal form is itself
        return name.lower().strip()
    return normal_form("NFKC", normal_form("NFKC", name).casefold()).strip()


class Concerned(BaseModel):
    """People and units that a complaint is about: ids of staff and codes of units. They do not handle it."""

    staff: list[str] = Field(default_factory=list)
    units: list[str] = Field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.staff or self.units)

    def holds(self, person: str, units: Collection[str] = ()) -> bool:
        """Whether this person, who is a member or the lead of these units, is one of them."""
        return _among(person, self.staff) or any(_among(unit, self.units) for unit in units)

    def beyond(self, known: "Concerned") -> "Concerned":
        """People and units that are not in `known`."""
        return Concerned(staff=_new(self.staff, known.staff), units=_new(self.units, known.units))

    def joined(self, other: "Concerned") -> "Concerned":
        """All of both."""
        more = other.beyond(self)
        return Concerned(staff=[*self.staff, *more.staff], units=[*self.units, *more.units])


def _among(name: str, names: list[str]) -> bool:
    return bool(names) and folded(name) in {folded(one) for one in names}


def _new(names: list[str], known: list[str]) -> list[str]:
    """Each name once, in its first form, without those of `known`."""
    first = {folded(name): name for name in reversed(names)}
    return sorted(name for key, name in first.items() if key not in {folded(one) for one in known})


class HeldLevel(BaseModel):
    """Level of escalation above the manager, and its person; `nobody` where it has none."""

    level: str
    person: str


class Contact(BaseModel):
    """Times and channel at which the complainant wants to be reached: no name, no number."""

    timezone: str | None = None
    contact_hours: str | None = None
    preferred_channel: Channel | None = None
