"""Base classes of the verbs, and types that several verbs share."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StringConstraints

from shared.contract.subjects import Service
from shared.contract.values import A_NUMBER, Motive, Text

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
"""Id that the sender chooses; it is unique within one complaint."""

Version = Annotated[int, Field(ge=0, le=1_000_000), A_NUMBER]
"""Version of the core position that a text follows, or that a revision replaces; 0 before the first."""

Standards = Annotated[list[Token], Field(max_length=20)]


class Command(BaseModel):
    """Data of one verb. `TEXTS` are the fields that the service encrypts and stores before it does anything
    else.
    """

    VERB: ClassVar[str]
    SERVICE: ClassVar[Service]
    TEXTS: ClassVar[tuple[str, ...]] = ()
    ABOUT_COMPLAINT: ClassVar[bool] = True
    """Whether its request names a complaint; else it is about a person (`presence.py`)."""
    OURS: ClassVar[tuple[str, ...]] = ()
    """Subset of `TEXTS` in which staff speak for the organisation. Any other text may report a danger."""
    TOLD: ClassVar[tuple[str, ...]] = ()
    """Subset of `OURS` that the complainant reads. The wording gate checks them first."""

    def told(self) -> tuple[str, ...]:
        """Fields of this command whose texts the complainant reads."""
        return self.TOLD

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Fields of this command that hold texts; `codes` are the remedies that may travel in the clear."""
        return self.TEXTS

    def reports(self, *, by_customer: bool) -> tuple[str, ...]:
        """Fields whose texts may report a danger: all texts of the complainant, and most texts of staff."""
        return tuple(name for name in self.texts(()) if by_customer or name not in self.OURS)


class ToRouting(Command):
    """Verb that routing answers."""

    SERVICE = Service.ROUTING


class Reasoned(ToRouting):
    """Verb that requires a reason."""

    TEXTS = ("reason",)
    reason: Text


class ToFollowUp(Command):
    """Verb that followup answers."""

    SERVICE = Service.FOLLOWUP
