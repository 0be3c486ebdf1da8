"""Wording gate before commands whose texts the complainant reads.

Nothing of a text is stored for it: a refusal leaves the command id free for the corrected text, and the
findings of an accepted text are found again for each reply, since a repeated command has the same text.
"""

from collections.abc import Iterator

from pydantic import BaseModel

from shared.contract.commands import Accepted, Command, CommandRequest, Refused
from shared.contract.errors import Refusal, refuse
from shared.contract.queries.wording import WordingQuery, WordingReport
from shared.contract.values.problems import Words
from shared.contract.wording import WordingFinding, WordingKind
from shared.runtime import refusals
from shared.runtime.messages.requests import CommandWork
from shared.wording.gate import WordingGate, blocking

KINDS: dict[WordingKind, Words] = {
    WordingKind.UNDATED_PROMISE: Words("it promises something without a date", "承诺没有时间"),
    WordingKind.BLAMES_CUSTOMER: Words("it blames the complainant", "责怪客户"),
    WordingKind.ARGUES: Words("it argues", "与客户争辩"),
    WordingKind.REFUSES_WITHOUT_REASON: Words("it refuses without a reason", "拒绝而无理由"),
    WordingKind.BLAMES_COLLEAGUE: Words("it blames a colleague", "责怪同事"),
    WordingKind.FORBIDDEN_PHRASE: Words("it has a forbidden phrase", "含服务忌语"),
    WordingKind.ABSOLUTE_PROMISE: Words("it makes an absolute promise", "作绝对保证"),
    WordingKind.OVER_APOLOGY: Words("it apologises too much", "道歉过度"),
    WordingKind.SLANG: Words("it has slang", "含口语或网络用语"),
    WordingKind.EXPOSES_PERSONAL_DATA: Words("it shows personal data", "泄露个人信息"),
}
"""Fault of each kind, as part of a sentence."""


class GuardedWording:
    """Work of a verb behind the gate: `first` refuses a faulty text, `again` repeats an accepted command."""

    def __init__(self, gate: WordingGate, first: CommandWork, again: CommandWork) -> None:
        self._gate = gate
        self._first = first
        self._again = again

    async def first(self, request: CommandRequest, command: Command) -> BaseModel:
        """Refuse a text with a blocking fault; otherwise do the work, and report the lesser faults."""
        findings = list(findings_in(self._gate, command))
        if blocking(findings):
            return Refused(error=refused(findings))
        return reported(await self._first(request, command), findings)

    async def again(self, request: CommandRequest, command: Command) -> BaseModel:
        """Repeat: the text was accepted before, under the rules of that time."""
        return reported(await self._again(request, command), list(findings_in(self._gate, command)))


def only_sendable(gate: WordingGate, work: CommandWork) -> CommandWork:
    """Work that refuses a text with a blocking fault, for a service that stores the reply itself."""

    async def guarded(request: CommandRequest, command: Command) -> BaseModel:
        findings = list(findings_in(gate, command))
        return Refused(error=refused(findings)) if blocking(findings) else await work(request, command)

    return guarded


class WordingWork:
    """Answers the query `wording`."""

    def __init__(self, gate: WordingGate) -> None:
        self._gate = gate

    async def __call__(self, query: WordingQuery) -> WordingReport:
        findings = self._gate.findings(query.text, dated=query.dated)
        return WordingReport(sendable=not blocking(findings), findings=findings)


def findings_in(gate: WordingGate, command: Command) -> Iterator[WordingFinding]:
    """Faults in the texts of a command that the complainant will read."""
    dated = getattr(command, "promise_by", None) is not None
    for field in command.told():
        if isinstance(text := getattr(command, field, None), str):
            yield from gate.findings(text, dated=dated, field=f"data.{field}")


def refused(findings: list[WordingFinding]) -> Refusal:
    """Refusal with all findings; its sentence names the kinds, and no word of the text."""
    worst = blocking(findings)
    kinds = Words.listed(KINDS[kind] for kind in dict.fromkeys(one.kind for one in worst))
    refusal = refuse(refusals.WORDING, field=worst[0].field, kinds=kinds)
    return refusal.model_copy(update={"findings": findings})


def reported(reply: BaseModel, findings: list[WordingFinding]) -> BaseModel:
    """Reply with the findings in its result."""
    if not findings or not isinstance(reply, Accepted):
        return reply
    told = [one.model_dump(mode="json", exclude_none=True) for one in findings]
    return reply.model_copy(update={"result": {**reply.result, "findings": told}})
