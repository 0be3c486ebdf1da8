"""The query `explain` answers from the tables of verbs, so what it says is what the services do."""

import pytest

from services.followup.verbs import VERBS as FOLLOWUP
from services.intake.verbs import VERBS as INTAKE
from services.routing.rules.verbs import VERBS as ROUTING
from shared.contract.commands import verbs_of
from shared.contract.errors import ErrorCode, Refusal
from shared.contract.queries import ExplainQuery, VerbExplained
from shared.contract.subjects import Service
from shared.contract.who import Who
from shared.runtime.messages.explaining import ExplainWork, Row

TABLES: dict[Service, dict[str, Row]] = {
    Service.INTAKE: {**INTAKE},
    Service.ROUTING: {**ROUTING},
    Service.FOLLOWUP: {**FOLLOWUP},
}


async def explain(service: Service, verb: str) -> VerbExplained | Refusal | None:
    return await ExplainWork(service, TABLES[service])(ExplainQuery(verb=verb))


@pytest.mark.parametrize("service", Service)
async def test_every_verb_is_explained_with_whom_it_names_and_sentences(service: Service) -> None:
    assert set(TABLES[service]) == set(verbs_of(service))
    for verb in TABLES[service]:
        found = await explain(service, verb)
        assert isinstance(found, VerbExplained)
        assert found.may, f"{verb} is for nobody"
        sentences = [found.about, *found.may.values(), *found.conditions.values()]
        chinese = [*found.may_zh.values(), *found.conditions_zh.values()]
        assert found.may_zh.keys() == found.may.keys()
        assert found.conditions_zh.keys() == found.conditions.keys()
        assert [one for one in chinese if one.isascii()] == []
        assert [one for one in sentences if len(one) < 5 or ("`" in one and ".md" in one)] == []


async def test_an_offer_is_explained_by_its_row() -> None:
    found = await explain(Service.ROUTING, "offer")
    assert isinstance(found, VerbExplained)
    assert (found.service, list(found.may), found.texts) == (
        Service.ROUTING,
        [Who.OWNER],
        ["text", "conditions", "why_worse", "why_outside"],
    )
    assert list(found.conditions) == [
        "not_agreed_yet",
        "responded_first",
        "listened_first",
        "restated_first",
        "interest_known",
        "fallbacks_known",
        "options_ready",
        "no_open_offer",
        "no_open_request",
        "record_complete",
    ]


async def test_the_service_of_a_verb_explains_it_and_the_others_leave_it_to_that_one() -> None:
    assert await explain(Service.INTAKE, "offer") is None
    assert await explain(Service.FOLLOWUP, "offer") is None
    assert await explain(Service.ROUTING, "erase") is None


async def test_a_verb_that_no_service_has_is_refused_by_routing_alone() -> None:
    refusal = await explain(Service.ROUTING, "praise")
    assert isinstance(refusal, Refusal)
    assert refusal.code == ErrorCode.MALFORMED
    assert await explain(Service.INTAKE, "praise") is None
