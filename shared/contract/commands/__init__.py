"""What people and systems may ask for: request to `complaints.v1.command.<verb>`, one reply.

`request` is what goes to and fro; `base` what every verb has; `registry` all verbs by name. The other modules
hold the verbs by what they are about, under the names of the facts that come of them in `events`.
"""

from shared.contract.commands.base import Command, Reasoned, Standards, ToFollowUp, Token, ToRouting
from shared.contract.commands.clocks import CorrectReceipt, Extend, MigratePolicy, Pause, Resume
from shared.contract.commands.followup import RecordSatisfaction, ReportCallback
from shared.contract.commands.intake import (
    AddContact,
    AnswerGrumble,
    ConfirmDuplicate,
    Erase,
    LinkCustomer,
    Promote,
)
from shared.contract.commands.negotiation import (
    AnswerOffer,
    Approve,
    CounterOffer,
    MakeOffer,
    Option,
    PrepareOptions,
    Unit,
    WithdrawOffer,
)
from shared.contract.commands.outcome import CompleteAction, Decide, Refer, Release, Withdraw
from shared.contract.commands.ownership import AcceptTransfer, Change, Escalate, Reclassify, Transfer
from shared.contract.commands.registry import COMMANDS, verbs_of
from shared.contract.commands.request import (
    MAX_COMMAND_BYTES,
    Accepted,
    ActorRef,
    CommandReply,
    CommandRequest,
    Refused,
)
from shared.contract.commands.substance import (
    Clarify,
    CompleteRecord,
    RecordInterest,
    Respond,
    SetPosition,
)
from shared.contract.commands.tasks import FinishTask, Note, OpenTask, RaiseFeedback

__all__ = [
    "COMMANDS",
    "MAX_COMMAND_BYTES",
    "AcceptTransfer",
    "Accepted",
    "ActorRef",
    "AddContact",
    "AnswerGrumble",
    "AnswerOffer",
    "Approve",
    "Change",
    "Clarify",
    "Command",
    "CommandReply",
    "CommandRequest",
    "CompleteAction",
    "CompleteRecord",
    "ConfirmDuplicate",
    "CorrectReceipt",
    "CounterOffer",
    "Decide",
    "Erase",
    "Escalate",
    "Extend",
    "FinishTask",
    "LinkCustomer",
    "MakeOffer",
    "MigratePolicy",
    "Note",
    "OpenTask",
    "Option",
    "Pause",
    "PrepareOptions",
    "Promote",
    "RaiseFeedback",
    "Reasoned",
    "Reclassify",
    "RecordInterest",
    "RecordSatisfaction",
    "Refer",
    "Refused",
    "Release",
    "ReportCallback",
    "Respond",
    "Resume",
    "SetPosition",
    "Standards",
    "ToFollowUp",
    "ToRouting",
    "Token",
    "Transfer",
    "Unit",
    "Withdraw",
    "WithdrawOffer",
    "verbs_of",
]
