"""Notices that intake sends, and the sentences after them, by the names of their templates."""

from enum import StrEnum


class Template(StrEnum):
    """Template of a whole notice. `notice_of` takes no other, so a new template is added here."""

    ACKNOWLEDGEMENT = "acknowledgement"
    CONTACT_JOINED = "contact_joined"
    GRUMBLE_ACKNOWLEDGEMENT = "grumble_acknowledgement"
    GRUMBLE_ANSWER = "grumble_answer"


class AddedSentence(StrEnum):
    """Template of a sentence after a notice."""

    SOUGHT = "acknowledgement_sought"
    NOT_SOUGHT = "acknowledgement_unsought"
    BY_WHEN = "contact_joined_by_when"
