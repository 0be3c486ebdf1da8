"""Who did something, and how a complainant wants to be reached."""

from collections.abc import Collection

from pydantic import BaseModel, Field

from shared.contract.subjects import Channel
from shared.contract.values.normal_form import normal_form
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


NOBODY = "nobody"
"""Stands where a person is expected and everybody who could be has an interest in the matter, or is gone."""


def folded(name: str) -> str:
    """A name as it is compared: case, width and composition of its characters do not tell people apart."""
    if name.isascii():  # its normal form is itself
        return name.lower().strip()
    return normal_form("NFKC", normal_form("NFKC", name).casefold()).strip()


class Concerned(BaseModel):
    """Whom a complaint is about: ids of staff and codes of units. None of them has a hand in it."""

    staff: list[str] = Field(default_factory=list)
    units: list[str] = Field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.staff or self.units)

    def holds(self, person: str, units: Collection[str] = ()) -> bool:
        """Whether this person, who is a member or the lead of these units, is one of them."""
        return _among(person, self.staff) or any(_among(unit, self.units) for unit in units)

    def beyond(self, known: "Concerned") -> "Concerned":
        """Those who are not in `known`."""
        return Concerned(staff=_new(self.staff, known.staff), units=_new(self.units, known.units))

    def joined(self, other: "Concerned") -> "Concerned":
        """All of both."""
        more = other.beyond(self)
        return Concerned(staff=[*self.staff, *more.staff], units=[*self.units, *more.units])


def _among(name: str, names: list[str]) -> bool:
    return bool(names) and folded(name) in {folded(one) for one in names}


def _new(names: list[str], known: list[str]) -> list[str]:
    """Each name once, in its first form, without the known ones."""
    first = {folded(name): name for name in reversed(names)}
    return sorted(name for key, name in first.items() if key not in {folded(one) for one in known})


class Contact(BaseModel):
    """When and how the complainant wants to be reached: no name, no number."""

    timezone: str | None = None
    contact_hours: str | None = None
    preferred_channel: Channel | None = None
