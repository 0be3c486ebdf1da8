"""Verbs of the settlement: apologise, name a mediator, report a mediation."""

from typing import Literal

from shared.contract.commands.base import Reasoned, Token, ToRouting
from shared.contract.values import Ref, Text


class Apologise(ToRouting):
    """Apologise to the complainant in writing, where the liability asks for it."""

    VERB = "apologise"
    TEXTS = ("text",)
    OURS = ("text",)
    TOLD = ("text",)
    text: Text


class Mediate(Reasoned):
    """Name a mediator: a person of the roster who never owned the complaint and has no interest in it."""

    VERB = "mediate"
    OURS = ("reason",)
    to: Ref


class FinishMediation(ToRouting):
    """Report the end of a mediation, as the mediator. A `proposal` names one of the prepared options."""

    VERB = "finish_mediation"
    TEXTS = ("text",)
    OURS = ("text",)
    outcome: Literal["proposal", "failed"]
    option_id: Token | None = None
    text: Text
