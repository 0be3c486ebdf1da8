"""What `show` and `policy migrate` say of deadlines: late is called late, next lies ahead, all is counted."""

from datetime import timedelta

from rich.console import Console, RenderableType

from services.console.display.complaint_view import complaint_view
from services.console.display.migration_report import MigrationReport, as_document, as_text
from services.console.display.worklist_table import work_table
from services.routing.rules.migration import preview
from services.routing.view import coming, view
from shared.client.facts import PublishedFact, read_fact
from shared.contract.queries import WorkItem
from shared.policy.pinned import pin
from tests.unit.case_packs import LONGER, VISIT, edited
from tests.unit.cases import MONDAY, Playing, play
from tests.unit.certified import timeline

HOUR = timedelta(hours=1)


def printed(what: RenderableType) -> str:
    screen = Console(width=250, force_terminal=False)
    with screen.capture() as captured:
        screen.print(what)
    return captured.get()


def shown(case: Playing) -> list[str]:
    facts = [fact for event in timeline(case) if (fact := read_fact(event))]
    return printed(complaint_view(view(case.case.state), facts)).splitlines()


def about(lines: list[str], *words: str) -> str:
    """The only line with all these words."""
    (line,) = [line for line in lines if all(word in line for word in words)]
    return line


def test_a_deadline_met_late_is_not_shown_as_met_in_time() -> None:
    case = play()
    case.later(hours=30)
    case.owner("respond", kind="plan", text="t")
    lines = shown(case)
    assert "deadline met late 超时后履行" in about(lines, "obligation=response_24h", "by_fact=responded")
    assert "deadline met 按时履行" in about(lines, "obligation=acknowledgement", "by_fact=notice")


def test_a_deadline_missed_before_the_registration_is_marked_so() -> None:
    lines = shown(play(MONDAY - 30 * HOUR, opened_at=MONDAY))
    assert "breached before it was registered 登记前已超时" in about(
        lines, "obligation=response_24h", "deadline breached"
    )


def test_the_next_instant_is_in_the_future_and_a_missed_deadline_is_overdue() -> None:
    case = play()
    case.later(hours=30)
    lines = shown(case)
    assert "response_24h, ran out at 2026-11-24 02:00" in about(lines, "overdue 未履行")
    assert "response_24h: escalation 升级 at 2026-11-25 02:00" in about(lines, "next 下一步")


def test_the_next_event_is_named_for_every_kind() -> None:
    case = play()
    seen = [coming(case.case.state)]
    case.later(hours=23)
    seen.append(coming(case.case.state))
    case.ready_to_offer()
    case.owner("pause", until=case.now + HOUR, reason="r")
    seen.append(coming(case.case.state))
    case.later(hours=2)
    case.offered(expires_at=case.now + 2 * HOUR)
    seen.append(coming(case.case.state))
    assert [one and one.what for one in seen] == ["warning", "due", "wait_ends", "offer_expires"]
    assert coming(play().resolved().case.state) is None


def test_a_row_with_a_passed_deadline_is_marked_overdue() -> None:
    case = play()
    case.later(hours=30)
    state = view(case.case.state)
    item = WorkItem.model_validate(state.model_dump())
    assert "response_24h overdue 已超时" in printed(work_table([item], {}, wall=case.now))
    assert "overdue" not in printed(work_table([item], {}, wall=MONDAY))


def test_a_row_whose_category_is_not_sure_is_marked() -> None:
    case = play(hints={})
    unsure = WorkItem.model_validate(view(case.case.state).model_dump())
    assert "unsure 不确定" in printed(work_table([unsure], {}, wall=case.now))
    case.owner("reclassify", category="price", reason="r")
    sure = WorkItem.model_validate(view(case.case.state).model_dump())
    assert "unsure" not in printed(work_table([sure], {}, wall=case.now))


def test_the_sum_of_a_migration_counts_what_is_cancelled_and_what_is_new() -> None:
    case = play()
    case.later(hours=1)
    chain, team = case.opening.pinned.chain, case.opening.pinned.team
    to = pin(edited(without="silence", resolution=LONGER, more=(VISIT,)), team, chain)
    found = MigrationReport(True, [preview(case.case.state, to, case.now)])
    counted = {name: as_document(found)[name] for name in ("gains", "loses", "cancelled", "new")}
    assert counted == {"gains": 1, "loses": 0, "cancelled": 1, "new": 1}
    assert "1 deadlines are cancelled, 1 are new" in printed(as_text(found))


def test_a_fact_is_labelled_by_its_name_where_nothing_was_late() -> None:
    seen = [fact for event in timeline(play()) if isinstance(fact := read_fact(event), PublishedFact)]
    assert {fact.label_key for fact in seen} == {fact.name for fact in seen}


def test_what_is_not_sure_is_marked_and_the_motives_are_named_until_a_person_looked() -> None:
    hints = {"outside": {"scheme": "cfpb", "product": "P01", "issue": "I001"}, "triggers": ["loss"]}
    case = play(hints=hints, remedy_sought="refund")
    assert "service 服务投诉  unsure: look 不确定，请核对" in about(shown(case), "severity 级别")
    assert "refund 退款 90%" in about(shown(case), "motives 动机")
    assert "compensate 得到补偿" in about(shown(case), "needs 需求")
    assert "cfpb P01 I001" in about(shown(case), "authority 主管机构")
    assert "loss" in about(shown(case), "triggers 诱因")
    case.owner("reclassify", sub="delivery.late", motives=[], reason="r")
    line = about(shown(case), "severity 级别")
    assert "delivery.late 配送延误" in line
    assert "unsure" not in line
    assert not [one for one in shown(case) if "motives 动机" in one]
