"""Swaps of shifts: both agree before, a lead may refuse, and who is on shift follows."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.routing.staffing.swapping import Swap, accept, exchanges, known_now, propose, refuse_swap
from shared.contract.commands import ProposeSwap
from shared.contract.errors import Refusal
from shared.policy.deputies import end_of_shift
from shared.policy.house import House, Moment, Signed
from shared.policy.loader import load_policy
from shared.policy.models import Pack
from shared.policy.roster import Absence, Staff

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int) -> datetime:
    """Instant of November 2026 in Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


NOW = at(23, 6)
AWAY = [Absence(since=at(24, 10), until=at(24, 11))]


def pack(**more: object) -> Pack:
    usual = {"team": "product-care", "languages": ["zh"], "role": "agent"}
    people = [
        {"id": "a", "hours": {0: ["08:00-12:00"], 1: ["08:00-12:00"]}},
        {"id": "b", "hours": {1: ["13:00-18:00"]}} | more,
        {"id": "c", "hours": {1: ["08:00-12:00"]}},
        {"id": "l", "role": "lead"},
    ]
    staff = [Staff.model_validate(usual | one) for one in people]
    return load_policy("default").pack.model_copy(update={"staff": staff})


def proposed(
    to: str = "b", mine: datetime = at(23, 8), theirs: datetime = at(24, 13), *others: Swap, **more: object
) -> Swap | Refusal:
    command = ProposeSwap(to=to, mine=mine, theirs=theirs)
    return propose(House(pack(**more)), "s", "a", command, others, NOW)


def swap() -> Swap:
    found = proposed()
    assert isinstance(found, Swap)
    return found


def test_a_swap_holds_once_both_agreed_and_moves_presence_and_the_end_of_the_shift() -> None:
    house, asked = House(pack()), swap()
    assert exchanges([asked]) == {}
    agreed = accept(house, "b", asked, [asked], NOW)
    assert isinstance(agreed, Swap)
    swapped = exchanges([agreed])
    seen = {
        (who, when): house.present(who, Moment(when, exchanges=swapped))
        for who in ("a", "b")
        for when in (at(23, 9), at(24, 14))
    }
    assert seen == {
        ("a", at(23, 9)): False,
        ("b", at(23, 9)): True,
        ("a", at(24, 14)): True,
        ("b", at(24, 14)): False,
    }
    assert house.next_change("b", Moment(NOW, exchanges=swapped)) == at(23, 8)
    assert end_of_shift(pack(), "b", NOW, swapped["b"]) == at(23, 12)
    assert end_of_shift(pack(), "b", NOW) == at(24, 18)


@pytest.mark.parametrize(
    ("found", "field", "part"),
    [
        (proposed("a"), "data.to", "two people"),
        (proposed("nobody-known"), "data.to", ""),
        (proposed(mine=at(23, 9)), "data.mine", "no shift of a begins"),
        (proposed(theirs=at(24, 12)), "data.theirs", "no shift of b begins"),
        (proposed(mine=at(16, 8)), "data.mine", "began at"),
        (proposed(absences=AWAY, mine=at(24, 8)), "data.mine", "absent"),
        (proposed("c", at(23, 8), at(24, 8)), "data.theirs", "another shift"),
        (proposed("b", at(23, 8), at(24, 13), replace(swap(), swap_id="other")), "data", "has a swap"),
    ],
)
def test_what_cannot_be_swapped_is_refused_with_its_field(found: object, field: str, part: str) -> None:
    assert isinstance(found, Refusal)
    assert found.field == field
    assert part in found.message


def test_a_swap_and_a_signing_stay_with_a_person_who_gets_another_id() -> None:
    agreed = replace(swap(), status="accepted")
    staff = [
        one.model_copy(update={"id": "bb", "formerly": ["b"]}) if one.id == "b" else one
        for one in pack().staff
    ]
    house, swapped = House(pack().model_copy(update={"staff": staff})), exchanges([agreed])
    assert house.present("bb", Moment(at(23, 9), exchanges=swapped))
    assert not house.present("bb", Moment(at(24, 14), exchanges=swapped))
    assert house.present("bb", Moment(at(23, 9), signed={"b": Signed(True, None)}))
    known = known_now(house, swap())
    assert (known.by, known.to) == ("a", "bb")
    assert isinstance(accept(house, "bb", known, [], NOW), Swap)


def test_a_proposal_of_a_person_who_left_cannot_be_accepted() -> None:
    left = House(pack().model_copy(update={"staff": [one for one in pack().staff if one.id != "a"]}))
    refusal = accept(left, "b", swap(), [], NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.field == "data.swap_id"


def test_only_the_other_accepts_both_refuse_a_proposal_and_afterwards_a_lead_until_it_begins() -> None:
    house, asked = House(pack()), swap()
    assert isinstance(accept(house, "c", asked, [], NOW), Refusal)
    assert isinstance(accept(house, "a", asked, [], NOW), Refusal)
    assert isinstance(accept(house, "b", asked, [], at(23, 8)), Refusal)
    assert isinstance(accept(house, "b", replace(asked, status="refused"), [], NOW), Refusal)
    agreed = replace(asked, status="accepted")
    may = {
        (who, one.status): isinstance(refuse_swap(house, who, one, NOW), Swap)
        for who in ("a", "b", "c", "l")
        for one in (asked, agreed)
    }
    assert {key for key, ok in may.items() if ok} == {
        ("a", "proposed"),
        ("b", "proposed"),
        ("l", "proposed"),
        ("l", "accepted"),
    }
    assert isinstance(refuse_swap(house, "l", agreed, at(23, 8).astimezone(UTC)), Refusal)
