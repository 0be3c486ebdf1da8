"""The first owner: of the right team, able, with room, least loaded, never the one complained about."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.assignment import Assignment, assign
from shared.contract.values import NOBODY, Category
from shared.policy.models import Pack
from shared.policy.roster import Staff
from tests.unit.case_packs import person, with_people
from tests.unit.cases import policy, received

PACK = policy().pack
FULL = {f"agent-{n}": 500 for n in range(1, 9)}
HOUSE = (person("a", "agent"), person("b", "agent"), person("l", "lead"), person("m", "manager"))


def _assigned(
    category: str = "product", load: dict[str, int] | None = None, pack: Pack = PACK, **said: Any
) -> Assignment:
    return assign(pack, Category(category), received(**said), load or {})


@pytest.mark.parametrize(
    ("category", "team", "owner", "lead"),
    [
        ("product", "product-care", "agent-1", "lead-1"),
        ("service", "service-care", "agent-4", "lead-2"),
        ("policy", "service-care", "agent-4", "lead-2"),
        ("price", "price-care", "agent-7", "lead-3"),
    ],
)
def test_the_category_chooses_the_team_and_its_chain(category: str, team: str, owner: str, lead: str) -> None:
    found = _assigned(category)
    assert (found.team, found.owner) == (team, owner)
    assert (found.chain.lead, found.chain.manager) == (lead, "manager-1")


@pytest.mark.parametrize(
    ("load", "owner"),
    [
        ({}, "agent-1"),
        ({"agent-1": 1}, "agent-2"),
        ({"agent-1": 5, "agent-2": 4, "agent-3": 3}, "agent-3"),
        ({"agent-1": 500, "agent-2": 499, "agent-3": 500}, "agent-2"),
        (FULL, "lead-1"),
    ],
)
def test_the_owner_is_the_least_loaded_agent_with_room_or_else_the_lead(
    load: dict[str, int], owner: str
) -> None:
    assert _assigned(load=load).owner == owner


def test_load_is_weighed_by_capacity() -> None:
    pack = with_people(person("a", "agent", capacity=10), person("b", "agent", capacity=100), *HOUSE[2:])
    assert _assigned(load={"a": 4, "b": 30}, pack=pack).owner == "b"


def test_the_owner_speaks_the_complainants_language() -> None:
    load = {"agent-1": 10, "agent-2": 12}
    assert _assigned(load=load, language="zh").owner == "agent-3"
    assert _assigned(load=load, language="en-GB").owner == "agent-1"


def test_a_complaint_in_a_language_without_speakers_stays_with_its_team() -> None:
    assert _assigned(language="fr").owner == "agent-1"


def test_equal_complaints_are_spread_evenly() -> None:
    load: Counter[str] = Counter()
    for _ in range(900):
        load[_assigned(load=load).owner] += 1
    assert set(load.values()) == {300}


def test_a_vip_mark_changes_neither_owner_nor_chain() -> None:
    """Whatever else decides who it is: the load, the language, whom it is about."""
    full = {"agent-1": 40, "agent-2": 30, "lead-1": 1}
    for load in ({}, full):
        for language in ("zh", "en", "fr"):
            for about in (None, "agent-3", "lead-1"):
                said = {"load": load, "language": language, "about_staff": about}
                assert _assigned(vip=True, **said) == _assigned(vip=False, **said), said


# --- avoidance ------------------------------------------------------------------------------------


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    about=st.none() | st.sampled_from([p.id for p in PACK.staff]),
    unit=st.none() | st.sampled_from([t.id for t in PACK.teams]),
    category=st.sampled_from(["product", "service", "price", "policy"]),
    load=st.dictionaries(st.sampled_from([p.id for p in PACK.staff]), st.integers(0, 600)),
    language=st.sampled_from(["zh", "en", "fr"]),
)
def test_the_person_and_the_unit_complained_about_are_never_in_the_chain(
    about: str | None, unit: str | None, category: str, load: dict[str, int], language: str
) -> None:
    found = _assigned(category, load, about_staff=about, unit=unit, language=language)
    team_of = {p.id: p.team for p in PACK.staff}
    for somebody in (found.owner, found.chain.lead, found.chain.manager):
        assert somebody != about
        assert team_of[somebody] != unit
    assert found.team != unit
    assert found.chain.lead != found.chain.manager


def test_a_unit_that_is_no_team_has_no_staff() -> None:
    assert _assigned(unit="warehouse") == _assigned()


@pytest.mark.parametrize(
    ("staff", "about", "lead", "manager"),
    [
        (HOUSE, "l", "m", "m"),
        (HOUSE, "m", "l", "l"),
        (HOUSE, "a", "l", "m"),
        ((*HOUSE, person("n", "manager")), "l", "m", "n"),
        ((*HOUSE, person("k", "lead")), "m", "l", "k"),
    ],
)
def test_other_people_replace_supervisors_in_a_small_organisation(
    staff: tuple[Staff, ...], about: str, lead: str, manager: str
) -> None:
    found = _assigned(pack=with_people(*staff), about_staff=about)
    assert (found.chain.lead, found.chain.manager) == (lead, manager)
    assert found.owner in {"a", "b"} - {about}


def test_the_chain_is_empty_where_all_staff_belong_to_the_concerned_unit() -> None:
    found = _assigned(pack=with_people(*HOUSE), unit="one", about_staff="a")
    assert (found.owner, found.chain.lead, found.chain.manager) == (NOBODY, NOBODY, NOBODY)


def test_a_team_whose_only_agent_is_complained_about_gets_a_supervisor_of_another() -> None:
    pack = with_people(*HOUSE, person("c", "agent", "two"), person("k", "lead", "two"))
    found = assign(pack, Category.PRODUCT, received(about_staff="c", unit="one"), {})
    assert (found.owner, found.chain.lead, found.chain.manager) == ("k", "k", "k")


def test_the_lead_of_the_concerned_unit_is_not_in_the_chain_of_another_team() -> None:
    pack = with_people(*HOUSE, person("c", "agent", "two"), person("n", "manager", "two"))
    assert next(team.lead for team in pack.teams if team.id == "two") == "l"
    found = assign(pack, Category.PRODUCT, received(unit="two"), {})
    assert (found.owner, found.chain.lead, found.chain.manager) == ("a", "m", "m")


@pytest.mark.parametrize("told", ["ONE", " one ", "ｏｎｅ"])
def test_a_unit_is_known_in_any_case_and_width(told: str) -> None:
    assert _assigned(pack=with_people(*HOUSE), unit=told).owner == NOBODY
