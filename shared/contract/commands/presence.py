"""Presence of people: verbs about a member of staff, not about a complaint."""

from typing import ClassVar

from shared.contract.commands.base import ToRouting
from shared.contract.values import Ref


class OfPerson(ToRouting):
    """Verb about a person: its request names no complaint.

    `staff` is the person whom another of their level or above signs on or off, at least a lead; absent: the
    actor. Only people who handle complaints are signed on or off.
    """

    ABOUT_COMPLAINT: ClassVar[bool] = False
    staff: Ref | None = None


class SignOn(OfPerson):
    """Be at work from now on, also against the shifts, until these next begin or end."""

    VERB = "sign_on"


class SignOff(OfPerson):
    """Be away from now on, also against the shifts, until these next begin or end."""

    VERB = "sign_off"
