"""Next steps of a complaint: who has to do what by when, and why it is theirs. Pure, from its stored state.

Steps of the owner come in the order of the handling (`sources.md` 35). Other people for whom it waits have
steps of their own: an approval, a proposed transfer, feedback to acknowledge.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.routing.rules.clock_history import KINDS, signature_of
from shared.contract.queries import NextStep
from shared.contract.values import Stage

State = Mapping[str, Any]
"""State of a complaint (`ComplaintState`) as a row stores it, with the newest facts of followup."""

OWNER, ASKED, PROPOSED, ASSISTS = "owner", "asked", "proposed", "assists"

APART = tuple(start for start in KINDS if start != "promise-")
"""Beginnings of the names of clocks that an answer to the complainant does not stop."""

CALLED = ("callback_reported", "satisfaction_recorded", "callback_scheduled")
WORDS: dict[str, tuple[str, str]] = {
    "respond": ("Respond in substance{by}.", "请{by}作出实质答复。"),
    "clarify": ("Clarify cause and liability{by}.", "请{by}查明原因和责任。"),
    "record_interest": ("Record the interest of the complainant.", "请记录投诉人诉求背后的利益。"),
    "prepare_options": ("Prepare two alternatives or more.", "请准备至少两个备选方案。"),
    "offer": ("Make an offer.", "请提出方案。"),
    "offer_expired": ("The offer expired: make the next.", "方案已过期：请提出下一方案。"),
    "offer_rejected": ("The offer was rejected: make the next.", "方案被拒绝：请提出下一方案。"),
    "offer_countered": ("The complainant made a counter-offer: answer it.", "投诉人提出了反方案：请答复。"),
    "await_answer": ("Wait for the answer to the offer{by}.", "等待投诉人{by}答复方案。"),
    "complete_action": ("Carry out {ref}{by}, with evidence.", "请{by}完成 {ref}，并附证据。"),
    "await_customer": ("Wait for the complainant.", "等待投诉人。"),
    "countersign_task": (
        "{unit} has finished {ref}: countersign it or refuse it{by}.",
        "{unit} 已完成 {ref}：请{by}会签或退回。",
    ),
    "chase_task": ("{unit} has {ref} to do{by}: ask for it.", "{unit} 须{by}完成 {ref}：请催办。"),
    "inform_party": ("Inform {unit}{by}, and record it.", "请{by}通知 {unit} 并登记。"),
    "look_at_category": ("The classifier was unsure: look at the category.", "自动分类不确定：请核对类别。"),
    "await_approval": ("Wait for the decision on {ref} by {unit}.", "等待 {unit} 对 {ref} 的审批。"),
    "await_acceptance": ("Wait until {unit} accepts the transfer.", "等待 {unit} 接受转办。"),
    "sign_over": ("Sign it over to the next shift{by}.", "请{by}交接给下一班次。"),
    "callback": ("The callback is due{by}.", "请{by}完成回访。"),
    "await_callback": ("The callback comes{by}.", "回访时间：{by}。"),
    "approve": ("{ref} waits for your decision: {what}{by}.", "{ref} 等待您审批：{what}{by}。"),
    "accept_transfer": ("A transfer to you waits for your acceptance{by}.", "有一件转办等待您{by}接受。"),
    "acknowledge_feedback": ("{ref} waits for your acknowledgement{by}.", "{ref} 等待您{by}确认。"),
    "assist": (
        "{unit} is still in conversation with the complainant: do what else is to be done meanwhile.",
        "{unit} 仍在与投诉人沟通：请先办理其他事项。",
    ),
}  # fmt: skip
"""Sentence of each code in English and Chinese."""

WHY: dict[str, tuple[str, str]] = {
    OWNER: ("You are accountable for it.", "您是责任人。"),
    ASKED: ("You are the person who was asked.", "您是被请示的人。"),
    PROPOSED: ("You are the proposed owner.", "您是拟接手的责任人。"),
    ASSISTS: ("It was signed over to you, so you assist the owner.", "该件已向您交接，由您协助责任人。"),
}


def next_steps(state: State) -> list[NextStep]:
    """Steps, the owner's first."""
    if state["stage"] == Stage.CLOSED:
        return []
    return [*_of_the_owner(state), *_of_others(state)]


def waits_for(state: State) -> list[str]:
    """People, other than the owner, for whom something in it waits."""
    return sorted({one.who for one in next_steps(state)} - {state["owner"]})


def _of_the_owner(state: State) -> Iterator[NextStep]:
    if state["stage"] == Stage.FOLLOWING_UP:
        yield from _callback(state)
        return
    if state.get("sign_by"):
        yield _own(state, "sign_over", state["sign_by"])
    yield from _main(state)
    if state.get("unsure"):
        yield _own(state, "look_at_category")
    for one in state.get("stakeholders", ()):
        if one.get("due") and not one.get("informed_at"):
            yield _own(state, "inform_party", one["due"], unit=one["party"])
    for one in state["approvals"]:
        if one["status"] == "open" and one["to"] != state["owner"]:
            yield _own(state, "await_approval", ref=one["request_id"], unit=one["to"])
    if state.get("proposed_owner"):
        yield _own(state, "await_acceptance", unit=state["proposed_owner"])
    for one in state["tasks"]:
        if one.get("finished") and not one["done"]:
            yield _own(state, "countersign_task", _sign_by(state, one), ref=one["task_id"], unit=one["unit"])
        elif not one["done"]:
            yield _own(state, "chase_task", one.get("due"), ref=one["task_id"], unit=one["unit"])


def _sign_by(state: State, task: State) -> str | None:
    """Instant by which a finished task is to be countersigned."""
    clock = signature_of(task["task_id"])
    return next((one["due"] for one in _running(state) if one["obligation"] == clock), None)


def _main(state: State) -> Iterator[NextStep]:
    """Step that brings the complaint forward, or each agreed action."""
    running = {one["obligation"]: one for one in _running(state)}
    actions = [one for one in state["actions"] if not one["done"] and not one.get("released")]
    talks = state["negotiation"]
    if not talks["responded"]:
        dues = (one["due"] for name, one in running.items() if not name.startswith(APART))
        yield _own(state, "respond", min(dues, default=None))
    elif actions:
        for one in actions:
            ref, due = one["action_id"], one.get("due")
            yield _own(state, "complete_action", due, ref=ref)
    elif any(one["status"] == "paused" for one in state["obligations"]):
        yield _own(state, "await_customer")
    else:
        yield _negotiate(state)


def _negotiate(state: State) -> NextStep:
    talks = state["negotiation"]
    offers = [one for one in talks["offers"] if one["cycle"] == state["cycle"]]
    if offers and offers[-1]["status"] == "open":
        return _own(state, "await_answer", offers[-1]["expires_at"])
    if not talks["interests"]:
        return _own(state, "record_interest")
    if len(talks["options"]) < 2:
        return _own(state, "prepare_options")
    code = f"offer_{offers[-1]['status']}" if offers else "offer"
    return _own(state, code if code in WORDS else "offer")


def _callback(state: State) -> Iterator[NextStep]:
    """Call that asks whether the complainant is satisfied, by the newest facts of followup."""
    now = {name: fact for name, fact in state["followup"].items() if fact["cycle"] == state["cycle"]}
    due, seq = now.get("callback_due"), {name: fact["seq"] for name, fact in now.items()}
    if due and all(seq.get(name, 0) < due["seq"] for name in CALLED):
        yield _own(state, "callback", due["window_end"])
    elif "callback_scheduled" in now and "satisfaction_recorded" not in now:
        yield _own(state, "await_callback", now["callback_scheduled"]["due"])


def _of_others(state: State) -> Iterator[NextStep]:
    due = {one["obligation"]: one["due"] for one in _running(state)}
    for one in state["approvals"]:
        for person in _asked(one, [one["to"]]) if one["status"] == "open" else ():
            ref = one["request_id"]
            yield _step("approve", person, ASKED, due.get(ref), ref=ref, what=one["what"])
    for one in state["tasks"]:
        for person in _asked(one, []) if one.get("finished") and not one["done"] else ():
            names = {"ref": one["task_id"], "unit": one["unit"]}
            yield _step("countersign_task", person, ASKED, _sign_by(state, one), **names)
    if state.get("proposed_owner"):
        ends = [at for name, at in due.items() if name.startswith("transfer-")]
        yield _step("accept_transfer", state["proposed_owner"], PROPOSED, max(ends, default=None))
    for one in state.get("feedback", ()):
        for person in _asked(one, one["waiting"]) if one.get("open") else ():
            ref = one["feedback_id"]
            yield _step("acknowledge_feedback", person, ASKED, due.get(ref), ref=ref)
    if state.get("assistant"):
        yield _step("assist", state["assistant"], ASSISTS, None, unit=state["owner"])


def _asked(item: State, first: list[str]) -> list[str]:
    """People who were asked: the `first`, and whom the ladder asked after them."""
    later = item.get("asked") or item.get("passed_to")
    return list(dict.fromkeys([*first, later] if later else first))


def _running(state: State) -> list[Any]:
    return [one for one in state["obligations"] if one["status"] in ("running", "breached")]


def _own(state: State, code: str, by: str | None = None, **names: str) -> NextStep:
    return _step(code, state["owner"], OWNER, by, **names)


def _step(code: str, who: str, why: str, by: str | None, **names: str) -> NextStep:
    en, zh = (words.format(**_by(by, language), **names) for language, words in enumerate(WORDS[code]))
    because_en, because_zh = WHY[why]
    return NextStep.model_validate(
        {
            "code": code,
            "who": who,
            "why": why,
            "by": by,
            "ref": names.get("ref"),
            "sentence": {"en": f"{en} {because_en}", "zh": f"{zh}{because_zh}"},
        }
    )


def _by(by: str | None, language: int) -> dict[str, str]:
    """Instant in a sentence, in UTC."""
    text = f"{by[:10]} {by[11:16]}Z" if by else ""
    return {"by": (f" by {text}" if language == 0 else f"在 {text} 前") if text else ""}
