"""Hand-over of complaints between people, and conversations in which none changes hands."""

from typing import Annotated

from pydantic import Field, StrictBool

from shared.contract.commands.base import ToRouting
from shared.contract.values import ComplaintId, Instant, Ref

MOST_AT_ONCE = 1000


class HandOver(ToRouting):
    """Sign one complaint or many over to another person, who signs by `accept_transfer`.

    Without `complaint_ids` and `all` it is the complaint of the request; `all` means each open complaint of
    the actor. The reply names per complaint what happened. A complaint with a conversation going on stays
    with its owner, and the other person becomes its assistant.
    """

    VERB = "hand_over"
    to: Ref
    complaint_ids: Annotated[list[ComplaintId], Field(min_length=1, max_length=MOST_AT_ONCE)] | None = None
    all: StrictBool = False


class BeginConversation(ToRouting):
    """Report that a conversation with the complainant goes on; it counts as over at `until`."""

    VERB = "begin_conversation"
    until: Instant | None = None


class EndConversation(ToRouting):
    """Report that the conversation with the complainant is over."""

    VERB = "end_conversation"
