"""What intake is asked: further contacts, grumbles, complaints about the same matter, erasure."""

import warnings
from collections.abc import Collection

from pydantic import Field, StrictBool

from shared.contract.commands.base import Command
from shared.contract.subjects import Channel, Service
from shared.contract.values import ComplaintId, Instant, Motive, Ref, Text, is_code


class AddContact(Command):
    """The complainant came again about the same matter.

    `about_staff` and `unit` name whom it is about, too: they have no part in it from then on.

    `automatic` is true where a machine wrote it, such as an out-of-office reply (see `contact_added`).
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
        """Codes of units and people may travel; whom somebody names in words is a text."""
        own = {"about_staff": self.about_staff, "unit": self.unit}
        return (*self.TEXTS, *(name for name, value in own.items() if value and not is_code(value)))


class AnswerGrumble(Command):
    """Answer somebody who grumbled; staff only. The customer is told, and the grumble rests."""

    VERB = "answer_grumble"
    SERVICE = Service.INTAKE
    TEXTS = ("text",)
    OURS = ("text",)
    text: Text


class Promote(Command):
    """Make a grumble a complaint, because the customer or a member of staff wants it."""

    VERB = "promote"
    SERVICE = Service.INTAKE
    TEXTS = ("reason",)
    reason: Text


class ConfirmDuplicate(Command):
    """This complaint is about the same matter as `of`: it goes on there, and this id becomes an alias."""

    VERB = "confirm_duplicate"
    SERVICE = Service.INTAKE
    of: ComplaintId


with warnings.catch_warnings():
    # The field's name is the wire's. Pydantic warns of it because classes have a `register` from `ABCMeta`.
    warnings.filterwarnings("ignore", message='Field name "register"')

    class LinkCustomer(Command):
        """The customer of this complaint is also known as `ref` in another register; a supervisor's order.

        `register` is a register of the policy, or a source that is in none. A link lets complaints of the two
        be suspected and confirmed as duplicates; it joins none of itself. `undo` ends that.
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
