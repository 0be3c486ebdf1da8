"""A complaint waits for an owner by hard and soft rules; the lead is accountable meanwhile, clocks go on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.routing.assignment import Assignment, assign, look_up
from services.routing.case import Case
from services.routing.rules.renewing import question
from services.routing.rules.state import LookedUp, Opening
from services.routing.triage import triage
from shared.contract.commands import Accepted
from shared.contract.events import Assigned, DeadlineBreached, Queued
from shared.contract.orders import Order
from shared.contract.values import Actor, Category
from shared.policy.house import Moment, Signed
from shared.policy.loader import Policy
from shared.policy.people import people, roster_id
from shared.policy.pinned import pin
from shared.policy.roster import Level, NamedShift, Relaxation, Staff
from tests.unit.case_packs import person, policy_of
from tests.unit.cases import MONDAY, received

TEN = timedelta(minutes=10)
NIGHT = NamedShift(id="night", hours={0: ["20:00-23:00"]})
EVENING = MONDAY + timedelta(hours=10)
"""Start of the night shift of that Monday, eight in the evening in Shanghai."""


def relaxing(rule: str, minutes: int | None) -> Relaxation:
    after = {"clock": "elapsed", "amount": f"{minutes}m"} if minutes else None
    return Relaxation.model_validate({"rule": rule, "after": after})


def staff(who: str, role: Any = "agent", team: str = "one", **more: Any) -> Staff:
    return person(who, role, team).model_copy(update=more)


def house(*people: Staff, **more: Any) -> Policy:
    found = policy_of(*people, staff("l", "lead"), staff("m", "manager"))
    return replace(found, pack=found.pack.model_copy(update={"shifts": [NIGHT]} | more))


def chosen(policy: Policy, load: dict[str, int] | None = None, **said: Any) -> Assignment:
    own = {key: said.pop(key) for key in ("severity", "former", "at") if key in said}
    return assign(policy.pack, Category.PRODUCT, received(**said), load or {}, **own)


# --- hard rules -----------------------------------------------------------------------------------


def test_a_person_off_shift_is_not_chosen_although_the_other_is_busier() -> None:
    found = chosen(house(staff("a", shifts=["night"]), staff("b")), {"b": 40})
    assert (found.owner, found.waits) == ("b", ())


def test_with_all_agents_away_the_lead_is_accountable_until_the_next_shift_begins() -> None:
    found = chosen(house(staff("a", shifts=["night"]), staff("b", shifts=["night"])))
    assert (found.owner, found.waits, found.look_at) == ("l", ("off_shift",), EVENING)


def test_with_no_room_the_complaint_waits_without_an_instant_to_look() -> None:
    found = chosen(house(staff("a", capacity=2)), {"a": 2})
    assert (found.owner, found.waits, found.look_at) == ("l", ("full",), None)


def test_a_junior_owns_nothing_grave_and_the_lead_takes_what_nobody_may() -> None:
    levels = [Level(id="junior", above="senior", up_to=2), Level(id="senior", up_to=4)]
    two = house(staff("a", level="junior"), staff("b", level="senior"), levels=levels)
    assert [chosen(two, {"b": 9}, severity=severity).owner for severity in (2, 3, 5)] == ["a", "b", "l"]
    assert chosen(two, severity=5).waits == ()
    assert chosen(two, severity=5).reasons == ("junior",)


def test_the_language_is_never_relaxed_while_somebody_speaks_it() -> None:
    two = house(staff("a"), staff("b", languages=["en"], shifts=["night"]))
    assert chosen(two, language="en-GB").waits == ("off_shift",)
    assert chosen(two, language="fr").reasons == ("language_unspoken",)
    assert chosen(two, language="fr").owner == "a"


def test_presence_overrides_the_shift_in_both_directions_until_it_ends() -> None:
    one = house(staff("a", shifts=["night"]))
    on = Moment(MONDAY, {}, {"a": Signed(present=True, until=EVENING)})
    assert chosen(one, at=on).owner == "a"
    off = Moment(EVENING, {}, {"a": Signed(present=False, until=EVENING + timedelta(hours=3))})
    assert chosen(one, at=off).owner == "l"
    over = Moment(EVENING, {}, {"a": Signed(present=False, until=EVENING)})
    assert chosen(one, at=over).owner == "a"


# --- soft rules -----------------------------------------------------------------------------------


def test_a_skill_is_waited_for_then_left_out_with_the_reason() -> None:
    policy = house(
        staff("a", skills={"product": 3}, shifts=["night"]),
        staff("b"),
        assignment=house().pack.assignment.model_copy(
            update={"relax": [relaxing("skill", 10), relaxing("team", 20)]}
        ),
    )
    found = chosen(policy)
    assert (found.owner, found.waits, found.look_at) == ("l", ("off_shift", "skill"), MONDAY + TEN)
    later = _later(policy, MONDAY + TEN)
    assert (later.owner, later.reasons) == ("b", ["skill_left_out"])


def test_another_team_helps_only_after_its_time() -> None:
    policy = house(staff("a", capacity=1), staff("c", team="two"))
    found = chosen(policy, {"a": 1})
    assert (found.owner, found.look_at) == ("l", MONDAY + 3 * TEN)
    assert (_later(policy, MONDAY + 3 * TEN, {"a": 1}).owner) == "c"


def test_a_returning_customer_gets_the_same_owner_who_is_there() -> None:
    two = house(staff("a"), staff("b", capacity=10))
    assert chosen(two, {"b": 5}, former="b").owner == "b"
    assert chosen(two, {"b": 5}, former="b").reasons == ("same_owner",)
    assert chosen(two, {"b": 10}, former="b").reasons == ("same_owner_left_out",)


def test_a_mark_raises_the_skill_and_not_the_place_in_the_queue() -> None:
    two = house(staff("a", skills={"product": 1}), staff("b", skills={"product": 5}))
    assert (chosen(two, vip=True).owner, chosen(two, vip=True).reasons) == ("b", ("vip",))
    assert chosen(two).owner == "a"
    assert chosen(two, {"b": 1}, vip=True).owner == "a"


def _later(policy: Policy, now: datetime, load: dict[str, int] | None = None) -> Any:
    case = opened(policy, load or {})
    return look_up(policy.pack, question(case.state, now), load or {})


# --- the case -------------------------------------------------------------------------------------


def opened(policy: Policy, load: dict[str, int], **said: Any) -> Case:
    complaint = received(**said)
    found = triage(complaint, policy.pack)
    first = assign(policy.pack, found.category, complaint, load, severity=found.severity)
    standing = LookedUp(
        roster=roster_id(policy.pack),
        roles=people(policy.pack),
        units=[team.id for team in policy.pack.teams],
        look_at=first.look_at,
    )
    return Case.open(
        Opening(
            complaint_id="Caaaaaaaaaaaaaaa",
            received=complaint,
            triage=found,
            owner=first.owner,
            pinned=pin(policy, first.team, first.chain),
            people=standing,
            reasons=list(first.reasons),
            waits=list(first.waits),
        ),
        MONDAY,
    )


NIGHTLY = house(staff("a", shifts=["night"]), staff("b", shifts=["night"]))


def test_a_complaint_waits_under_the_lead_who_is_told_and_its_alarm_is_the_next_shift() -> None:
    case = opened(NIGHTLY, {})
    facts = [one.fact() for one in case.take_new_facts()]
    first = next(one for one in facts if isinstance(one, Assigned))
    wait = next(one for one in facts if isinstance(one, Queued))
    assert (first.owner, first.level, first.why) == ("l", 1, "triage")
    assert (wait.to, wait.since, wait.waits) == ("l", MONDAY, ["off_shift"])
    assert case.state.queued_since == MONDAY
    assert case.next_due is not None
    assert case.next_due <= EVENING
    assert any(clock.name == "response_24h" for clock in case.state.present_clocks)


def test_a_danger_that_was_escalated_stays_with_the_lead_and_goes_to_no_agent() -> None:
    case = opened(house(staff("a", shifts=["night"])), {}, safety=True)
    assert case.state.owner == "l"
    assert case.state.queued_since is None
    assert not any(isinstance(one.fact(), Queued) for one in case.take_new_facts())


def test_at_the_alarm_the_people_are_looked_up_and_the_complaint_gets_its_owner() -> None:
    case = opened(NIGHTLY, {})
    case.look_at_clock(EVENING)
    assert case.state.people.due
    case.take_new_facts()
    case.meet_people(look_up(NIGHTLY.pack, question(case.state, EVENING), {"a": 3}), EVENING)
    (given,) = [one.fact() for one in case.take_new_facts()]
    assert isinstance(given, Assigned)
    assert (given.owner, given.why, given.level, given.previous) == ("b", "queue", 0, "l")
    assert case.state.queued_since is None


def test_a_look_that_finds_no_one_changes_nothing_and_sets_the_next_alarm() -> None:
    case = opened(NIGHTLY, {})
    case.take_new_facts()
    off = {"a": Signed(False, EVENING + timedelta(hours=3)), "b": Signed(False, EVENING + timedelta(hours=3))}
    case.meet_people(look_up(NIGHTLY.pack, question(case.state, EVENING), {}, off), EVENING)
    assert case.take_new_facts() == []
    assert case.state.people.look_at == EVENING + timedelta(days=7)


def test_the_clocks_of_a_waiting_complaint_run_out_as_ever() -> None:
    case = opened(NIGHTLY, {})
    case.look_at_clock(MONDAY + timedelta(hours=25))
    facts = [one.fact() for one in case.take_new_facts()]
    assert "response_24h" in [one.obligation for one in facts if isinstance(one, DeadlineBreached)]


def test_a_lead_who_answers_keeps_the_complaint() -> None:
    case = opened(NIGHTLY, {})

    order = Order(
        command_id="one",
        verb="respond",
        actor=Actor(id="l", role="lead"),
        data={"kind": "explanation", "text": "t"},
    )
    assert isinstance(case.decide(order, MONDAY), Accepted)
    assert case.state.queued_since is None
    case.take_new_facts()
    case.meet_people(look_up(NIGHTLY.pack, question(case.state, EVENING), {}), EVENING)
    assert case.take_new_facts() == []


def test_a_lead_who_left_leaves_the_queue_to_the_next_supervisor() -> None:
    case = opened(NIGHTLY, {})
    case.take_new_facts()
    pack = NIGHTLY.pack
    left = [one for one in pack.staff if one.id != "l"] + [staff("k", "lead")]
    teams = [team.model_copy(update={"lead": "k"}) for team in pack.teams]
    later = pack.model_copy(update={"staff": left, "teams": teams})
    case.meet_people(look_up(later, question(case.state, MONDAY + TEN), {}), MONDAY + TEN)
    facts = [one.fact() for one in case.take_new_facts()]
    given = next(one for one in facts if isinstance(one, Assigned))
    wait = next(one for one in facts if isinstance(one, Queued))
    assert (given.owner, given.why) == ("k", "gone")
    assert (wait.to, wait.since) == ("k", MONDAY)
    assert case.state.queued_since == MONDAY
