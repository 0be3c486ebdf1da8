"""A pack that cannot be right is refused when it is loaded, with file, line, field and what is allowed."""

from datetime import date
from pathlib import Path

import pytest

from shared.policy.assembling import PACKS
from shared.policy.loader import load_policy
from shared.policy.problems import PolicyError
from tests.unit.bad_packs import TODAY, PackCopy

RESPONSE = "id: response_24h"


BAD = [
    # file, what stands there, what is written instead, field, what the sentence says
    ("obligations.yaml", "met_by: [responded]", "met_by: [answered]", "obligations.response_24h.met_by.0",
     "no fact 'answered' can meet a clock; allowed are action_completed, agreed"),
    ("obligations.yaml", "met_by: [responded]", "met_by: [closed]", "obligations.response_24h.met_by.0",
     "no fact 'closed' can meet a clock"),
    ("obligations.yaml", "silent_notices: [delay,", "silent_notices: [delays,",
     "obligations.silence.silent_notices.0", "there is no notice 'delays'; allowed are acknowledgement"),
    ("obligations.yaml", "met_by: [responded]", "met_by: []", "obligations.response_24h.met_by",
     "at least 1 item"),
    ("obligations.yaml", "starts: received", "starts: recieved", "obligations.acknowledgement.starts",
     "no fact 'recieved' can start a clock; allowed are"),
    ("obligations.yaml", "amount: 24h}\n    warn", "amount: 0h}\n    warn",
     "obligations.response_24h.budget.amount", "a budget needs some time, such as 24h, 90m, 60s or 7d"),
    ("obligations.yaml", "amount: 15d", "amount: 0d", "obligations.resolution.budget.amount",
     "a budget needs some time; allowed are amounts from 1d, or `same day`"),
    ("obligations.yaml", "amount: 15d", "amount: 0", "obligations.resolution.budget.amount",
     "a budget needs some time"),
    ("obligations.yaml", "amount: 15d", "amount: 00d", "obligations.resolution.budget.amount",
     "a budget needs some time"),
    ("obligations.yaml", "business_days, amount: 15d", "calendar_days, amount: 0w0d",
     "obligations.resolution.budget.amount", "a budget needs some time"),
    ("obligations.yaml", "amount: 15d", "amount: 1.5", "obligations.resolution.budget.amount",
     "1.5 is not an amount; allowed are whole numbers with units, such as 1h30m or 5d"),
    ("obligations.yaml", "amount: 15d", "amount: 15h", "obligations.resolution.budget.amount",
     "'15h' is not an amount of the clock business_days, such as 5d, or same day"),
    ("obligations.yaml", "amount: 24h}\n    warn", "amount: 24}\n    warn",
     "obligations.response_24h.budget.amount", "24 has no unit; write 24h or 24d"),
    ("obligations.yaml", "amount: 24h}\n    warn", 'amount: "4"}\n    warn',
     "obligations.response_24h.budget.amount", "4 has no unit; write 4h or 4d"),
    ("obligations.yaml", "amount: 24h}\n    warn", "amount: 0}\n    warn",
     "obligations.response_24h.budget.amount", "'0' is not an amount of the clock elapsed, such as 24h"),
    ("obligations.yaml", "amount: 24h}\n    warn", "amount: true}\n    warn",
     "obligations.response_24h.budget.amount", "True is not an amount; allowed are whole numbers with"),
    ("obligations.yaml", "clock: elapsed, amount: 24h}\n    warn", "clock: business, amount: 8}\n    warn",
     "obligations.response_24h.budget.amount", "8 has no unit; write 8h or 8m of working time (for days"),
    ("obligations.yaml", "amount: 15d", "amount: 015", "obligations.2.budget.amount",
     "YAML reads 015 as 13; write 13, or put it in quotes"),
    ("obligations.yaml", "amount: 24h}\n    warn", "amount: 1:30}\n    warn",
     "obligations.1.budget.amount", "YAML reads 1:30 as 90; write 90, or put it in quotes"),
    ("obligations.yaml", "clock: business_days, amount: 15d", "clock: workdays, amount: 15d",
     "obligations.resolution.budget.clock", "allowed are 'elapsed', 'business', 'business_days' or"),
    ("obligations.yaml", "warn_at: [50, 75, 90]", "warn_at: [50, 175]",
     "obligations.response_24h.warn_at.1", "less than 100, and not 175"),
    ("obligations.yaml", "pausable: true", "pauseable: true", "obligations.resolution.pauseable",
     "there is no such field (did you mean pausable?); allowed are id, regime"),
    ("obligations.yaml", RESPONSE, "id: promise-1", "obligations.promise-1.id",
     "must not begin like the smaller clocks: action-, approval-, feedback-, inform-, promise-, signature-"),
    ("pack.yaml", "zone: Asia/Shanghai", "zone: Asia/Shangri-La", "calendar.zone",
     "'Asia/Shangri-La' is not an IANA time zone such as Asia/Shanghai"),
    ("pack.yaml", "zone: Asia/Shanghai", "zone: localtime", "calendar.zone",
     "'localtime' is not an IANA time zone such as Asia/Shanghai"),
    ("pack.yaml", "zone: Asia/Shanghai", "zone: posixrules", "calendar.zone",
     "'posixrules' is not an IANA time zone such as Asia/Shanghai"),
    ("pack.yaml", 'country: CN', "country: ZZ", "calendar.country",
     "no holidays are known for 'ZZ'; allowed are AD, AE, AF"),
    ("pack.yaml", 'country: CN', "country: GB-XX", "calendar.country",
     "no holidays are known for 'GB-XX'; allowed are GB, GB-ENG, GB-NIR, GB-SCT, GB-WLS"),
    ("pack.yaml", '"12:00"], ["13:00"', '"13:30"], ["13:00"', "calendar.shifts.0",
     "must be in order and must not overlap"),
    ("pack.yaml", '["09:00", "12:00"]', '["12:00", "12:00"]', "calendar.shifts.0.0",
     "must end after it starts"),
    ("pack.yaml", "    0: [", "    7: [", "calendar.shifts.7",
     "7 is not a weekday; allowed are 0 to 6, 0 is Monday"),
    ("pack.yaml", "    0: [", "    mon: [", "calendar.shifts.mon",
     "'mon' is not a weekday; allowed are 0 to 6, 0 is Monday"),
    ("pack.yaml", "last_year: 2028", "last_year: 2025", "calendar.last_year",
     "2025 leaves out the present year; allowed are 2026 to 2100"),
    ("pack.yaml", "first_year: 2024", "first_year: 2027", "calendar.first_year",
     "2027 leaves out the present year; allowed are 2000 to 2026"),
    ("pack.yaml", "last_year: 2028", "last_year: 2023", "calendar.last_year",
     "must not be before first_year"),
    ("pack.yaml", "language: zh", "language: fr", "language",
     "'fr' is not allowed; allowed are 'zh' or 'en'"),
    ("people.yaml", "lead: lead-1", "lead: agent-1", "teams.product-care.lead",
     "'agent-1' is not a lead of `staff`; allowed are lead-1, lead-2, lead-3"),
    ("people.yaml", "agent-1, role: agent, team: product-care", "agent-1, role: agent, team: no-care",
     "staff.agent-1.team", "there is no team 'no-care'; allowed are price-care, product-care, service-care"),
    ("redress.yaml", "answers: [apology,", "answers: [pity,", "remedies.apology.answers.0", "allowed are"),
    ("notices.yaml", "您的投诉现由", "$levle 现由", "notices.delay_new_owner.zh",
     "$levle is not filled in; allowed are $complaint_id"),
    ("notices.yaml", "en: $text", "en: 10 $", "notices.response.en", "begins no word"),
    ("record.yaml", "offer: [remedy_sought]", "offer: [weather]", "record.gates.offer.0", "allowed are"),
    ("triage.yaml", "base: 2", "base: two", "severity.base", "valid integer"),
    ("obligations.yaml", "response_rule: response_24h", "response_rule: silence", "response_rule",
     "names no obligation that a response meets; there is response_24h"),
]  # fmt: skip


def test_a_step_must_not_wait_for_what_the_record_does_not_weigh(tmp_path: Path) -> None:
    pack = PackCopy(tmp_path).change("record.yaml", "    narrative: 4\n", "")
    problem = pack.problem()
    assert (problem.field, problem.line) == (
        "record.gates.transfer.0",
        pack.line_of("record.yaml", "transfer:"),
    )
    assert "'narrative' has no weight; allowed are remedy_sought, product" in problem.sentence


@pytest.mark.parametrize(("file", "old", "new", "field", "says"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_is_refused_with_file_line_field_and_what_is_allowed(
    pack: PackCopy, file: str, old: str, new: str, field: str, says: str
) -> None:
    line = (pack.directory / file).read_text(encoding="utf-8").split(old)[0].count("\n") + 1
    problem = pack.change(file, old, new).problem()
    assert (problem.file, problem.line, problem.field) == (file, line, field)
    assert says in problem.sentence


def test_a_used_id_is_refused_at_its_second_place(pack: PackCopy) -> None:
    problem = pack.change("obligations.yaml", RESPONSE, "id: acknowledgement").problem()
    assert problem.line == pack.line_of("obligations.yaml", "# the 24-hour rule")
    assert (
        problem.sentence == "'acknowledgement' is named twice; each of the obligations needs an id of its own"
    )


def test_a_notice_that_will_be_needed_must_be_there(pack: PackCopy) -> None:
    problem = pack.change("notices.yaml", "  final:", "  finale:").problem()
    assert (problem.field, problem.line) == ("notices", pack.line_of("notices.yaml", "notices:"))
    assert problem.sentence.startswith("has no 'final'; needed are acknowledgement, response")


def test_a_calendar_without_its_years_is_refused_at_their_place(pack: PackCopy) -> None:
    pack.change("pack.yaml", "  last_year: 2028 ", "  # ")
    problem = pack.problem()
    assert problem.field == "calendar.last_year"
    assert problem.sentence == "is missing; needed here are country, zone, shifts, first_year, last_year"
    assert problem.line == pack.line_of("pack.yaml", "calendar:")


def test_all_faults_are_reported_at_once_in_the_order_of_the_lines(pack: PackCopy) -> None:
    pack.change("obligations.yaml", "amount: 60s", "amount: 60x")
    pack.change("obligations.yaml", "pausable: true", "pausable: maybe")
    pack.change("people.yaml", "role: agent", "role: A clerk")
    fields = [problem.field for problem in pack.problems()]
    assert fields == [
        "obligations.acknowledgement.budget.amount",
        "obligations.resolution.pausable",
        "staff.agent-1.role",
    ]


def test_the_error_as_text_is_the_first_problem_and_how_many_more(pack: PackCopy) -> None:
    pack.change("pack.yaml", "zone: Asia/Shanghai", "zone: Mars").change(
        "people.yaml", "role: agent", "role: X"
    )
    with pytest.raises(PolicyError) as refused:
        load_policy(str(pack.directory), TODAY)
    line = pack.line_of("pack.yaml", "zone: Mars")
    assert str(refused.value).startswith(f"pack.yaml:{line}: calendar.zone: 'Mars' is not an IANA time zone")
    assert str(refused.value).endswith("(and 1 more)")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("notices:\n  final: [\n", 3, "is not valid YAML"),
        ("callbacks: &loop\n  after_days: *loop\n", 1, "must not contain itself"),
        ("obligations: []\n", 1, "is also in obligations.yaml"),
        pytest.param("zz: " + "[" * 200_000, 1, "in each other too deep; allowed are 50 levels", id="deep"),
        ("- a list\n", 1, "must be a mapping of fields"),
        ("zz: !!python/object/apply:os.system [true]\n", 1, "is not plain YAML"),
        ("zz: !!python/name:os.system\n", 1, "could not determine a constructor"),
    ],
)
def test_yaml_that_is_not_plain_is_refused(pack: PackCopy, text: str, line: int, says: str) -> None:
    problem = pack.add("zz.yaml", text).problem()
    assert (problem.file, problem.line) == ("zz.yaml", line)
    assert says in problem.sentence


def test_a_key_that_occurs_twice_is_refused(pack: PackCopy) -> None:
    problem = pack.change("people.yaml", "  2: {to: [lead]", "  1: {to: [lead]").problem()
    first = pack.line_of("people.yaml", "  1: {to: [manager]")
    assert (problem.file, problem.line, problem.field) == ("people.yaml", first + 1, "feedback.1")
    assert problem.sentence == f"is also on line {first}; keep one of them"


def test_a_file_that_would_be_overlooked_is_refused(pack: PackCopy) -> None:
    pack.add("more.yml", "standards: []\n")
    with pytest.raises(PolicyError, match=r"more\.yml:1: would be overlooked; name it more\.yaml"):
        load_policy(str(pack.directory), TODAY)


def test_an_unknown_pack_or_regime_is_refused_with_the_known_names(pack: PackCopy) -> None:
    with pytest.raises(PolicyError, match=r"no policy pack 'nope'.*au-rg271, cn-12345, cn-samr, default"):
        load_policy("nope")
    with pytest.raises(PolicyError, match=r"no regime 'nope'; allowed are au-rg271, cn-12345"):
        load_policy("default,nope")
    pack.add("pack.yaml", "regimes: [uk-disp, nope]\n")
    problem = pack.problem()
    assert (problem.file, problem.field) == ("pack.yaml", "regimes.1")
    assert problem.line == pack.line_of("pack.yaml", "regimes:")


def test_a_bad_regime_is_refused_in_its_own_file(pack: PackCopy) -> None:
    text = (PACKS.parent / "regimes" / "us-cfpb.yaml").read_text(encoding="utf-8")
    pack.add("regimes/mine.yaml", text.replace("id: us-cfpb", "id: mine").replace("60d", "60h"))
    problem = pack.problem("mine")
    assert (problem.file, problem.field) == (
        "regimes/mine.yaml",
        "obligations.cfpb_final_response.budget.amount",
    )
    assert problem.line == pack.line_of("regimes/mine.yaml", "60h")


def test_contradictions_between_a_pack_and_a_regime_are_found(pack: PackCopy) -> None:
    pack.change("obligations.yaml", RESPONSE, "id: cfpb_response")
    problem = pack.problem("us-cfpb")
    assert (problem.file, problem.field) == ("regimes/us-cfpb.yaml", "obligations.cfpb_response.id")
    assert "named twice" in problem.sentence


def test_a_variant_replaces_its_own_fields_and_inherits_the_rest(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "pack.yaml").write_text(
        "id: mine\nextends: default\nlimits:\n  offer: {clock: elapsed, amount: 3d}\n"
        "remedies:\n  - {id: apology, money: false, answers: [apology], title: {en: Sorry},\n"
        "     actions: [{what: apologise, within: {clock: elapsed, amount: 1h}}]}\n"
    )
    with pytest.raises(PolicyError, match=r"remedies: .*at least 2 items"):
        load_policy(str(mine), TODAY)
    (mine / "pack.yaml").write_text(
        "id: mine\nextends: default\nlimits:\n  offer: {clock: elapsed, amount: 3d}\n"
    )
    policy, default = load_policy(str(mine), TODAY), load_policy("default", TODAY)
    assert policy.identity.id == "mine"
    assert policy.identity.hash != default.identity.hash
    assert policy.pack.limits == default.pack.limits.model_copy(update={"offer": policy.pack.limits.offer})
    assert policy.pack.limits.offer.amount == "3d"
    assert policy.pack.staff == default.pack.staff


@pytest.mark.parametrize("clock", ["business_days", "calendar_days"])
@pytest.mark.parametrize("amount", ["15", '"15"', "15d"])
def test_a_number_means_days_where_the_clock_counts_days_in_quotes_or_not(
    pack: PackCopy, clock: str, amount: str
) -> None:
    pack.change("obligations.yaml", "business_days, amount: 15d", f"{clock}, amount: {amount}")
    (budget,) = (
        one.budget
        for one in load_policy(str(pack.directory), TODAY).pack.obligations
        if one.id == "resolution"
    )
    assert (budget.clock, budget.amount, budget.days) == (clock, "15d", 15)


def test_a_fault_of_the_extended_pack_is_named_there(pack: PackCopy) -> None:
    pack.change("people.yaml", "lead: lead-1", "lead: nobody")
    mine = pack.directory.parent / "mine"
    mine.mkdir()
    (mine / "pack.yaml").write_text("id: mine\nextends: ../pack\n")
    with pytest.raises(PolicyError) as refused:
        load_policy(str(mine), TODAY)
    assert refused.value.problems[0].file == "pack/people.yaml"


def test_a_pack_that_extends_itself_is_refused(pack: PackCopy) -> None:
    problem = pack.add("pack.yaml", "extends: ../pack\n").problem()
    assert (problem.field, problem.sentence) == ("extends", "a pack must not extend itself")


def test_the_same_content_has_the_same_hash_and_one_changed_number_another(pack: PackCopy) -> None:
    before = load_policy(str(pack.directory), TODAY).identity
    assert before == load_policy("default", TODAY).identity
    pack.change("obligations.yaml", "# Deadlines", "# Other words, same")
    assert load_policy(str(pack.directory), TODAY).identity == before
    pack.change("obligations.yaml", "amount: 15d", "amount: 14d")
    assert load_policy(str(pack.directory), TODAY).identity != before


def test_every_built_in_pack_is_loaded_and_runs_for_years_to_come() -> None:
    for path in PACKS.iterdir():
        assert load_policy(path.name, date(2028, 12, 31)).pack.id == path.name
