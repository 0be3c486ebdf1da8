"""A roster that contradicts itself is refused with file, line and field; one that names little is taken."""

import pytest

from shared.policy.loader import load_policy
from tests.unit.bad_packs import TODAY, PackCopy

FIRST = "{id: agent-1, role: agent, team: product-care, languages: [zh, en], capacity: 500}"
ROSTER = """
levels:
  - {id: junior, above: senior, up_to: 3}
  - {id: senior, up_to: 5}
shifts:
  - {id: day, hours: {0: ["09:00-17:30"], 1: ["09:00-17:30"]}}
  - {id: night, zone: Europe/London, hours: {4: ["22:00-06:00"]}}
skills: [kettle]
assignment:
  skill_level: {5: 3}
  relax:
    - {rule: same_owner}
    - {rule: skill, after: {clock: elapsed, amount: 10m}}
"""


def _roster(pack: PackCopy, own: str, more: str = ROSTER) -> PackCopy:
    """Pack with a roster, in which `own` are further fields of agent-1."""
    return pack.change("people.yaml", FIRST, FIRST[:-1] + f", {own}}}").add("people.yaml", more)


def test_a_whole_roster_is_loaded(pack: PackCopy) -> None:
    _roster(
        pack,
        "level: junior, skills: {product: 2, kettle: 5}, shifts: [day, night], hours: {6: ['10:00-12:00']},"
        " zone: Asia/Tokyo, deputies: [agent-2, agent-3],"
        " absences: [{since: 2026-12-24, until: 2026-12-26}, {since: '2027-01-04T09:00:00+08:00',"
        " until: '2027-01-04T12:00:00+08:00'}]",
    )
    found = load_policy(str(pack.directory), TODAY).pack
    first = found.staff[0]
    assert (first.level, first.skills, first.shifts) == (
        "junior",
        {"product": 2, "kettle": 5},
        ["day", "night"],
    )
    assert first.deputies == ["agent-2", "agent-3"]
    assert [rule.rule for rule in found.assignment.relax] == ["same_owner", "skill"]
    assert type(found).model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("own", "field", "said"),
    [
        ("level: boss", "level", "there is no level 'boss'; allowed are junior, senior"),
        ("skills: {magic: 2}", "skills.magic", "there is no skill 'magic'"),
        ("skills: {kettle: 6}", "skills.kettle", "less than or equal to 5"),
        ("shifts: [day, dusk]", "shifts.1", "there is no shift 'dusk'; allowed are day, night"),
        ("zone: Moon/Base", "zone", "is not an IANA time zone"),
        ("hours: {0: ['09:00-09:00']}", "hours.0.0", "must end after it starts"),
        ("deputies: [agent-99]", "deputies.0", "there is no person 'agent-99' in `staff`"),
        ("deputies: [agent-2, agent-1]", "deputies.1", "leads back to agent-1: agent-1 > agent-1"),
        (
            "absences: [{since: 2026-12-24, until: 2026-12-23}]",
            "absences.0.until",
            "must be after `since`, 2026-12-24",
        ),
        ("languages2: [zh]", "languages2", "there is no such field"),
    ],
)
def test_a_wrong_entry_of_a_person_is_refused_with_its_place(
    pack: PackCopy, own: str, field: str, said: str
) -> None:
    problem = _roster(pack, own).problem()
    assert (problem.file, problem.field) == ("people.yaml", f"staff.agent-1.{field}")
    assert problem.line == pack.line_of("people.yaml", "id: agent-1")
    assert said in problem.sentence


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("{id: senior, up_to", "{id: senior, above: junior, up_to", "levels.senior.above", "senior > junior"),
        ("above: senior", "above: chief", "levels.junior.above", "there is no level 'chief'"),
        ("up_to: 3", "up_to: 6", "levels.junior.up_to", "less than or equal to 5"),
        ("{id: senior", "{id: junior", "levels.junior.id", "is named twice"),
        ("above: senior, up_to: 3", "above: senior, up_to: 3, x: 1", "levels.junior.x", "no such field"),
        ("{id: night, zone", "{id: day, zone", "shifts.day.id", "is named twice"),
        ('"22:00-06:00"', '"22:00-22:00"', "shifts.night.hours.4.0", "must end after it starts"),
        ("rule: skill", "rule: same_owner", "assignment.relax.1.rule", "is named twice"),
        ("rule: skill", "rule: full", "assignment.relax.1.rule", "is not allowed"),
        ("clock: elapsed", "clock: business", "assignment.relax.1.after", "must be of the clock elapsed"),
    ],
)
def test_a_wrong_level_shift_or_rule_is_refused_with_its_place(
    pack: PackCopy, old: str, new: str, field: str, said: str
) -> None:
    assert ROSTER.count(old) >= 1
    pack.add("people.yaml", ROSTER.replace(old, new))
    problems = pack.problems()
    assert {(one.file, one.field) for one in problems} >= {("people.yaml", field)}
    found = next(one for one in problems if one.field == field)
    assert said in found.sentence
    lines = (pack.directory / "people.yaml").read_text(encoding="utf-8").splitlines()
    assert new in lines[found.line - 1]


def test_a_circle_of_deputies_is_refused_at_each_of_them(pack: PackCopy) -> None:
    for number in (1, 2, 3):
        old = f"{{id: agent-{number}, role: agent,"
        pack.change("people.yaml", old, f"{old} deputies: [agent-{number % 3 + 1}],")
    found = [(one.field, one.sentence) for one in pack.problems()]
    assert found[0] == (
        "staff.agent-1.deputies.0",
        "leads back to agent-1: agent-1 > agent-2 > agent-3 > agent-1",
    )
    assert [field for field, _ in found] == [f"staff.agent-{number}.deputies.0" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("limits", "said"),
    [("{}", "has no currency"), ('"500"', "valid dictionary"), ('{"": "500"}', "is no currency")],
)
def test_an_authority_without_a_currency_is_refused(pack: PackCopy, limits: str, said: str) -> None:
    line = next(
        one
        for one in (pack.directory / "people.yaml").read_text(encoding="utf-8").splitlines()
        if one.startswith("  agent: {CNY")
    )
    problem = pack.change("people.yaml", line, f"  agent: {limits}").problem()
    assert problem.file == "people.yaml"
    assert problem.field.startswith("authority.agent")
    assert said in problem.sentence


def test_a_team_without_a_lead_is_refused(pack: PackCopy) -> None:
    problem = pack.change("people.yaml", "lead: lead-1, manager", "manager").problem()
    assert (problem.file, problem.line, problem.field) == ("people.yaml", 3, "teams.product-care.lead")


def test_a_level_may_own_no_more_than_the_level_above(pack: PackCopy) -> None:
    pack.add("people.yaml", ROSTER.replace("senior, up_to: 5", "senior, up_to: 2"))
    problem = pack.problem()
    assert (problem.field, problem.line) == ("levels.junior.up_to", pack.line_of("people.yaml", "id: junior"))
    assert problem.sentence.startswith("is more than 2 of senior")
