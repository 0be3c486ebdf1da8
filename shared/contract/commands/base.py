"""What every verb has, and what several share."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StringConstraints

from shared.contract.subjects import Service
from shared.contract.values import Motive, Text

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
"""An id that the sender chooses inside one complaint."""

Standards = Annotated[list[Token], Field(max_length=20)]


class Command(BaseModel):
    """The data of one verb. `TEXTS` are the fields that the service puts away before anything else."""

    VERB: ClassVar[str]
    SERVICE: ClassVar[Service]
    TEXTS: ClassVar[tuple[str, ...]] = ()
    OURS: ClassVar[tuple[str, ...]] = ()
    """Of these, the texts in which staff speak for the organisation; any other may report a danger."""

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """The fields of this very command that hold texts; `codes` are the remedies that may travel."""
        return self.TEXTS

    def reports(self, *, by_customer: bool) -> tuple[str, ...]:
        """The fields whose texts may report a danger: all of the complainant, most of staff."""
        return tuple(name for name in self.texts(()) if by_customer or name not in self.OURS)


class ToRouting(Command):
    """A verb that routing answers."""

    SERVICE = Service.ROUTING


class Reasoned(ToRouting):
    """An order that says why."""

    TEXTS = ("reason",)
    reason: Text


class ToFollowUp(Command):
    """A verb that followup answers."""

    SERVICE = Service.FOLLOWUP
