"""An owner who may not own what a complaint has become is replaced, by a fact; skills go by product, too."""

from dataclasses import replace
from typing import Any

from services.routing.assignment import assign
from services.routing.rules.renewing import question
from services.routing.staffing.live import needs_another
from shared.contract.events import Assigned, Queued, TransferReturned
from shared.contract.values import Category, Sub
from shared.policy.loader import Policy
from shared.policy.people import Names
from shared.policy.roster import Level
from shared.policy.roster_checks import roster_problems
from tests.unit.cases import Playing, names, play, policy, received

LEVELS = [Level(id="junior", above="senior", up_to=2), Level(id="senior", up_to=5)]


def ranked(**changed: dict[str, Any]) -> Policy:
    """Default pack with levels of seniority; `changed` are fields of people, by ids with `_` for a hyphen."""
    pack, usual = policy().pack, {"level": "senior"}
    update = {who.replace("_", "-"): fields for who, fields in changed.items()}
    staff = [one.model_copy(update=usual | update.get(one.id, {})) for one in pack.staff]
    return replace(policy(), pack=pack.model_copy(update={"levels": LEVELS, "staff": staff}))


def owned(case: Playing) -> tuple[str, str, int]:
    last = case.last(Assigned)
    return last.owner, last.why, last.level


def test_an_owner_who_becomes_junior_loses_what_is_above_them_by_a_fact_to_another_agent() -> None:
    case = play(under=ranked(), hints={"category": "product", "severity": 4})
    assert case.owned_by == "agent-1"
    demoted = ranked(agent_1={"level": "junior"}).pack
    assert needs_another(demoted, question(case.case.state, case.now))
    case.meet_people(demoted)
    assert owned(case) == ("agent-2", "junior", 0)
    assert case.last(Assigned).previous == "agent-1"
    assert case.meet_people(demoted) == []


def test_an_owner_who_becomes_junior_keeps_what_they_may_own() -> None:
    case = play(under=ranked(), hints={"category": "product", "severity": 1})
    demoted = ranked(agent_1={"level": "junior"}).pack
    assert not needs_another(demoted, question(case.case.state, case.now))
    assert case.meet_people(demoted) == []


def test_a_complaint_that_becomes_too_grave_for_its_owner_goes_to_a_person_who_may_own_it() -> None:
    case = play(under=ranked(agent_1={"level": "junior"}), hints={"category": "product", "severity": 1})
    assert case.owned_by == "agent-1"
    case.lead("reclassify", severity=4, reason="r")
    assert owned(case) == ("agent-2", "junior", 0)


def test_where_no_agent_may_own_it_the_lead_does() -> None:
    juniors = {who.replace("-", "_"): {"level": "junior"} for who in AGENTS}
    case = play(under=ranked(), hints={"category": "product", "severity": 4})
    case.meet_people(ranked(**juniors).pack)
    assert owned(case) == ("lead-1", "junior", 1)


AGENTS = [one.id for one in policy().pack.staff if one.role == "agent"]


def test_with_the_others_away_it_waits_in_the_queue_under_the_lead() -> None:
    full = {who.replace("-", "_"): {"capacity": 1} for who in AGENTS if who != "agent-1"}
    case = play(under=ranked(), hints={"category": "product", "severity": 4})
    demoted = ranked(agent_1={"level": "junior"}, **full).pack
    case.meet_people(demoted, dict.fromkeys(AGENTS, 1))
    assert owned(case) == ("lead-1", "junior", 1)
    assert case.last(Queued).waits == ["full"]


def test_an_owner_who_no_longer_has_the_language_is_replaced_where_another_speaks_it() -> None:
    case = play(under=ranked(), language="en")
    before = case.owned_by
    mute = ranked(**{before.replace("-", "_"): {"languages": ["zh"]}}).pack
    case.meet_people(mute)
    assert owned(case)[1:] == ("language", 0)
    assert "en" in next(one for one in mute.staff if one.id == case.owned_by).languages

    alone = play(under=ranked(), language="en")
    everybody = [one.id for one in policy().pack.staff]
    no_one = ranked(**{who.replace("-", "_"): {"languages": ["zh"]} for who in everybody}).pack
    assert alone.meet_people(no_one) == []


def test_a_proposal_to_a_person_who_became_junior_returns() -> None:
    case = play(under=ranked(), hints={"category": "product", "severity": 4})
    case.owner("transfer", to="agent-3", reason="r")
    facts = case.meet_people(ranked(agent_3={"level": "junior"}).pack)
    assert names(facts)[0] == "transfer_returned"
    assert case.last(TransferReturned).why == "junior"


def test_a_lead_without_a_level_of_seniority_keeps_a_grave_complaint() -> None:
    case = play(under=ranked(), hints={"category": "product", "severity": 4})
    case.owner("escalate", reason="r")
    assert case.meet_people(ranked(lead_1={"level": "junior"}).pack) == []


# --- skills ---------------------------------------------------------------------------------------


def test_the_product_and_the_sub_code_of_a_complaint_ask_for_skills() -> None:
    skilled = ranked(agent_2={"skills": {"kettle": 3}}, agent_3={"skills": {"product.quality": 2}})
    pack = skilled.pack.model_copy(update={"skills": ["kettle"]})
    assert list(roster_problems(pack)) == []
    assert Names(pack).skills("Kettle X200, white") == ["kettle"]
    assert Names(pack).skills(None) == []

    def first(sub: str | None = None, *product: str) -> str:
        complaint = received(product_skills=[*product] or None)
        return assign(pack, Category.PRODUCT, complaint, {}, sub=sub).owner

    assert (first(), first(None, "kettle"), first(Sub.PRODUCT_QUALITY)) == ("agent-1", "agent-2", "agent-3")
