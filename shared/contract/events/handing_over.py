"""Facts of hand-overs between people, and of conversations in which the owner stays."""

from shared.contract.events.base import FromRouting
from shared.contract.values import Instant


class HandedOver(FromRouting):
    """Signature of the person who hands over (`sources.md` 91); `to` signs by `accept_transfer`.

    The owner stays accountable until then. `transfer_id` is the proposal's, as of a transfer.
    """

    NAME = "handed_over"
    transfer_id: str
    sender: str
    to: str


class AssistantNamed(FromRouting):
    """Person who assists the owner, since the item is in conversation and stays (`sources.md` 92).

    When the conversation ends, the item is signed over to them (`handed_over`). `assistant` is absent if the
    person is concerned or gone by now: then the owner has to hand over to another.
    """

    NAME = "assistant_named"
    assistant: str | None = None


class ConversationBegun(FromRouting):
    """Conversation with the complainant; it counts as over at `until`, or when the owner changes."""

    NAME = "conversation_begun"
    until: Instant


class ConversationEnded(FromRouting):
    """End of the conversation, by the owner's word; with an assistant also by its time."""

    NAME = "conversation_ended"


class HandOverDue(FromRouting):
    """Announcement to the owner, whose shift ends at `by`: the item is to be signed over.

    `sources.md` 91.
    """

    NAME = "hand_over_due"
    owner: str
    by: Instant


class HandOverMissed(FromRouting):
    """Alarm to `to`, the lead: the owner's shift ended at `by`, and the item was not signed over by both."""

    NAME = "hand_over_missed"
    owner: str
    by: Instant
    to: str
