"""Facts of three services come in the order of cause and effect, whatever their instants say."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.console.audit.facts_in_order import OrderedFact, in_order, read

NOON = "2026-03-02T12:00:00Z"


def told(service: str, name: str, seq: int, at: str = NOON, cycle: int = 1, **more: object) -> OrderedFact:
    data = {"seq": seq, "cycle": cycle, **more}
    event = {"source": f"amends/{service}", "type": f"complaints.event.{name}.v1", "time": at, "data": data}
    return read(orjson.dumps(event))


ROUTING = [
    told("routing", "triaged", 1),
    told("routing", "deadline_breached", 2, "2026-03-01T00:00:00Z"),
    told("routing", "resolved", 3),
    told("routing", "assigned", 4, cycle=2),
]
FOLLOWUP = [
    told("followup", "callback_scheduled", 1, "2026-03-01T00:00:00Z"),
    told("followup", "reopened", 2, "2026-03-09T12:00:00Z", to_cycle=2),
]
INTAKE = [told("intake", "received", 1, "2026-03-05T12:00:00Z"), told("intake", "contact_added", 2)]


def test_a_cause_comes_before_its_effect_where_instants_disagree() -> None:
    names = [one.name for one in in_order([*FOLLOWUP, *ROUTING, *INTAKE])]
    assert names[0] == "received"
    assert names.index("resolved") < names.index("callback_scheduled")
    assert names.index("reopened") < names.index("assigned")
    assert names.index("deadline_breached") > names.index("triaged")


def test_the_end_of_a_merged_complaint_comes_after_its_earlier_facts() -> None:
    ended = told("routing", "case_ended", 4, "2026-03-05T12:00:00Z")
    closed = told("followup", "closed", 2, "2026-03-05T12:00:01Z")
    names = [one.name for one in in_order([*ROUTING[:3], ended, FOLLOWUP[0], closed, INTAKE[0]])]
    assert names[-3:] == ["callback_scheduled", "case_ended", "closed"]


@given(st.permutations(["intake"] * 3 + ["routing"] * 5 + ["followup"] * 4), st.data())
def test_every_fact_is_there_once_and_each_service_keeps_its_order(
    who: list[str], data: st.DataObject
) -> None:
    names = st.sampled_from(["received", "resolved", "reopened", "notice", "closed"])
    days = st.integers(1, 28).map(lambda day: f"2026-03-{day:02}T12:00:00Z")
    facts = [
        told(one, data.draw(names), seq, data.draw(days), data.draw(st.integers(1, 3)), to_cycle=2)
        for seq, one in enumerate(who, 1)
    ]
    ordered = in_order(facts)
    for service in set(who):
        own = [one for one in facts if one.service == service]
        assert [one for one in ordered if one.service == service] == own
    assert len(ordered) == len(facts)
