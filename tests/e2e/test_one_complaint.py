"""One complaint from the first word to the last: the steps of docs/one-complaint.md, in their order."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deploy.local.stack import Stack
from shared.contract.ids import complaint_id
from tests.listening import Telling, forward, listening, outside, spoken
from tests.outside import OPTIONS, STANDARD, Outside

DAY = timedelta(days=1)
CLOCKS = ("silence", "acknowledgement", "response_24h", "resolution")
OPENED = ("triaged", "assigned", *["deadline_set"] * len(CLOCKS), "deadline_met", "deadline_set")
TOLD = ("notice", "deadline_moved")
"""Whatever the complainant is told, the clock of our silence begins anew."""


class OneComplaint:
    """One complaint with everybody around it; each method is a step of the document."""

    def __init__(self, stack: Stack, system: Outside, facts: Telling, external_id: str) -> None:
        self.stack, self.system, self.facts = stack, system, facts
        self.external_id = external_id
        self.id = complaint_id("test/shop", external_id)
        self.owner = ""

    async def submitted(self) -> None:
        """1 to 3: the shop publishes; intake records and acknowledges; routing opens the case."""
        assert await self.system.submit(external_id=self.external_id, **spoken()) == self.id
        received, promise, notice = await self.facts.says("received", "promise_made", "notice")
        assert notice["template"] == "acknowledgement"
        assert set(received["text_refs"]) == {"title", "narrative", "customer"}
        triaged, assigned, *clocks, acknowledged, promised = await self.facts.says(*OPENED)
        assert triaged["category"] == "product"
        assert tuple(clock["obligation"] for clock in clocks) == CLOCKS
        assert acknowledged["obligation"] == "acknowledgement"
        assert (promised["obligation"], promised["due"]) == (promise["promise_id"], promise["by_when"])
        self.owner = assigned["owner"]

    async def answered(self, *, late: bool = False) -> None:
        """4: the substantive response."""
        await self.does("respond", kind="plan", text="我负责到底，今天给您方案。")
        _, rule, promise, *_ = await self.facts.says("responded", "deadline_met", "deadline_met", *TOLD)
        assert (rule["obligation"], promise["obligation"]) == ("response_24h", "promise-1")
        assert rule["late"] is late

    async def understood(self) -> None:
        """5: cause, liability, and the interest behind the demand."""
        await self.does("clarify", cause="crash", cause_side="defect", liability="company")
        await self.does("record_interest", party="customer", interest="money", confirmed=True)
        _, sorry, clock, _ = await self.facts.says(
            "clarified", "apology_due", "deadline_set", "interest_recorded"
        )
        assert (sorry["kind"], clock["obligation"]) == ("full", "apology-1")

    async def agreed(self) -> None:
        """6: two alternatives; the first is rejected, the next is proposed at once, and accepted."""
        await self.does("prepare_options", options=OPTIONS)
        await self.facts.says("options_prepared")
        proposed = await self.offered("voucher", "rejected")
        assert proposed == "refund"
        await self.offered(proposed, "accepted")
        terms, clock = await self.facts.says("agreed", "deadline_set")
        assert terms["terms"]["amount"]["value"] == "199.00"
        assert clock["obligation"] == terms["actions"][0]["action_id"] == "action-1"

    async def offered(self, option_id: str, answer: str) -> str | None:
        result = await self.does("offer", option_id=option_id, standards=[STANDARD], text="方案如下")
        made, _, silence = await self.facts.says("offer_made", *TOLD)
        assert (silence["obligation"], silence["why"]) == ("silence", "told")
        assert made["standards"] == [{"id": STANDARD, "version": "2026-01"}]
        await self.system.do("answer", self.id, "customer", offer_id=result["offer_id"], answer=answer)
        (answered,) = await self.facts.says("offer_answered")
        return answered.get("next_option_id")

    async def done(self) -> None:
        """7: carried out, with evidence; the last action resolves the complaint."""
        await self.does("complete_action", action_id="action-1", evidence="https://bank.example/42")
        _, action = await self.facts.says("action_completed", "deadline_met")
        sorry, _, resolved, *met, told = await self.facts.says(
            "apology_given", "deadline_met", "resolved", "deadline_met", "deadline_met", "notice"
        )
        assert sorry["how"] == "notice"
        assert action["obligation"] == "action-1"
        assert [clock["obligation"] for clock in met] == ["silence", "resolution"]
        assert (resolved["outcome"], resolved["stage"]) == ("agreed", "following_up")
        assert told["template"] == "resolved"

    async def called_back(self, *, satisfied: bool) -> None:
        """8 and 9: called at the next working slot after seven days; the complainant judges."""
        (scheduled,) = await self.facts.says("callback_scheduled")
        resolved_at = datetime.fromisoformat(self.facts.heard[-2]["time"])
        due = datetime.fromisoformat(scheduled["due"])
        assert due >= resolved_at + 7 * DAY
        await forward(self.stack, self.id, due - resolved_at + timedelta(minutes=10))
        await self.facts.says("callback_due")
        await self.system.do("report_callback", self.id, "agent-8", attempt=1, result="reached")
        grade = 5 if satisfied else 1
        verdict = {"overall": grade, "outcome": grade, "process": grade, "treatment": grade}
        await self.system.do("record_satisfaction", self.id, "customer", resolved=satisfied, **verdict)
        await self.facts.says("callback_reported", "satisfaction_recorded")

    async def does(self, verb: str, **data: object) -> dict[str, object]:
        """The owner does something that is accepted."""
        return await self.system.do(verb, self.id, self.owner, **data)


async def test_a_complaint_is_answered_agreed_done_called_back_and_closed(stack: Stack) -> None:
    external_id = uuid4().hex
    complaint = complaint_id("test/shop", external_id)
    async with outside(stack) as system, listening(stack, complaint) as facts:
        one = OneComplaint(stack, system, facts, external_id)
        await one.submitted()
        await one.answered()
        await one.understood()
        await one.agreed()
        await one.done()
        await one.called_back(satisfied=True)
        thanks, closed = await facts.says("notice", "closed")
        assert (thanks["template"], thanks["text_ref"][:9]) == ("closed_satisfied", "followup:")
        assert (closed["outcome"], closed["stage"], closed["cycle"]) == ("satisfied", "closed", 1)
        facts.nothing_more()
        assert await system.facts(complaint) == facts.heard


async def test_a_dissatisfied_complainant_gets_another_owner_one_level_up(stack: Stack) -> None:
    external_id = uuid4().hex
    complaint = complaint_id("test/shop", external_id)
    async with outside(stack) as system, listening(stack, complaint) as facts:
        one = OneComplaint(stack, system, facts, external_id)
        await one.submitted()
        await one.answered()
        await one.understood()
        await one.agreed()
        await one.done()
        first_owner = one.owner
        await one.called_back(satisfied=False)
        told, reopened, assigned, *clocks = await facts.says(
            "notice", "reopened", "assigned", *["deadline_set"] * 3
        )
        assert told["template"] == "reopened"
        assert (reopened["to_cycle"], assigned["cycle"], assigned["why"]) == (2, 2, "reopening")
        assert (assigned["owner"], assigned["level"], assigned["previous"]) == ("lead-1", 1, first_owner)
        assert [clock["obligation"] for clock in clocks] == ["silence", "response_24h", "resolution"]
        facts.nothing_more()
        assert await system.facts(complaint) == facts.heard


async def test_the_lead_takes_over_an_unanswered_complaint_at_24_hours_exactly(stack: Stack) -> None:
    external_id = uuid4().hex
    complaint = complaint_id("test/shop", external_id)
    async with outside(stack) as system, listening(stack, complaint) as facts:
        one = OneComplaint(stack, system, facts, external_id)
        await one.submitted()
        await forward(stack, complaint, timedelta(hours=25))
        *warned, reminder = await facts.says(*["deadline_warned"] * 4)
        assert [fact["percent"] for fact in warned] == [50, 75, 90]
        assert {fact["obligation"] for fact in warned} == {"response_24h"}
        breached, escalated, assigned, notice = await facts.says(
            "deadline_breached", "escalated", "assigned", "notice"
        )
        at = datetime.fromisoformat(facts.heard[-4]["time"])
        promise, again = await facts.says("deadline_breached", "escalated")
        assert (again["obligation"], again["to"]) == ("promise-1", "lead-1")
        assert (reminder["obligation"], promise["obligation"]) == ("promise-1", "promise-1")
        received_at = datetime.fromisoformat(facts.heard[0]["data"]["received_at"])
        assert at == datetime.fromisoformat(breached["due"]) == received_at.astimezone(UTC) + DAY
        assert breached["obligation"] == "response_24h"
        assert breached["late_registration"] is False
        assert (escalated["to"], assigned["owner"], notice["template"]) == ("lead-1", "lead-1", "delay")
        one.owner = assigned["owner"]
        await one.answered(late=True)
        facts.nothing_more()
        assert await system.facts(complaint) == facts.heard
