"""Swaps of shifts: both people agree before, and a lead may refuse (`sources.md` 93)."""

from typing import ClassVar

from shared.contract.commands.base import ToRouting
from shared.contract.values import Instant, Ref


class OfSwap(ToRouting):
    """Verb about a swap of shifts: its request names no complaint."""

    ABOUT_COMPLAINT: ClassVar[bool] = False


class ProposeSwap(OfSwap):
    """Propose a swap: `to` works the actor's shift that begins at `mine`, the actor that of `to` at `theirs`.

    The result has the `swap_id`. A shift with a break is two shifts.
    """

    VERB = "propose_swap"
    to: Ref
    mine: Instant
    theirs: Instant


class AcceptSwap(OfSwap):
    """Agree to a swap, as the person to whom it was proposed; from then on it changes who is on shift."""

    VERB = "accept_swap"
    swap_id: Ref


class RefuseSwap(OfSwap):
    """Refuse a swap before it begins: both people while it is proposed, a lead or manager also afterwards."""

    VERB = "refuse_swap"
    swap_id: Ref
