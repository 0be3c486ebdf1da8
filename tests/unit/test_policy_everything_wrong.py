"""Checking a pack reports all faults of its shape at once, and then all faults of its sense."""

import re
from pathlib import Path

import pytest

from shared.policy.assembling import PACKS
from shared.policy.loader import load_policy
from shared.policy.models import Pack
from shared.policy.problems import PackProblem, PolicyError
from tests.unit.bad_packs import TODAY, PackCopy


def fields(problems: list[PackProblem]) -> list[tuple[str, str]]:
    return [(problem.file, problem.field) for problem in problems]


def test_country_zone_and_years_are_wrong_at_once(pack: PackCopy) -> None:
    pack.change("pack.yaml", "country: CN", "country: XX")
    pack.change("pack.yaml", "zone: Asia/Shanghai", "zone: localtime")
    pack.change("pack.yaml", "last_year: 2028", "last_year: 2025")
    assert fields(pack.problems()) == [
        ("pack.yaml", "calendar.country"),
        ("pack.yaml", "calendar.zone"),
        ("pack.yaml", "calendar.last_year"),
    ]


def test_dates_are_judged_although_the_zone_is_wrong(pack: PackCopy) -> None:
    pack.change("pack.yaml", "zone: Asia/Shanghai", "zone: localtime")
    pack.change(
        "pack.yaml", "last_year: 2028", "last_year: 2028\n  announced: {2027: {holidays: [2026-05-01]}}"
    )
    found = fields(pack.problems())
    assert found == [("pack.yaml", "calendar.zone"), ("pack.yaml", "calendar.announced.2027.holidays.0")]


def senseless(pack: PackCopy) -> None:
    """Mistakes of sense: each field is right by itself."""
    pack.change("obligations.yaml", "met_by: [responded]", "met_by: [answered]")  # a fact
    pack.change("obligations.yaml", "silent_notices: [delay,", "silent_notices: [delays,")  # in another one
    pack.change("pack.yaml", "country: CN", "country: XX")  # a calendar
    pack.change("people.yaml", "lead: lead-1", "lead: nobody")  # a person
    pack.change("notices.yaml", "您的投诉现由", "$levle 现由")  # a word
    pack.change("record.yaml", "    narrative: 4\n", "")  # a step


def test_all_that_makes_no_sense_is_reported_at_once(pack: PackCopy) -> None:
    senseless(pack)
    assert fields(pack.problems("us-cfpb")) == [
        ("notices.yaml", "notices.delay_new_owner.zh"),
        ("obligations.yaml", "obligations.response_24h.met_by.0"),
        ("obligations.yaml", "obligations.silence.silent_notices.0"),
        ("pack.yaml", "calendar.country"),
        ("people.yaml", "teams.product-care.lead"),
        ("record.yaml", "record.gates.transfer.0"),
    ]


def test_the_shape_of_all_files_is_judged_before_their_sense(pack: PackCopy) -> None:
    senseless(pack)
    text = (PACKS.parent / "regimes" / "us-cfpb.yaml").read_text(encoding="utf-8")
    wrong = text.replace("calendar: us", "calendar: moon").replace("60d", "60h")
    pack.add("regimes/us-cfpb.yaml", wrong).add("regimes/uk-disp.yaml", "a: [\n")
    pack.change("obligations.yaml", "amount: 24h}\n    warn", "amount: 24}\n    warn")
    pack.change("people.yaml", "role: agent", "role: A clerk")
    assert fields(pack.problems("us-cfpb", "uk-disp", "nope")) == [
        ("", ""),  # the regime that there is not
        ("obligations.yaml", "obligations.response_24h.budget.amount"),
        ("people.yaml", "staff.agent-1.role"),
        ("regimes/uk-disp.yaml", ""),
        ("regimes/us-cfpb.yaml", "calendar"),
        ("regimes/us-cfpb.yaml", "obligations.cfpb_final_response.budget.amount"),
    ]


def test_the_sense_of_a_regime_is_judged_although_the_calendar_of_the_pack_is_wrong(pack: PackCopy) -> None:
    text = (PACKS.parent / "regimes" / "us-cfpb.yaml").read_text(encoding="utf-8")
    pack.add("regimes/us-cfpb.yaml", text.replace("starts: rec", "starts: r", 1))
    pack.change("pack.yaml", "zone: Asia/Shanghai", "zone: posixrules")
    assert fields(pack.problems("us-cfpb")) == [
        ("pack.yaml", "calendar.zone"),
        ("regimes/us-cfpb.yaml", "obligations.cfpb_response.starts"),
    ]


def test_the_obligations_of_a_regime_with_a_wrong_calendar_lack_none(pack: PackCopy) -> None:
    calendar = (PACKS.parent / "calendars" / "us.yaml").read_text(encoding="utf-8")
    pack.add("calendars/us.yaml", re.sub("zone: .*", "zone: localtime", calendar))
    assert fields(pack.problems("us-cfpb")) == [("calendars/us.yaml", "calendar.zone")]


def test_all_files_are_read_and_what_an_unusable_file_holds_is_not_called_missing(pack: PackCopy) -> None:
    pack.change("people.yaml", "teams:", "teams: [").change("notices.yaml", "notices:", "notices: {")
    pack.add("more.yml", "standards: []\n").add("zz.yaml", "record: {}\n")
    pack.change("redress.yaml", "answers: [apology,", "answers: [pity,")
    found = [(problem.file, problem.field) for problem in pack.problems()]
    assert found == [
        ("more.yml", ""),
        ("notices.yaml", ""),
        ("people.yaml", ""),
        ("redress.yaml", "remedies.apology.answers.0"),
        ("zz.yaml", "record"),
    ]


def test_a_file_is_read_to_its_end_although_a_key_a_date_and_a_number_are_wrong(pack: PackCopy) -> None:
    pack.change("pack.yaml", "last_year: 2028", "last_year: 2028\n  holidays: [2026-02-30, 2026-12-24]")
    pack.change("pack.yaml", "  first_year: 2024", "  zone: Asia/Tokyo\n  first_year: 03750")
    found = pack.problems()
    assert [problem.sentence.split(" ")[0] for problem in found] == ["is", "YAML", "'2026-02-30'"]
    assert fields(found)[2] == ("pack.yaml", "calendar.holidays.0")


def test_an_unknown_parent_and_an_unknown_calendar_hide_nothing_else(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "pack.yaml").write_text(
        "id: mine\nextends: nobody\ncalendar: moon\nlanguage: fr\n"
        "limits: {offer: {clock: elapsed, amount: 3}}\n"
    )
    with pytest.raises(PolicyError) as refused:
        load_policy(str(mine), TODAY)
    found = [problem.field for problem in refused.value.problems]
    assert found == ["extends", "calendar", "language", "limits.offer.amount"]


def test_an_entry_of_another_shape_is_not_called_missing(pack: PackCopy) -> None:
    pack.change("people.yaml", "lead-1, role: lead", "lead-1, role: A boss")
    pack.change("notices.yaml", "  final:", "  final: nothing\n  other:")
    assert fields(pack.problems()) == [
        ("notices.yaml", "notices.final"),
        ("people.yaml", "staff.lead-1.role"),
    ]


@pytest.mark.parametrize("field", sorted(Pack.model_fields))
@pytest.mark.parametrize("instead", ["5", "[5]", "{5: x}"])
def test_a_pack_with_any_other_value_in_a_field_is_refused_in_words(
    tmp_path: Path, field: str, instead: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    parent = "" if field == "extends" else "extends: default\n"
    (mine / "pack.yaml").write_text(f"{parent}{field}: {instead}\n")
    with pytest.raises(PolicyError) as refused:
        load_policy(str(mine), TODAY)
    assert field in {problem.field.split(".")[0] for problem in refused.value.problems}
