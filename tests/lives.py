"""Lives of complaints, driven from outside.

`move` moves a complaint's clock and returns when what fell due has been published.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from tests.outside import OPTIONS, STANDARD, Outside

Move = Callable[[str, timedelta], Awaitable[object]]

RATINGS = {"outcome": 4, "process": 4, "treatment": 5}


async def owner_of(outside: Outside, complaint: str, times: int = 1) -> str:
    """Id of the owner after the `times`th assignment."""
    event = await outside.until(complaint, "assigned", times=times)
    return str(event["data"]["owner"])


async def answered(outside: Outside, complaint: str, owner: str) -> None:
    """Let the owner answer, and find the cause of the complaint."""
    await outside.do("respond", complaint, owner, kind="plan", text="我们正在核实，今天内给您方案。")
    await outside.do("clarify", complaint, owner, cause="battery", cause_side="defect", liability="company")
    await outside.do("record_interest", complaint, owner, party="customer", interest="fix", confirmed=True)


async def settled(outside: Outside, complaint: str, owner: str) -> None:
    """Settle the complaint: from prepared options to the last action done, with the first offer accepted."""
    await outside.do("prepare_options", complaint, owner, options=OPTIONS)
    await offered(outside, complaint, owner, "refund", "accepted")
    await carried_out(outside, complaint, owner)


async def offered(outside: Outside, complaint: str, owner: str, option: str, answer: str) -> None:
    """Make one offer and send the complainant's answer."""
    made = await outside.do("offer", complaint, owner, option_id=option, standards=[STANDARD], text="方案")
    await outside.do("answer", complaint, "customer", offer_id=made["offer_id"], answer=answer)


async def carried_out(outside: Outside, complaint: str, owner: str) -> None:
    """Every agreed action that is open is done, with evidence."""
    state = await outside.query("complaint", complaint_id=complaint)
    for action in state["actions"]:
        if not action["done"]:
            await outside.do(
                "complete_action", complaint, owner, action_id=action["action_id"], evidence="receipt"
            )


async def resolved(outside: Outside, complaint: str) -> None:
    """Resolve the complaint in the shortest way: seven commands."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    await settled(outside, complaint, owner)
    await outside.until(complaint, "callback_scheduled")


async def called(outside: Outside, complaint: str, move: Move, attempt: int) -> None:
    """Move the clock to where the callback is due, and see that it is."""
    scheduled = await outside.until(complaint, "callback_scheduled", times=attempt)
    due = datetime.fromisoformat(scheduled["data"]["due"])
    last = (await outside.facts(complaint))[-1]
    await move(complaint, due - datetime.fromisoformat(last["time"]))
    await outside.until(complaint, "callback_due", times=attempt)


async def asked(outside: Outside, complaint: str, *, satisfied: bool) -> None:
    """Record the complainant's verdict."""
    overall = 5 if satisfied else 1
    await outside.do(
        "record_satisfaction", complaint, "customer", resolved=satisfied, overall=overall, **RATINGS
    )


async def straight(outside: Outside, complaint: str, move: Move) -> None:
    """Answered, agreed, done, called back after a week, satisfied."""
    await resolved(outside, complaint)
    await called(outside, complaint, move, 1)
    await asked(outside, complaint, satisfied=True)


async def breached(outside: Outside, complaint: str, move: Move) -> None:
    """Give no answer for 49 hours: the lead, then the manager takes over and finishes it."""
    await owner_of(outside, complaint)
    await move(complaint, timedelta(hours=25))
    await move(complaint, timedelta(hours=24))
    manager = await owner_of(outside, complaint, times=3)
    await answered(outside, complaint, manager)
    await settled(outside, complaint, manager)
    await outside.until(complaint, "callback_scheduled")
    await asked(outside, complaint, satisfied=True)


async def second_alternative(outside: Outside, complaint: str, move: Move) -> None:
    """Reject the first offer, and accept the next prepared option."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    await outside.do("prepare_options", complaint, owner, options=OPTIONS)
    await offered(outside, complaint, owner, "voucher", "rejected")
    await offered(outside, complaint, owner, "refund", "accepted")
    await carried_out(outside, complaint, owner)
    await outside.until(complaint, "callback_scheduled")
    await asked(outside, complaint, satisfied=True)


async def reopened(outside: Outside, complaint: str, move: Move) -> None:
    """Reopen it, as the complainant is not satisfied: a second cycle with the lead, who settles it."""
    await resolved(outside, complaint)
    await called(outside, complaint, move, 1)
    await asked(outside, complaint, satisfied=False)
    lead = await owner_of(outside, complaint, times=2)
    await answered(outside, complaint, lead)
    await settled(outside, complaint, lead)
    await outside.until(complaint, "callback_scheduled", times=2)
    await asked(outside, complaint, satisfied=True)


async def unreachable(outside: Outside, complaint: str, move: Move) -> None:
    """Call three times without reaching the complainant."""
    await resolved(outside, complaint)
    for attempt in (1, 2, 3):
        await called(outside, complaint, move, attempt)
        await outside.do("report_callback", complaint, "lead-3", attempt=attempt, result="no_answer")


async def approved(outside: Outside, complaint: str, move: Move) -> None:
    """Make an offer above the owner's authority, which waits for the lead."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    dear = {"option_id": "dear", "remedy": "compensation", "amount": {"value": "900.00", "currency": "CNY"}}
    await outside.do("prepare_options", complaint, owner, options=[OPTIONS[0], dear])
    asked_for = await outside.do(
        "offer", complaint, owner, option_id="dear", standards=[STANDARD], text="赔偿方案"
    )
    granted = await outside.do(
        "approve", complaint, asked_for["to"], request_id=asked_for["request_id"], approved=True
    )
    await outside.do("answer", complaint, "customer", offer_id=granted["offer_id"], answer="accepted")
    await carried_out(outside, complaint, owner)
    await outside.until(complaint, "callback_scheduled")
    await asked(outside, complaint, satisfied=True)


async def extended(outside: Outside, complaint: str, move: Move) -> None:
    """Extend twice, asked for by a lead; a manager agrees to the second extension."""
    await owner_of(outside, complaint)
    await outside.do("escalate", complaint, "lead-1", reason="需要更高权限")
    lead = await owner_of(outside, complaint, times=2)
    await answered(outside, complaint, lead)
    due = datetime.fromisoformat((await outside.query("complaint", complaint_id=complaint))["next_due"])
    for days in (20, 40):
        more = {
            "obligation": "resolution",
            "until": (due + timedelta(days=days)).isoformat(),
            "reason": "检测",
        }
        reply = await outside.do("extend", complaint, lead, **more)
    await outside.do("approve", complaint, reply["to"], request_id=reply["request_id"], approved=True)
    await move(complaint, timedelta(days=2))
    await settled(outside, complaint, lead)
    await outside.until(complaint, "callback_scheduled")
    await asked(outside, complaint, satisfied=True)


async def withdrawn(outside: Outside, complaint: str, move: Move) -> None:
    """Answered, paused, then the complainant takes it back."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    await outside.do("pause", complaint, owner, reason="等客户寄回商品")
    await move(complaint, timedelta(days=2))
    await outside.do("withdraw", complaint, "customer", reason="问题自己好了")


async def merged(outside: Outside, complaint: str, move: Move) -> None:
    """Answered, an offer is open, and then it turns out that the customer had complained about it before."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    await outside.do("prepare_options", complaint, owner, options=OPTIONS)
    await outside.do("offer", complaint, owner, option_id="refund", standards=[STANDARD], text="方案")
    state = await outside.query("complaint", complaint_id=complaint)
    customer = {"ref": state["customer_ref"]}
    twin = await outside.submit(customer=customer, title="充电器", narrative="充电器发烫，先前就说过。")
    await owner_of(outside, twin)
    await outside.do("confirm_duplicate", complaint, owner, of=twin)


async def graver(outside: Outside, complaint: str, move: Move) -> None:
    """Confirm a duplicate that brings a danger and a loss: the lead takes over and settles it."""
    owner = await owner_of(outside, complaint)
    customer = {"ref": (await outside.query("complaint", complaint_id=complaint))["customer_ref"]}
    loss = {"value": "20000.00", "currency": "CNY"}
    told = {"title": "充电器", "narrative": "充电器烫手。", "safety": True, "loss": loss}
    twin = await outside.submit(customer=customer, **told)
    await owner_of(outside, twin)
    await outside.do("confirm_duplicate", twin, owner, of=complaint)
    await outside.until(complaint, "triaged", times=2)
    lead = await owner_of(outside, complaint, times=2)
    await answered(outside, complaint, lead)
    await settled(outside, complaint, lead)
    await outside.until(complaint, "callback_scheduled")
    await asked(outside, complaint, satisfied=True)


async def told_later(outside: Outside, complaint: str, move: Move) -> None:
    """Add what was missing, and that the complainant is one of a group; then withdraw."""
    await owner_of(outside, complaint)
    customer = {"ref": (await outside.query("complaint", complaint_id=complaint))["customer_ref"]}
    words = f"投诉编号 {complaint}，补充一下。"
    await outside.submit(customer=customer, narrative=words, group_ref="recall-7", unit="shop-3", loss=None)
    await outside.until(complaint, "record_completed")
    await withdrawn(outside, complaint, move)


async def waited(outside: Outside, complaint: str, move: Move) -> None:
    """Two waits: the complainant's word ends the first, its time the second; then they let it rest."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    await outside.do("pause", complaint, owner, reason="等客户寄回商品")
    await move(complaint, timedelta(days=1))
    await outside.do("add_contact", complaint, owner, channel="phone", text="已经寄出了。")
    await outside.until(complaint, "resumed")
    await outside.do("pause", complaint, owner, reason="等客户寄回配件")
    await move(complaint, timedelta(days=15))
    await outside.until(complaint, "resumed", times=2)
    await outside.do("withdraw", complaint, "customer", reason="问题自己好了")


async def let_go(outside: Outside, complaint: str, move: Move) -> None:
    """Withdraw for the complainant by the owner; the lead agrees, and the complainant is called."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    wanted = await outside.do("withdraw", complaint, owner, reason="客户来电说不用了")
    await outside.do("approve", complaint, wanted["to"], request_id=wanted["request_id"], approved=True)
    await called(outside, complaint, move, 1)
    await asked(outside, complaint, satisfied=True)


async def with_department(outside: Outside, complaint: str, move: Move) -> None:
    """Let a department be silent until it is urged, and refuse its work once."""
    owner = await owner_of(outside, complaint)
    await answered(outside, complaint, owner)
    task = (await outside.do("open_task", complaint, owner, unit="quality", text="请检测电池"))["task_id"]
    await move(complaint, timedelta(days=4))
    urged = await outside.until(complaint, "task_urged")
    assert urged["data"]["to"] == ["quality-1"]
    owner = await owner_of(outside, complaint)
    for accepted in (False, True):
        await outside.do("finish_task", complaint, "quality-1", task_id=task, text="检测完毕")
        said = {"task_id": task, "accepted": accepted, "reason": "缺少报告"}
        await outside.do("countersign_task", complaint, owner, **said)
    await settled(outside, complaint, owner)
    await called(outside, complaint, move, 1)
    await asked(outside, complaint, satisfied=True)


Life = Callable[[Outside, str, Move], Awaitable[None]]

LIVES: dict[str, tuple[Life, str]] = {
    "straight": (straight, "satisfied"),
    "breached": (breached, "satisfied"),
    "second_alternative": (second_alternative, "satisfied"),
    "reopened": (reopened, "satisfied"),
    "unreachable": (unreachable, "unreachable"),
    "approved": (approved, "satisfied"),
    "extended": (extended, "satisfied"),
    "withdrawn": (withdrawn, "withdrawn"),
    "merged": (merged, "merged"),
    "graver": (graver, "satisfied"),
    "told_later": (told_later, "withdrawn"),
    "waited": (waited, "withdrawn"),
    "let_go": (let_go, "withdrawn"),
    "with_department": (with_department, "satisfied"),
}
"""Every life by name, with the outcome that it must end in."""


async def unanswered(outside: Outside, complaint: str, move: Move) -> None:
    """Leave the grumble unanswered for a week: it becomes a complaint, which is settled."""
    await move(complaint, timedelta(days=8))
    await straight(outside, complaint, move)
    await outside.until(complaint, "closed")


async def answered_grumble(outside: Outside, complaint: str, move: Move) -> None:
    """Answer the grumble, which then ends."""
    await move(complaint, timedelta(days=2))
    await outside.do("answer_grumble", complaint, "agent-1", text="谢谢提醒。")


GRUMBLES: dict[str, Life] = {"unanswered": unanswered, "answered": answered_grumble}
"""Lives of grumbles, by name."""
