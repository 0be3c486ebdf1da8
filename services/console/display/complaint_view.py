"""Complaint on a terminal: its state, its obligations, its timeline."""

from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.console.display.durations import instant_text
from services.console.display.missing import missing
from services.console.display.triage_rows import category, triage_rows
from services.console.display.wording import (
    BECAUSE,
    COMING,
    FACTS,
    OUTCOMES,
    STAGES,
    STANDINGS,
    STATUSES,
    both,
)
from services.console.display.worklist_table import due_in
from shared.client.facts import PublishedFact, clock_of
from shared.contract.queries import ComplaintState, GrumbleState, ObligationState

_STATUS = {"breached": "bold red", "met_late": "red", "met": "green", "running": "yellow", "paused": "cyan"}
_LOUD = {"deadline_breached": "bold red", "escalated": "red", "deadline_warned": "yellow", "reopened": "red"}


def complaint_view(state: ComplaintState, timeline: list[PublishedFact]) -> RenderableType:
    """Output of `show` for a person."""
    now = clock_of(timeline[-1].time if timeline else None, datetime.now(UTC))
    notes = [_notes(state)] if state.notes else []
    asked = [_questions(state)] if state.questions else []
    return Group(_summary(state), _obligations(state.obligations, now), *asked, *notes, _timeline(timeline))


def _questions(state: ComplaintState) -> Table:
    """Questions that the complainant was asked, with the places of their words and answers."""
    table = Table("question 问题", "asked 询问", "words 原文", "answer 答复", box=None, title_justify="left")
    table.title = "Asked already; do not ask again 已询问，请勿重复"
    for one in state.questions:
        named = f"{one.question_id} {one.question or ''}".strip()
        table.add_row(
            named, instant_text(one.asked_at), one.text_ref or "—", one.answer_ref or "waits 待答复"
        )
    return table


def _notes(state: ComplaintState) -> Table:
    """Authors and instants of the notes; `amends query text` shows their words."""
    table = Table("note 备注", "by 记录人", "text 文本", box=None, title_justify="left")
    if state.note_count > len(state.notes):
        table.title = f"The newest {len(state.notes)} of {state.note_count} notes"
    for note in state.notes:
        table.add_row(instant_text(note.at), note.actor.id, note.text_ref)
    return table


def grumble_view(state: GrumbleState, timeline: list[PublishedFact]) -> RenderableType:
    """State and timeline of a grumble. A grumble is no complaint: it has no owner and no obligations, only a
    time to be answered in.
    """
    into = f": {state.into} ({both(BECAUSE, state.because)})" if state.into and state.because else ""
    rows = [
        ("grumble 抱怨", state.complaint_id),
        ("status 状态", f"{both(STANDINGS, state.standing)}{into}"),
        ("answer by 答复期限", instant_text(state.answer_by)),
        ("received 受理", f"{instant_text(state.received_at)} by {state.channel}, {state.language}"),
        ("customer 客户", state.customer_ref),
        ("from 来源", f"{state.external_source} {state.external_ref}"),
        ("policy 策略", f"{state.policy.id} {state.policy.hash[:12]}"),
        ("allowed 可执行", " ".join(state.allowed)),
    ]
    return Group(_grid(rows), _timeline(timeline))


def _summary(state: ComplaintState) -> Table:
    return _grid(_summary_rows(state))


def _grid(rows: list[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, value in rows:
        grid.add_row(name, value)
    return grid


def _strange(state: ComplaintState) -> list[tuple[str, str]]:
    """Wishes of the complainant that were not understood: a person has to ask again."""
    wishes = ", ".join(state.not_understood or ())
    return [("not understood 未识别", f"{wishes}: ask again 请再次询问")] if wishes else []


def _summary_rows(state: ComplaintState) -> list[tuple[str, str]]:
    outcome = f", {both(OUTCOMES, state.outcome)}" if state.outcome else ""
    loss = f"{state.loss.value} {state.loss.currency}" if state.loss else "—"
    alias = [("asked as 别名", f"{state.alias}, merged into this one 已并入")] if state.alias else []
    gone = missing(state.kept) if state.kept else None
    return [
        ("complaint 投诉", state.complaint_id),
        *alias,
        *([("lost 缺失", gone)] if gone else []),
        ("stage 阶段", f"{both(STAGES, state.stage)}{outcome}, cycle {state.cycle}"),
        ("owner 责任人", f"{state.owner} ({state.team}), level {state.level}"),
        ("severity 级别", f"{state.severity}{'  SAFETY 安全' if state.safety else ''}  {category(state)}"),
        *triage_rows(state),
        ("received 受理", f"{instant_text(state.received_at)} by {state.channel}, {state.language}"),
        ("customer 客户", f"{state.customer_ref}, asks for {state.remedy_sought or '—'}, loss {loss}"),
        *_record(state),
        *_strange(state),
        ("from 来源", f"{state.external_source} {state.external_ref}"),
        ("policy 策略", f"{state.policy.id} {state.policy.hash[:12]}"),
        *_next(state),
        ("binding 约束时限", _binding(state)),
        ("allowed 可执行", " ".join(state.allowed) or "—"),
    ]


def _next(state: ComplaintState) -> list[tuple[str, str]]:
    """Events that come next by themselves, and due dates that have passed and are still open."""
    late = [one for one in state.obligations if one.status == "breached" and one.due == state.next_due]
    rows = [("overdue 未履行", f"{one.obligation}, ran out at {instant_text(one.due)}") for one in late[:1]]
    coming = state.coming
    if coming:
        what = f"{coming.obligation}: " if coming.obligation else ""
        rows.append(("next 下一步", f"{what}{both(COMING, coming.what)} at {instant_text(coming.at)}"))
    elif not late:
        rows.append(("next 下一步", f"{state.next_obligation or '—'} at {instant_text(state.next_due)}"))
    return rows


def _record(state: ComplaintState) -> list[tuple[str, str]]:
    """Completeness of the record, representative of the customer, and group of the complaint."""
    found, agent = state.completeness, state.representative
    rows = []
    if found:
        lacking = f"missing 尚缺: {' '.join(found.missing)}" if found.missing else "complete 完整"
        rows.append(("record 记录", f"{found.score:.0%}, {lacking}"))
    if agent:
        rows.append(("represented by 代理人", f"{agent.ref} ({agent.relation})"))
    if state.group_ref:
        rows.append(("group 群体投诉", state.group_ref))
    return rows


def _binding(state: ComplaintState) -> str:
    """Deadline that runs out first among those of all regimes."""
    one = state.binding
    return f"{one.obligation} ({one.regime}) at {instant_text(one.due)}" if one else "—"


def _obligations(obligations: list[ObligationState], now: datetime) -> Table:
    table = Table(title="Obligations 时限", title_justify="left")
    for column in ("obligation", "regime", "cycle", "due 到期", "in", "status 状态", "warned"):
        table.add_column(column, no_wrap=True)
    for one in sorted(obligations, key=lambda one: one.due):
        open_ = one.status in ("running", "paused")
        table.add_row(
            one.obligation,
            one.regime,
            str(one.cycle),
            instant_text(one.due) + (" ?" if one.provisional else ""),
            due_in(one.due, now) if open_ else Text("—", style="dim"),
            Text(both(STATUSES, one.status), style=_STATUS.get(one.status, "dim")),
            " ".join(f"{percent}%" for percent in one.warned),
        )
    return table


def _timeline(timeline: list[PublishedFact]) -> Table:
    table = Table(title="Timeline 经过", title_justify="left")
    for column in ("time 时间", "by", "fact 事件", "who", "details"):
        table.add_column(column, no_wrap=column != "details", overflow="fold")
    for fact in timeline:
        table.add_row(
            f"{fact.time:%Y-%m-%d %H:%M:%SZ}",
            fact.service,
            Text(both(FACTS, fact.label_key), style=_LOUD.get(fact.name, "")),
            fact.actor,
            Text(fact.details),
        )
    return table
