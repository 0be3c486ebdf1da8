"""Scripts of lives: one short function per script."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from deploy.demo.actors import Caller, Clerk, Complainant, Owner
from deploy.demo.life import Life
from shared.contract.subjects import Channel

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Script:
    """Actions of the people, and the facts that must occur on the way, in this order."""

    title: str
    play: Callable[[Life], Awaitable[None]]
    must_see: tuple[str, ...]
    begins_with: str = "assigned"


async def straight(life: Life) -> None:
    """Answered, agreed, done, called back, satisfied."""
    await _opens(life)
    await _agrees(life, 1)
    await _is_called(life, satisfied=True)


async def second_alternative(life: Life) -> None:
    """Reject the first offer; the next prepared alternative is proposed at once, and accepted."""
    await _opens(life)
    await _agrees_at_second(life, Complainant(life).rejects)
    await _is_called(life, satisfied=True)


async def countered(life: Life) -> None:
    """Counter an offer: a well prepared complainant names an alternative, and gets it."""
    await _opens(life)
    await _agrees_at_second(life, Complainant(life).counters)
    await _is_called(life, satisfied=True)


async def silent(life: Life) -> None:
    """Leave the first offer unanswered until it expires; the second is accepted."""
    await _opens(life)
    owner = Owner(life)
    _, best, _ = options = await owner.prepares()
    await owner.offers(options[0])
    await life.forward_to(life.story.last("offer_made").instant("expires_at"))
    await life.story.sees("offer_expired")
    await Complainant(life).accepts(await owner.offers(best))
    await owner.carries_out()
    await _is_called(life, satisfied=True)


async def breached_24h(life: Life) -> None:
    """Give no answer within 24 hours: breach, escalation, and the lead finishes it."""
    await life.forward(timedelta(hours=25))
    await life.story.sees("escalated")
    await life.story.sees("assigned", 2)
    await straight(life)


async def late_letter(life: Life) -> None:
    """Receive a letter after its 24 hours: breached at once, and handled all the same."""
    await life.story.sees("escalated")
    await life.story.sees("assigned", 2)
    await straight(life)


async def safety(life: Life) -> None:
    """Report a danger: a senior person owns it at once, and the persons responsible are notified."""
    await life.story.sees("escalated")
    await life.story.sees("assigned", 2)
    await Owner(life).send("raise_feedback", trigger=3, text=life.words("feedback"))
    await _opens(life)
    await Owner(life).asks_department("product-safety")
    await _agrees(life, 1)
    await _is_called(life, satisfied=True)


async def department(life: Life) -> None:
    """Involve a department in the investigation; one owner stays accountable."""
    await _opens(life)
    await Owner(life).asks_department("quality")
    await _agrees(life, 1)
    await _is_called(life, satisfied=True)


async def comes_again(life: Life) -> None:
    """Write once more by mail, and once on the web as if it were new: one complaint."""
    await life.leads_to(life.complaint_id, await life.comes_again(Channel.EMAIL))
    await life.story.sees("contact_added", 2)
    await straight(life)


async def duplicate(life: Life) -> None:
    """Send it as if it were new; a clerk notices the duplicate, and merges it."""
    await Clerk(life).merges()


async def transferred(life: Life) -> None:
    """Handed over to a colleague, who accepts and finishes."""
    await Owner(life).hands_over()
    await straight(life)


async def paused(life: Life) -> None:
    """Wait a day for papers. The clock of the resolution is paused, that of the 24-hour rule is not."""
    await _opens(life)
    await Owner(life).waits(3 * DAY)
    await _agrees(life, 1)
    await _is_called(life, satisfied=True)


async def withdrawn(life: Life) -> None:
    """Withdraw the complaint, as its complainant."""
    await Owner(life).answers()
    await Complainant(life).withdraws()


async def referred(life: Life) -> None:
    """Goes to mediation outside."""
    await _opens(life)
    await Owner(life).send("refer", to="mediation.example", reason=life.words("refer"))


async def final_decision(life: Life) -> None:
    """No agreement: decided with reasons and recourse. The complainant is asked, and stays dissatisfied."""
    await _opens(life)
    await Owner(life).decides()
    await _is_called(life, satisfied=False)


async def dissatisfied_then_satisfied(life: Life) -> None:
    """Called back and not satisfied: reopened one level up with another owner, who does better."""
    await _opens(life)
    await _agrees(life, 0)
    await _is_called(life, satisfied=False)
    await _reopened(life, 2)
    await _agrees(life, 1)
    await _is_called(life, satisfied=True)


async def never_satisfied(life: Life) -> None:
    """Reopened as often as the policy allows, and still not satisfied."""
    for cycle in (1, 2, 3):
        await (_opens(life) if cycle == 1 else _reopened(life, cycle))
        await _agrees(life, cycle - 1)
        await _is_called(life, satisfied=False)


async def unreachable(life: Life) -> None:
    """Do everything, and then reach the complainant in none of three calls on three days."""
    await _opens(life)
    await _agrees(life, 1)
    await life.story.sees("callback_scheduled")
    caller = Caller(life)
    for result in ("no_answer", "busy", "no_answer"):
        await caller.reports(await caller.waits_for_the_hour(), result)


async def grumble_answered(life: Life) -> None:
    """Answer a grumble in time: it never becomes a complaint."""
    await life.send("answer_grumble", DESK, text=life.words("grumble_answer"))


async def grumble_first(life: Life) -> None:
    """Send a first grumble; the second script continues it."""
    await life.story.sees("promoted")


async def grumble_again(life: Life) -> None:
    """Send a second grumble within a month: a complaint, handled like any other."""
    await life.story.sees("assigned")
    await straight(life)


async def grumble_unanswered(life: Life) -> None:
    """Leave a grumble unanswered for a week: it becomes a complaint by itself."""
    await life.forward_to(life.story.last("grumbled").instant("answer_by"))
    await grumble_again(life)


async def _opens(life: Life) -> None:
    owner = Owner(life)
    await owner.answers()
    await owner.finds_out()


async def _agrees(life: Life, choice: int) -> None:
    """Offer one of the alternatives, which the complainant accepts, and carry it out."""
    owner = Owner(life)
    options = await owner.prepares()
    await Complainant(life).accepts(await owner.offers(options[choice]))
    await owner.carries_out()


async def _agrees_at_second(life: Life, refuses: Callable[[str], Awaitable[str]]) -> None:
    owner = Owner(life)
    options = await owner.prepares()
    proposed_next = await refuses(await owner.offers(options[0]))
    await Complainant(life).accepts(await owner.offers(proposed_next))
    await owner.carries_out()


async def _is_called(life: Life, *, satisfied: bool) -> None:
    """Call the complainant days later, when the call is due, and let them judge for themselves."""
    calls = len(life.story.all("resolved"))
    await life.story.sees("callback_scheduled", calls)
    caller = Caller(life)
    await caller.reports(await caller.waits_for_the_hour(), "reached")
    await Complainant(life).judges(resolved=satisfied, overall=5 if satisfied else 2)


async def _reopened(life: Life, cycle: int) -> None:
    """Begin the new cycle: the next owner, one level up, gives a substantive response."""
    await life.story.sees("reopened", cycle - 1)
    await life.story.until(
        lambda: sum(fact.data["why"] == "reopening" for fact in life.story.all("assigned")) == cycle - 1,
        f"a new owner for cycle {cycle}",
    )
    await Owner(life).answers()


ASKED = ("callback_due", "callback_reported", "satisfaction_recorded", "closed")
PROMOTED = ("grumbled", "promoted", "received", "notice", "assigned")
AGREED = ("responded", "offer_made", "agreed", "action_completed", "resolved")
GRUMBLE = "not a complaint (yet)"
DESK = "agent-1"
"""Agent who answers grumbles at the counter, since they have no owner."""

BREACH = ("deadline_breached", "escalated", "assigned", "notice")

SCRIPTS = {
    "straight": Script("straight through", straight, (*AGREED, *ASKED)),
    "second_alternative": Script(
        "second alternative accepted",
        second_alternative,
        ("offer_made", "offer_answered", "offer_made", "offer_answered", "agreed", "resolved", *ASKED),
    ),
    "countered": Script(
        "counter-offer", countered, ("offer_made", "offer_answered", "offer_made", "agreed", *ASKED)
    ),
    "silent": Script(
        "offer expires unanswered", silent, ("offer_made", "offer_expired", "offer_made", "agreed", *ASKED)
    ),
    "breached_24h": Script(
        "24 hours breached, escalated",
        breached_24h,
        ("deadline_warned", "deadline_warned", "deadline_warned", *BREACH, *AGREED, *ASKED),
    ),
    "late_letter": Script("breached before we knew", late_letter, (*BREACH, *AGREED, *ASKED)),
    "safety": Script(
        "safety", safety, ("triaged", "escalated", "assigned", "feedback_raised", *AGREED, *ASKED)
    ),
    "department": Script(
        "with a department", department, ("task_opened", "task_done", "agreed", "resolved", *ASKED)
    ),
    "over_authority": Script(
        "above authority, approved",
        straight,
        ("approval_requested", "approval_given", "offer_made", "agreed", "resolved", *ASKED),
    ),
    "comes_again": Script("comes again by mail", comes_again, ("contact_added", *AGREED, *ASKED)),
    "duplicate": Script(
        "a duplicate, merged", duplicate, ("received", "merged", "case_ended", "deadline_cancelled", "closed")
    ),
    "transferred": Script("handed over", transferred, ("transferred", "assigned", *AGREED, *ASKED)),
    "paused": Script("paused for papers", paused, ("paused", "resumed", "agreed", "resolved", *ASKED)),
    "withdrawn": Script("withdrawn", withdrawn, ("responded", "withdrawn", "closed")),
    "referred": Script("referred outside", referred, ("responded", "referred", "closed")),
    "final_decision": Script(
        "final decision", final_decision, ("responded", "final_decision", "resolved", *ASKED)
    ),
    "dissatisfied_then_satisfied": Script(
        "reopened, then satisfied",
        dissatisfied_then_satisfied,
        (*AGREED, "satisfaction_recorded", "reopened", "assigned", *AGREED, *ASKED),
    ),
    "never_satisfied": Script(
        "never satisfied", never_satisfied, ("reopened", "reopened", "resolved", *ASKED)
    ),
    "unreachable": Script(
        "three calls stay unanswered",
        unreachable,
        ("callback_due", "callback_reported", "callback_due", "callback_due", "callback_reported", "closed"),
    ),
    "grumble_answered": Script(
        GRUMBLE, grumble_answered, ("grumbled", "notice", "grumble_answered", "notice"), "grumbled"
    ),
    "grumble_first": Script(GRUMBLE, grumble_first, ("grumbled", "notice", "promoted"), "grumbled"),
    "grumble_again": Script(GRUMBLE, grumble_again, (*PROMOTED, *AGREED, *ASKED), "grumbled"),
    "grumble_unanswered": Script(GRUMBLE, grumble_unanswered, (*PROMOTED, *AGREED, *ASKED), "grumbled"),
}
"""Every script by the name that `complaints.yaml` uses."""
