"""Labels for the words of the wire, for people, in English and Chinese."""

from shared.contract.values import Outcome, Stage

Label = tuple[str, str]

STAGES: dict[str, Label] = {
    Stage.RECORDED: ("recorded", "已登记"),
    Stage.ANALYSING: ("analysing", "调查分析"),
    Stage.NEGOTIATING: ("negotiating", "协商中"),
    Stage.IMPLEMENTING: ("implementing", "落实中"),
    Stage.FOLLOWING_UP: ("following up", "回访中"),
    Stage.CLOSED: ("closed", "已结案"),
}

OUTCOMES: dict[str, Label] = {
    Outcome.SATISFIED: ("satisfied", "满意"),
    Outcome.DISSATISFIED: ("dissatisfied", "不满意"),
    Outcome.UNREACHABLE: ("unreachable", "无法联系"),
    Outcome.WITHDRAWN: ("withdrawn", "已撤回"),
    Outcome.REFERRED: ("referred", "已转外部机构"),
    Outcome.DECIDED: ("decided", "已作终局决定"),
    Outcome.MERGED: ("merged", "已合并"),
}

STATUSES: dict[str, Label] = {
    "running": ("running", "计时中"),
    "paused": ("paused", "已暂停"),
    "met": ("met", "已履行"),
    "breached": ("breached", "已超时"),
    "met_late": ("met late", "超时后履行"),
    "cancelled": ("cancelled", "已取消"),
}

STANDINGS: dict[str, Label] = {
    "open": ("open, waits for an answer", "待答复"),
    "answered": ("answered", "已答复"),
    "promoted": ("became a complaint", "已转为投诉"),
    "joined": ("joined an open complaint", "已并入投诉"),
    "erased": ("texts erased, no further handling", "文本已删除，不再处理"),
}

BECAUSE: dict[str, Label] = {
    "repeat": ("a second grumble", "再次抱怨"),
    "request": ("on request", "应要求"),
    "unanswered": ("not answered in time", "逾期未答复"),
}

COMING: dict[str, Label] = {
    "warning": ("warning", "预警"),
    "due": ("due", "到期"),
    "escalation": ("escalation", "升级"),
    "offer_expires": ("the offer expires", "方案到期"),
    "wait_ends": ("the wait ends", "暂停结束"),
    "shift_ends": ("hand-over at the end of the shift", "交接班"),
    "deadlock": ("the negotiation is in a deadlock", "协商陷入僵局"),
    "mark_ends": ("the harassment mark ends", "骚扰标记到期"),
    "conversation_ends": ("the conversation is over, and the assistant takes over", "通话结束，由协助人接手"),
}

RATES: dict[str, Label] = {
    "response": ("Response", "响应率"),
    "resolution": ("Resolution", "解决率"),
    "satisfaction": ("Satisfaction", "满意率"),
}

FACTS: dict[str, Label] = {
    "received": ("received", "收到投诉"),
    "promise_made": ("promise made", "告知时限"),
    "contact_added": ("contact added", "再次来访"),
    "grumbled": ("grumbled", "收到抱怨"),
    "grumble_answered": ("grumble answered", "答复抱怨"),
    "promoted": ("became a complaint", "转为投诉"),
    "duplicate_suspected": ("duplicate suspected", "疑似重复"),
    "merged": ("merged", "并案"),
    "customer_linked": ("customer linked", "关联客户"),
    "erased": ("texts erased", "文本已删除"),
    "notice": ("customer notified", "告知客户"),
    "triaged": ("triaged", "分类定级"),
    "assigned": ("owner assigned", "确定责任人"),
    "queued": ("waits for an owner", "排队待分派"),
    "transferred": ("transfer proposed", "提议转派"),
    "transfer_returned": ("transfer returned", "转派退回"),
    "concerned_added": ("more people concerned", "新增当事人"),
    "chain_changed": ("supervisors changed", "上级变更"),
    "unattended": ("no suitable person left", "无人可处理"),
    "changed": ("changed", "三换"),
    "escalated": ("escalated", "升级"),
    "commander_named": ("commander named", "指定总指挥"),
    "stakeholder_added": ("party to be informed", "待告知相关方"),
    "stakeholder_informed": ("party informed", "已告知相关方"),
    "vulnerability_marked": ("vulnerability marked", "弱势客户标记"),
    "overridden": ("limits overridden", "突破限额"),
    "feedback_raised": ("feedback raised", "内部反馈"),
    "feedback_acknowledged": ("feedback acknowledged", "反馈确认"),
    "task_opened": ("task opened", "分派任务"),
    "task_moved": ("task moved", "任务改派"),
    "task_reported": ("task reported", "任务进展"),
    "task_urged": ("department urged", "催办"),
    "task_signed": ("task countersigned", "任务会签"),
    "task_done": ("task done", "任务完成"),
    "handed_over": ("handed over", "交接"),
    "assistant_named": ("assistant named", "指定协助人"),
    "conversation_begun": ("conversation begun", "开始沟通"),
    "conversation_ended": ("conversation ended", "沟通结束"),
    "hand_over_due": ("hand-over due", "待交接"),
    "hand_over_missed": ("hand-over missed", "未交接"),
    "question_asked": ("customer asked", "询问客户"),
    "question_answered": ("customer answered", "客户答复"),
    "deadline_set": ("deadline set", "设定时限"),
    "deadline_moved": ("deadline moved", "时限变更"),
    "deadline_warned": ("deadline warned", "时限预警"),
    "deadline_met": ("deadline met", "按时履行"),
    "deadline_met_late": ("deadline met late", "超时后履行"),
    "deadline_breached": ("deadline breached", "超时"),
    "deadline_breached_unregistered": ("deadline breached before it was registered", "登记前已超时"),
    "deadline_extended": ("deadline extended", "时限延长"),
    "deadline_cancelled": ("deadline cancelled", "时限取消"),
    "paused": ("paused", "暂停"),
    "resumed": ("resumed", "恢复"),
    "receipt_corrected": ("receipt corrected", "更正收到时间"),
    "policy_migrated": ("policy migrated", "策略迁移"),
    "responded": ("responded", "实质答复"),
    "clarified": ("clarified", "查明原因"),
    "record_completed": ("record completed", "补全记录"),
    "interest_recorded": ("interest recorded", "记录利益诉求"),
    "listened": ("listened", "倾听"),
    "restated": ("problem restated", "复述问题"),
    "restatement_answered": ("restatement answered", "答复复述"),
    "fallback_recorded": ("course without agreement", "无协议时的打算"),
    "position_set": ("position set", "确定立场"),
    "options_prepared": ("options prepared", "备选方案"),
    "offer_made": ("offer made", "提出方案"),
    "offer_answered": ("offer answered", "方案答复"),
    "offer_withdrawn": ("offer withdrawn", "撤回方案"),
    "offer_expired": ("offer expired", "方案过期"),
    "gone_back": ("gone back behind an offer", "退回低于先前方案"),
    "approval_requested": ("approval requested", "申请审批"),
    "approval_passed": ("approval passed on", "审批改派"),
    "approval_given": ("approval given", "审批结果"),
    "negotiation_reopened": ("negotiation reopened", "重新协商"),
    "apology_due": ("apology due", "应当致歉"),
    "apology_given": ("apology given", "已致歉"),
    "deadlocked": ("deadlock", "协商僵局"),
    "mediator_named": ("mediator named", "已指定调解人"),
    "mediation_finished": ("mediation finished", "调解结束"),
    "agreed": ("agreed", "达成一致"),
    "action_completed": ("action completed", "措施完成"),
    "final_decision": ("final decision", "终局决定"),
    "referred": ("referred", "转外部机构"),
    "withdrawn": ("withdrawn", "客户撤回"),
    "released": ("released", "免除未了事项"),
    "carried_over": ("carried over from a duplicate", "承接并案事项"),
    "case_ended": ("case ended by merging", "并案结束"),
    "resolved": ("resolved", "已解决"),
    "callback_scheduled": ("callback scheduled", "安排回访"),
    "callback_due": ("callback due", "回访到期"),
    "callback_overdue": ("callback overdue", "回访逾期"),
    "callback_reported": ("callback reported", "回访结果"),
    "satisfaction_recorded": ("satisfaction recorded", "满意度"),
    "reopened": ("reopened", "重新受理"),
    "closed": ("closed", "结案"),
}


def label(words: dict[str, Label], key: str) -> Label:
    """English and Chinese for a word of the wire; the word itself where the table has no label yet."""
    return words.get(key, (key.replace("_", " "), ""))


def both(words: dict[str, Label], key: str) -> str:
    """Both labels as one text."""
    english, chinese = label(words, key)
    return f"{english} {chinese}".strip()
