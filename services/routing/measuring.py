"""Measure of a response before its text is sealed: the case sees no text, and decides about its substance."""

from typing import Any

from services.routing.rules.decision import LETTERS
from shared.contract.commands import CommandRequest
from shared.runtime.workflows.commanding import Attach
from shared.wording.substance import Substance


def measured(substance: Substance) -> Attach:
    """Attach to a response how many letters it has without words of courtesy."""

    async def attach(request: CommandRequest) -> dict[str, Any]:
        return {LETTERS: substance.letters(str(request.data.get("text", "")))}

    return attach
