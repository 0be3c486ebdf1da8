"""Invariants that the auditor looks for: each with a sentence and what to do, in English and Chinese."""

from typing import NamedTuple


class Invariant(NamedTuple):
    """Invariant of every history. `do` is the advice where it is broken."""

    en: str
    zh: str
    do_en: str
    do_zh: str


_REPORT = (
    "No command can do this: keep the stream, and look for a message that no service of Amends published.",
    "任何命令都做不到：请保留事件流，查找并非由本系统服务发布的消息。",
)
_HISTORY = (
    "Keep the history of its workflow (`temporal workflow show`) and report a fault of Amends.",
    "请保留其工作流历史（`temporal workflow show`），并作为系统缺陷上报。",
)
_PERSON = (
    "Ask the people named in the fact, and have a supervisor decide how the complaint goes on.",
    "请询问该事实所涉人员，并由主管决定如何继续处理。",
)

INVARIANTS = {
    "unreadable": Invariant(
        "A message in the stream is not a fact.", "事件流中有一条消息不是事实。", *_REPORT
    ),
    "gap": Invariant(
        "The facts of a service are numbered 1, 2, 3 … without a gap.",
        "同一服务的事实编号为 1、2、3……，不得缺号。",
        "A fact is missing. `amends rebuild stream` publishes it again from the tables.",
        "缺少事实。`amends rebuild stream` 可由数据表重新发布。",
    ),
    "number_reused": Invariant("A number belongs to one fact.", "一个编号只属于一条事实。", *_REPORT),
    "one_owner": Invariant(
        "Exactly one person is accountable at every instant.", "任何时刻有且只有一名责任人。", *_HISTORY
    ),
    "owner_concerned": Invariant(
        "The owner is never a person, or of a unit, that the complaint is about.",
        "责任人绝不是被投诉的人，也不属于被投诉的部门。",
        *_PERSON,
    ),
    "owner_changed_otherwise": Invariant(
        "An owner changes by an accepted transfer, an escalation or a reopening only.",
        "责任人只因接受转办、升级或重新处理而变更。",
        *_HISTORY,
    ),
    "ping_pong": Invariant(
        "A complaint goes back to a former owner only by a lead or manager.",
        "投诉只有经组长或经理才可退回给原责任人。",
        *_PERSON,
    ),
    "too_many_transfers": Invariant(
        "The transfers of one stage stay within the limit of the policy.",
        "同一阶段的转办次数不超过政策上限。",
        *_PERSON,
    ),
    "offer_too_early": Invariant(
        "An offer follows a substantive response, a confirmed interest and two alternatives.",
        "提出方案之前须已实质答复、已确认诉求背后的利益、已准备两个备选方案。",
        *_HISTORY,
    ),
    "offer_not_prepared": Invariant(
        "An offer is one of the prepared alternatives.", "所提方案须是已准备的备选方案之一。", *_HISTORY
    ),
    "no_standard": Invariant(
        "Each offer and final decision cites a standard; a decision also names the next recourse.",
        "每个方案和最终决定都须引用标准；最终决定还须说明后续救济途径。",
        *_HISTORY,
    ),
    "worse_offer": Invariant(
        "No later offer is worse in the same currency.", "同一币种下，后来的方案不得更差。", *_PERSON
    ),
    "offer_not_open": Invariant(
        "An expired, withdrawn or answered offer cannot be answered.",
        "已过期、已撤回或已答复的方案不能再答复。",
        *_HISTORY,
    ),
    "offer_ended_otherwise": Invariant(
        "One offer is open at a time, and it ends once.", "同一时间只有一个有效方案，且只结束一次。",
        *_HISTORY,
    ),
    "agreed_without_acceptance": Invariant(
        "An agreement follows the acceptance of that offer.", "达成一致须基于对该方案的接受。", *_HISTORY
    ),
    "resolved_undone": Invariant(
        "A complaint is resolved with every agreed action completed or released, or by a final decision.",
        "解决须以全部约定事项完成或免除，或以最终决定为前提。",
        "Reopen it with the complainant, and complete what was agreed.",
        "请与投诉人重新处理，完成约定事项。",
    ),
    "left_open": Invariant(
        "A way out leaves nothing open: no response, action, task or offer.",
        "结案时不得遗留答复、约定事项、任务或方案。",
        *_PERSON,
    ),
    "obligation_ended_otherwise": Invariant(
        "Each obligation ends one way: met, breached (and perhaps met late), or cancelled.",
        "每项时限只以一种方式结束：按时完成、超时（可迟后完成）或取消。",
        "Compare with `amends verify ID`; report a fault of Amends.",
        "请用 `amends verify ID` 核对，并作为系统缺陷上报。",
    ),
    "warned_twice": Invariant(
        "Each warning comes at most once in a cycle.", "同一轮次中每个预警最多一次。", *_HISTORY
    ),
    "escalated_twice": Invariant(
        "Each level of escalation comes once in a cycle, in order.", "同一轮次中每级升级依次只发生一次。",
        *_HISTORY,
    ),
    "safety_lowered": Invariant(
        "One person alone never lowers a safety flag.", "安全标记不得由一人单独取消。",
        "Set the flag again with `reclassify`, and have a supervisor look at the complaint today.",
        "请用 `reclassify` 重新标记，并请主管当日查看该投诉。",
    ),
    "severity_lowered": Invariant(
        "One person alone never lowers a severity.", "严重级别不得由一人单独调低。",
        "Set the severity again with `reclassify`, and have a supervisor look at the complaint today.",
        "请用 `reclassify` 恢复级别，并请主管当日查看该投诉。",
    ),
    "harassment_alone": Invariant(
        "Two people mark conduct as harassment, never one.", "骚扰标记须由两人决定。",
        "Take the mark away with `reclassify`, and propose it again to a second person.",
        "请用 `reclassify` 取消标记，并重新提请另一人确认。",
    ),
    "approved_by_the_asker": Invariant(
        "A second person approves what one person asked for.", "一人申请的事项须由另一人批准。", *_PERSON
    ),
    "after_the_end": Invariant(
        "Nothing is handled after an end until a reopening.", "结案后至重新处理前不得再办理。", *_HISTORY
    ),
    "after_closed": Invariant(
        "Nothing follows `closed` but an erasure.", "办结之后只能有删除。", *_REPORT
    ),
}  # fmt: skip
