"""What people and systems may ask for: request to `complaints.v1.command.<verb>`, one reply."""

import re
from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from shared.contract.errors import Refusal
from shared.contract.events import Counter, Rating
from shared.contract.subjects import Channel, Service
from shared.contract.values import (
    A_NUMBER,
    Category,
    CauseSide,
    Code,
    ComplaintId,
    Instant,
    Interest,
    Liability,
    Line,
    Money,
    Motive,
    Party,
    Ref,
    Text,
    is_code,
)

MAX_COMMAND_BYTES = 256 * 1024
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
"""An id that the sender chooses inside one complaint."""

LONG_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){6}")

Standards = Annotated[list[Token], Field(max_length=20)]
Unit = Annotated[float, Field(ge=0, le=1)]


class ActorRef(BaseModel):
    """Who asks. The role is looked up in the roster, never believed."""

    id: Ref


class CommandRequest(BaseModel):
    """The request. Repeating a `command_id` repeats the first reply and does nothing more."""

    command_id: Ref
    complaint_id: str
    actor: ActorRef
    data: dict[str, Any] = Field(default_factory=dict)


class Accepted(BaseModel):
    """It was done: the facts named are durable and published.

    `allowed` are the verbs that the answering service takes now; the query `complaint` has those of all.
    """

    ok: Literal[True] = True
    complaint_id: str
    stage: str
    events: list[str]
    allowed: list[str]
    result: dict[str, Any] = Field(default_factory=dict)


class Refused(BaseModel):
    """It was not done, and why."""

    ok: Literal[False] = False
    error: Refusal


CommandReply = Accepted | Refused


class Command(BaseModel):
    """The data of one verb. `TEXTS` are the fields that the service puts away before anything else."""

    VERB: ClassVar[str]
    SERVICE: ClassVar[Service]
    TEXTS: ClassVar[tuple[str, ...]] = ()

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """The fields of this very command that hold texts; `codes` are the remedies that may travel."""
        return self.TEXTS


class ToRouting(Command):
    SERVICE = Service.ROUTING


class Reasoned(ToRouting):
    """An order that says why."""

    TEXTS = ("reason",)
    reason: Text


class Respond(ToRouting):
    """Answer the complainant in substance. Only this meets the 24-hour rule."""

    VERB = "respond"
    TEXTS = ("text",)
    kind: Literal["explanation", "proposal", "plan"]
    text: Text
    promise_by: Instant | None = None


class Clarify(ToRouting):
    """Record the cause, where it lies and who is liable."""

    VERB = "clarify"
    TEXTS = ("text", "evidence")
    cause: Code
    cause_side: CauseSide
    liability: Liability
    text: Text | None = None
    evidence: Annotated[list[Ref], Field(max_length=50)] = Field(default_factory=list)


class RecordInterest(ToRouting):
    """Record what a party needs behind its stated demand."""

    VERB = "record_interest"
    TEXTS = ("text",)
    party: Party
    interest: Interest
    confirmed: StrictBool
    text: Text | None = None


class CompleteRecord(ToRouting):
    """Tell what the record lacks: at least one of these. `text` is the narrative. Anybody may."""

    VERB = "complete_record"
    TEXTS = ("text", "product", "order_ref")
    remedy_sought: Line | None = None
    product: Text | None = None
    order_ref: Text | None = None
    unit: Ref | None = None
    loss: Money | None = None
    text: Text | None = None

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A unit's code may travel, and a remedy that is known; what is told in words is a text."""
        sealed = {
            "remedy_sought": self.remedy_sought is not None and self.remedy_sought not in codes,
            "unit": self.unit is not None and not _may_travel(self.unit),
        }
        return (*self.TEXTS, *(name for name, away in sealed.items() if away))


def _may_travel(value: str) -> bool:
    """A code, and not a long number: that may be somebody's phone or card."""
    return is_code(value) and LONG_NUMBER.search(value) is None


class SetPosition(ToRouting):
    """Set or revise the organisation's core position."""

    VERB = "set_position"
    TEXTS = ("text",)
    text: Text


class Option(BaseModel):
    """One alternative: a remedy of the policy pack, an amount where the remedy is money."""

    option_id: Token
    remedy: Token
    amount: Money | None = None
    text: Text | None = None
    value_to_customer: Unit | None = None
    value_to_company: Unit | None = None


class PrepareOptions(ToRouting):
    """Prepare two or more alternatives, best for the complainant last."""

    VERB = "prepare_options"
    TEXTS = ("options.text",)
    options: Annotated[list[Option], Field(max_length=20)]


class MakeOffer(ToRouting):
    """Offer one prepared option, citing the standards it rests on."""

    VERB = "offer"
    TEXTS = ("text",)
    option_id: Token
    standards: Standards
    expires_at: Instant | None = None
    text: Text


class AnswerOffer(ToRouting):
    """The complainant's answer, sent by them or by the owner for them."""

    VERB = "answer"
    TEXTS = ("text",)
    offer_id: Token
    answer: Literal["accepted", "rejected", "countered"]
    counter: Counter | None = None
    text: Text | None = None


class WithdrawOffer(Reasoned):
    """Take an open offer back."""

    VERB = "withdraw_offer"
    offer_id: Token


class Approve(ToRouting):
    """Grant or deny what `approval_requested` asked for."""

    VERB = "approve"
    TEXTS = ("reason",)
    request_id: Token
    approved: StrictBool
    reason: Text | None = None


class CompleteAction(ToRouting):
    """An agreed action is done; evidence is a text or a URI."""

    VERB = "complete_action"
    TEXTS = ("evidence",)
    action_id: Token
    evidence: Text


class Decide(ToRouting):
    """End without agreement: reasons, standards, and where the complainant can go next."""

    VERB = "final_decision"
    TEXTS = ("text",)
    decision: Literal["upheld", "partly_upheld", "rejected"]
    standards: Standards
    text: Text
    recourse: Ref

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A code may travel; where the complainant can go next, told in words, is a text."""
        return ("text",) if is_code(self.recourse) else ("text", "recourse")


class Refer(ToRouting):
    """Hand the complaint to a body outside."""

    VERB = "refer"
    TEXTS = ("reason",)
    to: Ref
    reason: Text

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A code may travel; a body that is described in words is a text."""
        return ("reason",) if is_code(self.to) else ("reason", "to")


class Withdraw(Reasoned):
    """The complainant takes the complaint back."""

    VERB = "withdraw"


class Reclassify(Reasoned):
    """Correct the triage. Lowering the safety flag takes a second person."""

    VERB = "reclassify"
    category: Category | None = None
    motives: list[Motive] | None = None
    severity: Annotated[int, Field(ge=1, le=5), A_NUMBER] | None = None
    safety: StrictBool | None = None


class Transfer(Reasoned):
    """Propose another owner; nothing changes until they accept."""

    VERB = "transfer"
    to: Ref


class AcceptTransfer(ToRouting):
    """Become the owner that a transfer proposed."""

    VERB = "accept_transfer"


class Change(Reasoned):
    """Change the person, the place or the time of the conversation."""

    VERB = "change"
    what: Literal["person", "place", "time"]
    to: Ref

    def texts(self, codes: Collection[str] = frozenset(Motive)) -> tuple[str, ...]:
        """A person is a staff id; a place or a time is told in words."""
        return ("reason",) if self.what == "person" else ("reason", "to")


class Escalate(Reasoned):
    """Move the complaint up a level now."""

    VERB = "escalate"


class Pause(Reasoned):
    """Wait for the complainant."""

    VERB = "pause"
    until: Instant | None = None


class Resume(Reasoned):
    """End the wait."""

    VERB = "resume"


class Extend(Reasoned):
    """Move a deadline before it runs out. The 24-hour rule cannot be moved."""

    VERB = "extend"
    obligation: Token
    until: Instant


class CorrectReceipt(Reasoned):
    """The complainant spoke at another instant than was recorded; no later than when we wrote it down.

    A supervisor says so who is not accountable for the complaint.
    """

    VERB = "correct_receipt"
    received_at: Instant


class MigratePolicy(Reasoned):
    """Go on under the policy that is in force now; ask `migration` first what that would move."""

    VERB = "migrate_policy"


class RaiseFeedback(ToRouting):
    """Tell those inside who have to know: one of the six triggers."""

    VERB = "raise_feedback"
    TEXTS = ("text",)
    trigger: Annotated[int, Field(ge=1, le=6), A_NUMBER]
    text: Text


class OpenTask(ToRouting):
    """Give a department its part."""

    VERB = "open_task"
    TEXTS = ("text",)
    unit: Code
    text: Text
    due: Instant | None = None


class FinishTask(ToRouting):
    """A department's part is done."""

    VERB = "finish_task"
    TEXTS = ("text",)
    task_id: Token
    text: Text


class Note(ToRouting):
    """Put a note on the record: stored under its reference, no fact."""

    VERB = "note"
    TEXTS = ("text",)
    text: Text


class AddContact(Command):
    """The complainant came again about the same matter."""

    VERB = "add_contact"
    SERVICE = Service.INTAKE
    TEXTS = ("text",)
    channel: Channel
    text: Text
    at: Instant | None = None


class AnswerGrumble(Command):
    """Answer somebody who grumbled; staff only. The customer is told, and the grumble rests."""

    VERB = "answer_grumble"
    SERVICE = Service.INTAKE
    TEXTS = ("text",)
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


class Erase(Command):
    """Destroy every text of a complaint, in every service, for good; a privacy officer's order alone.

    `reason` is one of `ErasureReason`. Other words are taken for `other`, and are kept nowhere.
    """

    VERB = "erase"
    SERVICE = Service.INTAKE
    reason: Text


class ToFollowUp(Command):
    SERVICE = Service.FOLLOWUP


class ReportCallback(ToFollowUp):
    """What came of a callback attempt."""

    VERB = "report_callback"
    TEXTS = ("text",)
    attempt: Annotated[int, Field(ge=1), A_NUMBER]
    result: Literal["reached", "no_answer", "busy", "wrong_number", "later", "refused"]
    again_at: Instant | None = None
    text: Text | None = None


class RecordSatisfaction(ToFollowUp):
    """The complainant's verdict, never the handler's own."""

    VERB = "record_satisfaction"
    TEXTS = ("text",)
    resolved: StrictBool
    overall: Rating
    outcome: Rating
    process: Rating
    treatment: Rating
    nps: Annotated[int, Field(ge=0, le=10), A_NUMBER] | None = None
    text: Text | None = None


COMMANDS: dict[str, type[Command]] = {
    found.VERB: found
    for found in list(globals().values())
    if isinstance(found, type) and issubclass(found, Command) and "VERB" in vars(found)
}
"""Every verb by its name on the wire, in the order of this file."""


def verbs_of(service: Service) -> list[str]:
    """The verbs that a service answers."""
    return [verb for verb, command in COMMANDS.items() if service == command.SERVICE]
