"""Where a complaint stands, as everybody may see it: what is allowed, and further contacts at any stage."""

import pytest

from deploy.local.stack import Stack
from shared.contract.clients import CAPABILITIES, Kind
from tests.e2e.test_clients import added, ask, order
from tests.listening import outside
from tests.lives import asked, owner_of, resolved
from tests.outside import name_of


async def test_the_query_lists_the_allowed_verbs_in_every_stage(stack: Stack) -> None:
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


async def test_a_further_contact_has_the_stage_of_its_complaint_and_ends_with_it(stack: Stack) -> None:
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


async def test_an_unknown_query_is_refused_by_name(stack: Stack) -> None:
    async with outside(stack) as system:
        reply = await system.ask("complaints.v1.query.horoscope", {})
        assert reply["error"]["code"] == "malformed"
        assert "horoscope" in reply["error"]["message"]


@pytest.mark.parametrize("kind", ["publisher", "desk", "person", "portal", "gateway", "reader"])
async def test_every_kind_of_client_gets_an_answer_by_name_to_every_query(stack: Stack, kind: str) -> None:
    options = {"publisher": ("--source", "*"), "person": ("--actor", "agent-1"), "desk": ("--actor", "*")}
    async with added(stack, kind, *options.get(kind, ())) as (name, client):
        unknown = (await ask(client, "query.horoscope", {}))["error"]
        assert (unknown["code"], "horoscope" in unknown["message"]) == ("malformed", True)
        asked = {
            "reads": {"service": "intake", "actor": {"id": "agent-1"}},
            "rates": {},
            "rejected": {},
            "complaint": {"complaint_id": "C234567234567234"},
            "text": {"text_ref": "routing:C234567234567234:x", "actor": {"id": "agent-1"}, "purpose": "look"},
        }
        may = CAPABILITIES[Kind(kind)].queries
        for query, request in asked.items():
            error = (await ask(client, f"query.{query}", request)).get("error", {})
            if query not in may:
                assert error["code"] == "client_not_allowed", query
                assert name in error["message"]
            elif "actor" not in request:
                assert error.get("code") != "client_not_allowed", query


@pytest.mark.parametrize("kind", ["desk", "person", "portal"])
async def test_an_unknown_verb_is_refused_by_name(stack: Stack, kind: str) -> None:
    async with added(stack, kind, "--actor", "customer" if kind == "portal" else "agent-1") as (_, client):
        error = (await order(client, "enchant", "C234567234567234", "agent-1"))["error"]
        assert (error["code"], "enchant" in error["message"]) == ("malformed", True)


async def test_a_complaint_continues_after_an_erasure_without_notices(stack: Stack) -> None:
    async with outside(stack) as system:
        complaint = await system.submit()
        await owner_of(system, complaint)
        await system.do("erase", complaint, "privacy-1", reason="requested")
        await system.until(complaint, "erased")
        told = [name_of(fact) for fact in await system.facts(complaint)].count("notice")
        await resolved(system, complaint)
        await asked(system, complaint, satisfied=True)
        await system.until(complaint, "closed")
        assert [name_of(fact) for fact in await system.facts(complaint)].count("notice") == told
