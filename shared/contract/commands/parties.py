"""Parties to be informed, vulnerable people, and cost limits that give way to them."""

from pydantic import StrictBool

from shared.contract.commands.base import Reasoned, ToRouting
from shared.contract.events.parties import Party360
from shared.contract.values import Text


class InformParty(ToRouting):
    """Record that a party was informed of the complaint."""

    VERB = "inform_party"
    TEXTS = ("text",)
    OURS = ("text",)
    party: Party360
    text: Text


class MarkVulnerable(Reasoned):
    """Mark the complainant as vulnerable; a supervisor who is not the owner removes the mark."""

    VERB = "mark_vulnerable"
    OURS = ("reason",)
    vulnerable: StrictBool = True


class Override(Reasoned):
    """Let the limits of authority give way, for safety or a vulnerable complainant."""

    VERB = "override"
    OURS = ("reason",)
