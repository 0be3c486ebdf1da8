"""What people see: rows, urgency, labels, and nothing that facts should not show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from services.console.board.feed import Feed, KnownFacts
from services.console.board.rows import make_rows, summary
from services.console.display import wording
from services.console.display.worklist_table import step_table, work_table
from shared.client.facts import PublishedFact, distinct, read_fact
from shared.contract.events import FACTS
from shared.contract.queries import NextStep, RatesQuery, WorkItem
from shared.contract.values import Outcome, Stage

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fact(
    name: str = "triaged", complaint: str = "Caaaaaaaaaaaaaaa", seq: int = 1, **data: Any
) -> PublishedFact:
    header = {"complaint_id": complaint, "seq": seq, "cycle": 1, "stage": "analysing"}
    seen = read_fact(
        {
            "type": f"complaints.event.{name}.v1",
            "source": "amends/routing",
            "id": f"{complaint}-routing-{seq}",
            "time": data.pop("time", "2026-11-21T12:00:00Z"),
            "data": header | {"actor": {"id": "agent-7", "role": "agent"}} | data,
        }
    )
    assert seen is not None
    return seen


def item(complaint: str, due: timedelta | None, stage: str = "analysing") -> WorkItem:
    return WorkItem(
        complaint_id=complaint,
        stage=stage,
        cycle=1,
        severity=3,
        category="product",
        owner="agent-7",
        team="front",
        received_at="2026-11-21T11:00:00Z",
        next_due=(NOW + due).isoformat() if due is not None else None,
        next_obligation="response_24h",
    )


def test_every_word_of_the_wire_has_two_labels() -> None:
    assert set(wording.FACTS) >= set(FACTS)
    assert set(wording.STAGES) == set(Stage)
    assert set(wording.OUTCOMES) == set(Outcome)
    assert RatesQuery.NAME == "rates"
    assert set(wording.RATES) == {"response", "resolution", "satisfaction"}
    words = wording.FACTS | wording.STAGES | wording.OUTCOMES | wording.STATUSES | wording.RATES
    assert [key for key, (english, chinese) in words.items() if not english or not chinese] == []


def test_an_unnamed_word_is_still_shown() -> None:
    assert wording.both(wording.FACTS, "trend_alerted") == "trend alerted"


def test_a_table_stays_aligned_with_chinese_in_it() -> None:
    table = work_table([item("Caaaaaaaaaaaaaaa", timedelta(hours=1))], {}, wall=NOW)
    screen = Console(width=160, file=None, record=True, force_terminal=False, quiet=False)
    with screen.capture() as captured:
        screen.print(table)
    lines = captured.get().splitlines()[1:]
    assert len({cell_len(line.rstrip()) for line in lines}) == 1
    assert any("调查分析" in line for line in lines)


def test_rows_come_soonest_due_first_with_their_urgency() -> None:
    items = [
        item("C1", None),
        item("C2", timedelta(hours=1)),
        item("C3", timedelta(hours=-1)),
        item("C4", timedelta(days=2)),
    ]
    rows = make_rows(items, {}, wall=NOW)
    assert [(row.item.complaint_id, row.urgency) for row in rows] == [
        ("C3", "overdue"),
        ("C2", "soon"),
        ("C4", "calm"),
        ("C1", "calm"),
    ]
    assert summary(rows)["overdue"] == 1


def test_the_remaining_time_is_shown_on_the_complaints_own_clock() -> None:
    moved = fact(complaint="C1", time="2026-11-22T12:00:00Z")
    (row,) = make_rows([item("C1", timedelta(hours=30))], {"C1": KnownFacts(last=moved)}, wall=NOW)
    assert row.due_in == "6h"


def test_a_breach_of_an_earlier_cycle_is_not_marked_on_a_later_cycle() -> None:
    breach = fact("deadline_breached", "C1", obligation="response_24h")
    again = item("C1", timedelta(hours=1)).model_copy(update={"cycle": 2})
    now, then = make_rows(
        [again, item("C1", timedelta(hours=2))], {"C1": KnownFacts(breached=breach)}, wall=NOW
    )
    assert now.breached is None
    assert then.breached == breach


def test_a_line_shows_codes_and_amounts_and_no_reference_or_customer() -> None:
    shown = fact(
        "offer_made",
        remedy="refund",
        amount={"value": "199.00", "currency": "CNY"},
        text_ref="routing:C:x",
        customer_ref="cust-88",
    ).details
    assert shown == "remedy=refund amount=199.00CNY"


def test_a_fact_that_is_published_twice_is_seen_once() -> None:
    assert len(distinct([fact(seq=1), fact(seq=2), fact(seq=1)])) == 2


def test_a_message_that_is_no_fact_is_skipped() -> None:
    assert read_fact(b"not json") is None
    assert read_fact(b'{"type": "x"}') is None
    assert read_fact(b"[]") is None


async def test_a_slow_page_misses_facts_and_the_stream_ends_when_the_board_stops() -> None:
    feed = Feed()
    with feed.page() as queue:
        for _ in range(queue.maxsize + 5):
            await feed.take(Said(b'{"type":"complaints.event.triaged.v1","source":"amends/routing","id":"i",'
                                 b'"data":{"complaint_id":"C1"}}'))  # fmt: skip
        assert queue.full()
        feed.close()
        last = None
        while not queue.empty():
            last = queue.get_nowait()
    assert last is None


class Said:
    """As much of a message as a feed looks at."""

    def __init__(self, data: bytes) -> None:
        self.data = data


def test_a_list_of_next_steps_is_readable_at_80_columns() -> None:
    sentence = {
        "en": "Respond in substance by 2026-11-22 11:00Z. It is yours.",
        "zh": "请答复。",
    }
    step = NextStep(code="respond", who="agent-7", why="owner", sentence=sentence)
    one = item("Caaaaaaaaaaaaaaa", timedelta(hours=1)).model_copy(update={"next_steps": [step]})
    screen = Console(width=80, record=True, force_terminal=False)
    with screen.capture() as captured:
        screen.print(step_table([one], wall=NOW))
    shown = captured.get()
    assert all(cell_len(line.rstrip()) <= 80 for line in shown.splitlines())
    assert "Caaaaaaaaaaaaaaa" in shown
    assert "1h" in shown
    words = " ".join("".join(char if char.isalnum() or char in ".-:" else " " for char in shown).split())
    assert "agent-7: Respond in substance by" in words
    assert "请答复" in words
