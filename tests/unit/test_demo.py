"""The demo's own complaints are what they claim to be, and its judgement of a life can turn out bad."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import yaml
from pydantic import ValidationError

from deploy.demo import rates
from deploy.demo.catalogue import Catalogue, Complaint, load
from deploy.demo.checking import first_missing, problems
from deploy.demo.life import WORDS, Life
from deploy.demo.outside import OutsideWorld
from deploy.demo.record import Record, SeenFact
from deploy.demo.redress import INTEREST_BEHIND, alternatives, standards
from deploy.demo.scripts import SCRIPTS
from shared.contract.quarantine import Reason
from shared.contract.submission import MAX_BYTES, Submitted
from shared.contract.values import Category, Outcome
from shared.policy.loader import load_policy
from shared.triage.finding import finder_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CATALOGUE = load()
COMPLAINTS = CATALOGUE.complaints
WITHDRAWN = next(one for one in COMPLAINTS if one.life.script == "withdrawn")


def test_there_are_at_least_forty_complaints_in_both_languages_and_of_every_kind() -> None:
    assert len(COMPLAINTS) >= 40
    assert min(Counter(one.who.language for one in COMPLAINTS).values()) >= 15
    assert {one.what.category for one in COMPLAINTS} == set(Category)
    assert {one.who.tone for one in COMPLAINTS} >= {"calm", "furious", "prepared", "silent"}
    assert any(one.what.safety for one in COMPLAINTS)
    assert len({one.who.channel for one in COMPLAINTS}) >= 8


@pytest.mark.parametrize("complaint", [*COMPLAINTS, *CATALOGUE.grumbles], ids=lambda one: one.id)
def test_a_danger_is_found_where_the_script_has_one_and_nowhere_else(complaint: Complaint) -> None:
    """A false alarm goes to the lead at once, and its life leaves the script."""
    finder = finder_of(load_policy("default", NOW.date()).pack)
    assert finder.signals([complaint.title, complaint.narrative]).safety == (
        complaint.life.script == "safety"
    )


def test_no_two_complaints_are_alike() -> None:
    for field in ("id", "title", "narrative"):
        assert len({getattr(one, field) for one in COMPLAINTS}) == len(COMPLAINTS), field


def test_every_script_is_played_and_every_complaint_has_one() -> None:
    assert {one.life.script for one in CATALOGUE.lives} == set(SCRIPTS)
    assert {one.life.ends for one in COMPLAINTS} == set(Outcome)


def test_the_catalogue_has_repeats_and_a_submission_of_each_broken_kind() -> None:
    assert CATALOGUE.sent_twice
    assert set(CATALOGUE.sent_twice) <= {one.id for one in COMPLAINTS}
    assert {broken.reason for broken in CATALOGUE.broken} == {Reason.NOT_JSON, Reason.INVALID}


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=lambda one: one.id)
def test_each_complaint_is_a_valid_submission_about_an_invented_person(complaint: Complaint) -> None:
    body = json.dumps(complaint.submission("run", NOW))
    submitted = Submitted.model_validate_json(body)
    assert submitted.data.customer.phone == f"000-0000-{complaint.id}"
    assert submitted.data.hints.category == complaint.what.category
    assert len(body.encode()) < MAX_BYTES
    assert complaint.what.wants in INTEREST_BEHIND


def test_a_broken_submission_is_no_submission() -> None:
    for number, broken in enumerate(CATALOGUE.broken):
        with pytest.raises(ValidationError):
            Submitted.model_validate_json(broken.message("run", number))


def test_an_unknown_field_is_refused_when_the_file_is_read() -> None:
    good = {"channel": "web", "reason": "invalid", "missing": "customer"}
    with pytest.raises(ValueError, match="typo"):
        Catalogue.model_validate({"complaints": [], "sent_twice": [], "broken": [good | {"typo": 1}]})


def test_every_character_has_the_same_lines_in_both_languages() -> None:
    words = yaml.safe_load(WORDS.read_text("utf-8"))
    assert words["zh"].keys() == words["en"].keys()


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=lambda one: one.id)
def test_an_owner_has_alternatives_of_the_policy_that_get_better(complaint: Complaint) -> None:
    pack = load_policy("default").pack
    policy = {
        "remedies": [remedy.model_dump(mode="json") for remedy in pack.remedies],
        "standards": [standard.model_dump(mode="json") for standard in pack.standards],
    }
    options = alternatives(policy, complaint, 1)
    assert len({option["option_id"] for option in options}) == len(options) == 3
    assert {option["remedy"] for option in options} <= {remedy.id for remedy in pack.remedies}
    amounts = [float(option["amount"]["value"]) for option in options if "amount" in option]
    assert amounts == sorted(amounts)
    assert set(standards(policy, complaint)) <= {standard.id for standard in pack.standards}


def test_expected_facts_of_a_script_come_in_their_order() -> None:
    assert first_missing(["responded", "closed"], ["received", "responded", "notice", "closed"]) is None
    assert first_missing(["closed", "responded"], ["received", "responded", "closed"]) == "responded"
    assert first_missing(["notice", "notice"], ["notice"]) == "notice"


def fact(
    name: str, seq: int, service: str = "routing", complaint_id: str = "Caaaaaaaaaaaaaaa", **own: Any
) -> SeenFact:
    """A fact as it comes off the stream."""
    return SeenFact(
        {
            "type": f"complaints.event.{name}.v1",
            "source": f"amends/{service}",
            "id": f"{complaint_id}-{service}-{seq}",
            "data": {"complaint_id": complaint_id, "seq": seq, "cycle": 1, "stage": "analysing", **own},
        }
    )


def a_life() -> list[SeenFact]:
    """A complaint that was taken back: the shortest life that is in order."""
    return [
        fact("received", 1, "intake"),
        fact("responded", 1),
        fact("withdrawn", 2),
        fact("closed", 1, "followup", outcome="withdrawn"),
    ]


def found_wrong(life: list[SeenFact], timeline: list[SeenFact] | None = None) -> str:
    events = [{"id": one.id} for one in (life if timeline is None else timeline)]
    return "; ".join(problems(WITHDRAWN, life, events))


def test_a_life_in_order_has_nothing_wrong() -> None:
    assert found_wrong(a_life()) == ""


@pytest.mark.parametrize(
    ("life", "timeline", "said"),
    [
        (a_life()[:-1], None, "ended as nothing yet"),
        ([*a_life()[:-1], fact("closed", 1, "followup", outcome="satisfied")], None, "ended as satisfied"),
        ([*a_life(), fact("notice", 3)], None, "notice came after its end"),
        ([a_life()[0], *a_life()[2:]], None, "responded was not seen"),
        ([*a_life()[:2], *a_life()[1:]], None, "came twice"),
        ([*a_life()[:1], *a_life()[2:]], None, "numbers of routing have a gap"),
        (a_life(), a_life()[:-1], "the timeline holds 3"),
    ],
)
def test_a_life_that_went_otherwise_is_reported(
    life: list[SeenFact], timeline: list[SeenFact] | None, said: str
) -> None:
    assert said in found_wrong(life, timeline)


class HasATwin:
    """Answers for the twin `Cb`, to which `Ca` leads, once its case is open."""

    def __init__(self, record: Record) -> None:
        self._twin = record.stories["Cb"]

    async def query(self, name: str, **wanted: Any) -> dict[str, Any]:
        if not self._twin.all("assigned"):
            raise ValueError(f"the query {name} was refused")
        return {"complaint_id": "Cb", "alias": wanted["complaint_id"]}


async def test_a_merged_complaint_is_asked_for_once_its_twin_has_a_case() -> None:
    record = Record()
    outside = cast(OutsideWorld, HasATwin(record))

    async def move(_: str, __: object) -> datetime:
        return NOW

    async def opens() -> None:
        opened = fact("assigned", 2, complaint_id="Cb")
        record.receive(
            {"type": "complaints.event.assigned.v1", "source": "amends/routing", "id": opened.id}
            | {"data": opened.data}
        )

    life = Life(WITHDRAWN, "Ca", outside, record.stories, {}, move)
    with pytest.raises(ValueError, match="refused"):
        await outside.query("complaint", complaint_id="Ca")
    await asyncio.gather(life.leads_to("Cb", "Ca"), opens())
    assert (await outside.query("complaint", complaint_id="Ca"))["complaint_id"] == "Cb"


@pytest.mark.parametrize("named", ["response_24h", "first_word"])
def test_the_rates_count_each_complaint_once_by_its_first_cycle_and_its_last_verdict(named: str) -> None:
    rule = {"obligation": named}
    facts = [
        fact("deadline_met", 1, late=False, complaint_id="Ca", **rule),
        fact("deadline_breached", 1, complaint_id="Cb", **rule),
        fact("deadline_met", 2, late=True, complaint_id="Cb", **rule),
        fact("deadline_breached", 2, complaint_id="Ca", **rule | {"cycle": 2}),
        fact("deadline_breached", 3, complaint_id="Ca", obligation="resolution"),
        fact("satisfaction_recorded", 1, complaint_id="Ca", resolved=False, overall=1, satisfied=False),
        fact("satisfaction_recorded", 2, complaint_id="Ca", resolved=True, overall=5, satisfied=True),
        fact("satisfaction_recorded", 1, complaint_id="Cb", resolved=True, overall=2, satisfied=False),
    ]
    assert rates.from_facts(facts, named) == {
        "response": (1, 2),
        "resolution": (2, 2),
        "satisfaction": (1, 2),
    }
