"""Where a complaint stands, as everybody may see it: what is allowed, and further contacts at any stage."""

from deploy.local.stack import Stack
from tests.e2e.listening import outside
from tests.lives import asked, owner_of, resolved


async def test_the_query_says_what_may_be_sent_in_every_stage(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        first = await system.query("complaint", complaint_id=complaint)
        assert {"respond", "note", "add_contact"} <= set(first["allowed"])
        await resolved(system, complaint)
        waiting = await system.until_allowed(complaint, "record_satisfaction")
        assert set(waiting["allowed"]) == {"note", "add_contact", "record_satisfaction"}
        await asked(system, complaint, satisfied=True)
        await system.until(complaint, "closed")
        closed = await system.until_closed(complaint)
        assert closed["allowed"] == []


async def test_a_further_contact_stands_where_the_complaint_stands_and_ends_with_it(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        await system.do("add_contact", complaint, "customer", channel="phone", text="还有一件事")
        contact = await system.until(complaint, "contact_added")
        assert (contact["data"]["stage"], contact["data"]["seq"]) == ("analysing", 4)
        await resolved(system, complaint)
        reply = await system.command("add_contact", complaint, "customer", channel="phone", text="谢谢")
        assert reply["stage"] == "following_up"
        await asked(system, complaint, satisfied=True)
        await system.until(complaint, "closed")
        late = await system.command("add_contact", complaint, "customer", channel="phone", text="再见")
        assert late["error"]["code"] == "not_allowed_now"


async def test_a_query_that_nobody_has_is_refused_by_name(stack: Stack) -> None:
    async with outside(stack) as system:
        reply = await system.ask("complaints.v1.query.horoscope", {})
        assert reply["error"]["code"] == "malformed"
        assert "horoscope" in reply["error"]["message"]
