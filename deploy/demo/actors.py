"""Simulated people around a complaint. Each can do what such a person does, and nothing else."""

from datetime import timedelta
from typing import Any

from deploy.demo.life import Life
from deploy.demo.record import WentOtherwise
from deploy.demo.redress import INTEREST_BEHIND, alternatives, standards

CUSTOMER = "customer"
SIDE = {"product": "defect", "service": "service", "price": "policy", "policy": "policy"}


class Owner:
    """Person who is accountable at the moment; after an escalation another person."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def send(self, verb: str, **data: Any) -> dict[str, Any]:
        return await self._life.send(verb, self._life.owner, **data)

    async def answers(self) -> None:
        """First the feelings: the substantive response that the 24-hour rule asks for."""
        await self.send("respond", kind="plan", text=self._life.words("response"))

    async def finds_out(self) -> None:
        """Find out cause and liability, and the interest behind the demand."""
        what, words = self._life.complaint.what, self._life.words
        side = SIDE[what.category]
        cause = f"{what.category}-fault"
        await self.send(
            "clarify", cause=cause, cause_side=side, liability="company", text=words("explanation")
        )
        interest = INTEREST_BEHIND[what.wants]
        await self.send(
            "record_interest", party=CUSTOMER, interest=interest, confirmed=True, text=words("interest")
        )

    async def prepares(self) -> list[str]:
        """Listen, and prepare alternatives, best for the complainant last; returns their ids."""
        await self.send("listen", text=self._life.words("interest"))
        cycle = int(self._life.story.facts[-1].data["cycle"])
        options = alternatives(self._life.policy, self._life.complaint, cycle)
        await self.send("prepare_options", options=options)
        return [option["option_id"] for option in options]

    async def offers(self, option_id: str) -> str:
        """Make an offer. Above the owner's authority a supervisor approves it first. Returns the offer's
        id.
        """
        cited = standards(self._life.policy, self._life.complaint)
        reply = await self.send("offer", option_id=option_id, standards=cited, text=self._life.words("offer"))
        if "request_id" in reply["result"]:
            request = reply["result"]
            reply = await self._life.send(
                "approve",
                request["to"],
                request_id=request["request_id"],
                approved=True,
                reason=self._life.words("approved"),
            )
        return str(reply["result"]["offer_id"])

    async def carries_out(self) -> None:
        """Do what was agreed, with evidence."""
        for action in self._life.story.last("agreed").data["actions"]:
            evidence = self._life.words("evidence")
            await self.send("complete_action", action_id=action["action_id"], evidence=evidence)

    async def decides(self) -> None:
        """End without agreement: reasons, standards, and where the complainant can go next."""
        await self.send(
            "final_decision",
            decision="partly_upheld",
            standards=standards(self._life.policy, self._life.complaint),
            text=self._life.words("decision"),
            recourse=self._life.words("recourse"),
        )

    async def asks_department(self, unit: str) -> None:
        """Give a department its part, and get it back done."""
        reply = await self.send("open_task", unit=unit, text=self._life.words("task"))
        done = self._life.words("task_done")
        await self.send("finish_task", task_id=reply["result"]["task_id"], text=done)

    async def hands_over(self) -> None:
        """Propose a colleague of the same team, who accepts."""
        colleague = _colleague(self._life)
        await self.send("transfer", to=colleague, reason=self._life.words("transfer"))
        await self._life.send("accept_transfer", colleague)

    async def waits(self, span: timedelta) -> None:
        """Wait for the complainant's papers; they come after `span`."""
        until = self._life.now + 2 * span
        await self.send("pause", reason=self._life.words("pause"), until=until.isoformat())
        await self._life.forward(span)
        await self.send("resume", reason=self._life.words("resume"))


class Complainant:
    """Complainant, who acts through their own commands."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def accepts(self, offer_id: str) -> None:
        text = self._life.words("accepted")
        await self._life.send("answer", CUSTOMER, offer_id=offer_id, answer="accepted", text=text)

    async def rejects(self, offer_id: str) -> str:
        """Returns the option that is proposed to the owner next."""
        text = self._life.words("rejected")
        reply = await self._life.send("answer", CUSTOMER, offer_id=offer_id, answer="rejected", text=text)
        return str(reply["result"]["next_option_id"])

    async def counters(self, offer_id: str) -> str:
        """Counter an offer; returns the option that is proposed to the owner next."""
        what = self._life.complaint.what
        counter: dict[str, Any] = {"remedy": what.wants}
        if what.loss:
            counter["amount"] = what.loss.model_dump(mode="json")
        text = self._life.words("countered")
        reply = await self._life.send(
            "answer", CUSTOMER, offer_id=offer_id, answer="countered", counter=counter, text=text
        )
        return str(reply["result"]["next_option_id"])

    async def withdraws(self) -> None:
        await self._life.send("withdraw", CUSTOMER, reason=self._life.words("withdraw"))

    async def judges(self, *, resolved: bool, overall: int) -> None:
        """Record the verdict on outcome, process and treatment. Only the complainant may."""
        text = self._life.words("satisfied" if resolved else "dissatisfied")
        grades = {"overall": overall, "outcome": overall, "process": max(2, overall - 1), "treatment": 4}
        nps = 9 if resolved else 2
        await self._life.send(
            "record_satisfaction", CUSTOMER, resolved=resolved, nps=nps, text=text, **grades
        )


class Clerk:
    """Person who notices that two complaints are one."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def merges(self) -> None:
        """Confirm that this complaint is a duplicate. From then on its id leads to the other."""
        twin = self._life.complaint.twin_id(self._life.run)
        if twin is None:
            raise WentOtherwise("this complaint is a duplicate of nothing")
        await self._life.merged_into(twin, _colleague(self._life))
        await self._life.leads_to(twin, self._life.complaint_id)


class Caller:
    """Person who calls complainants back, and never handled the complaint."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def waits_for_the_hour(self) -> int:
        """Let the days pass until the scheduled call falls due; returns the number of the attempt."""
        story = self._life.story
        scheduled = story.last("callback_scheduled")
        count = len(story.all("callback_scheduled"))
        await self._life.forward_to(scheduled.instant("due"))
        due = await story.sees("callback_due", count)
        return int(due.data["attempt"])

    async def reports(self, attempt: int, result: str) -> None:
        caller = _colleague(self._life)
        text = self._life.words("call")
        await self._life.send("report_callback", caller, attempt=attempt, result=result, text=text)


def _colleague(life: Life) -> str:
    """Agent of the owner's team who has not handled the complaint and is not concerned by it."""
    staff = life.policy["staff"]
    team = life.story.last("assigned").data["team"]
    had = {fact.data["owner"] for fact in life.story.all("assigned")} | {life.complaint.what.about_staff}
    able = [p["id"] for p in staff if p["team"] == team and p["role"] == "agent" and p["id"] not in had]
    if not able:
        raise WentOtherwise(f"team {team} has no other person")
    return str(able[0])
