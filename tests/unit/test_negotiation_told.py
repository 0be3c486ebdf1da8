"""A negotiation is told as a story, in both languages, and the reserve only to those who may see it."""

from services.console.display.languages import language_of
from services.console.display.negotiation_view import negotiation_story
from services.console.display.negotiation_words import NEEDS
from services.routing.discretion import may_see_reserve
from services.routing.negotiation_view import negotiation, reserve
from services.routing.view import view
from shared.contract.queries import Negotiation
from shared.contract.values import Interest
from tests.unit.cases import Playing, play, policy


def found(case: Playing, asker: str | None = None) -> Negotiation:
    state = view(case.case.state).model_dump(mode="json")
    told = negotiation(state, case.recorded, policy().pack)
    if asker and may_see_reserve(state, asker):
        told.reserve = reserve(state, policy().pack, told.rounds)
    return told


def two_rounds() -> Playing:
    case = play().ready_to_offer()
    counter = {"remedy": "refund", "amount": {"value": "250.00", "currency": "CNY"}}
    case.customer("answer", offer_id=case.offered("some"), answer="countered", counter=counter)
    case.customer("answer", offer_id=case.offered("all"), answer="accepted")
    return case


def test_each_round_has_its_end_and_its_concession() -> None:
    first, second = found(two_rounds()).rounds
    assert (first.status, first.concession, first.next_option_id) == ("countered", None, "all")
    assert first.counter is not None
    assert second.concession is not None
    assert (second.status, second.concession.value) == ("accepted", "99.00")


def test_the_slope_is_the_least_squares_line() -> None:
    ours, theirs = found(two_rounds()).slopes
    assert (ours.side, ours.per_round, ours.first.value, ours.last.value) == (
        "ours",
        "99.00",
        "100.00",
        "199.00",
    )
    assert (theirs.side, theirs.per_round, theirs.rounds) == ("theirs", None, 1)


def test_the_reserve_is_for_the_owner_and_the_people_above() -> None:
    case = play().ready_to_offer()
    case.offered("some")
    kept = found(case, case.owned_by).reserve
    assert kept is not None
    assert [one.option_id for one in kept.options] == ["sorry", "all"]
    assert kept.limits
    assert found(case, "lead-1").reserve is not None
    assert found(case, "agent-9").reserve is None
    assert found(case).reserve is None


def test_the_story_is_told_in_both_languages() -> None:
    told = found(two_rounds(), "lead-1")
    english, chinese = ("\n".join(negotiation_story(told, one)) for one in ("en", "zh"))
    assert "countered. The complainant asked for refund 250.00 CNY instead." in english
    assert "This is 99.00 CNY more than the offer before." in english
    assert "We: 100.00 CNY to 199.00 CNY in 2 rounds, 99.00 CNY a round." in english
    assert "比上一方案多 99.00 CNY" in chinese
    assert "售后服务规定第七条" in chinese
    assert "已准备未提出：apology" in chinese


def test_the_story_names_remedies_and_needs_in_words() -> None:
    titles = {one.id: one.title for one in policy().pack.remedies}
    told = found(two_rounds(), "lead-1")
    english, chinese = ("\n".join(negotiation_story(told, one, titles)) for one in ("en", "zh"))
    assert "已准备未提出：书面致歉" in chinese
    assert "Prepared, not offered: written apology" in english
    assert set(NEEDS) == set(Interest)
    assert f"投诉人需要：{NEEDS[told.interests[0]['interest']].zh}" in chinese


def test_a_complaint_without_an_offer_has_a_story_too() -> None:
    told = "\n".join(negotiation_story(found(play()), "en"))
    assert "No substantive response yet: nothing can be offered." in told
    assert "No offer was made yet." in told


def test_the_language_is_that_of_the_locale() -> None:
    assert language_of({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language_of({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert language_of({}) == "en"
