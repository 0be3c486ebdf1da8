"""Commands to intake: further contacts, grumbles, duplicates, links between customers, and erasure."""

import warnings
from collections.abc import Collection

from pydantic import Field, StrictBool

from shared.contract.commands.base import Command
from shared.contract.subjects import Channel, Service
from shared.contract.values import ComplaintId, Instant, Motive, Ref, Text, is_code


class AddContact(Command):
    """Record another contact of the complainant about the same complaint.

    `about_staff` and `unit` name people and units that the complaint is about, too. They have no part in
    handling it from then on.

    `automatic` is true for a text that a machine wrote, such as an out-of-office reply (see
    `contact_added`).
    """

    VERB = "add_contact"
    SERVICE = Service.INTAKE
    TEXTS = ("text",)
    channel: Channel
    text: Text
    about_staff: Ref | None = None
    unit: Ref | None = None
    at: Instant | None = None
    automatic: StrictBool = False

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """Codes of units and people may travel in the clear; a description in words is a text."""
        own = {"about_staff": self.about_staff, "unit": self.unit}
        return (*self.TEXTS, *(name for name, value in own.items() if value and not is_code(value)))


class AnswerGrumble(Command):
    """Answer a grumble; staff only. The customer is notified, and the clock of the grumble stops."""

    VERB = "answer_grumble"
    SERVICE = Service.INTAKE
    TEXTS = ("text",)
    OURS = ("text",)
    TOLD = ("text",)
    text: Text


class Promote(Command):
    """Make a grumble a complaint, because the customer or a member of staff wants it."""

    VERB = "promote"
    SERVICE = Service.INTAKE
    TEXTS = ("reason",)
    reason: Text


class ConfirmDuplicate(Command):
    """Merge this complaint into `of`, the same complaint. It continues there; this id becomes an alias."""

    VERB = "confirm_duplicate"
    SERVICE = Service.INTAKE
    of: ComplaintId


with warnings.catch_warnings():
    # The field's name is the wire's. Pydantic warns of it because classes have a `register` from `ABCMeta`.
    warnings.filterwarnings("ignore", message='Field name "register"')

    class LinkCustomer(Command):
        """State that `ref` in another register names the customer of this complaint, too; supervisors only.

        `register` is a register of the policy, or a source that belongs to none. A link lets Amends
        suspect, and staff confirm, duplicates among the complaints of the two references. The link itself
        merges no complaints. `undo` ends the link.
        """

        VERB = "link_customer"
        SERVICE = Service.INTAKE
        TEXTS = ("reason",)
        OURS = ("reason",)
        register: Ref = Field(...)
        ref: Ref
        reason: Text
        undo: StrictBool = False


class Erase(Command):
    """Destroy every text of a complaint, in every service, for good; a privacy officer's order alone.

    `reason` is one of `ErasureReason`. Other words are taken for `other`, and are kept nowhere.
    """

    VERB = "erase"
    SERVICE = Service.INTAKE
    reason: Text
