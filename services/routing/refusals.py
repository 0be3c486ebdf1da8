"""Reasons for refusals of this package, in English and Chinese."""

from shared.contract.errors import ErrorCode, RefusalText
from shared.contract.values.problems import Words

WRONG_STAGE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint is in stage {stage}",
    "投诉处于 {stage} 阶段",
)

UNKNOWN_TEAM = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: there are only {known}",
    "{field}：只有 {known}",
    "team",
)

UNKNOWN_PERSON = RefusalText(
    ErrorCode.UNKNOWN_ACTOR,
    "There is no person {name} in the roster; the nearest are {known}. Use a staff id of the policy pack.",
    "名册中没有 {name}；相近的有 {known}。请使用策略包中的员工编号。",
    "staff",
    whole=True,
)

UNKNOWN_REGIME = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: there is no regime {name}; the nearest are {known}",
    "{field}：没有监管制度 {name}；相近的有 {known}",
    "regime",
)

UNKNOWN_POLICY = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: no complaint was ever opened under this policy here",
    "{field}：此处没有按该策略立案的投诉",
    "hash",
)

ABOVE_LIMIT_TOO = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "the amount is above this actor's limit too",
    "金额也超出此操作人的权限",
    "actor.id",
)

INTEREST_OF_ANOTHER = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the complainant records their own interests only; use `customer`",
    "{field}：投诉人只能记录自己的利益诉求；请使用 customer",
    "data.party",
)

STALE = RefusalText(
    ErrorCode.STALE_POSITION,
    "{field} names version {version}, and the position is at version {present}",
    "{field} 为第 {version} 版，而当前立场为第 {present} 版",
)

TOO_DISTANT = RefusalText(
    ErrorCode.MALFORMED,
    "{field} lies more than {years} years ahead; name an earlier instant",
    "{field} 超出 {years} 年之后；请给出更早的时间",
)

OPTION_GONE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the option is not prepared any more",
    "该备选方案已不再有效",
)

OFFER_OUTLIVED = RefusalText(
    ErrorCode.TOO_LATE,
    "the offer was open only until then; deny it, and have it made again",
    "方案的有效期已过；请驳回后重新提出",
    "data.request_id",
)

ANSWERS_NO_MOTIVE = RefusalText(
    ErrorCode.NEEDS_REASON,
    "the plan answers no known motive ({motives}); add what answers one, correct the motives with "
    "`reclassify`, or give the reason in {field}",
    "方案没有回应任何已知动机（{motives}）；请补充能回应的内容，"
    "或用 reclassify 更正动机，或在 {field} 中说明理由",
    "data.why",
)

SUB_OF_ANOTHER = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: {sub} belongs to the category {category}; name both, or the sub-code alone",
    "{field}：{sub} 属于类别 {category}；请同时填写类别，或只填写细类",
    "data.sub",
)

NOTHING_COMPLETED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: name at least one of {names}",
    "{field}：至少填写以下一项：{names}",
    "data",
)

UNIT_CONCERNED = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "the complaint is about {unit}: give this part to another unit",
    "投诉涉及 {unit}，请交由其他部门办理",
    "data.unit",
)

NO_SUCH_VERB = RefusalText(
    ErrorCode.MALFORMED,
    "a case has no verb {verb!r}",
    "没有操作 {verb!r}",
    "verb",
)

RAN_OUT = RefusalText(
    ErrorCode.TOO_LATE,
    "{name} ran out at {due}",
    "{name} 已于 {due} 到期",
    "data.obligation",
)

EXTENSION_USED_UP = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "all the time by which {name} may be extended is used up",
    "{name} 可延长的时间已全部用完",
    "data.obligation",
)

EXTENSION_OUT_OF_RANGE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must be later than {after}, and not after {last}",
    "{field}：必须晚于 {after}，且不晚于 {last}",
    "data.until",
)

AGREED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "an agreement is being carried out",
    "协议正在执行",
)

OFFER_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{offer_id} is open and not answered",
    "方案 {offer_id} 尚待答复",
)

APPROVAL_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{request_id} waits for approval",
    "{request_id} 正在等待审批",
)

NO_OFFER_OPEN = RefusalText(
    ErrorCode.OFFER_NOT_OPEN,
    "no offer is open",
    "没有待答复的方案",
    "data.offer_id",
)

NOTHING_AGREED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "nothing is agreed that could be carried out",
    "没有可执行的协议",
)

NO_APPROVAL_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no approval is asked for",
    "没有待审批的请求",
    "data.request_id",
)

NOBODY_ABOVE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "there is no person above {owner}",
    "{owner} 之上没有更高级别的人员",
)

NOTHING_TO_RELEASE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "nothing is open that could be released",
    "没有可免除的未了事项",
)

NO_TRANSFER = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no transfer is proposed",
    "没有待接受的转派",
)

TRANSFER_PROPOSED_TO = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "a transfer to {to} is proposed already",
    "已提出转派给 {to}",
)

PAUSED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it is paused already",
    "已处于暂停状态",
)

NOT_PAUSED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it is not paused",
    "未处于暂停状态",
)

NO_TASK_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no task is open",
    "没有未完成的任务",
)

POLICY_IN_FORCE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it is under the policy in force already, {id} {hash}",
    "投诉已适用现行策略 {id} {hash}",
)

OPTION_NOT_PREPARED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: not prepared; prepared are {known}",
    "{field}：该方案未准备，已准备的有 {known}",
    "data.option_id",
)

EXPIRY_OUT_OF_RANGE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must lie ahead, and not after {latest}",
    "{field}：必须晚于当前时间，且不晚于 {latest}",
    "data.expires_at",
)

EARLIER_WAS_BETTER = RefusalText(
    ErrorCode.WORSE_THAN_BEFORE,
    "{earlier} was better; offer at least as much, or give the reason in `why_worse` for a person above",
    "{earlier} 更优；请提出不低于它的方案，或在 why_worse 中说明理由，由上级决定",
    "data.option_id",
)

OUTSIDE_BAND = RefusalText(
    ErrorCode.NEEDS_REASON,
    "for this severity and loss an offer is usually worth {least} to {most} {currency}; send `why_outside`",
    "按该投诉的严重程度和损失，方案价值通常为 {least} 至 {most} {currency}；请在 why_outside 中说明理由",
    "data.why_outside",
)

ABOVE_EVERY_LIMIT = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "no person in the chain may grant this amount; they may grant {limits}",
    "审批链中无人有权批准这一金额；可批准的上限为 {limits}",
    "data.option_id",
)

PAUSE_OUT_OF_RANGE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must lie ahead, and not after {latest}",
    "{field}：必须晚于当前时间，且不晚于 {latest}",
    "data.until",
)

WAIT_GONE = RefusalText(
    ErrorCode.TOO_LATE,
    "the wait that was asked for cannot be any more; deny it, and have it asked for again",
    "所申请的等待已不再可行；请驳回后重新提出",
)

WAITING_USED_UP = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "all the time that may be waited on this complaint is used up",
    "该投诉可等待的时间已全部用完",
)

TRANSFER_PROPOSED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "a transfer is proposed already",
    "已提出转派",
)

ABOUT_A_PERSON = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "this verb is about a person and not about a complaint; send it without a complaint_id",
    "该操作针对人员而非投诉；请不带 complaint_id 发送",
)

SWAP_ALONE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: a swap needs two people; name another person",
    "{field}：换班需要两个人；请填写另一人",
    "data.to",
)

NO_SUCH_SHIFT = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: no shift of {staff} begins at {at}; name the begin of a shift of theirs in the policy",
    "{field}：{staff} 没有在 {at} 开始的班次；请填写策略中该人员班次的开始时间",
)

SHIFT_BEGUN = RefusalText(
    ErrorCode.TOO_LATE,
    "{field}: the shift began at {at}; a swap is agreed or refused before",
    "{field}：该班次已于 {at} 开始；换班须事先同意或拒绝",
)

SWAPPED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: one of the two has a swap at that time; refuse that one first",
    "{field}：其中一人在该时间已有换班；请先拒绝该换班",
    "data",
)

AWAY_THEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: {staff} is absent in one of the two shifts; choose other shifts",
    "{field}：{staff} 在其中一个班次缺勤；请选择其他班次",
)

WORKS_THEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: {staff} has another shift at that time; choose a shift in which they are free",
    "{field}：{staff} 在该时间另有班次；请选择其空闲时的班次",
)

NO_SUCH_SWAP = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: there is no such swap; the query presence lists them",
    "{field}：没有此换班；可用查询 presence 查看",
    "data.swap_id",
)

SWAP_OF_OTHERS = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: only {to} accepts this swap",
    "{field}：只有 {to} 可以接受此换班",
    "actor.id",
)

SWAP_ANSWERED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: the swap is {status} already; propose another",
    "{field}：此换班的状态已为 {status}；请另行提出",
    "data.swap_id",
)

LEADS_REFUSE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: the two people refuse a swap while it is proposed, and only a person above agents after that",
    "{field}：换班提出后双方均可拒绝，接受之后只有主管及以上人员可以拒绝",
    "actor.id",
)

HANDLERS_SIGN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: {staff} handles no complaints (role {role}), so their presence decides nothing",
    "{field}：{staff} 不处理投诉（角色 {role}），无需签到或签退",
    "data.staff",
)

ABOVE_SIGN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{field}: {staff} is of a higher level; they sign themselves, or a person of their level or above does",
    "{field}：{staff} 的级别更高；由其本人或同级及以上人员签到、签退",
    "data.staff",
)

LEADS_SIGN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "only a lead or a person above signs others on or off; leave out {field} to sign yourself",
    "只有主管及以上人员可以替他人签到或签退；为自己签到请省略 {field}",
    "data.staff",
)

HANDLES_NONE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{to} handles no complaints",
    "{to} 不处理投诉",
    "data.to",
)

IN_CONVERSATION = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{owner} is in conversation with the complainant until {until} at the latest",
    "{owner} 正在与投诉人沟通，最迟至 {until}",
)

NO_CONVERSATION = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no conversation goes on",
    "当前没有进行中的沟通",
)

CONVERSATION_OUT_OF_RANGE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must be later than {after}, and not after {last}",
    "{field}：必须晚于 {after}，且不晚于 {last}",
    "data.until",
)

NOTHING_ASKED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: name a question of the policy's catalogue, or its words in `text`",
    "{field}：请填写策略问题目录中的 question，或在 text 中写明问题",
    "data.question",
)

NO_WORDS_TO_SEND = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: what is sent needs words",
    "{field}：发送的问题须有文字",
    "data.text",
)

NOT_IN_CATALOGUE = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the policy has no question {question}; there are {known}",
    "{field}：策略中没有问题 {question}；可用的有 {known}",
    "data.question",
)

ASKED_AND_ANSWERED = RefusalText(
    ErrorCode.ASKED_ALREADY,
    "{question_id} is answered, see {ref}",
    "{question_id} 已有答复，见 {ref}",
    "data.question",
)

ASKED_AND_OPEN = RefusalText(
    ErrorCode.ASKED_ALREADY,
    "{question_id} waits for its answer",
    "{question_id} 正在等待答复",
    "data.question",
)

IN_THE_RECORD = RefusalText(
    ErrorCode.ASKED_ALREADY,
    "the record has {record}",
    "记录中已有{record}",
    "data.question",
)

NO_QUESTION_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no question waits for an answer",
    "没有待答复的问题",
)

NO_SUCH_QUESTION = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no question has this id",
    "没有此编号的问题",
    "data.question_id",
)

ANSWERED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{question_id} is answered, see {ref}; add more with `add_contact`",
    "{question_id} 已有答复，见 {ref}；如需补充请用 add_contact",
    "data.question_id",
)

TRANSFERS_USED_UP = RefusalText(
    ErrorCode.WOULD_PING_PONG,
    "The complaint was transferred {count} times in stage {stage}, and the policy allows {most}. "
    "Only a lead may transfer it again.",
    "该投诉在 {stage} 阶段已转派 {count} 次，策略允许 {most} 次。只有主管可以再次转派。",
    "data.to",
    whole=True,
)

UNMET = {
    "no_handler": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} handles no complaints; name another person",
        "{to} 不处理投诉，请指定他人",
        "data.to",
    ),
    "conflict": RefusalText(
        ErrorCode.CONFLICT_OF_INTEREST,
        "the complaint is about {to} or their unit",
        "投诉涉及 {to} 或其所在部门",
        "data.to",
    ),
    "junior": RefusalText(
        ErrorCode.OVER_AUTHORITY,
        "{to} may not own a complaint of this severity",
        "{to} 的级别不能负责此严重程度的投诉",
        "data.to",
    ),
    "language": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} does not speak the complainant's language; name another person",
        "{to} 不会投诉人的语言，请指定他人",
        "data.to",
    ),
    "off_shift": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} is not at work; name a person who is",
        "{to} 不在岗，请指定在岗人员",
        "data.to",
    ),
    "full": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} has as many open complaints as they can carry; name another person",
        "{to} 的在办投诉已满，请指定他人",
        "data.to",
    ),
}
"""Hard rules of ownership that the person named does not meet, by their codes (`rules/fitness.py`)."""

UNMET_BY_TAKER = {
    "off_shift": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} is not at work, so they cannot take the complaint over; use `sign_on` first",
        "{to} 不在岗，不能接手投诉；请先用 sign_on 签到",
        "actor.id",
    ),
    "full": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{to} has as many open complaints as they can carry; finish or hand over one first",
        "{to} 的在办投诉已满；请先办结或移交一件",
        "actor.id",
    ),
}
"""Hard rules that a person who accepts does not meet, where they can do something about it."""

OWNER_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{to} is the owner already",
    "{to} 已是责任人",
    "data.to",
)

NEW_OWNER_CONCERNED = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "the complaint is about {to} or their unit",
    "投诉涉及 {to} 或其部门",
    "data.to",
)

ONLY_SUPERVISOR_DOWN = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "after an escalation only a supervisor may hand the complaint down",
    "升级后只有主管可以下派投诉",
    "data.to",
)

FOR_OTHERS = RefusalText(
    ErrorCode.NOT_OWNER,
    "This actor may not do this. It may be done by: {who}. Ask one of them.",
    "该操作人不能这样做。可以这样做的有：{who}。请由其办理。",
    "actor.id",
    whole=True,
)

LEADS_DECIDE = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "a lead or manager decides",
    "须由主管或经理决定",
    "actor.id",
)

NOTHING_RECLASSIFIED = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: name at least one of {fields}",
    "{field}：至少填写以下一项：{fields}",
    "data",
)

ASKED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{request_id} asks for the same already and waits for approval",
    "{request_id} 已提出同样的请求，正在等待审批",
)

PROMISE_IN_PAST = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must lie ahead",
    "{field}：必须晚于当前时间",
    "data.promise_by",
)

CHANGES_USED_UP = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "{count} changes of person, place or time were made in this cycle, and the policy allows {most}; a lead "
    "makes the next",
    "本轮已作 {count} 次“三换”，策略允许 {most} 次；下一次须由主管作出",
    "actor.id",
)

NO_JUNIOR = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{to} is junior to the present owner; name a person of at least the same level",
    "{to} 的级别低于现任责任人；请换同级或更高级别的人员",
    "data.to",
)

SLOT_IN_PAST = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the time must lie ahead",
    "{field}：时间必须晚于当前时间",
    "data.to",
)

INFORMED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the party {party} was informed already",
    "已告知 {party}",
    "data.party",
)

MARKED_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the mark of vulnerability is set so already",
    "弱势标记无变化",
    "data.vulnerable",
)

MARK_ENDED_BY_ANOTHER = RefusalText(
    ErrorCode.NEEDS_SECOND_PERSON,
    "Only a supervisor who is not the owner removes the mark of vulnerability. Ask one.",
    "只有非责任人的主管可以取消弱势标记。请联系主管。",
    "actor.id",
    whole=True,
)

NO_HIGHER_INTEREST = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "cost limits give way only to safety or to a vulnerable complainant",
    "只有涉及安全或弱势客户时才能突破成本限额",
)

OVERRIDDEN_ALREADY = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the limits of authority give way in this cycle already",
    "本轮已突破权限限额",
)

NO_FEEDBACK_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no feedback waits for an acknowledgement",
    "没有待确认的内部反馈",
)

NO_SUCH_FEEDBACK = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no feedback of this id waits for an acknowledgement",
    "没有此编号的待确认内部反馈",
    "data.feedback_id",
)

NOT_A_RECIPIENT = RefusalText(
    ErrorCode.NOT_OWNER,
    "Only its recipients may acknowledge this feedback ({to}). Ask one of them.",
    "只有接收人（{to}）可以确认此反馈。请联系接收人。",
    "actor.id",
    whole=True,
)

TASK_DUE_IN_PAST = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must lie ahead",
    "{field}：必须晚于当前时间",
    "data.due",
)

NO_SUCH_TASK = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no open task has this id",
    "没有此编号的未完成任务",
    "data.task_id",
)

NOTHING_TO_SIGN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no finished task waits for a countersignature",
    "没有待会签的任务",
    "data.task_id",
)

REFUSAL_NEEDS_REASON = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: a refused task needs the reason",
    "{field}：退回任务必须说明理由",
    "data.reason",
)

OTHER_UNIT = RefusalText(
    ErrorCode.NOT_OWNER,
    "The task {id} is not a task of your department. Ask the owner of the complaint ({owner}).",
    "任务 {id} 不属于您的部门。请联系责任人（{owner}）。",
    "data.task_id",
    whole=True,
)

NO_SUCH_ACTION = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no such action was agreed",
    "协议中没有此事项",
    "data.action_id",
)

ACTION_DONE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it is done already",
    "该事项已完成",
    "data.action_id",
)

ACTION_RELEASED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it was released",
    "该事项已被免除",
    "data.action_id",
)

NO_SUCH_REQUEST = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no such request",
    "没有此项请求",
    "data.request_id",
)

REQUEST_DECIDED = {
    "granted": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "it was granted already",
        "该请求已获批准",
        "data.request_id",
    ),
    "denied": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "it was denied already",
        "该请求已被驳回",
        "data.request_id",
    ),
    "lapsed": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "it has lapsed",
        "该请求已失效",
        "data.request_id",
    ),
}
"""Refusals by the status of the request."""

OTHERS_DECIDE = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "{to}, or a {least_role} at least, decides about this request",
    "该请求须由 {to} 或 {least_role} 及以上人员决定",
    "actor.id",
)

RECORD_LACKS = RefusalText(
    ErrorCode.RECORD_INCOMPLETE,
    "{fields} not known yet; send `complete_record`",
    "尚缺{fields}，请用 complete_record 补充",
)

FIELDS_ZH = {
    "narrative": "事情经过",
    "remedy_sought": "客户诉求",
    "product": "产品",
    "order_ref": "订单号",
    "unit": "相关部门",
    "loss": "损失",
}
"""Fields of the record in Chinese."""

OPEN_RESPONSE = Words("the first response (response)", "首次答复（response）")
OPEN_ACTION = Words("the agreed action {id}", "约定事项 {id}")
OPEN_TASK = Words("the department's task {id}", "部门任务 {id}")
UNSIGNED_TASK = Words("the countersignature of the task {id}", "任务 {id} 的会签")
OPEN_OFFER = Words("the offer {id}", "待答复的方案 {id}")
OPEN_REQUEST = Words("the request {id}", "待审批的请求 {id}")

NONE = Words("none", "无")

NOT_EXTENDABLE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "it cannot be extended; those that can are: {names}",
    "该时限不可延长；可延长的有：{names}",
    "data.obligation",
)

CLOCK_STOPPED = {
    "paused": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{name} is paused",
        "{name} 正处于暂停",
        "data.obligation",
    ),
    "met": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{name} is met",
        "{name} 已按时完成",
        "data.obligation",
    ),
    "met_late": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{name} was met late",
        "{name} 已逾期完成",
        "data.obligation",
    ),
    "cancelled": RefusalText(
        ErrorCode.NOT_ALLOWED_NOW,
        "{name} is cancelled",
        "{name} 已取消",
        "data.obligation",
    ),
}
"""Refusals by the status of the clock."""

ITEMS_NOT_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "not open: {unknown}; open are: {known}",
    "并非未了事项：{unknown}；未了事项有：{known}",
)

UNKNOWN_REMEDY = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the policy has no such remedy; it has {known}",
    "{field}：策略中没有这种补救方式，可用的有 {known}",
)

AMOUNT_MISSING = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: {remedy} needs an amount",
    "{field}：{remedy} 必须填写金额",
)

UNUSABLE_CURRENCY = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: no person may grant money in {currency}; usable are {known}",
    "{field}：无人有权以 {currency} 支付；可用的有 {known}",
)

NO_SUCH_OFFER = RefusalText(
    ErrorCode.OFFER_NOT_OPEN,
    "there is no such offer",
    "没有这个方案",
    "data.offer_id",
)

OFFER_ENDED = {
    "accepted": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it was accepted",
        "方案已被接受",
        "data.offer_id",
    ),
    "rejected": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it was rejected",
        "方案已被拒绝",
        "data.offer_id",
    ),
    "countered": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it was countered",
        "客户已就方案还价",
        "data.offer_id",
    ),
    "withdrawn": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it was withdrawn",
        "方案已撤回",
        "data.offer_id",
    ),
    "expired": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it has expired",
        "方案已过期",
        "data.offer_id",
    ),
    "moved": RefusalText(
        ErrorCode.OFFER_NOT_OPEN,
        "it goes on in another complaint",
        "方案已转入另一件投诉",
        "data.offer_id",
    ),
}
"""Refusals by the status of the offer."""

RECEIVED_THEN = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must be another instant (it is what is recorded)",
    "{field}：与已记录的时间相同，须为另一时刻",
    "data.received_at",
)

RECEIVED_AFTER_RECORD = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must be another instant, before it was recorded ({recorded_at})",
    "{field}：不得晚于登记时间 {recorded_at}",
    "data.received_at",
)

RECEIVED_BEFORE_CALENDAR = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must not lie before {day}, where the calendar of its policy begins",
    "{field}：不得早于 {day}（其策略日历的起始日）",
    "data.received_at",
)

NO_STANDARD = RefusalText(
    ErrorCode.NEEDS_STANDARD,
    "none is cited; the policy has {names}",
    "未引用任何标准；策略中有 {names}",
    "data.standards",
)

UNKNOWN_STANDARD = RefusalText(
    ErrorCode.NEEDS_STANDARD,
    "{standard!r} is not one; the policy has {names}",
    "{standard!r} 不在其中；策略中有 {names}",
    "data.standards",
)

NO_APOLOGY_OWED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "no apology is due: clarify the liability first",
    "目前没有应致的歉意：请先查明责任（clarify）",
)

APOLOGY_FROM_ABOVE = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "the policy asks for the apology of a {role}, or a person above",
    "按策略，该致歉须由 {role} 或更高级别的人员作出",
    "actor.id",
)

OPEN_APOLOGY = Words("the apology {id}", "致歉 {id}")

NO_MEDIATION = RefusalText(ErrorCode.NOT_ALLOWED_NOW, "no mediation goes on", "目前没有进行中的调解")

MEDIATION_OPEN = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{mediator} mediates: wait for the end of the mediation",
    "{mediator} 正在调解：请等待调解结束",
)

MEDIATOR_TOO_LOW = RefusalText(
    ErrorCode.OVER_AUTHORITY,
    "{to} cannot mediate: the policy asks for a {least} or a person above",
    "{to} 不能担任调解人：按策略须为 {least} 或更高级别",
    "data.to",
)

MEDIATOR_HANDLED_IT = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "{to} is or was the owner: name a person who did not handle the complaint",
    "{to} 是或曾是责任人：请指定未处理过此投诉的人",
    "data.to",
)

MEDIATOR_CONCERNED = RefusalText(
    ErrorCode.CONFLICT_OF_INTEREST,
    "the complaint is about {to}",
    "{to} 与被投诉事项有利害关系",
    "data.to",
)

PROPOSAL_NOT_PREPARED = RefusalText(
    ErrorCode.NEEDS_OPTIONS,
    "a proposal names one of the prepared options: {known}",
    "调解建议须是已准备的备选方案之一：{known}",
    "data.option_id",
)

RELEASED_BY_CUSTOMER = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "{items}: only the complainant can release what was agreed; complete it with evidence",
    "{items}：约定事项只能由投诉人本人免除；请完成并附证据",
    "data.items",
)

EMPTY_SPAN = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: must be after `since`",
    "{field}：须晚于 since",
    "until",
)

LAPSED_STANDARD = RefusalText(
    ErrorCode.NEEDS_STANDARD,
    "{standard!r} has lapsed: it was in force until {until}; in force are {names}",
    "{standard!r} 已失效：有效期至 {until}；现行标准有 {names}",
    "data.standards",
)

COMING_STANDARD = RefusalText(
    ErrorCode.NEEDS_STANDARD,
    "{standard!r} is not in force before {since}; in force are {names}",
    "{standard!r} 自 {since} 起生效；现行标准有 {names}",
    "data.standards",
)

NOT_LISTENED = RefusalText(
    ErrorCode.NEEDS_LISTENING,
    "the policy asks for it here ({because})",
    "策略对此类投诉有此要求（{because}）",
)

NOT_RESTATED = RefusalText(
    ErrorCode.NEEDS_RESTATEMENT,
    "the policy asks for it here ({because}), and none was sent",
    "策略对此类投诉有此要求（{because}），但尚未发送复述",
)

RESTATED_WRONGLY = RefusalText(
    ErrorCode.NEEDS_RESTATEMENT,
    "the complainant found the last restatement wrong ({because}); send it corrected",
    "投诉人认为上次复述有误（{because}）；请更正后重新发送",
)

RESTATEMENT_WAITS = RefusalText(
    ErrorCode.NEEDS_RESTATEMENT,
    "the complainant may confirm it until {until}",
    "投诉人可在 {until} 之前确认",
)

RESTATED_UNTIL_PAST = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the complainant needs time to confirm; name an instant in the future, or none",
    "{field}：须给投诉人确认的时间；请填写将来的时间，或不填",
    "data.until",
)

NO_SUCH_RESTATEMENT = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: this complaint has no restatement with this id",
    "{field}：该投诉没有此编号的复述",
    "data.restatement_id",
)

RESTATED_SINCE = RefusalText(
    ErrorCode.TOO_LATE,
    "the problem was restated anew since; answer the newer restatement",
    "问题已重新复述；请答复最新的复述",
    "data.restatement_id",
)

RESTATEMENT_ANSWERED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "this restatement was answered already, and counts once",
    "该复述已答复，只计一次",
    "data.restatement_id",
)

RESTATEMENT_OVER = RefusalText(
    ErrorCode.TOO_LATE,
    "it could be confirmed until {until}; ask for a new restatement",
    "确认期限为 {until}；请索取新的复述",
    "data.restatement_id",
)

NO_RECORDING = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: name the call or message with the complainant's own words, or let them confirm it themselves",
    "{field}：请注明载有投诉人原话的通话或信息，或由投诉人自行确认",
    "data.recording",
)

NO_PROOF_OF_INTEREST = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: under this policy the owner's word alone confirms no interest; name the call or message with "
    "the complainant's own words, or let them confirm it (`restate`)",
    "{field}：按此策略，责任人的说法不足以确认利益诉求；请注明载有投诉人原话的通话或信息，"
    "或由投诉人自行确认（restate）",
    "data.recording",
)

FALLBACK_OF_ANOTHER = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: the complainant records their own course only; use `customer`",
    "{field}：投诉人只能记录自己的打算；请使用 customer",
    "data.party",
)

NO_FALLBACK = RefusalText(
    ErrorCode.NEEDS_OPTIONS,
    "Record first what the {party} does if there is no agreement. Send `record_fallback`.",
    "请先记录 {party} 在无法达成协议时的打算。请执行 record_fallback。",
    whole=True,
)

NOTHING_RESTATED = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "nothing was restated that could be confirmed",
    "没有可供确认的复述",
)

NO_SUBSTANCE = RefusalText(
    ErrorCode.NEEDS_SUBSTANCE,
    "without words of courtesy {field} has {letters} letters; the policy wants {least}",
    "除客套话外，{field} 只有 {letters} 个字母（汉字计两个）；策略要求 {least} 个",
    "data.text",
)

TOO_FEW_PRECEDENTS = RefusalText(
    ErrorCode.NEEDS_STANDARD,
    "{standard!r} has no figures for this complaint: fewer than {least} comparable complaints are closed, or "
    "its cause or currency is not known; in force are {names}",
    "{standard!r} 对该投诉尚无可引用的数据：可比的已结投诉不足 {least} 件，或其原因、币种未明；"
    "现行标准有 {names}",
    "data.standards",
)

NO_MARKS = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: name a complaint, or category, cause_side, severity and a currency (or a loss)",
    "{field}：请指定投诉，或同时给出 category、cause_side、severity 及币种（或损失）",
    "complaint_id",
)

NOT_COMPARABLE = RefusalText(
    ErrorCode.NOT_ALLOWED_NOW,
    "the complaint can be compared when its cause (`clarify`) and a currency are known",
    "查明原因（clarify）并确定币种后，该投诉方可比较",
    "complaint_id",
)

NO_CURRENCY = RefusalText(
    ErrorCode.MALFORMED,
    "{field}: use a code of ISO 4217 such as CNY, that of the loss if there is one",
    "{field}：请使用 ISO 4217 币种代码，例如 CNY；有损失时须与其一致",
    "currency",
)

SAME_OPTION = RefusalText(
    ErrorCode.NEEDS_OPTIONS,
    "Option {field} has the same remedy and amount as {other}: alternatives must differ. Change one of them.",
    "{field} 与 {other} 的补救方式和金额相同：备选方案必须真正不同。请修改其中之一。",
    whole=True,
)

ANSWERS_NO_INTEREST = RefusalText(
    ErrorCode.NEEDS_INTEREST,
    "{field} answers no interest of this complaint ({known}). Choose another remedy, or record the interest "
    "that it answers with `record_interest`.",
    "{field} 没有回应本投诉的任何利益诉求（{known}）。"
    "请改选补救方式，或先用 record_interest 记录其回应的诉求。",
    whole=True,
)

INTEREST_NOT_ANSWERED = RefusalText(
    ErrorCode.NEEDS_INTEREST,
    "{field} must name interests that are known of this complaint and that the remedy serves; here "
    "{possible}.",
    "{field} 只能填写本投诉已知且该补救方式能够回应的利益诉求；此处为 {possible}。",
    whole=True,
)
